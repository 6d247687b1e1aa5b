import { z } from 'zod';
import { currentTime } from '../../platform/time.ts';
import type { ProviderConnection } from '../connection.ts';
import {
  ProviderError,
  type BundleAssignment,
  type EsimProvider,
  type Refused,
  type RevokeTarget,
} from '../contract.ts';
import { request, type ProviderRequest } from '../http.server.ts';
import * as map from './map.ts';
import * as wire from './wire.ts';

/** Nothing is published: a figure nobody minds, for each account. */
export const limits = { requestsPerSecond: 5, countedBy: 'token' };

type Method = ProviderRequest<unknown>['method'];

/** Simvox's API for eSIMs that were bought in its portal. It is used for no purchase. */
export function createSimvox(connection: ProviderConnection<{ token: string }>): EsimProvider {
  const { credentials, baseUrl, fetch, signal, onAnswer } = connection;

  /** One request; what its answer wraps. */
  async function send<T>(
    act: string,
    { method = 'GET', path, ...more }: { method?: Method; path: string; body?: unknown; buys?: boolean },
    schema: z.ZodType<T>,
  ): Promise<T> {
    const answer = schemaOf(schema);
    const { code, value } = await request({
      ...{ fetch, signal, onAnswer, supplier: 'Simvox', act, method, schema: answer, ...more },
      url: new URL(baseUrl.replace(/\/+$/, '') + path),
      headers: { authorization: `Bearer ${credentials.token}` },
      // A deed may be answered with no body at all.
      ...(method !== 'GET' && {
        parse: (text: string) => (text.trim() === '' ? {} : (JSON.parse(text) as unknown)),
      }),
    });
    const failure = map.failureOf(code);
    if (failure !== null || value === null) {
      const isBelieved = !more.buys || failure === 'credentials' || failure === 'rate-limited';
      const kind = isBelieved ? (failure ?? 'unreadable') : 'unknown-outcome';
      throw new ProviderError(kind, `Simvox, ${act}: answered 200 and means ${String(code)}`);
    }
    return value.read;
  }

  function listed(): Promise<wire.EsimRow[]> {
    return send('list eSIMs', { path: '/esims' }, wire.rowsOf(wire.EsimRow, 'esims'));
  }

  /**
   * The vendor calls what stands in the path the eSIM's id here and its ICCID there. The ICCID is tried; where it is nobody's
   * id, the list tells the id of the eSIM.
   */
  async function ofEsim<T>(iccid: string, ask: (id: string) => Promise<T>): Promise<T> {
    try {
      return await ask(encodeURIComponent(iccid));
    } catch (error) {
      if (!(error instanceof ProviderError) || error.kind !== 'rejected') throw error;
      const found = (await listed()).find((row) => map.bare(row.iccid) === iccid);
      if (!found?.id || found.id === iccid) throw error;
      return ask(encodeURIComponent(found.id));
    }
  }

  async function plansOf(id: string): Promise<BundleAssignment[]> {
    const rows = wire.rowsOf(wire.PlanRow, 'plans');
    return map.toAssignments(
      await send('list plans of eSIM', { path: `/esim/${id}/plans` }, rows),
      currentTime(),
    );
  }

  async function setNetwork(iccid: string, network_status: 'active' | 'suspended'): Promise<void> {
    const asked = { method: 'PATCH', body: { network_status } } as const;
    await ofEsim(iccid, (id) => send('set network status', { ...asked, path: `/esim/${id}` }, z.unknown()));
  }

  return {
    getEsim: (iccid) =>
      ofEsim(iccid, async (id) =>
        map.toProfile(await send('read eSIM', { path: `/esim/${id}` }, wire.OneEsim)),
      ),

    listAssignments: (iccid) => ofEsim(iccid, plansOf),

    async listTopUps(iccid) {
      const path = (id: string) => ({ path: `/esim/topups/${id}` });
      const rows = wire.rowsOf(wire.TopUpRow, 'topups');
      return map.toTopUps(await ofEsim(iccid, (id) => send('list top-ups of eSIM', path(id), rows)));
    },

    async *listEsims() {
      const rows = (await listed()).map(map.toOwnedEsim);
      if (rows.length > 0) yield [...new Map(rows.map((row) => [row.iccid, row])).values()];
    },

    suspend: (iccid) => setNetwork(iccid, 'suspended'),

    unsuspend: (iccid) => setNetwork(iccid, 'active'),

    async deleteEsim(iccid) {
      await ofEsim(iccid, (id) =>
        send('delete eSIM', { method: 'DELETE', path: `/esim/${id}` }, z.unknown()),
      );
    },

    offerRevoke: (target) =>
      ofEsim(target.iccid, async (id) => {
        const refusal = refusalToRevoke(target, await plansOf(id));
        return refusal ?? { status: 'offered', offers: [] };
      }),

    async revoke({ onlyForRefund = false, ...target }) {
      if (onlyForRefund) return refused('nothing would be given back');
      return ofEsim(target.iccid, async (id) => {
        // Read with the id that is deleted with: here an id that is none says so without a doubt.
        const refusal = refusalToRevoke(target, await plansOf(id));
        if (refusal) return refusal;
        await send('delete plan', { method: 'DELETE', path: `/esim/plans/${id}`, buys: true }, z.unknown());
        return { status: 'revoked', refundedTo: 'nothing' };
      });
    },
  };
}

/** The plans of an eSIM are deleted all at once, so what is asked for has to be the only one. */
function refusalToRevoke({ bundle, assignmentId }: RevokeTarget, plans: BundleAssignment[]): Refused | null {
  const alive = plans.filter(({ state }) => state !== 'revoked');
  const isThere = alive.some(
    (plan) => plan.bundle === bundle && (assignmentId === undefined || plan.id === assignmentId),
  );
  if (!isThere) return refused('the plan is not on the eSIM');
  return alive.length > 1 ? refused('Simvox would delete every plan of the eSIM') : null;
}

function refused(detail: string): Refused {
  return { status: 'refused', reason: 'rejected', detail };
}

/** Reads what is wrapped, unless the wrapping says that it went wrong. */
function schemaOf<T>(schema: z.ZodType<T>): z.ZodType<{ code: number | null; value: { read: T } | null }> {
  return wire.Answer.transform(({ code, value }, context) => {
    if (map.failureOf(code) !== null) return { code, value: null };
    const read = schema.safeParse(value);
    if (read.success) return { code, value: { read: read.data } };
    for (const { path, message } of read.error.issues) context.addIssue({ code: 'custom', path, message });
    return z.NEVER;
  });
}

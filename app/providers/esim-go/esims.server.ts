import { z } from 'zod';
import type { Refused, SellingProvider } from '../contract.ts';
import { asText, esimPath, PAGE_SIZE, refusalOf400, type EsimGoApi } from './api.server.ts';
import { smsSender } from './limits.ts';
import * as map from './map.ts';
import * as wire from './wire.ts';

/** What is known of the account's eSIMs, and what can be done to them. */
export function esimsOf({ send, ofThisAccount, installUrls }: EsimGoApi) {
  return {
    async getEsim(iccid) {
      const answer = send({
        act: 'read eSIM',
        path: esimPath(iccid),
        query: [['additionalFields', installUrls]],
        schema: wire.EsimDetails,
      });
      return map.toProfile(await ofThisAccount(answer));
    },

    async *listEsims() {
      const seen = new Set<string>();
      for (let page = 1; ; page += 1) {
        const rows = await send({
          act: `list eSIMs page ${String(page)}`,
          path: '/esims',
          query: [
            ['page', String(page)],
            ['perPage', String(PAGE_SIZE)],
            // The one order that is documented, and pages need one to hang together.
            ['orderBy', 'iccid'],
            ['direction', 'asc'],
          ],
          schema: wire.OwnedEsims,
        });
        const fresh = rows.map(map.toOwnedEsim).filter(({ iccid }) => !seen.has(iccid));
        if (fresh.length === 0) return;
        for (const { iccid } of fresh) seen.add(iccid);
        yield fresh;
      }
    },

    async listAssignments(iccid) {
      const answer = send({
        act: 'list bundles of eSIM',
        path: `${esimPath(iccid)}/bundles`,
        query: [
          ['includeUsed', 'true'],
          ['limit', '200'],
        ],
        schema: wire.BundlesOnEsim,
      });
      return map.toAssignments(await ofThisAccount(answer));
    },

    async getAssignment({ iccid, bundle }) {
      const rows = await ofThisAccount(
        send({
          act: 'read bundle of eSIM',
          path: `${esimPath(iccid)}/bundles/${encodeURIComponent(bundle)}`,
          schema: wire.AssignmentsOfBundle,
          // How eSIM Go says that the eSIM does not have it.
          more: { reference: bundle, refusal: (_words, status) => (status === 400 ? [] : null) },
        }),
      );
      return map.toAssignment(bundle, rows);
    },

    isCompatible({ iccid, bundle }) {
      return ofThisAccount(
        send({
          act: 'ask whether a bundle is compatible',
          path: `${esimPath(iccid)}/compatible/${encodeURIComponent(bundle)}`,
          schema: wire.Compatibility.transform(({ compatible }) => compatible),
          more: {
            reference: bundle,
            refusal: (words) => (map.toRefusal(words).reason === 'bundle-unavailable' ? false : null),
          },
        }),
      );
    },

    async listHistory(iccid) {
      const answer = send({ act: 'read history', path: `${esimPath(iccid)}/history`, schema: wire.History });
      return map.toHistory(await ofThisAccount(answer));
    },

    async locate(iccid) {
      const answer = send({ act: 'locate eSIM', path: `${esimPath(iccid)}/location`, schema: wire.Location });
      return map.toSighting(await ofThisAccount(answer));
    },

    async refresh(iccid) {
      // A GET that acts: it cuts the traveller's connection.
      await ofThisAccount(
        send({ act: 'refresh eSIM', path: `${esimPath(iccid)}/refresh`, schema: wire.StatusMessage }),
      );
    },

    async sendSms({ iccid, message, sender = smsSender }) {
      if (message.length < 1 || message.length > 160)
        throw new RangeError(`eSIM Go takes messages of 1 to 160 characters, not ${String(message.length)}`);
      return ofThisAccount(
        send<{ status: 'sent' } | Refused>({
          act: 'send SMS',
          path: `${esimPath(iccid)}/sms`,
          schema: wire.StatusMessage.transform(() => ({ status: 'sent' }) as const),
          more: { method: 'POST', body: { message, from: sender }, buys: true, refusal: refusalOf400 },
        }),
      );
    },

    async tagEsim(iccid, tag) {
      await ofThisAccount(
        send({
          act: 'tag eSIM',
          path: '/esims',
          schema: z.unknown(),
          more: { method: 'PUT', body: { iccid, customerRef: tag }, parse: asText },
        }),
      );
    },
  } satisfies Partial<SellingProvider>;
}

/** The same, with 2.5 of the API. */
export function laterEsimsOf({ send, ofThisAccount }: EsimGoApi) {
  async function setSuspended(iccid: string, suspend: boolean): Promise<void> {
    await ofThisAccount(
      send({
        act: suspend ? 'suspend eSIM' : 'unsuspend eSIM',
        path: `${esimPath(iccid)}/suspend`,
        schema: z.unknown(),
        more: { method: 'POST', body: { suspend }, parse: asText },
      }),
    );
  }

  return {
    suspend: (iccid) => setSuspended(iccid, true),
    // One that eSIM Go suspended itself, for its rules, is rejected.
    unsuspend: (iccid) => setSuspended(iccid, false),
    async deleteEsim(iccid) {
      await ofThisAccount(
        send({
          act: 'delete eSIM',
          path: esimPath(iccid),
          schema: z.unknown(),
          more: { method: 'DELETE', parse: asText },
        }),
      );
    },
  } satisfies Partial<SellingProvider>;
}

import { recordEsim } from '../esims/events.server.ts';
import { record } from '../orders/events.server.ts';
import { db } from '../platform/db.server.ts';
import { wake } from '../platform/queue.server.ts';
import { currentTime } from '../platform/time.ts';
import type { Shop } from '../shopify/shops.server.ts';
import type { BundleAssignment } from '../providers/contract.ts';
import { act, type At, type Deed } from './act.server.ts';
import type { Ended, Press } from './deed.ts';
import { findDeskEsim, type DeskEsim } from './desk-esim.server.ts';
import { assignmentsOf, revoking } from './revoke.server.ts';

/**
 * Gives the traveller another eSIM instead of this one: takes its bundles back where the supplier pays for them, and lets
 * the piece of the order be bought again, mailed and fulfilled as any. What is in use stays with the old eSIM. Null for no
 * eSIM of the shop's.
 */
export async function replaceEsim(
  shop: Pick<Shop, 'id'>,
  { esimId }: { esimId: string },
  press: Press,
): Promise<Ended | null> {
  const esim = await findDeskEsim({ shopId: shop.id, esimId });
  if (!esim) return null;
  const ended = await act(replacing, esim, press);
  if (ended.status === 'done') await wake('purchases.buy', esim.accountId);
  return ended;
}

/** Whether the eSIM serves a piece of an order that could be bought again. */
export async function canReplace({ shopId, unitId }: Pick<DeskEsim, 'shopId' | 'unitId'>): Promise<boolean> {
  return unitId !== null && (await db.unit.count({ where: servedWhere(shopId, unitId) })) === 1;
}

const servedWhere = (shopId: string, id: string) => ({
  ...{ id, shopId, state: 'delivered', kind: 'esim', goneAt: null, bundleId: { not: null } },
});

/** Newest first; none on an eSIM that the supplier has taken back. */
async function bundlesOn({ provider, iccid }: Pick<At, 'provider' | 'iccid'>): Promise<BundleAssignment[]> {
  const left = await assignmentsOf({ provider, iccid });
  return left === 'gone' ? [] : left;
}

type ReplaceInput = { unitId: string; bundles: number };

export const replacing: Deed<ReplaceInput> = {
  kind: 'replace',
  notBeside: ['replace', 'revoke'],
  prepare: async ({ esim, provider, iccid }) => {
    const { unitId } = esim;
    if (unitId === null || !(await canReplace(esim)))
      return { status: 'refused', reason: 'changed', detail: null };
    return { unitId, bundles: (await bundlesOn({ provider, iccid })).length };
  },
  send: async ({ esim, provider, iccid }, { bundles }, { id, by }) => {
    if (bundles > 0 && provider.revoke && provider.offerRevoke) {
      const left = await bundlesOn({ provider, iccid });
      for (const [position, { id: assignmentId, bundle }] of left.entries()) {
        const wish = { bundle, assignmentId, seen: null, onlyForRefund: true };
        // A "no" is an answer too: what is in use, or past its time, is not paid for.
        await act(revoking(wish), esim, { actionId: `${id}/${String(position)}`, by }, { within: id });
      }
    }
    return { status: 'done', outcome: {} };
  },
  readBack: async ({ esim }, { input }) => {
    const { unitId } = await db.esim.findUniqueOrThrow({ where: { id: esim.id, shopId: esim.shopId } });
    // The process died between: what was taken back is on the timeline, and the person may press again.
    return unitId === input.unitId
      ? { status: 'refused', reason: 'not-done', detail: null }
      : { status: 'done', outcome: {} };
  },
  readsOurBooks: true,
  write: async (tx, { esim, input: { unitId }, by }) => {
    const { id: esimId, shopId, orderId } = esim;
    const now = currentTime();
    const { count } = await tx.esim.updateMany({
      where: { id: esimId, shopId, unitId },
      data: { unitId: null, formerUnitId: unitId, nextLookAt: now },
    });
    if (count === 0) return;
    const moved = await tx.unit.updateMany({
      where: servedWhere(shopId, unitId),
      data: {
        ...{ state: 'paid', reason: null, holdUntil: null, attemptId: null, fulfilledAt: null },
        ...{ since: now, approvedAt: now },
      },
    });
    // The piece was refunded this moment: nothing is bought for it, and it keeps its eSIM.
    if (moved.count === 0) {
      await tx.esim.update({ where: { id: esimId, shopId }, data: { unitId, formerUnitId: null } });
      return;
    }
    await recordEsim([{ shopId, esimId, kind: 'esim.replaced', by }], tx);
    if (orderId !== null)
      await record([{ shopId, orderId, unitId, kind: 'unit.replaced', detail: { by } }], tx);
  },
};

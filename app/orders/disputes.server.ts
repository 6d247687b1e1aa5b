import { currentTime } from '../platform/time.ts';
import { db, type Transaction } from '../platform/db.server.ts';
import { transact } from '../platform/transaction.server.ts';
import { refundSettingsOf } from '../settings/refunds.server.ts';
import type { ShopifyDispute } from '../shopify/orders.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { isSettled, takesTheMoney } from './dispute.ts';
import { record } from './events.server.ts';

/**
 * Keeps what Shopify says of disputed payments, in the transaction that holds the order's row. Answers the units whose eSIM
 * has to be looked at, since the money for it was taken back and the merchant does not want to be asked first
 * (desk/follow-dispute.server.ts).
 */
export async function noteDisputes(
  tx: Transaction,
  { shop, orderId }: { shop: Shop; orderId: string },
  disputes: ShopifyDispute[],
): Promise<string[]> {
  const shopId = shop.id;
  const toLookAt: string[] = [];
  for (const { disputeGid, kind, status } of disputes) {
    const known = await tx.orderDispute.findUnique({
      where: { shopId_disputeGid: { shopId, disputeGid } },
    });
    if (known?.status === status && known.kind === kind) continue;
    const isCharged = takesTheMoney({ kind, status }) && !(known && takesTheMoney(known));
    const rule = isCharged ? (await refundSettingsOf(shop, tx)).chargebackRule : null;
    if (rule === 'revoke') toLookAt.push(...(await markDisputed(tx, { shopId, orderId })));
    const isLeft = rule === 'leave' || (await leavesByItself(tx, { shopId, orderId, status }));
    const isMissed =
      status === 'won' && (await isWithoutEsim(tx, { shopId, orderId, since: known?.foundAt }));
    const facts = {
      ...{ kind, status },
      ...(isLeft && { seenAt: known?.seenAt ?? currentTime() }),
      // Whoever had seen to it did not know that the buyer paid after all.
      ...(isMissed && { seenAt: null, note: null }),
    };
    await tx.orderDispute.upsert({
      where: { shopId_disputeGid: { shopId, disputeGid } },
      create: { shopId, orderId, disputeGid, ...facts },
      update: facts,
    });
    const event = known ? ('dispute.changed' as const) : ('dispute.opened' as const);
    await record([{ shopId, orderId, kind: event, detail: { what: kind, status } }], tx);
  }
  return toLookAt;
}

interface OfOrder {
  shopId: string;
  orderId: string;
}

/** What was sent, and is not on its way back for another reason. */
async function markDisputed(tx: Transaction, { shopId, orderId }: OfOrder): Promise<string[]> {
  const units = await tx.unit.findMany({
    where: { shopId, orderId, state: 'delivered', goneAt: null },
    select: { id: true },
  });
  const ids = units.map(({ id }) => id);
  const now = currentTime();
  await tx.unit.updateMany({
    where: { id: { in: ids }, shopId },
    data: { reason: 'disputed', holdUntil: now, since: now },
  });
  return ids;
}

/** Nobody can answer the bank any more, and there is nothing to decide about the eSIMs. */
async function leavesByItself(
  tx: Transaction,
  { shopId, orderId, status }: OfOrder & { status: string },
): Promise<boolean> {
  if (!isSettled(status)) return false;
  if (!takesTheMoney({ kind: 'chargeback', status })) return true;
  const where = { shopId, orderId, state: 'delivered', goneAt: null };
  return (await tx.unit.count({ where: { ...where, esim: { revokedAt: null } } })) === 0;
}

/** Whether an eSIM was taken back since, and its piece got no other. */
async function isWithoutEsim(
  tx: Transaction,
  { shopId, orderId, since }: OfOrder & { since: Date | undefined },
): Promise<boolean> {
  if (!since) return false;
  const units = await tx.unit.findMany({
    where: { shopId, orderId, state: 'delivered', goneAt: null },
    select: { id: true },
  });
  const events = await tx.orderEvent.findMany({
    where: {
      ...{ shopId, orderId, at: { gte: since } },
      ...{ unitId: { in: units.map(({ id }) => id) }, kind: { in: ['bundle.revoked', 'unit.replaced'] } },
    },
    orderBy: { at: 'asc' },
    select: { unitId: true, kind: true },
  });
  const last = new Map(events.map(({ unitId, kind }) => [unitId, kind]));
  return [...last.values()].includes('bundle.revoked');
}

/** The eSIM was taken back after the merchant had won: somebody has to know. */
export async function reopenIfWon({ shopId, orderId }: OfOrder): Promise<void> {
  await db.orderDispute.updateMany({
    where: { shopId, orderId, status: 'won', seenAt: { not: null } },
    data: { seenAt: null, note: null },
  });
}

/** Whether a chargeback has the order's money, or may keep it. */
export async function isChargedBack({ shopId, orderId }: OfOrder): Promise<boolean> {
  const disputes = await db.orderDispute.findMany({ where: { shopId, orderId } });
  return disputes.some(takesTheMoney);
}

/** The merchant has seen to a dispute: it leaves the queue. False when somebody has before. */
export async function closeDispute(
  shop: { id: string },
  { disputeId, note, by }: { disputeId: string; note: string; by: string },
): Promise<boolean> {
  const where = { id: disputeId, shopId: shop.id, seenAt: null };
  const dispute = await db.orderDispute.findFirst({ where });
  if (!dispute) return false;
  return transact(async (tx) => {
    const { count } = await tx.orderDispute.updateMany({
      where,
      data: { seenAt: currentTime(), note: note === '' ? by : `${note} (${by})` },
    });
    if (count === 1) {
      const detail = { what: dispute.kind, by };
      await record([{ shopId: shop.id, orderId: dispute.orderId, kind: 'dispute.closed', detail }], tx);
    }
    return count === 1;
  });
}

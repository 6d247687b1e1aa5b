import { randomUUID } from 'node:crypto';
import { fulfilOrder } from '../orders/fulfil.server.ts';
import { databaseNowOnce, db, isDuplicate } from '../platform/db.server.ts';
import { failpoint } from '../platform/failpoint.server.ts';
import { withLease } from '../platform/lease.server.ts';
import { wake } from '../platform/queue.server.ts';
import { seal, unseal } from '../platform/secrets.server.ts';
import { currentTime, MINUTE, msSince, SECOND } from '../platform/time.ts';
import { transact } from '../platform/transaction.server.ts';
import { openInstallLink } from './install-link.server.ts';
import { lastVersion } from './last-version.server.ts';
import { sendDelivery } from './send.server.ts';

// A buyer whose second eSIM is late gets the first one after this, and another e-mail when the second comes.
const WAIT_FOR_THE_REST_MS = 2 * MINUTE;

/**
 * The job of an order with bought eSIMs: one e-mail with all of them, then the fulfilment in Shopify. Each step
 * looks first at what is done, so a repeat does what is left.
 */
export async function deliverOrder(orderId: string): Promise<void> {
  // One at a time: two that fulfil at once would be one refused by Shopify.
  const outcome = await withLease(`deliver ${orderId}`, () => deliver(orderId));
  if (outcome === 'taken') await wake('orders.deliver', orderId, 2 * SECOND);
}

async function deliver(orderId: string): Promise<void> {
  const order = await db.order.findUniqueOrThrow({ where: { id: orderId }, include: { units: true } });
  const bought = order.units.filter(({ state }) => state === 'bought');
  const onTheWay = order.units.filter(
    ({ state }) => state === 'paid' || state === 'buying' || state === 'preparing',
  );
  if (bought.length > 0) {
    const waitsForMs = Math.max(...bought.map(({ since }) => msSince(since)));
    if (onTheWay.length > 0 && waitsForMs < WAIT_FOR_THE_REST_MS) {
      await wake('orders.deliver', orderId, 15 * SECOND);
      return;
    }
    await addDeliveries(order, bought);
    failpoint('deliver.units-moved');
  }
  const waiting = await db.delivery.findMany({
    where: { orderId, shopId: order.shopId, state: 'waiting', nextTryAt: { lte: currentTime() } },
    orderBy: { version: 'asc' },
  });
  for (const delivery of waiting) await sendDelivery(delivery);
  await fulfilOrder(orderId);
}

/**
 * Moves the bought units to delivered together with the e-mails that will tell of them, or the fact that none can: one with
 * all eSIMs of the order, and one about what tops up eSIMs the buyer has, of which there is nothing to install.
 */
async function addDeliveries(
  order: { id: string; shopId: string; email: string | null },
  bought: { id: string; kind: string }[],
) {
  const { shopId, id: orderId } = order;
  const unitIds = bought.map(({ id }) => id);
  const topUps = bought.filter(({ kind }) => kind === 'top-up').map(({ id }) => id);
  await transact(async (tx) => {
    const { count } = await tx.unit.updateMany({
      where: { id: { in: unitIds }, shopId, state: 'bought' },
      data: { state: 'delivered' },
    });
    if (count === 0) return; // another worker was faster
    if (count !== unitIds.length)
      throw new Error(`the eSIMs of order ${orderId} moved while it was delivered`);
    if (order.email === null) {
      await tx.order.update({
        where: { id: orderId, shopId },
        data: { mailState: 'no-address', fulfilState: 'waiting' },
      });
      return;
    }
    const address = unseal(order.email, { table: 'Order', column: 'email', shopId, rowId: orderId });
    const before = await lastVersion(tx, { shopId, orderId });
    const esims = await tx.esim.findMany({
      where: { shopId, unit: { orderId, state: 'delivered' } },
      select: { unitId: true },
    });
    const mails = [
      ...(topUps.length < bought.length ? [esims.flatMap(({ unitId }) => unitId ?? [])] : []),
      ...(topUps.length > 0 ? [topUps] : []),
    ];
    for (const [position, shown] of mails.entries()) {
      const id = randomUUID();
      const to = seal(address, { table: 'Delivery', column: 'to', shopId, rowId: id });
      const version = before + position + 1;
      await tx.delivery.create({ data: { id, shopId, orderId, version, to, unitIds: shown } });
      if (shown !== topUps) await openInstallLink(tx, { id, shopId, orderId });
    }
    await tx.order.update({
      where: { id: orderId, shopId },
      data: { mailState: 'waiting', fulfilState: 'waiting' },
    });
  }).catch((error: unknown) => {
    if (!isDuplicate(error)) throw error; // the same version was made by another worker
  });
}

/** Orders with something left to deliver: for the sweeper. Each of the three is found by an index of its own. */
export async function dueDeliveries(): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM "Order" WHERE id IN (
      SELECT "orderId" FROM "Unit" WHERE state = 'bought'
      UNION
      SELECT "orderId" FROM "Delivery" WHERE state = 'waiting' AND "nextTryAt" <= ${databaseNowOnce}
      UNION
      SELECT o.id FROM "Order" o
      JOIN "Shop" s ON s.id = o."shopId" AND s."uninstalledAt" IS NULL
      WHERE o."fulfilState" = 'waiting' AND (o."deliverAfter" IS NULL OR o."deliverAfter" <= ${databaseNowOnce})
        AND EXISTS (SELECT FROM "Unit" u WHERE u."orderId" = o.id AND u.state = 'delivered')
    )
    ORDER BY "createdAt" LIMIT 500`;
  return rows.map(({ id }) => id);
}

import { randomUUID } from 'node:crypto';
import { fulfilOrder } from '../orders/fulfil.server.ts';
import { db, isDuplicate } from '../platform/db.server.ts';
import { failpoint } from '../platform/failpoint.server.ts';
import { withLease } from '../platform/lease.server.ts';
import { wake } from '../platform/queue.server.ts';
import { seal, unseal } from '../platform/secrets.server.ts';
import { currentTime, MINUTE, msSince, SECOND } from '../platform/time.ts';
import { openInstallLink } from './install-link.server.ts';
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
    await addDelivery(
      order,
      bought.map(({ id }) => id),
    );
    failpoint('deliver.units-moved');
  }
  const waiting = await db.delivery.findMany({
    where: { orderId, shopId: order.shopId, state: 'waiting', nextTryAt: { lte: currentTime() } },
    orderBy: { version: 'asc' },
  });
  for (const delivery of waiting) await sendDelivery(delivery);
  await fulfilOrder(orderId);
}

/** Moves the bought units to delivered together with the e-mail that will carry them, or the fact that none can. */
async function addDelivery(order: { id: string; shopId: string; email: string | null }, unitIds: string[]) {
  const { shopId, id: orderId } = order;
  await db
    .$transaction(async (tx) => {
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
      const version = 1 + (await tx.delivery.count({ where: { orderId, shopId } }));
      const id = randomUUID();
      const to = seal(address, { table: 'Delivery', column: 'to', shopId, rowId: id });
      const units = await tx.esim.findMany({
        where: { shopId, unit: { orderId, state: 'delivered' } },
        select: { unitId: true },
      });
      await tx.delivery.create({
        data: { id, shopId, orderId, version, to, unitIds: units.flatMap(({ unitId }) => unitId ?? []) },
      });
      await openInstallLink(tx, { id, shopId, orderId });
      await tx.order.update({
        where: { id: orderId, shopId },
        data: { mailState: 'waiting', fulfilState: 'waiting' },
      });
    })
    .catch((error: unknown) => {
      if (!isDuplicate(error)) throw error; // the same version was made by another worker
    });
}

/** Orders with something left to deliver: for the sweeper. */
export async function dueDeliveries(): Promise<string[]> {
  const now = currentTime();
  const rows = await db.order.findMany({
    where: {
      OR: [
        { units: { some: { state: 'bought' } } },
        { deliveries: { some: { state: 'waiting', nextTryAt: { lte: now } } } },
        {
          fulfilState: 'waiting',
          units: { some: { state: 'delivered' } },
          OR: [{ deliverAfter: null }, { deliverAfter: { lte: now } }],
        },
      ],
    },
    select: { id: true },
    orderBy: { createdAt: 'asc' },
    take: 500,
  });
  return rows.map(({ id }) => id);
}

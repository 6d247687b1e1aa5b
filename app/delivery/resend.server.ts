import { randomUUID } from 'node:crypto';
import { db, isDuplicate } from '../platform/db.server.ts';
import { wake } from '../platform/queue.server.ts';
import { seal, unseal } from '../platform/secrets.server.ts';
import { after, DAY } from '../platform/time.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { esimsOfOrder } from './codes.server.ts';
import { openInstallLink } from './install-link.server.ts';

const MOST_PER_DAY = 5;

/**
 * Sends the eSIMs of an order once more, to the address of the order or another one. The order keeps its own
 * address. Who asked (`by`) is on the timeline. `too-many` protects the buyer's mailbox and the sender's reputation.
 */
export async function resendOrder(
  shop: Shop,
  orderId: string,
  { email, by }: { email: string | null; by: string },
): Promise<{ status: 'queued' } | { status: 'refused'; reason: 'no-esims' | 'too-many' | 'no-address' }> {
  const order = await db.order.findFirst({ where: { id: orderId, shopId: shop.id } });
  const esims = (await esimsOfOrder({ shopId: shop.id, orderId })).filter(({ code }) => code !== null);
  if (!order || esims.length === 0) return { status: 'refused', reason: 'no-esims' };
  const own =
    order.email === null
      ? null
      : unseal(order.email, { table: 'Order', column: 'email', shopId: shop.id, rowId: order.id });
  const address = email ?? own;
  if (address === null) return { status: 'refused', reason: 'no-address' };
  const lately = await db.delivery.count({
    where: { orderId, shopId: shop.id, version: { gt: 1 }, createdAt: { gt: after(-DAY) } },
  });
  if (lately >= MOST_PER_DAY) return { status: 'refused', reason: 'too-many' };
  const id = randomUUID();
  const queued = db.$transaction(async (tx) => {
    // Version 1 stays with the first e-mail, even when there was no address to send it to.
    const version = 1 + Math.max(1, await tx.delivery.count({ where: { orderId, shopId: shop.id } }));
    const to = seal(address, { table: 'Delivery', column: 'to', shopId: shop.id, rowId: id });
    await tx.delivery.create({
      data: {
        ...{ id, shopId: shop.id, orderId, version, to, askedBy: by },
        unitIds: esims.map(({ unitId }) => unitId),
      },
    });
    await openInstallLink(tx, { id, shopId: shop.id, orderId });
  });
  await queued.catch((error: unknown) => {
    if (!isDuplicate(error)) throw error; // a second click: the first one's e-mail is on its way
  });
  await wake('orders.deliver', orderId);
  return { status: 'queued' };
}

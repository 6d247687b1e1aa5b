import { db, isDuplicate, type Transaction } from '../platform/db.server.ts';
import { wake } from '../platform/queue.server.ts';
import type { Language } from '../platform/language.ts';
import { seal, unseal } from '../platform/secrets.server.ts';
import { after, DAY } from '../platform/time.ts';
import { transact } from '../platform/transaction.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { esimsOfOrder } from './codes.server.ts';
import { openInstallLink } from './install-link.server.ts';
import { lastVersion } from './last-version.server.ts';

const MOST_PER_DAY = 5;
const MOST_TRIES = 5;

interface Resend {
  /** Null: the order's own. */
  email: string | null;
  /** Null: the order's own. */
  language?: Language | null;
  by: string;
  /** Of the press that asks for it, a UUID: the same press twice is one e-mail. */
  id: string;
}

export type ResendRefusal = 'no-esims' | 'too-many' | 'no-address';

/**
 * Sends the eSIMs of an order once more, to the address of the order or another one. The order keeps its own
 * address and language. Who asked (`by`) is on the timeline. `too-many` protects the buyer's mailbox and the sender's
 * reputation.
 */
export async function resendOrder(
  shop: Pick<Shop, 'id'>,
  orderId: string,
  { email, language = null, by, id }: Resend,
): Promise<{ status: 'queued' } | { status: 'refused'; reason: ResendRefusal }> {
  const isOnRecord = async () =>
    (await db.delivery.findFirst({ where: { id, shopId: shop.id, orderId } })) !== null;
  if (await isOnRecord()) return { status: 'queued' };
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
  const queue = async (tx: Transaction) => {
    // Version 1 stays with the first e-mail, even when there was no address to send it to.
    const version = 1 + Math.max(1, await lastVersion(tx, { shopId: shop.id, orderId }));
    const to = seal(address, { table: 'Delivery', column: 'to', shopId: shop.id, rowId: id });
    await tx.delivery.create({
      data: {
        ...{ id, shopId: shop.id, orderId, version, to, askedBy: by },
        locale: language,
        unitIds: esims.map(({ unitId }) => unitId),
      },
    });
    await openInstallLink(tx, { id, shopId: shop.id, orderId, locale: language });
  };
  for (let tries = 1, isQueued = false; !isQueued; tries++) {
    isQueued = await transact(queue).then(
      () => true,
      async (error: unknown) => {
        if (!isDuplicate(error) || tries === MOST_TRIES) throw error;
        // The same press, a moment ago; else it was another one that took the version, perhaps to another address.
        return isOnRecord();
      },
    );
  }
  await wake('orders.deliver', orderId);
  return { status: 'queued' };
}

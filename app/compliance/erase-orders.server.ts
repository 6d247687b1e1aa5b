import { record } from '../orders/events.server.ts';
import { db, Prisma, type Transaction } from '../platform/db.server.ts';
import { currentTime } from '../platform/time.ts';
import { transact } from '../platform/transaction.server.ts';
import { buyerTables } from './buyer-tables.ts';

/**
 * Erases who bought some orders, and their eSIMs with all that is known of them: codes, usage, where they were, what was
 * mailed about them. What stays is what the books need: the order's number and prices, what was bought, what it cost.
 * Answers how many orders had to wait, because something is under way that needs what would be erased.
 */
export async function eraseOrders({
  shopId,
  orderIds,
}: {
  shopId: string;
  /** Shopify's numbers. One that we do not know is of no eSIM. */
  orderIds: string[];
}): Promise<number> {
  const orders = await db.order.findMany({
    where: {
      ...{ shopId, erasedAt: null },
      shopifyGid: { in: orderIds.map((id) => `gid://shopify/Order/${id}`) },
    },
    select: { id: true },
  });
  let left = 0;
  for (const { id } of orders) if (!(await eraseOrder({ shopId, orderId: id }))) left++;
  return left;
}

/**
 * The same for the eSIMs of a traveller that another place sold. Answers how many had to wait. `emailHash`: what the address is
 * found by (`readerHash`).
 */
export async function eraseSoldElsewhere({
  shopId,
  emailHash,
}: {
  shopId: string;
  emailHash: string;
}): Promise<number> {
  const readers = await db.traveller.findMany({ where: { shopId, emailHash }, select: { esimId: true } });
  let left = 0;
  for (const { esimId } of readers) {
    const isErased = await transact(async (tx) => {
      if (await isActedOn(tx, shopId, [esimId])) return false;
      await eraseEsims(tx, shopId, [esimId]);
      return true;
    });
    if (!isErased) left++;
  }
  // Lines of a file whose eSIM nobody added.
  await db.taskItem.deleteMany({ where: { shopId, detail: { path: ['emailHash'], equals: emailHash } } });
  return left;
}

interface Of {
  shopId: string;
  orderId: string;
}

function eraseOrder(of: Of): Promise<boolean> {
  const { shopId, orderId } = of;
  return transact(async (tx) => {
    // Whoever reads the order from Shopify waits here, and then knows that it is erased.
    await tx.$queryRaw`SELECT id FROM "Order" WHERE id = ${orderId} AND "shopId" = ${shopId} FOR UPDATE`;
    const esimIds = await esimsOf(tx, of);
    if (await isUnderWay(tx, of, esimIds)) return false;
    await eraseEsims(tx, shopId, esimIds);
    const where = { shopId, orderId };
    await erase(tx, buyerTables.ofOrder, Prisma.sql`"shopId" = ${shopId} AND "orderId" = ${orderId}`);
    // People write names into notes; that there was one is what ended the piece.
    await tx.unit.updateMany({ where: { ...where, note: { not: null } }, data: { note: ERASED } });
    await tx.orderDispute.updateMany({ where: { ...where, note: { not: null } }, data: { note: ERASED } });
    await tx.balanceEntry.updateMany({ where: { ...where, note: { not: null } }, data: { note: ERASED } });
    await tx.order.update({
      where: { id: orderId, shopId },
      data: {
        ...{ email: null, emailHash: null, customerName: null, nameHashes: [], customerGid: null },
        ...{ locale: 'en', checkoutTokenHash: null, erasedAt: currentTime(), revision: { increment: 1 } },
      },
    });
    await record([{ shopId, orderId, kind: 'order.erased' }], tx);
    return true;
  });
}

const ERASED = 'Erased';

/** Also those that were replaced by another. */
async function esimsOf(tx: Transaction, { shopId, orderId }: Of): Promise<string[]> {
  const units = await tx.unit.findMany({ where: { shopId, orderId }, select: { id: true } });
  const unitIds = units.map(({ id }) => id);
  const esims = await tx.esim.findMany({
    where: { shopId, OR: [{ orderId }, { unitId: { in: unitIds } }, { formerUnitId: { in: unitIds } }] },
    select: { id: true },
  });
  return esims.map(({ id }) => id);
}

/** Something that is being bought, sent, given back or refunded, or that waits for a person to decide. */
async function isUnderWay(tx: Transaction, { shopId, orderId }: Of, esimIds: string[]): Promise<boolean> {
  const counts = await Promise.all([
    tx.unit.count({
      where: {
        ...{ shopId, orderId },
        OR: [
          { state: { notIn: ['delivered', 'cancelled', 'held'] } },
          { state: 'held', OR: [{ reason: null }, { reason: { not: 'test-order' } }] },
          { state: 'delivered', goneAt: { not: null }, note: null, approvedAt: null },
        ],
      },
    }),
    tx.delivery.count({ where: { shopId, orderId, state: 'waiting' } }),
    tx.shopRefund.count({ where: { shopId, orderId, state: { in: ['revoking', 'refunding'] } } }),
  ]);
  return counts.some((count) => count > 0) || (await isActedOn(tx, shopId, esimIds));
}

async function isActedOn(tx: Transaction, shopId: string, esimIds: string[]): Promise<boolean> {
  const ofEsims = { shopId, esimId: { in: esimIds } };
  const counts = await Promise.all([
    tx.deskAction.count({ where: { ...ofEsims, state: { in: ['begun', 'in-doubt'] } } }),
    tx.purchaseAttempt.count({
      where: { ...ofEsims, state: { in: ['asked', 'sending', 'in-doubt', 'preparing', 'parked'] } },
    }),
  ]);
  return counts.some((count) => count > 0);
}

async function eraseEsims(tx: Transaction, shopId: string, esimIds: string[]): Promise<void> {
  const where = { shopId, esimId: { in: esimIds } };
  await erase(tx, buyerTables.ofEsim, Prisma.sql`"shopId" = ${shopId} AND "esimId" = ANY(${esimIds})`);
  const named = await tx.esim.findMany({
    where: { shopId, id: { in: esimIds } },
    select: { iccidHash: true },
  });
  // What was done for many at once names an eSIM by its id, and a file of ICCIDs by their blind index.
  const subjects = [...esimIds, ...named.map(({ iccidHash }) => iccidHash)];
  await tx.taskItem.deleteMany({ where: { shopId, subject: { in: subjects } } });
  // The money stays, and which order it was for.
  await tx.balanceEntry.updateMany({ where, data: { esimId: null } });
  // Its bundles and its timeline go with it.
  await tx.esim.deleteMany({ where: { shopId, id: { in: esimIds } } });
}

async function erase(tx: Transaction, tables: string[], which: Prisma.Sql): Promise<void> {
  for (const table of tables) await tx.$executeRaw`DELETE FROM ${Prisma.raw(`"${table}"`)} WHERE ${which}`;
}

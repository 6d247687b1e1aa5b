import { matchingIdHash, openEsim } from '../esims/save.server.ts';
import { emailHash } from '../orders/found-by.server.ts';
import { openEmail } from '../orders/email.server.ts';
import { db } from '../platform/db.server.ts';
import { wake } from '../platform/queue.server.ts';
import { currentTime } from '../platform/time.ts';

const AT_ONCE = 200;

/** The job of a shop with rows from before they could be searched for: writes what they are found by. */
export async function fillIn(shopId: string): Promise<void> {
  const esims = await db.esim.findMany({ where: { shopId, matchingIdHash: null }, take: AT_ONCE });
  for (const esim of esims) {
    const { matchingId } = openEsim(esim);
    await db.esim.update({
      where: { id: esim.id, shopId },
      data: {
        matchingIdHash: matchingIdHash(matchingId),
        ...(esim.lookedAt === null && esim.revokedAt === null && { nextLookAt: currentTime() }),
      },
    });
  }
  const orders = await db.order.findMany({
    where: { shopId, emailHash: null, email: { not: null } },
    select: { id: true, email: true },
    take: AT_ONCE,
  });
  for (const { id, email } of orders) {
    if (email === null) continue;
    const hash = emailHash(shopId, openEmail({ id: shopId }, id, email));
    await db.order.updateMany({ where: { id, shopId, email }, data: { emailHash: hash } });
  }
  if (esims.length === AT_ONCE || orders.length === AT_ONCE) await wake('desk.fill-in', shopId);
}

/** Shops with such rows: for the sweeper. */
export async function dueFillingIn(): Promise<string[]> {
  const rows = await db.$queryRaw<{ shopId: string }[]>`
    SELECT id AS "shopId" FROM "Shop" s WHERE s."uninstalledAt" IS NULL AND (
      EXISTS (SELECT FROM "Esim" e WHERE e."shopId" = s.id AND e."matchingIdHash" IS NULL)
      OR EXISTS (SELECT FROM "Order" o WHERE o."shopId" = s.id AND o."emailHash" IS NULL AND o.email IS NOT NULL))`;
  return rows.map(({ shopId }) => shopId);
}

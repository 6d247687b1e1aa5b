import { db, Prisma } from '../platform/db.server.ts';
import { shopTables } from './shop-tables.ts';

/** So many rows go at once: a shop may have millions, and others work beside this. */
const AT_ONCE = 5000;

/**
 * Erases all that is kept for a shop that has removed the app. `kept`: it has the app again, and nothing is erased.
 * Stopped in the middle, it is taken up where it was.
 */
export async function eraseShop(domain: string): Promise<'erased' | 'kept'> {
  const shop = await db.shop.findUnique({ where: { domain } });
  if (shop && shop.uninstalledAt === null) return 'kept';
  if (shop) {
    const ofShop = Prisma.sql`"shopId" = ${shop.id}`;
    const ofAccounts = Prisma.sql`"accountId" IN (SELECT id FROM "SupplierAccount" WHERE ${ofShop})`;
    await erase('BuyingPace', ofAccounts);
    for (const table of shopTables) await erase(table, ofShop);
    await db.shop.deleteMany({ where: { domain, uninstalledAt: { not: null } } });
  }
  await db.session.deleteMany({ where: { shop: domain } });
  await erase('Notification', Prisma.sql`"shopDomain" = ${domain}`);
  // That it was asked for stays as the proof that it was done.
  await db.complianceRequest.deleteMany({ where: { shopDomain: domain, topic: { not: 'shop/redact' } } });
  return 'erased';
}

async function erase(table: string, which: Prisma.Sql): Promise<void> {
  const name = Prisma.raw(`"${table}"`);
  let count: number;
  do {
    count = await db.$executeRaw`
      DELETE FROM ${name} WHERE ctid = ANY(ARRAY(SELECT ctid FROM ${name} WHERE ${which} LIMIT ${AT_ONCE}))`;
  } while (count === AT_ONCE);
}

import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectBooksToBalance } from '../books.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';
// The embedded database can only be reached by the app.
const onPostgres = process.env['FLOWS_ON'] === 'postgres';

let world: World;
let database: pg.Client;

beforeAll(async () => {
  world = await openWorld();
  if (!onPostgres) return;
  database = new pg.Client({ connectionString: process.env['DATABASE_URL'] });
  await database.connect();
});
afterAll(async () => {
  if (onPostgres) await database.end();
  await world.end();
});

const shopWith = async (): Promise<{ merchant: Merchant; variantId: number }> => {
  const merchant = await openShop(world);
  return { merchant, variantId: await merchant.sell(FRANCE) };
};
const mailTo = (address: string) =>
  world.until(`the e-mail to ${address} arrives`, () => world.mailsTo(address).length === 1);
const rows = async (sql: string, values: unknown[] = []) =>
  (await database.query<Record<string, unknown>>(sql, values)).rows;

test.skipIf(!onPostgres)(
  'a row whose work throws every time holds up nobody, in its own shop neither',
  async () => {
    const { merchant, variantId } = await shopWith();
    const broken = await shopWith();
    await rows(
      `INSERT INTO "Notification" (id, "shopDomain", "webhookId", topic, subject)
       SELECT 'poison-' || n, $1, 'poison-' || n, 'orders/paid', 'null' FROM generate_series(1, 20) n`,
      [merchant.domain],
    );
    // Its key cannot be opened, so every job of this account throws.
    await rows(
      `UPDATE "SupplierAccount" SET credentials = 'spoilt' WHERE "shopId" = (SELECT id FROM "Shop" WHERE domain = $1)`,
      [broken.merchant.domain],
    );
    const stuck = broken.merchant.checkout({
      lines: [{ variantId: broken.variantId, quantity: 1 }],
      email: 'stuck@example.com',
    });
    merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'first@example.com' });
    await mailTo('first@example.com');
    await world.until('each was tried', async () => {
      const [row] = await rows(`SELECT min(attempts) AS tries FROM "Notification" WHERE id LIKE 'poison-%'`);
      return Number(row?.['tries']) > 0;
    });
    merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'second@example.com' });
    await mailTo('second@example.com');
    // It is not hammered on: the pause between two tries grows.
    const [{ tries } = { tries: 0 }] = await rows(
      `SELECT max(attempts) AS tries FROM "Notification" WHERE id LIKE 'poison-%'`,
    );
    expect(Number(tries)).toBeLessThan(6);
    await expectBooksToBalance(world, merchant);

    await broken.merchant.send('/app/settings/suppliers', 'app.settings.suppliers', {
      ...{ intent: 'connect', provider: 'esim-go', apiKey: broken.merchant.apiKey },
    });
    await mailTo('stuck@example.com');
    expect((await broken.merchant.order(stuck))?.units).toMatchObject([{ state: 'delivered' }]);
  },
);

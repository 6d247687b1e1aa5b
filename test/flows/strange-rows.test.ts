import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectBooksToBalance } from '../books.ts';
import { passTime } from '../clock.ts';
import { accountId, openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';
// The embedded database can only be reached by the app.
const onPostgres = process.env['FLOWS_ON'] === 'postgres';

const WATCH = ['/app/settings/watch', 'app.settings.watch'] as const;

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
    const beganAt = performance.now();
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
    // It is not hammered on: the pause between two tries doubles, from two seconds on.
    const [{ tries } = { tries: 0 }] = await rows(
      `SELECT max(attempts) AS tries FROM "Notification" WHERE id LIKE 'poison-%'`,
    );
    const seconds = (performance.now() - beganAt) / 1000;
    expect(2 * (2 ** (Number(tries) - 1) - 1)).toBeLessThanOrEqual(seconds);
    await expectBooksToBalance(world, merchant);

    await broken.merchant.send('/app/settings/suppliers', 'app.settings.suppliers', {
      ...{ intent: 'connect', provider: 'esim-go', apiKey: broken.merchant.apiKey },
      accountId: await accountId(broken.merchant),
    });
    await mailTo('stuck@example.com');
    expect((await broken.merchant.order(stuck))?.units).toMatchObject([{ state: 'delivered' }]);
  },
);

test.skipIf(!onPostgres)(
  'a message that fails again and again is shown to the merchant, mailed after an hour, and done once it can be',
  async () => {
    const { merchant, variantId } = await shopWith();
    const stranger = await openShop(world);
    const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'patient@example.com' });
    await mailTo('patient@example.com');
    const subject = JSON.stringify({ orderGid: `gid://shopify/Order/${String(order.id)}` });
    // As after many tries: each time its work throws, as a fault of ours would have it.
    await rows(
      `INSERT INTO "Notification" (id, "shopDomain", "webhookId", topic, subject, attempts, "receivedAt")
       VALUES ('stuck', $1, 'stuck', 'orders/paid', '[]', 7, app_now() - interval '50 minutes')`,
      [merchant.domain],
    );
    const tries = async () =>
      Number((await rows(`SELECT attempts FROM "Notification" WHERE id = 'stuck'`))[0]?.['attempts']);
    const stuck = async (who: Merchant) =>
      (await who.read<{ stuck: { id: string; tries: number; what: string }[] }>(...WATCH)).stuck;
    const tellsOfIt = async () =>
      (
        await merchant.read<{ attention: { text: string; url: string }[] }>('/app?index', 'app._index')
      ).attention.some(({ text, url }) => /^1 message from Shopify/.test(text) && url === WATCH[0]);
    await world.until('it is shown', async () => (await stuck(merchant)).length === 1);
    expect(await stuck(merchant)).toMatchObject([{ id: 'stuck', tries: 8, what: 'An order was paid' }]);
    await world.until('the home page tells of it', tellsOfIt);
    const { name, email } = world.shopify.state.shop(merchant.domain);
    const mails = () =>
      world.mailsTo(email).filter(({ subject: line }) => line.includes(`${name}: 1 message`));
    expect(mails()).toEqual([]);

    const again = { intent: 'try-again', receiptId: 'stuck' };
    expect(await stuck(stranger)).toEqual([]);
    expect((await stranger.send(...WATCH, again)).status).toBe(404);
    expect((await merchant.send(...WATCH, again)).status).toBe(200);
    await world.until('it was tried again', async () => (await tries()) === 9);
    expect(await stuck(merchant)).toHaveLength(1);
    await passTime({ minutes: 12 });
    await world.until('the merchant is mailed', () => mails().length === 1);

    await rows(`UPDATE "Notification" SET subject = $1 WHERE id = 'stuck'`, [subject]);
    await merchant.send(...WATCH, again);
    await world.until('it is done', async () => (await stuck(merchant)).length === 0);
    await world.until('the home page is quiet', async () => !(await tellsOfIt()));
    expect((await merchant.send(...WATCH, again)).status).toBe(404);
    expect(merchant.purchases()).toHaveLength(1);
  },
);

test.skipIf(!onPostgres)(
  'what a newer version beside this one wrote down is left to it, and everything else goes on',
  async () => {
    const { merchant, variantId } = await shopWith();
    const order = merchant.checkout({ lines: [{ variantId, quantity: 2 }], email: 'older@example.com' });
    await mailTo('older@example.com');
    // A migration of the newer version has run already.
    await rows(`ALTER TABLE "Unit" ADD COLUMN "colour" TEXT NOT NULL DEFAULT 'red'`);
    await rows(`ALTER TABLE "Notification" ADD COLUMN "weight" INTEGER`);
    await rows(
      `INSERT INTO "Notification" (id, "shopDomain", "webhookId", topic, subject)
       VALUES ('newer', $1, 'newer', 'orders/frobnicated', '{"orderGid": "gid://shopify/Order/1"}')`,
      [merchant.domain],
    );
    const unit = `(SELECT id FROM "Unit" WHERE "orderId" = (SELECT id FROM "Order" WHERE "shopifyGid" = $1) LIMIT 1)`;
    const gid = `gid://shopify/Order/${String(order.id)}`;
    await rows(`UPDATE "Unit" SET state = 'being-engraved', reason = 'engraver-away' WHERE id = ${unit}`, [
      gid,
    ]);
    await rows(
      `UPDATE "PurchaseAttempt" SET state = 'being-weighed', "nextLookAt" = '2020-01-01'
       WHERE id = (SELECT "attemptId" FROM "Unit" WHERE id = ${unit})`,
      [gid],
    );
    const newer = () =>
      rows(
        `SELECT n."processedAt", n.attempts, u.state, u.reason, a.state AS attempt, a.looks
         FROM "Notification" n, "Unit" u JOIN "PurchaseAttempt" a ON a.id = u."attemptId"
         WHERE n.id = 'newer' AND u.state = 'being-engraved'`,
      );
    const before = await newer();
    expect(before).toHaveLength(1);

    merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'beside@example.com' });
    await mailTo('beside@example.com');
    await passTime({ minutes: 90 });
    merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'later@example.com' });
    await mailTo('later@example.com');
    expect(await newer()).toEqual(before);
    expect((await merchant.order(order))?.units.map(({ state }) => state).sort()).toEqual([
      'delivered',
      'preparing',
    ]);
    for (const [path, route] of [
      ['/app/orders', 'app.orders._index'],
      ['/app/queue?index', 'app.queue._index'],
      ['/app?index', 'app._index'],
    ] as const)
      await merchant.read(path, route);
  },
);

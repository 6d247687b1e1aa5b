import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectBooksToBalance } from '../books.ts';
import { createDatabase, startPostgres } from '../postgres.ts';
import { choose } from '../settings.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';
// How long the app waits for a lock until its database looks, once, whether each waits for the other.
const APP_LOOKS_AFTER_SECONDS = 10;

// One of its own: it is stopped, and others would notice.
const postgres =
  process.env['FLOWS_ON'] === 'postgres' ? await startPostgres() : { missing: 'not asked for' };

describe.skipIf('missing' in postgres)('a PostgreSQL in trouble', () => {
  let world: World;
  let merchant: Merchant;
  let variantId: number;
  let database: string;

  beforeAll(async () => {
    database = await createDatabase('url' in postgres ? postgres.url : '');
    await alterDatabase(`SET deadlock_timeout = '${String(APP_LOOKS_AFTER_SECONDS)}s'`);
    world = await openWorld({ DATABASE_URL: database });
    merchant = await openShop(world);
    variantId = await merchant.sell(FRANCE);
  });
  afterAll(async () => {
    await world.end();
    if ('close' in postgres) postgres.close();
  });

  const sell = (email: string) =>
    merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: `${email}@example.com` });
  const mailTo = (name: string) =>
    world.until(`the e-mail to ${name} arrives`, () => world.mailsTo(`${name}@example.com`).length === 1);
  const health = async () => (await fetch(`${world.appUrl}/healthz`)).status;
  const refusals = () =>
    world.shopify.deliveries.flatMap(({ attempts }) => attempts.filter(({ status }) => status === 503))
      .length;
  const stockRequests = () =>
    world.esimGo.requests.filter(({ method, path }) => method === 'GET' && path === '/inventory').length;
  /** How often a purchase had to be looked up. */
  const looksAtSupplier = async () => {
    const client = new pg.Client({ connectionString: database });
    await client.connect();
    const { rows } = await client.query<{ looks: string }>(
      'SELECT sum(looks) AS looks FROM "PurchaseAttempt"',
    );
    await client.end();
    return Number(rows[0]?.looks);
  };
  const sentToSupplier = () =>
    world.esimGo.requests.filter(({ method, path }) => method === 'POST' && path === '/orders').length;

  test('while the database is away webhooks are refused and come again, and what was begun goes on by itself', async () => {
    if (!('crash' in postgres)) return;
    world.esimGo.conducts.on('loses-the-answer', { times: 1, only: 'POST /orders' });
    sell('before');
    await world.until('the answer is lost', () => !world.esimGo.conducts.isOn('loses-the-answer'));
    await postgres.crash();
    const refused = refusals();
    sell('meanwhile');
    await world.until('Shopify is told to come again', () => refusals() > refused);
    expect(await health()).toBe(503);
    await postgres.start();
    await mailTo('before');
    await mailTo('meanwhile');
    expect(await health()).toBe(200);
    expect(merchant.purchases()).toHaveLength(2);
    await expectBooksToBalance(world, merchant);
  });

  test('while the database takes no writes nothing is accepted and nothing bought, and after it everything', async () => {
    const [before, bought] = [sentToSupplier(), merchant.purchases().length];
    await choose(merchant, { stockFirst: 'on' });
    // All but bought: it waits for an answer about the stock.
    world.esimGo.conducts.on('answers-503', { only: 'GET /inventory' });
    const order = sell('taken-in');
    await world.until('it is taken in', async () => (await merchant.order(order)) !== null);
    await alterDatabase('SET default_transaction_read_only = on');
    world.esimGo.conducts.off('answers-503');
    const refused = refusals();
    sell('refused');
    await world.until('Shopify has come twice in vain', () => refusals() > refused + 1);
    expect(await health()).toBe(503);
    expect(sentToSupplier()).toBe(before);
    await alterDatabase('RESET default_transaction_read_only');
    await mailTo('taken-in');
    await mailTo('refused');
    expect(await health()).toBe(200);
    expect(merchant.purchases()).toHaveLength(bought + 2);
    await expectBooksToBalance(world, merchant);
  });

  test.each([
    ['a deadlock', '40P01'],
    ['a serialisation failure', '40001'],
  ])('a transaction that %s throws away is repeated, and nothing of what was sent is', async (_, code) => {
    const [before, bought] = [sentToSupplier(), merchant.purchases().length];
    const looked = await looksAtSupplier();
    const client = new pg.Client({ connectionString: database });
    await client.connect();
    // A sequence counts on when its transaction is thrown away: the first three of each kind are.
    await client.query(`CREATE FUNCTION conflict() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF nextval('conflicts_' || lower(TG_TABLE_NAME)) <= 3 THEN
          RAISE EXCEPTION 'in the way of another' USING ERRCODE = '${code}';
        END IF;
        RETURN NEW;
      END $$`);
    // Taken in, being sent, bought, delivered.
    const tables = ['Unit', 'PurchaseAttempt', 'Esim', 'Delivery'];
    for (const table of tables) {
      await client.query(`CREATE SEQUENCE conflicts_${table.toLowerCase()}`);
      await client.query(
        `CREATE TRIGGER conflict BEFORE INSERT ON "${table}" FOR EACH ROW EXECUTE FUNCTION conflict()`,
      );
    }
    sell(`after-${code}`);
    await mailTo(`after-${code}`);
    for (const table of tables) {
      const { rows } = await client.query<{ last_value: string }>(
        `SELECT last_value FROM conflicts_${table.toLowerCase()}`,
      );
      expect(Number(rows[0]?.last_value), table).toBe(4);
    }
    await client.query('DROP FUNCTION conflict CASCADE');
    for (const table of tables) await client.query(`DROP SEQUENCE conflicts_${table.toLowerCase()}`);
    await client.end();
    expect(sentToSupplier()).toBe(before + 1);
    expect(merchant.purchases()).toHaveLength(bought + 1);
    // The answer was not lost with the transaction that was to write it down.
    expect(await looksAtSupplier()).toBe(looked);
    await expectBooksToBalance(world, merchant);
  });

  test('an answer that meets another transaction’s locks in the wrong order is written down all the same', async () => {
    const [before, looked] = [sentToSupplier(), await looksAtSupplier()];
    world.esimGo.conducts.on('answers-when-let');
    const lines = [{ variantId, quantity: 2 }];
    merchant.checkout({ lines, email: 'deadlock@example.com' });
    await world.until('it is bought', () => sentToSupplier() === before + 1);
    const client = new pg.Client({ connectionString: database });
    await client.connect();
    // Who of the two gives way is the one that looks first: not this one.
    await client.query(`SET deadlock_timeout = '${String(APP_LOOKS_AFTER_SECONDS + 60)}s'`);
    await client.query('BEGIN');
    const { rows } = await client.query<{ id: string }>(
      `SELECT id FROM "Unit" WHERE state = 'buying' ORDER BY id`,
    );
    const lock = (row: number) =>
      client.query('SELECT id FROM "Unit" WHERE id = $1 FOR UPDATE', [rows[row]?.id]);
    expect(rows).toHaveLength(2);
    await lock(1);
    world.esimGo.conducts.off('answers-when-let');
    const watcher = new pg.Client({ connectionString: database });
    await watcher.connect();
    await world.until('the app has the first piece and waits for the second', async () => {
      const { rowCount } = await watcher.query('SELECT FROM pg_locks WHERE NOT granted');
      return rowCount === 1;
    });
    await lock(0);
    await client.query('COMMIT');
    await Promise.all([client.end(), watcher.end()]);
    await mailTo('deadlock');
    expect(sentToSupplier()).toBe(before + 1);
    expect(await looksAtSupplier()).toBe(looked);
    await expectBooksToBalance(world, merchant);
  });

  test('a purchase that finds no room in the database is not sent', async () => {
    const [before, bought] = [sentToSupplier(), merchant.purchases().length];
    const client = new pg.Client({ connectionString: database });
    await client.connect();
    await client.query(`CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$`);
    await client.query(
      'CREATE TRIGGER no_room BEFORE INSERT ON "PurchaseAttempt" FOR EACH ROW EXECUTE FUNCTION no_room()',
    );
    const asked = stockRequests();
    sell('no-room');
    await world.until('it is tried again and again', () => stockRequests() > asked + 1);
    expect(sentToSupplier()).toBe(before);
    await client.query('DROP TRIGGER no_room ON "PurchaseAttempt"');
    await client.end();
    await mailTo('no-room');
    expect(merchant.purchases()).toHaveLength(bought + 1);
    await expectBooksToBalance(world, merchant);
  });

  /** For new connections: those of the app are ended, so that it makes new ones. */
  async function alterDatabase(change: string) {
    const name = new URL(database).pathname.slice(1);
    const client = new pg.Client({ connectionString: 'url' in postgres ? postgres.url : '' });
    await client.connect();
    await client.query(`ALTER DATABASE ${name} ${change}`);
    await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
    await client.end();
  }
});

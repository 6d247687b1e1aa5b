import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectBooksToBalance } from '../books.ts';
import { passTime } from '../clock.ts';
import { openShop, type Merchant } from '../shop.ts';
import type { Order } from '../sandbox/shopify/records.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';
const GERMANY = 'esim_1GB_7D_DE_V2';

const onPostgres = process.env['FLOWS_ON'] === 'postgres';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.end());

test('a database put back from a backup buys nothing twice, and every buyer keeps exactly the eSIM they had', async () => {
  const merchant = await openShop(world);
  const [france, germany] = [await merchant.sell(FRANCE), await merchant.sell(GERMANY)];
  const before = pay(merchant, [{ variantId: france, quantity: 1 }], 'before@example.com');
  await mailed(['before@example.com']);
  await tagged(merchant);
  const backup = await backUp();

  const lost = [
    pay(merchant, [{ variantId: france, quantity: 2 }], 'lost-1@example.com'),
    pay(merchant, [{ variantId: france, quantity: 1 }], 'lost-2@example.com'),
    pay(
      merchant,
      [
        { variantId: france, quantity: 1 },
        { variantId: germany, quantity: 3 },
      ],
      'lost-3@example.com',
    ),
  ];
  const addresses = lost.map((_, at) => `lost-${String(at + 1)}@example.com`);
  await mailed(addresses);
  await tagged(merchant);
  const had = await digitsOf(merchant, [before, ...lost]);
  const bought = merchant.purchases().length;
  await backup.putBack();

  await world.until('every buyer has an eSIM again', async () => (await waiting(merchant, lost)) === 0);
  expect(await digitsOf(merchant, [before, ...lost])).toEqual(had);
  const during = pay(merchant, [{ variantId: germany, quantity: 1 }], 'during@example.com');
  await world.until('it is taken in', async () => (await merchant.order(during)) !== null);
  expect((await merchant.order(during))?.units).toMatchObject([{ state: 'paid' }]);

  await passTime({ minutes: 16 });
  await mailed(['during@example.com']);
  expect(merchant.purchases()).toHaveLength(bought + 1);
  // Whether a buyer was mailed is forgotten with the rest: the same codes are sent once more.
  for (const address of addresses) expect(codesIn(address).size).toBe(1);
  await expectBooksToBalance(world, merchant, { resent: addresses });
});

test('purchases that carry no tag yet are adopted where one buyer alone can be meant, else left to a person', async () => {
  const merchant = await openShop(world);
  const [france, germany] = [await merchant.sell(FRANCE), await merchant.sell(GERMANY)];
  const backup = await backUp();
  world.esimGo.conducts.on('answers-503', { only: 'PUT /esims' });
  const alone = pay(merchant, [{ variantId: germany, quantity: 1 }], 'alone@example.com');
  const twins = ['twin-1@example.com', 'twin-2@example.com'].map((email) =>
    pay(merchant, [{ variantId: france, quantity: 1 }], email),
  );
  await mailed(['alone@example.com', 'twin-1@example.com', 'twin-2@example.com']);
  const had = await digitsOf(merchant, [alone]);
  const bought = merchant.purchases().length;
  await backup.putBack();
  await world.until('the orders are back', async () => (await waiting(merchant, [alone, ...twins])) === 3);

  await passTime({ minutes: 16 });
  await world.until('the one is adopted', async () => (await waiting(merchant, [alone])) === 0);
  expect(await digitsOf(merchant, [alone])).toEqual(had);
  for (const twin of twins) {
    await world.until(
      'the twin is parked',
      async () => (await merchant.order(twin))?.units[0]?.state === 'parked',
    );
    expect((await merchant.order(twin))?.units).toMatchObject([{ reason: 'database-restored' }]);
  }
  await passTime({ minutes: 60 });
  await world.restart();
  expect(merchant.purchases()).toHaveLength(bought);
  world.esimGo.conducts.off('answers-503');
});

test('an account that the backup does not know is compared when the merchant connects it again', async () => {
  const backup = await backUp();
  const merchant = await openShop(world);
  const france = await merchant.sell(FRANCE);
  const lost = pay(merchant, [{ variantId: france, quantity: 2 }], 'unknown@example.com');
  await mailed(['unknown@example.com']);
  await tagged(merchant);
  const had = await digitsOf(merchant, [lost]);
  await backup.putBack();
  await merchant.send('/app/settings/suppliers', 'app.settings.suppliers', {
    ...{ intent: 'connect', provider: 'esim-go', apiKey: merchant.apiKey },
  });
  await world.until('the buyer has the eSIMs again', async () => (await waiting(merchant, [lost])) === 0);
  expect(await digitsOf(merchant, [lost])).toEqual(had);
  await merchant.send('/app/catalogue?index', 'app.catalogue._index', { intent: 'import' });
  const link = () =>
    merchant.link(france, FRANCE, 'map').then(
      () => true,
      () => false, // not imported yet
    );
  await world.until('the bundle is linked again', link);
  pay(merchant, [{ variantId: france, quantity: 1 }], 'new@example.com');
  await mailed(['new@example.com']);
  expect(merchant.purchases()).toHaveLength(2);
});

test('while the supplier cannot be asked after a restore nothing is bought', async () => {
  const merchant = await openShop(world);
  const france = await merchant.sell(FRANCE);
  const backup = await backUp();
  const lost = pay(merchant, [{ variantId: france, quantity: 1 }], 'unasked@example.com');
  await mailed(['unasked@example.com']);
  const had = await digitsOf(merchant, [lost]);
  world.esimGo.conducts.on('answers-503', { only: 'GET /orders' });
  await backup.putBack();
  await passTime({ minutes: 16 });
  const asked = world.esimGo.requests.length;
  await world.until('the supplier was asked', () =>
    world.esimGo.requests.slice(asked).some(({ method, path }) => `${method} ${path}` === 'GET /orders'),
  );
  expect(merchant.purchases()).toHaveLength(1);
  world.esimGo.conducts.off('answers-503');
  await passTime({ minutes: 2 });
  await world.until('the buyer has the eSIM again', async () => (await waiting(merchant, [lost])) === 0);
  expect(await digitsOf(merchant, [lost])).toEqual(had);
  expect(merchant.purchases()).toHaveLength(1);
});

test.runIf(onPostgres)(
  'a PostgreSQL that is exchanged under the running app is noticed before anything is bought',
  async () => {
    const merchant = await openShop(world);
    const france = await merchant.sell(FRANCE);
    const backup = await backUp();
    const lost = pay(merchant, [{ variantId: france, quantity: 2 }], 'exchanged@example.com');
    await mailed(['exchanged@example.com']);
    await tagged(merchant);
    const had = await digitsOf(merchant, [lost]);
    await backup.exchange();
    pay(merchant, [{ variantId: france, quantity: 1 }], 'after-exchange@example.com');
    await world.until('the buyer has the eSIMs again', async () => (await waiting(merchant, [lost])) === 0);
    expect(await digitsOf(merchant, [lost])).toEqual(had);
    expect(merchant.purchases()).toHaveLength(1);
    await passTime({ minutes: 16 });
    await mailed(['after-exchange@example.com']);
    expect(merchant.purchases()).toHaveLength(2);
  },
);

test.skipIf(onPostgres)(
  'an embedded database that lost its last commits with the power finds them in its journal',
  async () => {
    const merchant = await openShop(world);
    const france = await merchant.sell(FRANCE);
    const power = await backUp();
    world.esimGo.conducts.on('answers-503', { only: 'PUT /esims' });
    const emails = ['power-1@example.com', 'power-2@example.com', 'power-3@example.com'];
    const lost = emails.map((email, at) => pay(merchant, [{ variantId: france, quantity: at + 1 }], email));
    await mailed(emails);
    const had = await digitsOf(merchant, lost);
    await power.putBack({ journal: 'kept' });
    await world.until('every buyer has the eSIM again', async () => (await waiting(merchant, lost)) === 0);
    expect(await digitsOf(merchant, lost)).toEqual(had);
    expect(merchant.purchases()).toHaveLength(3);
    world.esimGo.conducts.off('answers-503');
    const next = pay(merchant, [{ variantId: france, quantity: 1 }], 'after-power@example.com');
    await mailed(['after-power@example.com']);
    expect((await merchant.order(next))?.units).toMatchObject([{ state: 'delivered' }]);
    await expectBooksToBalance(world, merchant, { resent: emails });
  },
);

interface Backup {
  /** Stops the app, puts the copy in the place of the database, and starts the app. */
  putBack: (how?: { journal: 'kept' }) => Promise<void>;
  /** Puts the copy in the place of the database while the app runs. */
  exchange: () => Promise<void>;
}

const backUp = (): Promise<Backup> => (onPostgres ? copyPostgres() : copyFolder());

/** As a server's nightly copy is made: a database of another number, with the same rows. */
async function copyPostgres(): Promise<Backup> {
  const url = new URL(process.env['DATABASE_URL'] ?? '');
  const name = url.pathname.slice(1);
  const copy = `${name}_${String(Date.now())}`;
  const run = async (...statements: string[]) => {
    url.pathname = '/postgres';
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  };
  await world.stop();
  await run(`CREATE DATABASE ${copy} TEMPLATE ${name}`);
  await world.start();
  const exchange = () =>
    run(`DROP DATABASE ${name} WITH (FORCE)`, `ALTER DATABASE ${copy} RENAME TO ${name}`);
  return {
    exchange,
    putBack: async () => {
      await world.stop();
      await exchange();
      await world.start();
    },
  };
}

/** The embedded database's files as they are this moment, while the app runs. */
function copyFolder(): Promise<Backup> {
  const folder = process.env['DATA_DIR'] ?? '';
  const [database, journal] = [join(folder, 'postgres'), join(folder, 'purchases.journal')];
  const aside = join(folder, `copy-${String(Date.now())}`);
  cpSync(database, aside, { recursive: true });
  return Promise.resolve({
    exchange: () => Promise.reject(new Error('nobody else can open an embedded database')),
    putBack: async (how) => {
      if (how) cpSync(journal, `${aside}.journal`);
      await world.stop();
      rmSync(database, { recursive: true });
      cpSync(aside, database, { recursive: true });
      // A stop empties the journal; a power cut does not.
      if (how) cpSync(`${aside}.journal`, journal);
      await world.start();
    },
  });
}

function pay(merchant: Merchant, lines: { variantId: number; quantity: number }[], email: string): Order {
  return merchant.checkout({ lines, email });
}

const mailed = async (addresses: string[]) => {
  for (const address of addresses)
    await world.until(`the e-mail to ${address} arrives`, () => world.mailsTo(address).length > 0);
};

/** The supplier's copy of every eSIM names its unit. */
const tagged = (merchant: Merchant) =>
  world.until('the eSIMs are tagged', () =>
    world.esimGo.esims
      .filter(({ apiKey }) => apiKey === merchant.apiKey)
      .every(({ customerRef }) => customerRef !== ''),
  );

/** The last digits of each eSIM the orders' pages show, piece by piece. */
async function digitsOf(merchant: Merchant, orders: Order[]) {
  const pages = await Promise.all(orders.map((order) => merchant.order(order)));
  return pages.map((page) => page?.units.map(({ id, iccidLast4 }) => [id, iccidLast4]).sort());
}

/** How many of the orders are not there, or have a piece without an eSIM. */
async function waiting(merchant: Merchant, orders: Order[]): Promise<number> {
  const pages = await Promise.all(orders.map((order) => merchant.order(order)));
  return pages.filter((page) => !page || page.units.some(({ iccidLast4 }) => iccidLast4 === null)).length;
}

/** Which sets of codes were mailed to an address: one, however often it was mailed. */
function codesIn(address: string): Set<string> {
  const codes = world.esimGo.esims.map(({ activationCode }) => activationCode);
  return new Set(
    world.mailsTo(address).map(({ text }) =>
      codes
        .filter((code) => text?.includes(code))
        .sort()
        .join(),
    ),
  );
}

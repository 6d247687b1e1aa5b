import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { expect } from 'vitest';
import type { Order } from './sandbox/shopify/records.ts';
import type { Merchant } from './shop.ts';
import type { World } from './world.ts';

export const onPostgres = process.env['FLOWS_ON'] === 'postgres';

export interface Backup {
  /** Stops the app, puts the copy in the place of the database, and starts the app. */
  putBack: (how?: { journal: 'kept' }) => Promise<void>;
  /** Puts the copy in the place of the database while the app runs. */
  exchange: () => Promise<void>;
}

/** A copy of the world's database as it is now. On PostgreSQL the app is stopped while it is made. */
export const backUp = (world: World): Promise<Backup> =>
  onPostgres ? copyPostgres(world) : copyFolder(world);

/** As a server's nightly copy is made: a database of another number, with the same rows. */
async function copyPostgres(world: World): Promise<Backup> {
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
function copyFolder(world: World): Promise<Backup> {
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

/** An order of one line whose buyer has been mailed. */
export async function sold(
  world: World,
  merchant: Merchant,
  { email, ...line }: { variantId: number; quantity: number; email: string },
): Promise<Order> {
  const order = merchant.checkout({ lines: [line], email });
  await mailed(world, [email]);
  return order;
}

/** Notes which eSIM each piece of the orders has, to see after a restore that it has that one again. */
export async function noteEsims(world: World, merchant: Merchant, orders: Order[]) {
  const had = await digitsOf(merchant, orders);
  return {
    expectBack: async () => {
      await world.until('every buyer has an eSIM again', async () => (await waiting(merchant, orders)) === 0);
      expect(await digitsOf(merchant, orders)).toEqual(had);
    },
  };
}

/** Each of them got an e-mail. */
export const mailed = async (world: World, addresses: string[]) => {
  for (const address of addresses)
    await world.until(`the e-mail to ${address} arrives`, () => world.mailsTo(address).length > 0);
};

/** The supplier's copy of every eSIM names its unit. */
export const tagged = (world: World, merchant: Merchant) =>
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
export async function waiting(merchant: Merchant, orders: Order[]): Promise<number> {
  const pages = await Promise.all(orders.map((order) => merchant.order(order)));
  return pages.filter((page) => !page || page.units.some(({ iccidLast4 }) => iccidLast4 === null)).length;
}

import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import type { Merchant } from './shop.ts';
import type { World } from './world.ts';

export interface Choices {
  riskHold?: 'off' | 'high' | 'medium';
  buyDelayMinutes?: number;
  mostPerOrder?: number | null;
  priceGuardPercent?: number | null;
  buyTestOrders?: boolean;
}

export interface AccountChoices {
  reserve?: number;
  stockFirst?: boolean;
  rebuyAfterProof?: boolean;
}

/**
 * What merchants chose, until there are pages on which they do: written while the app is stopped. Gone as soon as
 * Settings has the forms.
 */
export async function choose(
  world: World,
  all: { merchant: Merchant; shop?: Choices; account?: AccountChoices }[],
) {
  await world.stop();
  const database = await open();
  for (const { merchant, shop, account } of all) {
    const ofShop = `(SELECT id FROM "Shop" WHERE domain = '${merchant.domain}')`;
    await database.run(
      `INSERT INTO "ShopSettings" ("shopId") SELECT id FROM ${ofShop} AS shop ON CONFLICT DO NOTHING`,
    );
    await database.run(update('ShopSettings', { ...shop }, `"shopId" = ${ofShop}`));
    await database.run(update('SupplierAccount', { ...account }, `"shopId" = ${ofShop}`));
  }
  await database.close();
  await world.start();
}

function update(table: string, values: Record<string, string | number | boolean | null>, where: string) {
  const set = Object.entries(values).map(([column, value]) => `"${column}" = ${literal(value)}`);
  return set.length === 0 ? '' : `UPDATE "${table}" SET ${set.join(', ')} WHERE ${where}`;
}

function literal(value: string | number | boolean | null): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}

async function open(): Promise<{ run: (sql: string) => Promise<unknown>; close: () => Promise<void> }> {
  const url = process.env['DATABASE_URL'];
  if (url === undefined) {
    const database = await PGlite.create(join(process.env['DATA_DIR'] ?? '', 'postgres'));
    return { run: (sql) => database.exec(sql), close: () => database.close() };
  }
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return { run: (sql) => client.query(sql), close: () => client.end() };
}

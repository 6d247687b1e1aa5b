import pg from 'pg';
import type { Merchant } from '../shop.ts';
import { printTimes, round, timed, times } from './measure.ts';

const FEW = 5_000;
const MANY = 50_000;
const READS = 20;

/** What people ask of the catalogue page; `{last}` is a bundle near the end of its order. */
const questions = {
  'no filter': '',
  'the last page': 'after={last}',
  'one country': 'country=JP',
  'three countries, cheap': 'country=FR&country=DE&country=IT&costMax=10',
  'two words': 'search=europe+5',
  'a country and a size': 'search=japan+5gb',
  'one letter': 'search=e',
  'a word nobody uses': 'search=xyzzy',
  'cost range in a group': 'costMin=5&costMax=8&group=Standard+Fixed',
  'by cost per GB, dearest first': 'sort=cost-per-gb&order=desc',
  'unlimited for a month, by cost': 'unlimited=yes&daysMin=30&sort=cost',
  'much data, small cost': 'dataMin=20&costMax=12',
  'regions only': 'kind=region',
  'newest first': 'sort=added&order=desc',
  'not in the shop, by name': 'sold=no&sort=name',
  'in the shop': 'sold=yes',
};

/**
 * The catalogue page of a shop with 5,000 bundles and with 50,000: what its loader takes over HTTP, sign-in and all. The
 * bundles beyond the imported ones are copies of them with other codes and costs.
 */
export async function catalogueList(databaseUrl: string, merchant: Merchant): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const samples = new Map<number, Record<string, number[]>>();
    for (const size of [FEW, MANY]) {
      await multiply(client, size);
      samples.set(size, await ask(client, merchant));
    }
    const all = (size: number) => times(Object.values(samples.get(size) ?? {}).flat());
    for (const [size, sample] of samples) printTimes(`The catalogue page at ${size} bundles`, sample);
    const [few, many] = [all(FEW), all(MANY)];
    console.log(
      `The catalogue page over all questions: p95 ${round(few.p95)} ms at ${FEW} bundles, ${round(many.p95)} ms at ${MANY}, ` +
        `ratio ${round(many.p95 / few.p95)}; medians ${round(few.median)} and ${round(many.median)} ms.`,
    );
  } finally {
    await client.end();
  }
}

async function ask(client: pg.Client, merchant: Merchant): Promise<Record<string, number[]>> {
  const { rows } = await client.query<{ id: string }>(
    'SELECT id FROM "Bundle" WHERE "withdrawnAt" IS NULL ORDER BY place DESC, id DESC OFFSET 20 LIMIT 1',
  );
  const samples: Record<string, number[]> = {};
  // The first asker after an import waits for the choices of the filters, and the first ones after a start for code to be
  // compiled; nobody after.
  for (let warm = 0; warm < READS; warm++)
    await merchant.read('/app/catalogue?index', 'app.catalogue._index');
  for (const [name, question] of Object.entries(questions)) {
    const path = `/app/catalogue?${question.replace('{last}', rows[0]?.id ?? '')}`;
    const read = () => merchant.read(path, 'app.catalogue._index');
    const sample: number[] = [];
    samples[name] = sample;
    for (let index = 0; index < READS; index++) sample.push(await timed(read));
  }
  return samples;
}

/** Copies the bundles under other codes and at other costs until there are so many. */
async function multiply(client: pg.Client, wanted: number) {
  const { rows } = await client.query<{ name: string }>(
    `SELECT column_name AS name FROM information_schema.columns
     WHERE table_name = 'Bundle' AND is_generated = 'NEVER' AND column_name NOT IN ('id', 'code', 'cost', 'updatedAt')`,
  );
  const columns = rows.map(({ name }) => `"${name}"`).join(', ');
  await client.query(
    `INSERT INTO "Bundle" (id, code, cost, "updatedAt", ${columns})
     SELECT gen_random_uuid()::text, code || '_copy' || copy || '_of_' || $1, round(cost * (0.8 + 0.4 * random()::numeric), 4),
       now() AT TIME ZONE 'UTC', ${columns}
     FROM (SELECT * FROM "Bundle" WHERE code NOT LIKE '%\\_copy%') AS original, generate_series(1, 100) AS copy
     ORDER BY copy, code LIMIT $1::int - (SELECT count(*) FROM "Bundle")`,
    [wanted],
  );
  // One in ten is sold: half of these by a variant the app made, half by one the merchant mapped.
  await client.query(
    `INSERT INTO "VariantMapping" (id, "shopId", "variantGid", "productGid", "bundleId", origin, "productTitle")
     SELECT gen_random_uuid()::text, "shopId", 'gid://shopify/ProductVariant/' || row_number, 'gid://shopify/Product/1', id,
       CASE WHEN row_number % 20 = 0 THEN 'published' ELSE 'mapped' END, code
     FROM (SELECT *, row_number() OVER (ORDER BY code) FROM "Bundle") AS numbered WHERE row_number % 10 = 0
     ON CONFLICT DO NOTHING`,
  );
  // As autovacuum does within a minute of an import.
  await client.query('VACUUM ANALYZE "Bundle", "VariantMapping"');
}

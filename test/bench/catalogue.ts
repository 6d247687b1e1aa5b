import pg from 'pg';
import { openShop, type Merchant } from '../shop.ts';
import { imports } from './imports.ts';
import { printTimes, round, timed, times } from './measure.ts';
import { openStage } from './stage.ts';

const READS = 40;
const MANY = 20_000;

interface Page {
  total: number;
}

const lists = {
  'first page': '',
  'search "europe 5"': 'search=europe+5',
  'country Japan': 'country=JP',
  'page 40': 'page=40',
};

/** Reading a supplier's whole catalogue, reading it again unchanged, and paging through it. */
export async function catalogue(postgresUrl: string | null): Promise<void> {
  await imports(postgresUrl);
  const stage = await openStage({ postgresUrl });
  try {
    const merchant = await openShop(stage);
    const { total } = await read(merchant, '');
    const few = await readLists(merchant);
    if (stage.databaseUrl === null) {
      printTimes(`The catalogue page at ${total} bundles`, few);
      console.log(`The page at ${MANY} bundles needs PostgreSQL, where bundles can be added from outside.`);
      return;
    }
    await multiply(stage.databaseUrl, MANY);
    const many = await readLists(merchant);
    printTimes(`The catalogue page at ${total} bundles`, few);
    printTimes(`The catalogue page at ${MANY} bundles`, many);
    const ratios = Object.keys(lists).map(
      (name) => `${name} ${round(times(many[name] ?? []).median / times(few[name] ?? []).median)}`,
    );
    console.log(`Medians, ${MANY} over ${total}: ${ratios.join(' · ')}`);
  } finally {
    await stage.end();
  }
}

async function readLists(merchant: Merchant): Promise<Record<string, number[]>> {
  const samples: Record<string, number[]> = {};
  for (const [name, query] of Object.entries(lists)) {
    await read(merchant, query);
    const sample: number[] = [];
    for (let index = 0; index < READS; index++) sample.push(await timed(() => read(merchant, query)));
    samples[name] = sample;
  }
  return samples;
}

function read(merchant: Merchant, query: string): Promise<Page> {
  return merchant.read<Page>(`/app/catalogue?${query}`, 'app.catalogue._index');
}

/** Copies the bundles under other codes until there are so many. */
async function multiply(databaseUrl: string, wanted: number) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ column_name: string }>(
    `SELECT column_name FROM information_schema.columns WHERE table_name = 'Bundle' AND column_name NOT IN ('id', 'code')`,
  );
  const columns = rows.map(({ column_name }) => `"${column_name}"`).join(', ');
  await client.query(
    `INSERT INTO "Bundle" (id, code, ${columns})
     SELECT gen_random_uuid()::text, code || '_copy' || copy, ${columns} FROM "Bundle", generate_series(1, 20) AS copy
     ORDER BY copy LIMIT $1 - (SELECT count(*) FROM "Bundle")`,
    [wanted],
  );
  await client.query('ANALYZE "Bundle"');
  await client.end();
}

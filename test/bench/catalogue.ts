import pg from 'pg';
import { openShop, type Merchant } from '../shop.ts';
import { printTimes, round, timed, times } from './measure.ts';
import { openStage, type Stage } from './stage.ts';

const READS = 40;
const MANY = 20_000;

interface Page {
  total: number;
  progress: { state: string; created: number; changed: number } | null;
}

const lists = {
  'first page': '',
  'search "europe 5"': 'search=europe+5',
  'country Japan': 'country=JP',
  'page 40': 'page=40',
};

/** Reading a supplier's whole catalogue, reading it again unchanged, and paging through it. */
export async function catalogue(postgresUrl: string | null): Promise<void> {
  const stage = await openStage({ postgresUrl });
  try {
    let merchant: Merchant | null = null;
    const first = await importing(stage, async () => {
      merchant = await openShop(stage);
      return merchant;
    });
    const again = await importing(stage, () => importAgain(stage, first.merchant));
    console.log(
      '\nThe catalogue is imported (milliseconds; the pace is what the supplier allows: eight requests a second)',
    );
    console.table({ first: first.row, 'again, unchanged': again.row });

    const few = await readLists(first.merchant);
    if (stage.databaseUrl === null) {
      printTimes(`The catalogue page at ${first.row.bundles} bundles`, few);
      console.log(`The page at ${MANY} bundles needs PostgreSQL, where bundles can be added from outside.`);
      return;
    }
    await multiply(stage.databaseUrl, MANY);
    const many = await readLists(first.merchant);
    printTimes(`The catalogue page at ${first.row.bundles} bundles`, few);
    printTimes(`The catalogue page at ${MANY} bundles`, many);
    const ratios = Object.keys(lists).map(
      (name) => `${name} ${round(times(many[name] ?? []).median / times(few[name] ?? []).median)}`,
    );
    console.log(`Medians, ${MANY} over ${first.row.bundles}: ${ratios.join(' · ')}`);
  } finally {
    await stage.end();
  }
}

/** What an import took beyond the supplier's pace, and what it wrote. */
async function importing(stage: Stage, act: () => Promise<Merchant>) {
  const before = stage.esimGo.requests.length;
  const merchant = await act();
  const requests = stage.esimGo.requests.slice(before).filter(({ path }) => path === '/catalogue');
  const last = requests.at(-1);
  const startedAt = requests[0]?.at.getTime() ?? NaN;
  const took = Date.now() - startedAt;
  // A page of the catalogue counts as two requests; the first one waits for nobody.
  const pace = ((requests.length - 1) * 2 * 1000) / 8;
  const { total, progress } = await read(merchant, '');
  return {
    merchant,
    row: {
      bundles: total,
      took,
      pace,
      'beyond the pace': took - pace,
      'after the last page': Date.now() - (last?.at.getTime() ?? NaN),
      'rows written': (progress?.created ?? 0) + (progress?.changed ?? 0),
    },
  };
}

async function importAgain(stage: Stage, merchant: Merchant): Promise<Merchant> {
  await merchant.send('/app/catalogue?index', 'app.catalogue._index', { intent: 'import' });
  await stage.until(
    'the catalogue is imported again',
    async () => (await read(merchant, '')).progress?.state === 'done',
  );
  return merchant;
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

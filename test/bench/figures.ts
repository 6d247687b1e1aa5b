import pg from 'pg';
import { openShop, type Merchant } from '../shop.ts';
import { figuresRows } from './figures-rows.ts';
import { printTimes, round, timed, times } from './measure.ts';
import { openStage } from './stage.ts';

const FEW = 1_000;
const MANY = 100_000;
const READS = 20;

/** What people ask of the pages with figures; `{last}` is an order, or an entry, near the end of its list. */
const questions: Record<string, [path: string, route: string]> = {
  'home, today': ['/app?index&period=today', 'app._index'],
  'home, 7 days': ['/app?index&period=7', 'app._index'],
  'home, 30 days': ['/app?index', 'app._index'],
  'home, 90 days': ['/app?index&period=90', 'app._index'],
  'home, a year': ['/app?index&period=custom&from={year}&until={today}', 'app._index'],
  'margin by destination, 30 days': ['/app/margin?index', 'app.margin._index'],
  'margin by destination, a year': [
    '/app/margin?index&period=custom&from={year}&until={today}',
    'app.margin._index',
  ],
  'margin by order, 30 days': ['/app/margin?index&by=order', 'app.margin._index'],
  'margin by order, the last page of 90 days': [
    '/app/margin?index&by=order&period=90&after={order}',
    'app.margin._index',
  ],
  'balance and ledger': ['/app/balance?index', 'app.balance._index'],
  'ledger, the last page': ['/app/balance?index&after={entry}', 'app.balance._index'],
  'ledger, refunds': ['/app/balance?index&kind=refund', 'app.balance._index'],
  'ledger, a kind nobody booked': ['/app/balance?index&kind=elsewhere', 'app.balance._index'],
  'ledger, a day': ['/app/balance?index&from={today}&until={today}', 'app.balance._index'],
  'ledger, a reference': ['/app/balance?index&search=ref-77', 'app.balance._index'],
  'ledger, a word nobody wrote': ['/app/balance?index&search=xyzzy', 'app.balance._index'],
};

/**
 * The pages that add up, in a shop with 1,000 orders of a year and with 100,000, each with ten entries of the ledger: what
 * their loaders take over HTTP, sign-in and all.
 */
export async function figures(postgresUrl: string | null): Promise<void> {
  if (postgresUrl === null) {
    console.log('The figures need PostgreSQL, where orders can be added from outside.');
    return;
  }
  const stage = await openStage({ postgresUrl, countries: ['FR'] });
  const client = new pg.Client({ connectionString: stage.databaseUrl ?? '' });
  try {
    await client.connect();
    const merchant = await openShop(stage);
    const samples = new Map<number, Record<string, number[]>>();
    let size = 0;
    for (const wanted of [FEW, MANY]) {
      await figuresRows(client, size + 1, wanted);
      size = wanted;
      samples.set(size, await ask(client, merchant));
    }
    for (const [count, sample] of samples) printTimes(`Figures at ${String(count)} orders`, sample);
    printGrowth(samples.get(FEW) ?? {}, samples.get(MANY) ?? {});
  } finally {
    await client.end();
    await stage.end();
  }
}

async function ask(client: pg.Client, merchant: Merchant): Promise<Record<string, number[]>> {
  const one = async (sql: string) => {
    const { rows } = await client.query<{ text: string }>(sql);
    return rows[0]?.text ?? '';
  };
  const days = `SELECT to_char(app_now() - interval '%', 'YYYY-MM-DD') AS text`;
  const words: Record<string, string> = {
    today: await one(days.replace('%', '0 days')),
    year: await one(days.replace('%', '364 days')),
    order: await one(
      `SELECT id AS text FROM "Order" WHERE "createdAt" > app_now() - interval '89 days' ORDER BY "createdAt", id LIMIT 1`,
    ),
    entry: await one('SELECT id AS text FROM "BalanceEntry" ORDER BY at, id OFFSET 20 LIMIT 1'),
  };
  const pathOf = (path: string) => path.replace(/\{(\w+)\}/g, (_, word: string) => words[word] ?? '');
  const samples: Record<string, number[]> = {};
  for (const [name, [path, route]] of Object.entries(questions)) {
    const read = () => merchant.read(pathOf(path), route);
    // The first ones wait for code to be compiled.
    for (let warm = 0; warm < 3; warm++) await read();
    const sample: number[] = [];
    samples[name] = sample;
    for (let index = 0; index < READS; index++) sample.push(await timed(read));
  }
  return samples;
}

function printGrowth(few: Record<string, number[]>, many: Record<string, number[]>) {
  const rows = Object.keys(questions).map((name) => {
    const [before, after] = [times(few[name] ?? []).p95, times(many[name] ?? []).p95];
    return [name, { before: round(before), after: round(after), ratio: round(after / before) }];
  });
  console.log(`\np95 at ${String(FEW)} orders and at ${String(MANY)}, in milliseconds`);
  console.table(Object.fromEntries(rows));
}

import pg from 'pg';
import { openShop, type Merchant } from '../shop.ts';
import { rowOf, type DeskRow } from './desk-row.ts';
import { addRows, type Owner } from './desk-rows.ts';
import { round, timed, times } from './measure.ts';
import { polling } from './polling.ts';
import { openStage, type Stage } from './stage.ts';

const FEW = 10_000;
const MANY = 1_000_000;
const READS = 40;
const WARM_UP = 10;

/** What support types, each time of another traveller. */
const searches: Record<string, (row: DeskRow) => string> = {
  'a whole ICCID': ({ iccid }) => iccid,
  'an ICCID with spaces': ({ iccid }) => iccid.replace(/(.{4})/g, '$1 '),
  'its last 4 digits': ({ iccid }) => iccid.slice(-4),
  'its last 7 digits': ({ iccid }) => iccid.slice(-7),
  'an order': ({ orderName }) => orderName,
  'an order without #': ({ orderName }) => orderName.slice(1),
  'an e-mail address': ({ email }) => email.toUpperCase(),
  'a name': ({ customer }) => customer,
  'a first name': ({ customer }) => customer.split(' ')[0] ?? '',
  'a matching ID': ({ matchingId }) => matchingId.toLowerCase(),
  "the supplier's order": ({ reference }) => reference,
};

/** Searches that find nothing. */
const nothing: Record<string, string> = {
  'a stranger’s ICCID': '8943108165999999996',
  'a name nobody has': 'Ada Lovelace',
  'a word': 'xyzzy',
};

/** What people ask of the list; `{last}` is an eSIM near the end of its order. */
const questions: Record<string, string> = {
  'no filter': '',
  'the last page': 'after={last}',
  'the oldest first': 'order=asc',
  'not installed after 3 days': 'concern=not-installed',
  'used up': 'concern=used-up',
  'ends within 3 days': 'concern=expiring',
  'could not be read, or gone': 'concern=problem',
  'in use': 'status=active',
  'two states': 'status=used-up&status=expired',
  'one destination': 'destination=JP',
  'three destinations': 'destination=FR&destination=DE&destination=IT',
  'a destination in a state': 'destination=JP&status=gone',
  'a destination nobody bought': 'destination=AQ',
  'a supplier': 'account={account}',
  'a supplier and a state': 'account={account}&status=installed',
  'what ends soonest': 'sort=end',
  'what ends last': 'sort=end&order=desc',
  'in use, what ends soonest': 'status=active&sort=end',
  'used up in a destination': 'concern=used-up&destination=global&sort=end&order=desc',
};

/**
 * Searching, the list of eSIMs and the page of one, in a shop with 10,000 eSIMs and in one with 1,000,000: an app and a
 * database each, asked by turns, so that what else the machine does falls on both. Then polling.
 */
export async function desk(postgresUrl: string | null): Promise<void> {
  if (postgresUrl === null) {
    console.log('The eSIM desk needs PostgreSQL, where eSIMs can be added from outside.');
    return;
  }
  const small = await openDesk(postgresUrl, FEW);
  try {
    const large = await openDesk(postgresUrl, MANY);
    try {
      report('Searching', await search([small, large]));
      report('The list of eSIMs and the page of one', await list([small, large]));
      await polling(large.stage, large.client, large.owner);
    } finally {
      await large.end();
    }
  } finally {
    await small.end();
  }
}

/** A shop with so many eSIMs, whose app has nothing else to do. */
interface Desk {
  stage: Stage;
  client: pg.Client;
  merchant: Merchant;
  owner: Owner;
  end: () => Promise<void>;
}

async function openDesk(postgresUrl: string, size: number): Promise<Desk> {
  const stage = await openStage({ postgresUrl, countries: ['FR', 'DE', 'JP'] });
  const client = new pg.Client({ connectionString: stage.databaseUrl ?? '' });
  const end = async () => {
    await client.end();
    await stage.end();
  };
  try {
    await client.connect();
    const merchant = await openShop(stage);
    const owner = await ownerOf(client, merchant);
    // The rows are sealed with the app's functions and keys.
    Object.assign(process.env, stage.settings);
    // Its look for due work would read a table without indexes from end to end.
    await stage.stop();
    const ms = await timed(() => addRows(client, owner, size));
    await stage.start();
    console.log(`${size.toLocaleString('en')} eSIMs were written in ${String(round(ms / 1000))} s.`);
    return { stage, client, merchant, owner, end };
  } catch (error) {
    await end();
    throw error;
  }
}

async function ownerOf(client: pg.Client, merchant: Merchant): Promise<Owner> {
  const { rows } = await client.query<Owner>(
    `SELECT s.id AS "shopId", a.id AS "accountId" FROM "Shop" s JOIN "SupplierAccount" a ON a."shopId" = s.id
     WHERE s.domain = $1`,
    [merchant.domain],
  );
  if (!rows[0]) throw new Error(`${merchant.domain} has no account`);
  return rows[0];
}

type Act = (desk: Desk, turn: number) => Promise<unknown>;

/** What each act took at the small desk and at the large one. */
type Samples = Record<string, { few: number[]; many: number[] }>;

/** Does each of the acts at both desks by turns; the first times are not measured. */
async function byTurns([small, large]: [Desk, Desk], acts: Record<string, Act>): Promise<Samples> {
  const samples: Samples = {};
  for (const [name, act] of Object.entries(acts)) {
    const sample = { few: [] as number[], many: [] as number[] };
    // The first ones after a start wait for code to be compiled; nobody after.
    for (let turn = 1; turn <= WARM_UP + READS; turn++) {
      const few = await timed(() => act(small, turn));
      const many = await timed(() => act(large, turn));
      if (turn <= WARM_UP) continue;
      sample.few.push(few);
      sample.many.push(many);
    }
    samples[name] = sample;
  }
  return samples;
}

/** Rows that both desks have, far from each other. */
const rowAt = (turn: number) => rowOf(turn * Math.floor(FEW / (WARM_UP + READS + 1)));

function search(desks: [Desk, Desk]): Promise<Samples> {
  const ask = async ({ merchant }: Desk, typed: string, isThere: boolean) => {
    const { data } = await merchant.send('/app/esims/search', 'app.esims.search', { typed });
    const { groups } = data as { groups: unknown[] }; // what the route answers
    // A search that misses what is there would be quick.
    if (groups.length > 0 !== isThere) throw new Error(`${typed} found ${String(groups.length)} groups`);
  };
  return byTurns(desks, {
    ...eachOf(
      searches,
      (typed): Act =>
        (desk, turn) =>
          ask(desk, typed(rowAt(turn)), true),
    ),
    ...eachOf(
      nothing,
      (typed): Act =>
        (desk) =>
          ask(desk, typed, false),
    ),
  });
}

async function list(desks: [Desk, Desk]): Promise<Samples> {
  const last = new Map<Desk, string>();
  for (const desk of desks) {
    const { rows } = await desk.client.query<{ id: string }>(
      'SELECT id FROM "Esim" ORDER BY "createdAt", id OFFSET 20 LIMIT 1',
    );
    last.set(desk, rows[0]?.id ?? '');
  }
  const read =
    (question: string): Act =>
    (desk) => {
      const asked = question
        .replace('{last}', last.get(desk) ?? '')
        .replace('{account}', desk.owner.accountId);
      return desk.merchant.read(`/app/esims?index&${asked}`, 'app.esims._index');
    };
  return byTurns(desks, {
    ...eachOf(questions, read),
    'the page of an eSIM': ({ merchant }, turn) =>
      merchant.read(`/app/esims/${rowAt(turn).esimId}`, 'app.esims.$esimId'),
  });
}

function eachOf<From>(record: Record<string, From>, act: (value: From) => Act): Record<string, Act> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, act(value)]));
}

function report(title: string, samples: Samples) {
  const rows = Object.entries(samples).map(([name, { few, many }]) => compare(name, few, many));
  console.log(`\n${title} at ${String(FEW)} and at ${String(MANY)} eSIMs (milliseconds)`);
  console.table(Object.fromEntries(rows.map(({ name, ...figures }) => [name, figures])));
  const all = Object.values(samples);
  const overall = compare(
    'all',
    all.flatMap(({ few }) => few),
    all.flatMap(({ many }) => many),
  );
  const slowest = rows.reduce((one, other) => (other['p95 many'] > one['p95 many'] ? other : one));
  const steepest = rows.reduce((one, other) => (other['ratio'] > one['ratio'] ? other : one));
  console.log(
    `${title}: median ${String(overall['few'])} and ${String(overall['many'])} ms, p95 ${String(overall['p95 few'])} and ` +
      `${String(overall['p95 many'])} ms, ratio ${String(overall['p95 ratio'])}; slowest "${slowest.name}" with a p95 of ` +
      `${String(slowest['p95 many'])} ms, steepest "${steepest.name}" with ${String(steepest['ratio'])} times its median.`,
  );
}

/** Medians and 95th percentiles, each with how many times as long it takes among many. */
function compare(name: string, fewMs: number[], manyMs: number[]) {
  const [few, many] = [times(fewMs), times(manyMs)];
  return {
    name,
    few: round(few.median),
    many: round(many.median),
    ratio: round(many.median / few.median),
    'p95 few': round(few.p95),
    'p95 many': round(many.p95),
    'p95 ratio': round(many.p95 / few.p95),
    slowest: round(many.max),
  };
}

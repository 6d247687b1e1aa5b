import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { openShop, publish as publishAndWait, type Merchant } from '../shop.ts';
import { round } from './measure.ts';
import { openStage, type Stage } from './stage.ts';

const DESTINATIONS = 200;
const VARIANTS = 25;
/** Products made one by one for comparison: enough to count, and not so many that it takes the rest of the day. */
const ONE_BY_ONE = 50;

/** Publishing 200 destinations with 25 variants each through Shopify's throttle, beside one product for each bundle. */
export async function publish(postgresUrl: string | null): Promise<void> {
  if (postgresUrl === null) {
    console.log('Publishing needs PostgreSQL, where bundles can be added from outside.');
    return;
  }
  const stage = await openStage({ postgresUrl, countries: ['FR'] });
  try {
    const merchant = await openShop(stage);
    await addBundles(stage.databaseUrl ?? '', merchant);
    const whole = await throughTheTask(stage, merchant);
    const single = await oneByOne(stage, merchant);
    const bundles = DESTINATIONS * VARIANTS;
    console.log(`\nPublishing ${DESTINATIONS} destinations with ${VARIANTS} variants each`);
    console.table({ 'by the app': whole, [`one productCreate a bundle (${ONE_BY_ONE} of them)`]: single });
    const share = whole.calls / (single.calls * (bundles / ONE_BY_ONE));
    console.log(
      `${whole['share of the permitted rate']} of what the throttle permitted; ` +
        `${round(1 / share)} times fewer calls than one productCreate for each of ${bundles} bundles`,
    );
  } finally {
    await stage.end();
  }
}

interface Row {
  products: number;
  variants: number;
  seconds: number;
  calls: number;
  points: number;
  'share of the permitted rate': string;
  throttled: number;
}

async function throughTheTask(stage: Stage, merchant: Merchant): Promise<Row> {
  const row = await measured(stage, merchant, () => publishAndWait(stage, merchant, 'group=Bench'));
  if (row.variants !== DESTINATIONS * VARIANTS) {
    const page = await merchant.read<{ last: string }>('/app/publish?index', 'app.publish._index');
    const path = `/app/publish/${page.last}?only=failed`;
    const result = JSON.stringify(await merchant.read(path, 'app.publish.$taskId'));
    throw new Error(`${row.variants} variants were made: ${result.slice(0, 2000)}`);
  }
  return row;
}

/** As simple tools do it: a product, its price, and the online store. Only the first of the three calls is counted. */
async function oneByOne(stage: Stage, merchant: Merchant): Promise<Row> {
  const token = stage.shopify.state.shop(merchant.domain).app?.accessTokens.at(-1)?.token ?? '';
  const query = `mutation CreateOne($product: ProductCreateInput!) {
    productCreate(product: $product) { product { id } userErrors { message } } }`;
  // The bucket is nearly empty: these are to be counted, not thrown back.
  await sleep(5000);
  const row = await measured(stage, merchant, async () => {
    for (let index = 0; index < ONE_BY_ONE; index++) {
      const response = await fetch(`${stage.shopify.url}/admin/api/2026-10/graphql.json`, {
        method: 'POST',
        headers: {
          ...{ 'content-type': 'application/json', 'x-shopify-access-token': token },
          'x-sandbox-shop': merchant.domain,
        },
        body: JSON.stringify({ query, variables: { product: { title: `One ${index}` } } }),
      });
      if (!response.ok) throw new Error(`Shopify answered ${response.status}`);
    }
  });
  return { ...row, 'share of the permitted rate': '–' };
}

async function measured(stage: Stage, merchant: Merchant, act: () => Promise<void>): Promise<Row> {
  const { products } = stage.shopify.state.shop(merchant.domain);
  const [known, log] = [products.length, stage.shopify.graphqlLog.length];
  const startedAt = performance.now();
  await act();
  const seconds = (performance.now() - startedAt) / 1000;
  const calls = stage.shopify.graphqlLog.slice(log);
  const points = calls.reduce((total, { cost, throttled }) => total + (throttled ? 0 : cost), 0);
  const made = products.slice(known);
  return {
    products: made.length,
    variants: made.reduce((total, { variants }) => total + variants.length, 0),
    seconds: round(seconds),
    calls: calls.length,
    points: Math.round(points),
    // A full bucket of 2,000 points to begin with, and 100 a second.
    'share of the permitted rate': `${Math.round((points / (2000 + 100 * seconds)) * 100)} %`,
    throttled: calls.filter(({ throttled }) => throttled).length,
  };
}

/** Bundles of a group of their own: five sizes by five validities in 200 countries. */
async function addBundles(databaseUrl: string, merchant: Merchant) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ column_name: string }>(
    `SELECT column_name FROM information_schema.columns WHERE table_name = 'Bundle' AND column_name NOT IN
     ('id', 'code', 'destination', 'countries', 'kind', 'dataBytes', 'days', 'groups', 'terms')
     AND is_generated = 'NEVER'`,
  );
  const columns = rows.map(({ column_name }) => `"${column_name}"`).join(', ');
  await client.query(
    `INSERT INTO "Bundle" (id, code, destination, countries, kind, "dataBytes", days, groups, ${columns})
     SELECT gen_random_uuid()::text, 'bench_' || size || 'GB_' || day || 'D_' || country, country, ARRAY[country], 'country',
       size * 1000000000::bigint, day, ARRAY['Bench'], ${columns}
     FROM (SELECT * FROM "Bundle" b WHERE b."shopId" = (SELECT id FROM "Shop" WHERE domain = $1) LIMIT 1) AS one,
       unnest($2::text[]) AS country, unnest(ARRAY[1, 3, 5, 10, 20]) AS size, unnest(ARRAY[1, 3, 7, 15, 30]) AS day`,
    [merchant.domain, countries().slice(0, DESTINATIONS)],
  );
  await client.end();
}

/** Codes that have a name, and so a flag for nearly all of them. */
function countries(): string[] {
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index));
  return letters.flatMap((a) => letters.map((b) => a + b)).filter((code) => names.of(code) !== undefined);
}

import pg from 'pg';
import { openShop, type Merchant } from '../shop.ts';
import { printTimes } from './measure.ts';
import { payCarts, sendPaid } from './paid-webhooks.ts';
import { openStage, type Stage } from './stage.ts';

const ROUNDS = 3;
const ORDERS = 12;
const BUNDLE = 'esim_1GB_7D_FR_V2';

// The supplier bought and said so, nothing of it is written, and the account is held by the process that dies.
const DIES_WHILE_BUYING = { FAILPOINT: 'buy.answer-read:kill' };

/**
 * A process dies (kill -9) in the middle of buying: how long until the purchase it made is found and kept for its buyer,
 * and until the account buys the next order. Once the same machine starts again; once another process on the same
 * database goes on, which was there all the time. On PostgreSQL only: it looks into the database meanwhile.
 */
export async function recovery(postgresUrl: string | null): Promise<void> {
  if (postgresUrl === null) {
    console.log('\nRecovery is measured on PostgreSQL only.');
    return;
  }
  const rows: Record<string, number[]> = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, figures] of [
      ['started again', await die(postgresUrl, startAgain)],
      ['another process', await die(postgresUrl, takeOver)],
    ] as const)
      for (const [what, ms] of Object.entries(figures)) (rows[`${name}: ${what}`] ??= []).push(ms);
  }
  printTimes(`After kill -9 in the middle of buying, ${ROUNDS} times`, rows);
}

type Way = (stage: Stage) => Promise<{
  /** Where webhooks are sent before. */
  appUrl: string;
  /** What happens after the process died; the time counts from then. */
  afterwards: () => Promise<void>;
}>;

// How long a machine is away is not ours to say: the time counts from the start of the new process.
const startAgain: Way = (stage) => Promise.resolve({ appUrl: stage.appUrl, afterwards: () => stage.start() });

const takeOver: Way = async (stage) => {
  const { appUrl } = await stage.startAnother();
  return { appUrl, afterwards: () => Promise.resolve() };
};

async function die(postgresUrl: string, way: Way) {
  const stage = await openStage({ postgresUrl, countries: ['FR'], firstSettings: DIES_WHILE_BUYING });
  const database = new pg.Client({ connectionString: stage.databaseUrl ?? '' });
  await database.connect();
  try {
    const merchant = await openShop(stage);
    const variantId = await merchant.sell(BUNDLE);
    const { appUrl, afterwards } = await way(stage);
    await payAll(stage, merchant, { appUrl, variantId });
    await stage.died();
    const diedAt = performance.now();
    const since = () => performance.now() - diedAt;
    const { length } = merchant.purchases();
    const { rows } = await database.query<{ id: string }>(
      `SELECT id FROM "PurchaseAttempt" WHERE state = 'sending'`,
    );
    const isKept = async () => {
      const kept = await database.query(
        `SELECT 1 FROM "PurchaseAttempt" WHERE id = $1 AND state = 'bought'`,
        [rows[0]?.id],
      );
      return kept.rows.length === 1;
    };
    const [kept, next] = await Promise.all([
      stage.until('the purchase is found', isKept).then(since),
      stage.until('the next is bought', () => merchant.purchases().length > length).then(since),
      afterwards(),
    ]);
    return { 'the purchase is kept': kept, 'the next is bought': next };
  } finally {
    await database.end();
    await stage.end();
  }
}

async function payAll(
  stage: Stage,
  merchant: Merchant,
  { appUrl, variantId }: { appUrl: string; variantId: number },
) {
  const carts = Array.from({ length: ORDERS }, (_, index) => ({
    shop: merchant.domain,
    cart: { lines: [{ variantId, quantity: 1 }], email: `buyer-${index}@example.com` },
  }));
  await Promise.all(payCarts(stage, carts).map((webhook) => sendPaid(`${appUrl}/webhooks/shopify`, webhook)));
}

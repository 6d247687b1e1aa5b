import { openShop, type Merchant } from '../shop.ts';
import { printTimes, round, steadily } from './measure.ts';
import { payCarts, sendPaid } from './paid-webhooks.ts';
import { openStage, type Stage } from './stage.ts';

const SHOPS = 20;
const ORDERS = 1000;
const SECONDS = 60;
const BUNDLE = 'esim_1GB_7D_FR_V2';

// What eSIM Go documents: ten requests a second from one address, three seconds between two orders of an account.
const REQUESTS_PER_SECOND = 10;
const SECONDS_BETWEEN_ORDERS = 3;

/**
 * A rush: a thousand paid orders of twenty shops in a minute, each shop with a supplier account of its own, bought at
 * the pace the supplier allows. How soon Shopify has its answer, how fast it is bought, and whether a shop waits longer
 * than another.
 */
export async function orders(postgresUrl: string | null): Promise<void> {
  const stage = await openStage({ postgresUrl, countries: ['FR'], requestsPerSecond: REQUESTS_PER_SECOND });
  try {
    const shops: { merchant: Merchant; variantId: number }[] = [];
    for (let index = 0; index < SHOPS; index++) {
      const merchant = await openShop(stage, { balance: 5000 });
      shops.push({ merchant, variantId: await merchant.sell(BUNDLE) });
    }
    const carts = Array.from({ length: ORDERS / SHOPS }, (_, round) =>
      shops.map(({ merchant, variantId }, shop) => ({
        shop: merchant.domain,
        cart: { lines: [{ variantId, quantity: 1 }], email: `buyer-${round}-${shop}@example.com` },
      })),
    ).flat();
    const paid = payCarts(stage, carts);
    const paidAt = new Map<string, number[]>(shops.map(({ merchant }) => [merchant.domain, []]));
    const requestsBefore = stage.esimGo.requests.length;
    const used = processors(stage);
    const startedAt = Date.now();

    const answers = await steadily(ORDERS, ORDERS / SECONDS, async () => {
      const webhook = paid.shift();
      if (!webhook) return;
      paidAt.get(webhook.shop)?.push(Date.now());
      await sendPaid(`${stage.appUrl}/webhooks/shopify`, webhook);
    });
    await stage.until('every order is bought', () => bought(stage) === ORDERS);
    const seconds = (Date.now() - startedAt) / 1000;
    const took = used();
    await stage.until('every e-mail is accepted', () => buyersMailed(stage) === ORDERS);
    const mailed = (Date.now() - startedAt) / 1000;

    printTimes(`${ORDERS} orders of ${SHOPS} shops in ${SECONDS} s, acknowledged`, {
      'orders/paid': answers,
    });
    printFairness(shops.map(({ merchant }) => ({ merchant, paidAt: paidAt.get(merchant.domain) ?? [] })));
    printRate(shops.map(({ merchant }) => merchant));
    console.log(
      `Every eSIM is in the buyer's mailbox after ${round(mailed)} s, ${round(ORDERS / mailed)} a second.`,
    );
    const others = stage.resend.mails.length - ORDERS;
    if (others > 0)
      console.log(`${others} e-mails more than orders: somebody was mailed twice, or the merchant was.`);
    printRequests(stage, requestsBefore);
    console.log(
      `Processor time over ${round(seconds)} s: the app ${round(took.app)} s, the sandbox and this measuring ${round(took.own)} s.`,
    );
  } finally {
    await stage.end();
  }
}

function bought({ esimGo }: Stage): number {
  return esimGo.orders.length;
}

function buyersMailed({ resend }: Stage): number {
  return new Set(resend.mails.flatMap(({ to }) => to).filter((to) => to.startsWith('buyer-'))).size;
}

/** A shop's orders are alike, so the mean wait is the mean of the purchases' times less that of the payments'. */
function printFairness(shops: { merchant: Merchant; paidAt: number[] }[]) {
  const waits = shops.map(({ merchant, paidAt }) => mean(arrivals(merchant)) - mean(paidAt));
  const last = shops.map(({ merchant, paidAt }) => Math.max(...arrivals(merchant)) - Math.min(...paidAt));
  printTimes('From paid to bought, one figure for each shop', {
    'mean of its orders': waits,
    'first paid to last bought': last,
  });
  const ratio = Math.max(...waits) / Math.min(...waits);
  console.log(
    `The shop that waits longest waits ${ratio.toFixed(2)} times as long as the one that waits least.`,
  );
}

function printRate(merchants: Merchant[]) {
  const all = merchants.flatMap(arrivals);
  const rate = (times: number[]) => ((times.length - 1) * 1000) / (Math.max(...times) - Math.min(...times));
  // While every shop has something to buy: until the first of them is done.
  const until = Math.min(...merchants.map((merchant) => Math.max(...arrivals(merchant))));
  const busy = rate(all.filter((at) => at <= until));
  const allowed = Math.min(SHOPS / SECONDS_BETWEEN_ORDERS, REQUESTS_PER_SECOND);
  console.log(
    `Bought ${busy.toFixed(2)} orders a second of the ${allowed.toFixed(2)} the supplier allows (${Math.round((100 * busy) / allowed)} %).`,
  );
  printTimes('Between two orders of an account', {
    all: merchants.flatMap((merchant) => gaps(arrivals(merchant))),
  });
}

function printRequests({ esimGo }: Stage, from: number) {
  const counts: Record<string, { requests: number; 'for an order': number; refused: number }> = {};
  for (const { method, path, status } of esimGo.requests.slice(from)) {
    const name = `${method} ${path.replace(/(?<=^\/(orders|esims|catalogue)\/).+/, '…')}`;
    const row = (counts[name] ??= { requests: 0, 'for an order': 0, refused: 0 });
    row.requests++;
    if (status !== 200) row.refused++;
  }
  for (const row of Object.values(counts)) row['for an order'] = round(row.requests / ORDERS);
  console.log('\nRequests to the supplier');
  console.table(counts);
}

/** Processor seconds from now on. */
function processors(stage: Stage) {
  const app = stage.processorTime();
  const own = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(own);
    return { app: stage.processorTime() - app, own: (user + system) / 1_000_000 };
  };
}

const arrivals = (merchant: Merchant) =>
  merchant.purchases().map(({ requestArrivedAt }) => requestArrivedAt.getTime());
const gaps = (times: number[]) => times.slice(1).map((at, index) => at - (times[index] ?? at));
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

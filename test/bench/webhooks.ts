import { fork } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from '../build.ts';
import { API_SECRET } from '../sandbox/sandbox.ts';
import { openShop } from '../shop.ts';
import { atOnce, printTimes, round, steadily } from './measure.ts';
import { openStage } from './stage.ts';

const PER_SECOND = 50;
const SECONDS = 20;
const BURST = 500;

/**
 * How soon the app acknowledges orders/paid (Shopify waits five seconds), beside a route of the same HTTP stack that
 * only verifies the signature. Each webhook is another order of one shop, without eSIMs, as most are; the app reads them at the same time.
 */
export async function webhooks(postgresUrl: string | null): Promise<void> {
  const stage = await openStage({ postgresUrl, countries: ['FR'] });
  const bare = fork(join(import.meta.dirname, 'bare-route.ts'), [API_SECRET, join(root, 'build/client')], {
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production' },
  });
  try {
    const [port] = (await once(bare, 'message')) as [number];
    const shop = await openShop(stage);
    const orders = makeOrders(stage, shop, PER_SECOND * SECONDS + BURST + 100);
    const send = (base: string) => () => post(`${base}/webhooks/shopify`, orders.next());
    const targets = {
      'only verifies the signature': send(`http://127.0.0.1:${port}`),
      'the app': send(stage.appUrl),
    };
    for (const target of Object.values(targets)) await steadily(50, PER_SECOND, target); // compiled and connected

    const steady: Record<string, number[]> = {};
    const burst: Record<string, number[]> = {};
    const perSecond: Record<string, number> = {};
    for (const [name, target] of Object.entries(targets)) {
      orders.rewind();
      steady[name] = await steadily(PER_SECOND * SECONDS, PER_SECOND, target);
      const { sample, total } = await atOnce(BURST, target);
      burst[name] = sample;
      perSecond[name] = (BURST * 1000) / total;
    }
    printTimes(`Webhooks acknowledged, ${PER_SECOND} a second for ${SECONDS} s`, steady);
    printTimes(`Webhooks acknowledged, ${BURST} at once`, burst);
    const [bareRate = NaN, appRate = NaN] = Object.values(perSecond);
    console.log(
      `In the burst: ${round(bareRate)} a second beside ${round(appRate)} by the app, ratio ${(appRate / bareRate).toFixed(2)}.`,
    );
    const late = [...Object.values(steady), ...Object.values(burst)].flat().filter((ms) => ms > 5000).length;
    console.log(`Later than Shopify's five seconds: ${late}.`);
  } finally {
    bare.kill();
    await stage.end();
  }
}

type Stage = Awaited<ReturnType<typeof openStage>>;

/** Orders whose webhooks Shopify has not sent: we send them, at our pace. */
function makeOrders({ shopify }: Stage, { domain }: { domain: string }, count: number) {
  shopify.conducts.on('drops-webhooks');
  for (let index = 0; index < count; index++) {
    const email = `buyer-${index}@example.com`;
    shopify.checkout(domain, {
      lines: [{ variantId: null, quantity: 1, title: 'Pillow', price: '20.00' }],
      email,
    });
  }
  shopify.conducts.off('drops-webhooks');
  const waiting = shopify.deliveries.filter(
    ({ topic, state }) => topic === 'orders/paid' && state === 'dropped',
  );
  const requests = waiting.map(({ body, shop }) => ({
    body,
    shop,
    hmac: createHmac('sha256', API_SECRET).update(body).digest('base64'),
  }));
  let index = 0;
  return {
    next: () => requests[index++ % requests.length] ?? fail(),
    rewind: () => {
      index = 0;
    },
  };
}

async function post(url: string, { body, shop, hmac }: { body: string; shop: string; hmac: string }) {
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Shopify-Captain-Hook',
      'x-shopify-hmac-sha256': hmac,
      'x-shopify-topic': 'orders/paid',
      'x-shopify-shop-domain': shop,
      'x-shopify-api-version': '2026-10',
      'x-shopify-webhook-id': randomUUID(),
      'x-shopify-event-id': randomUUID(),
      'x-shopify-triggered-at': new Date().toISOString(),
    },
  });
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`a webhook was answered ${response.status}`);
}

function fail(): never {
  throw new Error('the sandbox made no webhooks');
}

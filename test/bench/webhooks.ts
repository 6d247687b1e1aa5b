import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from '../build.ts';
import { API_SECRET } from '../sandbox/sandbox.ts';
import { openShop } from '../shop.ts';
import { atOnce, inParallel, printTimes, round, steadily } from './measure.ts';
import { payCarts, sendPaid } from './paid-webhooks.ts';
import { openStage } from './stage.ts';

const PER_SECOND = 50;
const SECONDS = 20;
const BURST = 500;
const SENDERS = 32;
const FULL_SECONDS = 8;

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
    const cart = {
      lines: [{ variantId: null, quantity: 1, title: 'Pillow', price: '20.00' }],
      email: 'b@example.com',
    };
    const paid = payCarts(
      stage,
      Array.from({ length: PER_SECOND * SECONDS + BURST }, () => ({ shop: shop.domain, cart })),
    );
    let sent = 0;
    const send = (base: string) => async () => {
      const webhook = paid[sent++ % paid.length];
      if (webhook) await sendPaid(`${base}/webhooks/shopify`, webhook);
    };
    const targets = {
      'only verifies the signature': send(`http://127.0.0.1:${port}`),
      'the app': send(stage.appUrl),
    };
    for (const target of Object.values(targets)) await steadily(50, PER_SECOND, target); // compiled and connected

    const steady: Record<string, number[]> = {};
    const burst: Record<string, number[]> = {};
    const full: Record<string, number> = {};
    for (const [name, target] of Object.entries(targets)) {
      sent = 0;
      steady[name] = await steadily(PER_SECOND * SECONDS, PER_SECOND, target);
      burst[name] = (await atOnce(BURST, target)).sample;
    }
    for (const [name, target] of Object.entries(targets))
      full[name] = await inParallel(SENDERS, FULL_SECONDS, target);
    printTimes(`Webhooks acknowledged, ${PER_SECOND} a second for ${SECONDS} s`, steady);
    printTimes(`Webhooks acknowledged, ${BURST} at once`, burst);
    const [bareRate = NaN, appRate = NaN] = Object.values(full);
    console.log(
      `At full speed, ${SENDERS} senders for ${FULL_SECONDS} s: ${round(bareRate)} a second beside ${round(appRate)} by the app, ratio ${(appRate / bareRate).toFixed(2)}.`,
    );
    const late = [...Object.values(steady), ...Object.values(burst)].flat().filter((ms) => ms > 5000).length;
    console.log(`Later than Shopify's five seconds: ${late}.`);
  } finally {
    bare.kill();
    await stage.end();
  }
}

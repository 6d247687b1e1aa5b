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
const TURNS = 3;
const TURN_SECONDS = 4;

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
    const toBare = send(`http://127.0.0.1:${port}`);
    const toApp = send(stage.appUrl);
    const targets = { 'only verifies the signature': toBare, 'the app': toApp };
    for (const target of Object.values(targets)) await steadily(50, PER_SECOND, target); // compiled and connected

    const steady: Record<string, number[]> = {};
    const burst: Record<string, number[]> = {};
    for (const [name, target] of Object.entries(targets)) {
      sent = 0;
      steady[name] = await steadily(PER_SECOND * SECONDS, PER_SECOND, target);
      burst[name] = (await atOnce(BURST, target)).sample;
    }
    printTimes(`Webhooks acknowledged, ${PER_SECOND} a second for ${SECONDS} s`, steady);
    printTimes(`Webhooks acknowledged, ${BURST} at once`, burst);
    await compareAtFullSpeed('the app, which works on them meanwhile', toBare, toApp);
    if (stage.databaseUrl !== null) {
      // Intake as on a machine of its own: nobody works on what came in.
      const { appUrl } = await stage.startAnother('web');
      await stage.stop();
      await compareAtFullSpeed(
        'a process of the app that only takes them in (role web)',
        toBare,
        send(appUrl),
      );
    }
    const late = [...Object.values(steady), ...Object.values(burst)].flat().filter((ms) => ms > 5000).length;
    console.log(`Later than Shopify's five seconds: ${late}.`);
  } finally {
    bare.kill();
    await stage.end();
  }
}

type Act = () => Promise<unknown>;

/** In turns, so that both have the same share of whatever else the machine does; the first turn warms up. */
async function compareAtFullSpeed(name: string, toBare: Act, toApp: Act) {
  await steadily(50, PER_SECOND, toApp);
  const rates = { bare: 0, app: 0 };
  for (let turn = 0; turn <= TURNS; turn++) {
    const bare = await inParallel(SENDERS, TURN_SECONDS, toBare);
    const app = await inParallel(SENDERS, TURN_SECONDS, toApp);
    if (turn === 0) continue;
    rates.bare += bare / TURNS;
    rates.app += app / TURNS;
  }
  console.log(
    `At full speed, ${SENDERS} senders, ${TURNS} turns of ${TURN_SECONDS} s each: ${round(rates.bare)} a second only verified beside ${round(rates.app)} by ${name}, ratio ${(rates.app / rates.bare).toFixed(2)}.`,
  );
}

import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPostgres } from '../postgres.ts';
import { openShop, type Merchant } from '../shop.ts';
import { violationsOf } from './invariants.ts';
import { openMachines, type Machines } from './processes.ts';
import { takeSnapshot } from './snapshot.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';

const postgres = await openPostgres();
// With a PostgreSQL the one that buys is a process by itself, and another answers for the pages meanwhile.
const [roles, buyer] =
  'url' in postgres ? ([['web', 'worker'], 'worker'] as const) : ([['all'], 'all'] as const);

let machines: Machines;
let merchant: Merchant;
let variantId: number;

beforeAll(async () => {
  const postgresUrl = 'url' in postgres ? postgres.url : null;
  machines = await openMachines({ postgresUrl, countries: ['FR'], retryScaleMs: 1000 });
  await startMissing();
  merchant = await openShop(machines);
  variantId = await merchant.sell(FRANCE);
});
afterAll(async () => {
  await machines.end();
  if ('close' in postgres) postgres.close();
});

async function startMissing() {
  const running = machines.running().map(({ role }) => role);
  for (const role of roles) if (!running.includes(role)) await machines.start(role);
}

test('who is told to stop in the middle of a purchase waits for its answer, and nothing is in doubt', async () => {
  const { conducts } = machines.esimGo;
  conducts.on('answers-when-let', { only: 'POST /orders' });
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'drained@example.com' });
  await machines.until('the supplier has sold it', () => merchant.purchases().length > 0);

  const stopped = machines.running().find(({ role }) => role === buyer) ?? expect.fail('nobody buys');
  stopped.signal('SIGTERM');
  await machines.until('it leaves', () => machines.output().includes('"msg":"app.stopping"'));
  expect(stopped.end()).toBe(null);
  conducts.off('answers-when-let');
  await stopped.ended;
  expect(stopped.end()).toEqual({ code: 0, signal: null });

  await startMissing();
  await machines.until('it is delivered', async () => {
    const page = await merchant.order(order);
    const isSent = page?.units[0]?.state === 'delivered' && page.mail.state === 'sent';
    return isSent && page.fulfilment.state === 'done';
  });
  expect(merchant.purchases()).toHaveLength(1);
  const events = (await merchant.order(order))?.events.map(({ text }) => text) ?? [];
  expect(events.filter((text) => /was lost|was found/.test(text))).toEqual([]);
  await machines.killAll();
  expect(violationsOf(await takeSnapshot(machines, [merchant]))).toEqual([]);
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectBooksToBalance } from '../books.ts';
import { passTime } from '../clock.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';

let world: World;
let merchant: Merchant;
let variantId: number;

beforeAll(async () => {
  world = await openWorld();
  merchant = await openShop(world);
  variantId = await merchant.sell(FRANCE);
});
afterAll(() => world.end());

const strike = (conduct: string) => {
  world.resend.conducts.on(conduct, { times: 1, only: 'POST /emails' });
};
const struck = (conduct: string) =>
  world.until(`${conduct} struck`, () => !world.resend.conducts.isOn(conduct));
const pageOf = async (order: Parameters<Merchant['order']>[0], of = merchant) =>
  (await of.order(order)) ?? expect.fail(`the app does not know ${order.name}`);
const attention = async () =>
  (await merchant.read<{ attention: { text: string }[] }>('/app', 'app._index')).attention.map(
    ({ text }) => text,
  );

test('an e-mail that was refused for haste, and one accepted with a 500, arrive once each', async () => {
  strike('answers-429');
  const hasty = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'hasty@example.com' });
  await struck('answers-429');
  strike('answers-500-after-accepting');
  const unsure = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'unsure@example.com' });
  await struck('answers-500-after-accepting');
  expect((await merchant.thankYou(hasty)).status).toBe('ready');
  for (const order of [hasty, unsure]) {
    await world.until(`${order.name} is mailed`, async () => (await pageOf(order)).mail.state === 'sent');
    expect(world.mailsTo(order.email ?? '')).toHaveLength(1);
  }
  await expectBooksToBalance(world, merchant);
});

test('an address that takes no mail is shown, the buyer has the page, and another address gets the e-mail', async () => {
  strike('refuses-the-address');
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'refused@example.com' });
  await world.until(
    'the failure is shown',
    async () => (await merchant.order(order))?.mail.state === 'failed',
  );
  expect(await merchant.order(order)).toMatchObject({ state: 'attention', units: [{ state: 'delivered' }] });
  expect(await attention()).toEqual(['1 e-mail could not be sent']);
  expect((await merchant.thankYou(order)).status).toBe('ready');

  expect(
    (await merchant.press(order, { intent: 'resend', pressId: randomUUID(), email: 'not an address' }))
      .status,
  ).toBe(422);
  expect(
    (await merchant.press(order, { intent: 'resend', pressId: randomUUID(), email: 'other@example.com' }))
      .status,
  ).toBe(200);
  await world.until('the other address gets it', () => world.mailsTo('other@example.com').length === 1);
  await world.until('nothing waits any more', async () => (await attention()).length === 0);
  expect((await pageOf(order)).maskedEmail).toMatch(/^r.*@/);
  const sentAgain = (await merchant.order(order))?.events.map(({ text }) => text);
  expect(sentAgain).toContain('E-mail sent again, by staff 1');
  expect(world.mailsTo('refused@example.com')).toEqual([]);
  await expectBooksToBalance(world, merchant);
});

test('an e-mail can be sent again five times a day and no oftener', async () => {
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'again@example.com' });
  await world.until('the e-mail arrives', () => world.mailsTo('again@example.com').length === 1);
  for (let time = 1; time <= 5; time++)
    expect((await merchant.press(order, { intent: 'resend', pressId: randomUUID(), email: '' })).status).toBe(
      200,
    );
  expect((await merchant.press(order, { intent: 'resend', pressId: randomUUID(), email: '' })).status).toBe(
    422,
  );
  await world.until('all of them arrive', () => world.mailsTo('again@example.com').length === 6);
  expect(merchant.purchases()).toHaveLength(4);
  await expectBooksToBalance(world, merchant, { resent: ['again@example.com'] });
});

test('an e-mail whose fate is unknown for more than a day is sent once more: the same eSIM, bought once', async () => {
  const before = merchant.purchases().length;
  // At every try: a second one may come before the app has stopped.
  world.resend.conducts.on('answers-500-after-accepting');
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'unknown@example.com' });
  await world.mailTo('unknown@example.com');
  await world.stop();
  world.resend.conducts.off('answers-500-after-accepting');
  // Resend keeps a key for 24 hours.
  await passTime({ minutes: 25 * 60 });
  await world.start();
  await world.until('it is sent', async () => (await pageOf(order)).mail.state === 'sent');
  const codes = world.mailsTo('unknown@example.com').map(({ text }) => /LPA:1\$\S+/.exec(text ?? '')?.[0]);
  expect(codes).toEqual([codes[0], codes[0]]);
  expect(merchant.purchases()).toHaveLength(before + 1);
});

test('a balance that was too low is looked at again by itself, and asked before anything is ordered', async () => {
  const poor = await openShop(world, { balance: 0.01 });
  const order = poor.checkout({
    lines: [{ variantId: await poor.sell(FRANCE), quantity: 1 }],
    email: 'poor@example.com',
  });
  const reads = () => world.esimGo.requests.filter(({ path }) => path === '/organisation').length;
  const buys = () =>
    world.esimGo.requests.filter(({ method, path }) => method === 'POST' && path === '/orders').length;
  await world.until('it is held', async () => (await poor.order(order))?.units[0]?.reason === 'funds');
  const before = { reads: reads(), buys: buys() };
  await passTime({ minutes: 6 });
  await world.until('the balance is asked for', () => reads() > before.reads);
  // Written, and not only asked: what is written later than the next jump of the clock would wait from there.
  await world.until('it waits again', async () => (await pageOf(order, poor)).units[0]?.nextLook != null);
  expect(await poor.order(order)).toMatchObject({ units: [{ state: 'held', reason: 'funds' }] });
  expect(buys()).toBe(before.buys);
  poor.topUp(100);
  await passTime({ minutes: 6 });
  await world.until('the e-mail arrives', () => world.mailsTo('poor@example.com').length === 1);
  expect(buys()).toBe(before.buys + 1);
  await expectBooksToBalance(world, poor);
});

test('two clicks on resend at once are one wish, and none is an error', async () => {
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'twice@example.com' });
  await world.until('it is mailed', () => world.mailsTo('twice@example.com').length === 1);
  const pressId = randomUUID();
  const clicks = await Promise.all(
    [1, 2, 3].map(() => merchant.press(order, { intent: 'resend', pressId, email: 'clicked@example.com' })),
  );
  expect(clicks.map(({ status }) => status)).toEqual([200, 200, 200]);
  await world.until('the e-mail arrives', () => world.mailsTo('clicked@example.com').length >= 1);
  expect((await merchant.order(order))?.deliveries).toHaveLength(2);
});

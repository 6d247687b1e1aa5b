import { afterAll, beforeAll, expect, test } from 'vitest';
import { passTime } from '../clock.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.end());

/** The merchant's e-mails of the app, newest last. */
const alertsTo = (merchant: Merchant) => {
  const { name } = world.shopify.state.shop(merchant.domain);
  return world.resend.mails.filter(
    ({ from, subject }) => from.includes('eSIM Shop') && subject.startsWith(`${name}:`),
  );
};

interface Home {
  attention: { text: string; url: string }[];
}
const home = (merchant: Merchant) => merchant.read<Home>('/app?index', 'app._index');

test('a refused key is mailed to the merchant once, however many orders wait, and a new key ends it', async () => {
  const merchant = await openShop(world);
  const variantId = await merchant.sell(FRANCE);
  world.esimGo.conducts.on('revokes-the-key');
  for (const buyer of ['a', 'b', 'c'])
    merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: `refused-${buyer}@example.com` });
  await world.until('the merchant is told', () => alertsTo(merchant).length > 0);
  const [mail] = alertsTo(merchant);
  expect(mail?.to).toEqual([world.shopify.state.shop(merchant.domain).email]);
  expect(mail?.subject).toMatch(/eSIM Go refused the key$/);
  expect(mail?.text).toContain('Enter a new key under Settings → Suppliers');
  expect(mail?.text).toMatch(/\/store\/shop-\d+-\d+\/apps\/sandbox-api-key\/app\/settings\/suppliers/);
  merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'refused-d@example.com' });
  await passTime({ minutes: 2 });
  await world.restart();
  await passTime({ minutes: 2 });

  world.esimGo.conducts.off('revokes-the-key');
  await merchant.send('/app/settings/suppliers', 'app.settings.suppliers', {
    ...{ intent: 'connect', provider: 'esim-go', apiKey: merchant.apiKey },
  });
  for (const buyer of ['a', 'b', 'c', 'd'])
    await world.until(
      `buyer ${buyer} has the eSIM`,
      () => world.mailsTo(`refused-${buyer}@example.com`).length > 0,
    );
  expect(alertsTo(merchant)).toHaveLength(1);

  // It is over: the next time is another matter, but not one for another e-mail within the day.
  await passTime({ minutes: 2 });
  await world.restart();
  world.esimGo.conducts.on('revokes-the-key');
  merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'refused-e@example.com' });
  await world.until('the key is refused again', async () =>
    (await home(merchant)).attention.some(({ text }) => /refused the key/.test(text)),
  );
  await passTime({ minutes: 60 * 25 });
  await world.until('a day later the merchant is told again', () => alertsTo(merchant).length === 2);
  world.esimGo.conducts.off('revokes-the-key');
});

test('buyers who wait for money in the account are one e-mail, also when Resend’s answer is lost', async () => {
  const merchant = await openShop(world, { balance: 1 });
  const variantId = await merchant.sell(FRANCE);
  world.resend.conducts.on('answers-500-after-accepting', { times: 1 });
  for (const buyer of ['a', 'b'])
    merchant.checkout({ lines: [{ variantId, quantity: 5 }], email: `poor-${buyer}@example.com` });
  await world.until(
    'Resend’s answer was lost',
    () => !world.resend.conducts.isOn('answers-500-after-accepting'),
  );
  await passTime({ minutes: 3 });
  await world.until('the merchant is told', () => alertsTo(merchant).length > 0);
  expect(alertsTo(merchant)[0]?.subject).toMatch(/Your balance at eSIM Go is too low$/);
  merchant.topUp(100);
  await passTime({ minutes: 6 });
  for (const buyer of ['a', 'b'])
    await world.until(
      `buyer ${buyer} has the eSIMs`,
      () => world.mailsTo(`poor-${buyer}@example.com`).length > 0,
    );
  expect(alertsTo(merchant)).toHaveLength(1);
});

test('a purchase that nobody claims is on the home page and in the mail', async () => {
  const merchant = await openShop(world);
  const variantId = await merchant.sell(FRANCE);
  // The first one teaches the app where its orders come from.
  merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'known@example.com' });
  await world.until('it is delivered', () => world.mailsTo('known@example.com').length > 0);
  const response = await fetch(`${world.esimGo.apiUrl}/orders`, {
    method: 'POST',
    headers: { 'x-api-key': merchant.apiKey, 'content-type': 'application/json' },
    body: JSON.stringify({
      type: 'transaction',
      assign: true,
      order: [{ type: 'bundle', item: FRANCE, quantity: 1 }],
    }),
  });
  expect(response.status).toBe(200);
  await passTime({ minutes: 90 });
  await world.until('the merchant is told', () => alertsTo(merchant).length > 0);
  expect(alertsTo(merchant)[0]?.subject).toMatch(/1 purchase at eSIM Go without an order in your shop$/);
  expect((await home(merchant)).attention).toMatchObject([
    { text: expect.stringMatching(/belongs to no order/) as string },
  ]);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectBooksToBalance } from '../books.ts';
import { passTime } from '../clock.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';
const GERMANY = 'esim_1GB_7D_DE_V2';

// The supplier executes and charges each of these purchases; the app cannot read that from the answer.
const lost = [
  'loses-the-answer',
  'resets-after-body',
  'charges-then-500',
  'answers-503-and-executes',
  'answers-html',
  'truncates-the-answer',
] as const;

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.end());

const requests = (method: string, path: string) =>
  world.esimGo.requests.filter((request) => request.method === method && request.path === path);
const strike = (conduct: string, options = {}) => {
  world.esimGo.conducts.on(conduct, { times: 1, only: 'POST /orders', ...options });
};

test('a purchase whose answer is lost, broken, a page, a 500 or a 503 is found at the supplier and never made again', async () => {
  const merchants: Merchant[] = await Promise.all(lost.map(() => openShop(world)));
  for (const [position, merchant] of merchants.entries()) {
    const conduct = lost[position] ?? '';
    const variantId = await merchant.sell(FRANCE);
    strike(conduct);
    merchant.checkout({ lines: [{ variantId, quantity: 2 }], email: `${conduct}@example.com` });
    await world.until(`${conduct} struck`, () => !world.esimGo.conducts.isOn(conduct));
  }
  for (const [position, merchant] of merchants.entries()) {
    await world.mailTo(`${lost[position] ?? ''}@example.com`);
    expect(merchant.purchases(), lost[position]).toHaveLength(1);
    await expectBooksToBalance(world, merchant);
  }
});

test('a lost purchase that the supplier lists late is found late, and is the only one', async () => {
  const merchant = await openShop(world);
  const variantId = await merchant.sell(FRANCE);
  strike('loses-the-answer');
  strike('lists-late', { seconds: 4 });
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'listed-late@example.com' });
  await world.until('the answer is lost', () => !world.esimGo.conducts.isOn('loses-the-answer'));
  await world.until('the merchant sees that it is being looked up', async () => {
    return (await merchant.order(order))?.events.some(({ text }) => /answer/.test(text)) ?? false;
  });
  await world.mailTo('listed-late@example.com');
  expect(merchant.purchases()).toHaveLength(1);
  await expectBooksToBalance(world, merchant);
});

test('a purchase that may or may not have happened is looked up, left to a person after 15 minutes, and never made again by a timer', async () => {
  const merchant = await openShop(world);
  const [france, germany] = [await merchant.sell(FRANCE), await merchant.sell(GERMANY)];
  const looksBefore = requests('GET', '/orders').length;
  const buysBefore = requests('POST', '/orders').length;
  strike('answers-503');
  const order = merchant.checkout({
    lines: [{ variantId: france, quantity: 1 }],
    email: 'doubt@example.com',
  });
  await world.until('the supplier answered 503', () => !world.esimGo.conducts.isOn('answers-503'));
  merchant.checkout({ lines: [{ variantId: germany, quantity: 1 }], email: 'meanwhile@example.com' });
  await world.mailTo('meanwhile@example.com');
  await world.until('the app looked three times', () => requests('GET', '/orders').length >= looksBefore + 3);
  expect(requests('POST', '/orders')).toHaveLength(buysBefore + 2);
  expect((await merchant.order(order))?.units).toMatchObject([{ state: 'buying' }]);
  expect((await merchant.thankYou(order)).status).toBe('preparing');

  await passTime({ minutes: 16 });
  await world.until(
    'it is left to a person',
    async () => (await merchant.order(order))?.units[0]?.state === 'parked',
  );
  expect(await merchant.order(order)).toMatchObject({
    state: 'attention',
    units: [{ reason: 'no-such-order' }],
  });
  expect((await merchant.thankYou(order)).status).toBe('problem');

  await passTime({ minutes: 60 });
  await world.restart();
  merchant.checkout({ lines: [{ variantId: france, quantity: 1 }], email: 'next@example.com' });
  await world.mailTo('next@example.com');
  expect(requests('POST', '/orders')).toHaveLength(buysBefore + 3);
  expect(merchant.purchases().map(({ items }) => items[0]?.bundle)).toEqual([GERMANY, FRANCE]);
  await expectBooksToBalance(world, merchant);
});

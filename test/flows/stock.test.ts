import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectBooksToBalance } from '../books.ts';
import { choose } from '../settings.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';

let world: World;
let shops: { merchant: Merchant; variantId: number }[];

beforeAll(async () => {
  world = await openWorld();
  const merchants = await Promise.all([openShop(world), openShop(world), openShop(world)]);
  shops = await Promise.all(
    merchants.map(async (merchant) => {
      await choose(merchant, { stockFirst: 'on' });
      return { merchant, variantId: await merchant.sell(FRANCE) };
    }),
  );
});
afterAll(() => world.end());

const take = () => shops.pop() ?? expect.fail('open more shops');
const applications = () =>
  world.esimGo.requests.filter(({ path, executed }) => path === '/esims/apply' && executed).length;
const bought = (merchant: Merchant) => merchant.purchases().map(({ items }) => items[0]?.quantity);

test('bundles the account owns are used up before new ones are ordered, in one e-mail', async () => {
  const { merchant, variantId } = take();
  world.esimGo.addStock(merchant.apiKey, FRANCE, 2);
  const before = applications();
  merchant.checkout({ lines: [{ variantId, quantity: 3 }], email: 'stock@example.com' });
  await world.mailTo('stock@example.com');
  expect(world.mailsTo('stock@example.com')[0]?.attachments).toHaveLength(3);
  expect(applications()).toBe(before + 1);
  expect(bought(merchant)).toEqual([1]);
  await expectBooksToBalance(world, merchant);
});

test('what the account owns needs no money in it: no guard about money holds it', async () => {
  const merchant = await openShop(world, { balance: 0 });
  await choose(merchant, { stockFirst: 'on', reserve: '50' });
  const variantId = await merchant.sell(FRANCE);
  world.esimGo.addStock(merchant.apiKey, FRANCE, 1);
  const order = merchant.checkout({ lines: [{ variantId, quantity: 2 }], email: 'penniless@example.com' });
  await world.mailTo('penniless@example.com');
  expect(world.mailsTo('penniless@example.com')[0]?.attachments).toHaveLength(1);
  await world.until('the other one waits for money', async () => {
    const page = await merchant.order(order);
    return page?.units.some(({ state, reason }) => state === 'held' && reason === 'funds') ?? false;
  });
  expect(bought(merchant)).toEqual([]);
});

test('a lost answer about stock is looked up: the stock is not used twice', async () => {
  const { merchant, variantId } = take();
  world.esimGo.addStock(merchant.apiKey, FRANCE, 5);
  const before = applications();
  world.esimGo.conducts.on('loses-the-answer', { times: 1, only: 'POST /esims/apply' });
  merchant.checkout({ lines: [{ variantId, quantity: 2 }], email: 'lost-stock@example.com' });
  await world.mailTo('lost-stock@example.com');
  expect(applications()).toBe(before + 1);
  expect(bought(merchant)).toEqual([]);
  await expectBooksToBalance(world, merchant);
});

test('stock that somebody else used first is ordered instead', async () => {
  const { merchant, variantId } = take();
  world.esimGo.addStock(merchant.apiKey, FRANCE, 2);
  world.esimGo.conducts.on('empties-the-stock', { times: 1 });
  merchant.checkout({ lines: [{ variantId, quantity: 2 }], email: 'emptied@example.com' });
  await world.mailTo('emptied@example.com');
  expect(bought(merchant)).toEqual([2]);
  await expectBooksToBalance(world, merchant);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

let world: World;
let merchant: Merchant;
let variantId: number;

beforeAll(async () => {
  world = await openWorld();
  merchant = await openShop(world);
  variantId = await merchant.sell('esim_1GB_7D_FR_V2');
});
afterAll(() => world.end());

const ordersOf = (apiKey: string) => world.esimGo.orders.filter((order) => order.apiKey === apiKey);
const mailsTo = (address: string) => world.resend.mails.filter(({ to }) => to.includes(address));

test('two eSIMs of one line are bought in one order at the supplier and arrive in one e-mail', async () => {
  merchant.checkout({ lines: [{ variantId, quantity: 2 }], email: 'two@example.com' });
  await world.until('the e-mail arrives', () => mailsTo('two@example.com').length === 1);
  expect(mailsTo('two@example.com')[0]?.attachments).toHaveLength(2);
  expect(ordersOf(merchant.apiKey)).toHaveLength(1);
  expect(ordersOf(merchant.apiKey)[0]?.items).toMatchObject([{ bundle: 'esim_1GB_7D_FR_V2', quantity: 2 }]);
});

test('a lost answer never buys a second eSIM', async () => {
  const before = ordersOf(merchant.apiKey).length;
  world.esimGo.conducts.on('loses-the-answer', { times: 1, only: 'POST /orders' });
  merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'lost@example.com' });
  await world.until('the e-mail arrives', () => mailsTo('lost@example.com').length === 1);
  expect(ordersOf(merchant.apiKey)).toHaveLength(before + 1);
});

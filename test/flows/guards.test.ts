import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectBooksToBalance } from '../books.ts';
import { passTime } from '../clock.ts';
import type { Order, Risk } from '../sandbox/shopify/records.ts';
import { choose } from '../settings.ts';
import { openShop, sellList, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';
const GERMANY = 'esim_1GB_7D_DE_V2';
const JAPAN = 'esim_1GB_7D_JP_V2';

const HARMLESS: Risk = { level: 'LOW', recommendation: 'ACCEPT' };
const DOUBTFUL: Risk = { level: 'MEDIUM', recommendation: 'INVESTIGATE' };
const FRAUD: Risk = { level: 'HIGH', recommendation: 'CANCEL' };

let world: World;
let plain: Merchant;
let wary: Merchant;
let patient: Merchant;

beforeAll(async () => {
  world = await openWorld();
  [plain, wary, patient] = await Promise.all([openShop(world), openShop(world), openShop(world)]);
  await choose(wary, { riskHold: 'medium', mostPerOrder: '2' });
  await choose(patient, { buyDelayMinutes: '15' });
});
afterAll(() => world.end());

const held = (merchant: Merchant, order: Order, reason: string) =>
  world.until(`${order.name} is held: ${reason}`, async () => {
    const page = await merchant.order(order);
    return page?.units.every((unit) => unit.state === 'held' && unit.reason === reason) ?? false;
  });
const releaseByHand = async (merchant: Merchant, order: Order) => {
  const unitId = (await merchant.order(order))?.units[0]?.id ?? '';
  return (await merchant.press(order, { intent: 'retry', unitId })).status;
};

/** An order that Shopify judged before it was paid. */
function judged(merchant: Merchant, variantId: number, email: string, risk: Risk): Order {
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email, paid: false });
  world.shopify.state.assessRisk(merchant.domain, order.id, risk);
  return world.shopify.state.markPaid(merchant.domain, order.id);
}

test('an order that looks like fraud is held, bought when Shopify thinks better of it, and never when it is cancelled', async () => {
  const variantId = await plain.sell(FRANCE);
  const cleared = judged(plain, variantId, 'cleared@example.com', FRAUD);
  const fraud = judged(plain, variantId, 'fraud@example.com', FRAUD);
  judged(plain, variantId, 'doubtful@example.com', DOUBTFUL);
  await held(plain, cleared, 'risk');
  await held(plain, fraud, 'risk');
  await world.mailTo('doubtful@example.com');
  expect(plain.purchases()).toHaveLength(1);

  world.shopify.state.cancelOrder(plain.domain, fraud.id, 'FRAUD');
  world.shopify.state.assessRisk(plain.domain, cleared.id, HARMLESS);
  await world.mailTo('cleared@example.com');
  await world.until('it is cancelled', async () => (await plain.order(fraud))?.state === 'cancelled');
  expect(plain.purchases()).toHaveLength(2);
  await expectBooksToBalance(world, plain);
});

test('a merchant who is wary holds doubtful orders and large ones, and lets them go one by one, once each', async () => {
  const variantId = await wary.sell(FRANCE);
  const doubtful = judged(wary, variantId, 'wary@example.com', DOUBTFUL);
  await held(wary, doubtful, 'risk');
  const large = wary.checkout({ lines: [{ variantId, quantity: 3 }], email: 'large@example.com' });
  await held(wary, large, 'quantity');
  expect(wary.purchases()).toEqual([]);

  const clicks = await Promise.all([1, 2, 3].map(() => releaseByHand(wary, doubtful)));
  expect(clicks.filter((status) => status === 200)).toHaveLength(1);
  await world.mailTo('wary@example.com');
  // The merchant has decided: what Shopify thinks now holds nothing any more.
  const unitIds = (await wary.order(large))?.units.map(({ id }) => id) ?? [];
  for (const unitId of unitIds)
    expect((await wary.press(large, { intent: 'retry', unitId })).status).toBe(200);
  world.shopify.state.assessRisk(wary.domain, large.id, FRAUD);
  await world.mailTo('large@example.com');
  expect(world.mailsTo('large@example.com')[0]?.attachments).toHaveLength(3);
  expect(wary.purchases().reduce((sum, { items }) => sum + (items[0]?.quantity ?? 0), 0)).toBe(4);
  await expectBooksToBalance(world, wary);
});

test('a delay leaves Shopify its time: what turns risky meanwhile is held, the rest is bought after it', async () => {
  const variantId = await patient.sell(FRANCE);
  const [calm, risky] = ['calm', 'risky'].map((name) =>
    patient.checkout({ lines: [{ variantId, quantity: 1 }], email: `${name}@example.com` }),
  );
  if (!calm || !risky) throw new Error('no orders');
  await held(patient, calm, 'delay');
  await held(patient, risky, 'delay');
  expect((await patient.order(calm))?.units[0]?.nextLook).not.toBeNull();
  world.shopify.state.assessRisk(patient.domain, risky.id, FRAUD);
  await held(patient, risky, 'risk');
  await passTime({ minutes: 16 });
  await world.mailTo('calm@example.com');
  await held(patient, risky, 'risk');
  expect(patient.purchases()).toHaveLength(1);
  await expectBooksToBalance(world, patient);
});

test('a test order is priced with the supplier and not bought; one that is only authorised is not even that', async () => {
  const merchant = await openShop(world);
  const variantId = await merchant.sell(FRANCE);
  const order = merchant.checkout({
    lines: [{ variantId, quantity: 2 }],
    email: 'test@example.com',
    test: true,
  });
  await held(merchant, order, 'test-order');
  await world.until('the supplier was asked', async () => {
    const page = await merchant.order(order);
    return page?.events.some(({ text }) => /would sell it; nothing was bought/.test(text)) ?? false;
  });
  const authorised = merchant.checkout({
    lines: [{ variantId, quantity: 1 }],
    email: 'authorised@example.com',
    authorised: true,
  });
  const after = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'paid@example.com' });
  await world.mailTo('paid@example.com');
  expect(await merchant.order(authorised)).toBeNull();
  expect(merchant.purchases()).toHaveLength(1);
  expect((await merchant.order(after))?.state).toBe('delivered');
  world.shopify.state.markPaid(merchant.domain, authorised.id);
  await world.mailTo('authorised@example.com');
  expect(world.mailsTo('test@example.com')).toEqual([]);
  await expectBooksToBalance(world, merchant);
});

test("a price that rose is shown before it is paid, and a bundle the supplier withdrew is replaced by nobody's guess", async () => {
  const merchant = await openShop(world);
  world.esimGo.setPrice(FRANCE, 2);
  await importAgain(merchant);
  const [france, germany] = [await merchant.sell(FRANCE), await merchant.sell(GERMANY)];
  world.esimGo.setPrice(FRANCE, 2.3);
  await importAgain(merchant);
  merchant.checkout({ lines: [{ variantId: france, quantity: 1 }], email: 'a-little@example.com' });
  await world.mailTo('a-little@example.com');
  world.esimGo.setPrice(FRANCE, 2.6);
  await importAgain(merchant);
  const dear = merchant.checkout({ lines: [{ variantId: france, quantity: 1 }], email: 'dear@example.com' });
  await held(merchant, dear, 'price');

  world.esimGo.conducts.on('withdraws-the-bundle', { times: 1, only: 'POST /orders' });
  const gone = merchant.checkout({ lines: [{ variantId: germany, quantity: 1 }], email: 'gone@example.com' });
  await held(merchant, gone, 'bundle-unavailable');
  expect(merchant.purchases()).toHaveLength(1);

  expect(await releaseByHand(merchant, dear)).toBe(200);
  expect(await releaseByHand(merchant, gone)).toBe(200);
  await world.mailTo('dear@example.com');
  await world.mailTo('gone@example.com');
  expect(merchant.purchases().map(({ items }) => [items[0]?.bundle, items[0]?.pricePerUnit])).toMatchObject([
    [FRANCE, 2.3],
    [FRANCE, 2.6],
    [GERMANY, expect.any(Number)],
  ]);
  await expectBooksToBalance(world, merchant);
});

test('a cost that rises above the price, by less than is allowed, holds the next sale until somebody takes the loss', async () => {
  const merchant = await openShop(world);
  world.esimGo.setPrice(JAPAN, 2);
  await importAgain(merchant);
  const variantId = await sellList(world, merchant, [{ code: JAPAN }], 'order', '2.10');
  const loss = await sellList(world, merchant, [{ code: JAPAN }], 'order', '1.50');
  world.esimGo.setPrice(JAPAN, 2.25);
  await importAgain(merchant);
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'risen@example.com' });
  await held(merchant, order, 'loss');
  // Who sold below cost from the beginning means to.
  merchant.checkout({ lines: [{ variantId: loss, quantity: 1 }], email: 'leader@example.com' });
  await world.mailTo('leader@example.com');

  expect((await merchant.order(order))?.units[0]?.loss).toBe('$0.15');
  const clicks = await Promise.all([1, 2, 3].map(() => releaseByHand(merchant, order)));
  expect(clicks.filter((status) => status === 200)).toHaveLength(1);
  await world.mailTo('risen@example.com');
  expect((await merchant.order(order))?.events.map(({ text }) => text)).toContainEqual(
    expect.stringMatching(/^Released, to be bought at a loss of 0\.15 USD/),
  );
  expect(merchant.purchases()).toHaveLength(2);
  await expectBooksToBalance(world, merchant);
});

async function importAgain(merchant: Merchant) {
  const page = ['/app/catalogue?index', 'app.catalogue._index'] as const;
  await merchant.send(...page, { intent: 'import' });
  await world.until('the catalogue is imported', async () => {
    const { progress } = await merchant.read<{ progress: { state: string } | null }>(
      '/app/catalogue',
      'app.catalogue._index',
    );
    return progress?.state === 'done';
  });
}

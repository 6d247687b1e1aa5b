import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectBooksToBalance } from '../books.ts';
import { passTime } from '../clock.ts';
import { accountId, openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.end());

const purchaseRequests = () =>
  world.esimGo.requests.filter(({ method, path }) => method === 'POST' && path === '/orders').length;
const struck = (conduct: string) =>
  world.until(`${conduct} struck`, () => !world.esimGo.conducts.isOn(conduct));

async function openSelling(): Promise<{ merchant: Merchant; variantId: number }> {
  const merchant = await openShop(world);
  return { merchant, variantId: await merchant.sell(FRANCE) };
}

test('a key that is refused stops buying, is shown, and a new key buys what waited', async () => {
  const { merchant, variantId } = await openSelling();
  const before = purchaseRequests();
  world.esimGo.conducts.on('revokes-the-key', { times: 1, only: 'POST /orders' });
  const first = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'first@example.com' });
  await world.until(
    'the key is refused',
    async () => (await merchant.order(first))?.units[0]?.reason === 'key-refused',
  );
  const { attention } = await merchant.read<{ attention: { text: string }[] }>('/app', 'app._index');
  expect(attention.map(({ text }) => text)).toEqual(['eSIM Go refused the key', '1 eSIM: key refused']);
  const offered = () =>
    merchant.read<{ choices: { obstacle: string | null }[] }>(`/app/bundles?search=${FRANCE}`, 'app.bundles');
  expect((await offered()).choices).toMatchObject([{ obstacle: 'key-refused' }]);
  const second = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'second@example.com' });
  await world.until('the second order is taken in', async () => (await merchant.order(second)) !== null);
  expect(purchaseRequests()).toBe(before + 1);

  const apiKey = `new-${merchant.apiKey}`;
  world.esimGo.createOrganisation({ apiKey, balance: 200 });
  Object.assign(merchant, { apiKey, paidIn: 200 });
  await merchant.send('/app/settings/suppliers', 'app.settings.suppliers', {
    ...{ intent: 'connect', provider: 'esim-go', accountId: await accountId(merchant) },
    apiKey,
  });
  await world.mailTo('first@example.com');
  await world.mailTo('second@example.com');
  expect(purchaseRequests()).toBe(before + 3);
  await expectBooksToBalance(world, merchant);
});

test('a supplier that asks to wait is asked again later; a shop that leaves meanwhile buys nothing until it is back', async () => {
  const [leaving, staying] = await Promise.all([openSelling(), openSelling()]);
  const before = purchaseRequests();
  const throttled = async ({ merchant, variantId }: typeof leaving, email: string) => {
    // For a minute and a half, which the story lets pass when it has seen it.
    world.esimGo.conducts.on('throttles-by-date', { times: 1, only: 'POST /orders' });
    const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email });
    await struck('throttles-by-date');
    await world.until(
      'nothing was bought',
      async () => (await merchant.order(order))?.units[0]?.state === 'paid',
    );
  };
  await throttled(leaving, 'left@example.com');
  world.shopify.uninstall(leaving.merchant.domain);
  await world.until('the app knows that it was removed', () =>
    leaving.merchant.read('/app', 'app._index').then(
      () => false,
      () => true,
    ),
  );
  await passTime({ minutes: 2 });
  await throttled(staying, 'stayed@example.com');
  await passTime({ minutes: 2 });
  await world.mailTo('stayed@example.com');
  expect(purchaseRequests()).toBe(before + 3);
  expect(leaving.merchant.purchases()).toEqual([]);

  world.shopify.installApp(leaving.merchant.domain);
  await leaving.merchant.read('/app', 'app._index');
  await world.mailTo('left@example.com');
  for (const { merchant } of [leaving, staying]) await expectBooksToBalance(world, merchant);
});

test('eSIMs that are prepared slowly, and then listed as CSV, arrive all the same', async () => {
  const { merchant, variantId } = await openSelling();
  world.esimGo.conducts.on('prepares-slowly', { times: 1, seconds: 90 });
  world.esimGo.conducts.on('answers-csv');
  const order = merchant.checkout({ lines: [{ variantId, quantity: 2 }], email: 'slow@example.com' });
  await world.until(
    'the buyer sees that it is being prepared',
    async () => (await merchant.order(order))?.units[0]?.state === 'preparing',
  );
  expect((await merchant.thankYou(order)).status).toBe('preparing');
  await passTime({ minutes: 2 });
  await world.mailTo('slow@example.com');
  world.esimGo.conducts.off('answers-csv');
  expect(world.mailsTo('slow@example.com')[0]?.attachments).toHaveLength(2);
  await expectBooksToBalance(world, merchant);
});

test('a supplier that gives fewer eSIMs than it was paid for: the buyer gets those, the merchant sees the one that is missing', async () => {
  const { merchant, variantId } = await openSelling();
  world.esimGo.conducts.on('allocates-fewer', { times: 1 });
  const order = merchant.checkout({ lines: [{ variantId, quantity: 3 }], email: 'fewer@example.com' });
  await world.mailTo('fewer@example.com');
  expect(world.mailsTo('fewer@example.com')[0]?.attachments).toHaveLength(2);
  const page = await merchant.order(order);
  expect(page?.units.map(({ state, reason }) => [state, reason])).toEqual([
    ['delivered', null],
    ['delivered', null],
    ['parked', 'short'],
  ]);
  expect(page?.units[2]?.reference).toBe(merchant.purchases()[0]?.orderReference);
  expect((await merchant.thankYou(order)).esims.map(({ state }) => state)).toEqual([
    'ready',
    'ready',
    'problem',
  ]);
  merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'after-fewer@example.com' });
  await world.mailTo('after-fewer@example.com');
  expect(merchant.purchases()).toHaveLength(2);
  await expectBooksToBalance(world, merchant);
});

test('what is sold while the supplier is disconnected waits with its reason, and is bought once it is back', async () => {
  const { merchant, variantId } = await openSelling();
  const page = ['/app/settings/suppliers', 'app.settings.suppliers'] as const;
  const { suppliers } = await merchant.read<{ suppliers: { account: { id: string } | null }[] }>(...page);
  await merchant.send(...page, { intent: 'disconnect', accountId: suppliers[0]?.account?.id ?? '' });
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'away@example.com' });
  await world.until(
    'the eSIM is held',
    async () => (await merchant.order(order))?.units[0]?.reason === 'no-supplier',
  );
  expect(merchant.purchases()).toEqual([]);

  await merchant.send(...page, {
    ...{ intent: 'connect', provider: 'esim-go', accountId: await accountId(merchant) },
    apiKey: merchant.apiKey,
  });
  await world.mailTo('away@example.com');
  expect(merchant.purchases()).toHaveLength(1);
  await expectBooksToBalance(world, merchant);
});

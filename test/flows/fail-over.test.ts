import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectBooksToBalance } from '../books.ts';
import { passTime } from '../clock.ts';
import type { Order } from '../sandbox/shopify/records.ts';
import { connectAnother, connectReseller, openShop, sellList, type Listed, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';
const FRANCE_3GB = 'esim_3GB_30D_FR_V2';
const GERMANY = 'esim_1GB_7D_DE_V2';
const JAPAN = 'esim_1GB_7D_JP_V2';
const RESOLD = 'plan-FR-1GB-7D';
const SECOND = 'Second';
const RESELLER = 'eSIM API';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.end());

interface Twofold {
  merchant: Merchant;
  second: string;
}

/** A shop with two accounts, each with a catalogue of its own. */
async function openTwofold({ balance = 500 } = {}): Promise<Twofold> {
  const merchant = await openShop(world, { balance });
  return { merchant, second: await connectAnother(world, merchant, { label: SECOND }) };
}

/** The same with another supplier's account for the second. */
async function openWithReseller(): Promise<Twofold> {
  // Only so many log-ins are let through in a quarter of an hour.
  await passTime({ minutes: 16 });
  const merchant = await openShop(world);
  return { merchant, second: await connectReseller(world, merchant) };
}

const sell = (
  { merchant }: Pick<Twofold, 'merchant'>,
  list: Listed[],
  choosing?: 'order' | 'cost' | 'stock',
  price?: string,
) => sellList(world, merchant, list, choosing, price);

const both = (code: string): Listed[] => [{ code }, { code, supplier: SECOND }];

const says = (merchant: Merchant, order: Order, text: RegExp) =>
  world.until(`${order.name} says ${String(text)}`, async () => {
    const page = await merchant.order(order);
    return page?.events.some((event) => text.test(event.text)) ?? false;
  });

const counts = ({ merchant, second }: Twofold) => [
  merchant.purchases(merchant.apiKey).length,
  merchant.purchases(second).length,
];

/** One gigabyte for France, as each account sells it. */
const offers = {
  'eSIM Go': { code: FRANCE },
  [SECOND]: { code: FRANCE, supplier: SECOND },
  [RESELLER]: { code: RESOLD, supplier: RESELLER },
};
type Seller = keyof typeof offers;

/** The shop of a story between two of them, and how many eSIMs each has sold to it, the first one first. */
async function openBetween(first: Seller, second: Seller) {
  const isWithReseller = [first, second].includes(RESELLER);
  const { merchant, second: other } = await (isWithReseller ? openWithReseller() : openTwofold());
  const soldBy = (seller: Seller) => {
    const account = seller === 'eSIM Go' ? merchant.apiKey : other;
    return (
      world.esimGo.esims.filter(({ apiKey }) => apiKey === account).length +
      world.reseller.esims.filter(({ email }) => email === account).length
    );
  };
  return { merchant, sold: () => [soldBy(first), soldBy(second)] };
}

const conductsOf = (seller: Seller) => (seller === RESELLER ? world.reseller : world.esimGo).conducts;

/** How an account comes to sell nothing, and what that is called; the last for good. */
const refusals = [
  { conduct: 'sells-out', called: 'balance too low' },
  { conduct: 'withdraws-the-bundle', called: 'bundle not sold any more' },
  { conduct: 'revokes-the-key', called: 'key refused' },
];

test.each<[Seller, Seller]>([
  ['eSIM Go', SECOND],
  ['eSIM Go', RESELLER],
  [RESELLER, 'eSIM Go'],
])(
  'where %s has no balance, withdrew the bundle or refuses the key, %s sells instead, once, and the order says why',
  async (first, second) => {
    const { merchant, sold } = await openBetween(first, second);
    const variantId = await sell({ merchant }, [offers[first], offers[second]]);
    const { code } = offers[first];
    for (const [at, { conduct, called }] of refusals.entries()) {
      // eSIM Go is asked once for both eSIMs, and its two accounts are one server; the reseller is asked for each.
      conductsOf(first).on(conduct, { only: 'POST /orders', ...(first === 'eSIM Go' && { times: 1 }) });
      const email = `${conduct}-${merchant.domain}@example.com`;
      const order = merchant.checkout({ lines: [{ variantId, quantity: 2 }], email });
      await world.mailTo(email);
      conductsOf(first).off(conduct);
      expect(sold()).toEqual([0, 2 * (at + 1)]);
      const refusal = `^${first} did not sell ${code}: ${called}\\. Nothing was bought there; next .* of ${second}`;
      await says(merchant, order, new RegExp(refusal));
      await says(merchant, order, new RegExp(`Ordered from ${second}`));
    }
    await expectBooksToBalance(world, merchant);
  },
);

/** A price between what two of them ask, and what its buyer costs when the dearer one sells. */
const tight: [Seller, Listed, Seller, Listed, string][] = [
  ['eSIM Go', { code: FRANCE }, RESELLER, { code: RESOLD, supplier: RESELLER }, '1.80'],
  [RESELLER, { code: RESOLD, supplier: RESELLER }, 'eSIM Go', { code: FRANCE_3GB }, '2.10'],
];

test.each(tight)(
  'where %s has no balance, a stand-in that costs more than the sale brings is not bought: the buyer waits',
  async (first, cheap, second, dear, price) => {
    const { merchant, sold } = await openBetween(first, second);
    const variantId = await sell({ merchant }, [cheap, dear], 'order', price);
    conductsOf(first).on('sells-out', { only: 'POST /orders' });
    const email = `tight-${merchant.domain}@example.com`;
    const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email });
    const why = `${second} was not asked for ${dear.code}, which costs more than the sale brings; it waits for ${first}`;
    await says(merchant, order, new RegExp(why));
    const [unit] = (await merchant.order(order))?.units ?? [];
    expect(unit).toMatchObject({ state: 'held', reason: 'funds', loss: null });
    expect(unit?.passedOver).toContain(`${second} (costs more than the sale brings)`);
    conductsOf(first).off('sells-out');
    await passTime({ minutes: 6 });
    await world.mailTo(email);
    expect(sold()).toEqual([1, 0]);
    await expectBooksToBalance(world, merchant);
  },
);

test.each(tight)(
  'where %s withdrew the bundle, and all others cost more than the sale brings, a person is told the loss and may take it, once',
  async (first, cheap, second, dear, price) => {
    const { merchant, sold } = await openBetween(first, second);
    const variantId = await sell({ merchant }, [cheap, dear], 'order', price);
    conductsOf(first).on('withdraws-the-bundle', { only: 'POST /orders', times: 1 });
    const email = `loss-${merchant.domain}@example.com`;
    const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email });
    await world.until('a person is asked', async () => {
      const [unit] = (await merchant.order(order))?.units ?? [];
      return unit?.state === 'held' && unit.reason === 'loss';
    });
    conductsOf(first).off('withdraws-the-bundle');
    const [unit] = (await merchant.order(order))?.units ?? [];
    expect(unit?.loss).toMatch(/^\$0\.\d\d$/);
    const { release, loss } = await merchant.read<{ release: string | null; loss: string | null }>(
      unit?.queueUrl ?? '',
      'app.queue.$entryId',
    );
    expect([release, loss]).toEqual([`Buy anyway, at a loss of ${unit?.loss ?? ''}`, unit?.loss]);
    expect(sold()).toEqual([0, 0]);

    const press = { intent: 'retry', unitId: unit?.id ?? '', since: unit?.since ?? '' };
    const clicks = await Promise.all([1, 2, 3].map(() => merchant.press(order, press)));
    expect(clicks.filter(({ status }) => status === 200)).toHaveLength(1);
    await world.mailTo(email);
    await says(merchant, order, /^Released, to be bought at a loss of 0\.\d\d USD/);
    // Just that bundle, whatever else the list has by now.
    expect(sold()).toEqual([0, 1]);
    await expectBooksToBalance(world, merchant);
  },
);

test('what the merchant gives away is served by a stand-in too: a whole discount, and a price of nothing', async () => {
  const { merchant, sold } = await openBetween('eSIM Go', RESELLER);
  const list = [offers['eSIM Go'], offers[RESELLER]];
  const variants = [await sell({ merchant }, list), await sell({ merchant }, list, 'order', '0.00')];
  for (const [at, variantId] of variants.entries()) {
    conductsOf('eSIM Go').on('withdraws-the-bundle', { only: 'POST /orders', times: 1 });
    const email = `gift-${String(at)}-${merchant.domain}@example.com`;
    // Shopify tells the price after the discount.
    merchant.checkout({ lines: [{ variantId, quantity: 1, price: '0.00' }], email });
    await world.mailTo(email);
    expect(sold()).toEqual([0, at + 1]);
  }
  await expectBooksToBalance(world, merchant);
});

test('where the reseller refuses the log-in, since the password was changed there, the next one sells', async () => {
  const { merchant, sold } = await openBetween(RESELLER, 'eSIM Go');
  const variantId = await sell({ merchant }, [offers[RESELLER], offers['eSIM Go']]);
  const email = merchant.reseller?.email ?? '';
  world.reseller.createAccount({ email, password: 'Changed-canary-11', balance: 100 });
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'log-in@example.com' });
  await world.mailTo('log-in@example.com');
  expect(sold()).toEqual([0, 1]);
  await says(merchant, order, /eSIM API did not sell plan-FR-1GB-7D: key refused\. Nothing was bought there/);
  await expectBooksToBalance(world, merchant);
});

test('an account that is known to be empty is not even asked; when all are, the buyer waits for the first that is filled', async () => {
  const shop = await openTwofold({ balance: 0.1 });
  const { merchant } = shop;
  const variantId = await sell(shop, both(FRANCE));
  merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'empty@example.com' });
  await world.mailTo('empty@example.com');
  expect(counts(shop)).toEqual([0, 1]);
  world.esimGo.conducts.on('sells-out', { only: 'POST /orders' });
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'later@example.com' });
  await world.until('it waits for money', async () => {
    const page = await merchant.order(order);
    return page?.units.every(({ state, reason }) => state === 'held' && reason === 'funds') ?? false;
  });
  world.esimGo.conducts.off('sells-out');
  await passTime({ minutes: 6 });
  await world.mailTo('later@example.com');
  expect(counts(shop)).toEqual([0, 2]);
  await expectBooksToBalance(world, merchant);
});

test.each<[Seller, Seller]>([
  ['eSIM Go', SECOND],
  ['eSIM Go', RESELLER],
  [RESELLER, 'eSIM Go'],
])(
  'a lost answer of %s never goes to %s: what the first may have sold is looked for there alone',
  async (first, second) => {
    const { merchant, sold } = await openBetween(first, second);
    const variantId = await sell({ merchant }, [offers[first], offers[second]]);
    const conducts = conductsOf(first);
    const pay = (what: string) => {
      const email = `${what}-${merchant.domain}@example.com`;
      return { email, order: merchant.checkout({ lines: [{ variantId, quantity: 1 }], email }) };
    };
    for (const [at, conduct] of ['loses-the-answer', 'answers-503-and-executes'].entries()) {
      conducts.on(conduct, { times: 1, only: 'POST /orders' });
      const { email, order } = pay(conduct);
      await world.mailTo(email);
      expect(sold()).toEqual([at + 1, 0]);
      await says(merchant, order, /answer was lost/);
      await says(merchant, order, /Found the purchase in the supplier’s list of orders/);
    }

    conducts.on('answers-503', { times: 1, only: 'POST /orders' });
    const { order: doubted } = pay('doubt');
    await says(merchant, doubted, /answer was lost/);
    await passTime({ minutes: 16 });
    await world.until('it is left to a person', async () => {
      const page = await merchant.order(doubted);
      return (
        page?.units.every(({ state, reason }) => state === 'parked' && reason === 'no-such-order') ?? false
      );
    });
    expect(sold()).toEqual([2, 0]);
    await expectBooksToBalance(world, merchant);
  },
);

test('a supplier that does not answer is left alone and shown; what another one has is bought there, until it answers', async () => {
  const shop = await openTwofold();
  const { merchant } = shop;
  const variants = await Promise.all([FRANCE, GERMANY, JAPAN].map((code) => sell(shop, both(code))));
  const spare = await sell(shop, both(FRANCE_3GB));
  const home = () =>
    merchant
      .read<{ attention: { text: string }[] }>('/app?index', 'app._index')
      .then(({ attention }) =>
        attention.filter(({ text }) => text.startsWith('eSIM Go does not answer since')),
      );
  // Asked for its balance it answers nothing that can be read, so it stays down until that is over.
  world.esimGo.conducts.on('answers-html', { only: 'GET /organisation' });
  world.esimGo.conducts.on('answers-503', { times: 3, only: 'POST /orders' });
  for (const [at, variantId] of variants.entries())
    merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: `down-${String(at)}@example.com` });
  await world.until('home shows it', async () => (await home()).length === 1);
  const order = merchant.checkout({ lines: [{ variantId: spare, quantity: 1 }], email: 'spare@example.com' });
  await world.mailTo('spare@example.com');
  await says(merchant, order, /the supplier of esim_3GB_30D_FR_V2 does not answer/);
  expect(counts(shop)).toEqual([0, 1]);

  world.esimGo.conducts.off('answers-html');
  await passTime({ minutes: 6 });
  await world.until('home shows it no more', async () => (await home()).length === 0);
  merchant.checkout({ lines: [{ variantId: spare, quantity: 1 }], email: 'again@example.com' });
  await world.mailTo('again@example.com');
  // The three whose answers were lost stayed where they were.
  expect(counts(shop)).toEqual([1, 1]);
  await expectBooksToBalance(world, merchant);
});

test('a variant may buy what costs least now, or what is in stock already', async () => {
  const shop = await openTwofold();
  const { merchant, second } = shop;
  const cheap = await sell(shop, [{ code: FRANCE_3GB }, { code: FRANCE, supplier: SECOND }], 'cost');
  const order = merchant.checkout({ lines: [{ variantId: cheap, quantity: 1 }], email: 'cheap@example.com' });
  await world.mailTo('cheap@example.com');
  expect(counts(shop)).toEqual([0, 1]);
  await says(merchant, order, /it costs less now than esim_3GB_30D_FR_V2/);

  world.esimGo.addStock(second, GERMANY, 1);
  const stocked = await sell(shop, both(GERMANY), 'stock');
  const fromStock = merchant.checkout({
    lines: [{ variantId: stocked, quantity: 1 }],
    email: 'stocked@example.com',
  });
  await world.mailTo('stocked@example.com');
  await says(merchant, fromStock, /your stock has it/);
  expect(counts(shop)).toEqual([0, 1]);
  merchant.checkout({ lines: [{ variantId: stocked, quantity: 1 }], email: 'bought@example.com' });
  await world.mailTo('bought@example.com');
  expect(counts(shop)).toEqual([1, 1]);
  await expectBooksToBalance(world, merchant);
});

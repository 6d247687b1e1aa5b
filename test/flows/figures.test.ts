import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { passTime } from '../clock.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';
const JAPAN = 'esim_1GB_7D_JP_V2';

let world: World;

beforeAll(async () => {
  world = await openWorld();
  world.esimGo.setPrice(FRANCE, 1.17);
  world.esimGo.setPrice(JAPAN, 2.03);
});
afterAll(() => world.end());

interface Home {
  figures: {
    sales: string;
    cost: string;
    margin: string | null;
    sold: string;
    installed: string | null;
    places: { destination: string; sold: string }[];
    notes: string[];
    chart: { points: { values: { sales: number; cost: number } }[] } | null;
  };
}
const home = async (merchant: Merchant, search = '') =>
  (await merchant.read<Home>(`/app?index${search}`, 'app._index')).figures;

/** The rows of a file, by heading. */
async function table(merchant: Merchant, path: string, route: string): Promise<Record<string, string>[]> {
  const [header = '', ...rows] = (await merchant.download(path, route))
    .replace('\uFEFF', '')
    .trim()
    .split('\r\n');
  const names = header.split(',');
  return rows.map((row) =>
    Object.fromEntries(row.split(',').map((cell, index) => [names[index] ?? '', cell])),
  );
}
/** In hundredths, so that nothing is lost in adding up. */
const cents = (text: string | number | null) =>
  Math.round(Number(String(text).replace(/[^\d.-]/g, '')) * 100);
const sumOf = (rows: Record<string, string>[], column: string) =>
  rows.reduce((sum, row) => sum + cents(row[column] ?? '0'), 0);

const kinds = async (merchant: Merchant) =>
  (await table(merchant, '/app/balance/export', 'app.balance.export')).map(({ Kind }) => Kind);

/** Presses something on the balance page, as it stands now. */
async function press(merchant: Merchant, fields: Record<string, string>) {
  const at = ['/app/balance?index', 'app.balance._index'] as const;
  const { page } = await merchant.read<{ page: { account: { id: string }; clickId: string } }>(...at);
  const { id: accountId } = page.account;
  const answer = await merchant.send(...at, { accountId, clickId: page.clickId, ...fields });
  expect(answer.status, JSON.stringify(answer)).toBe(200);
}

/** Gives the first batch of the stock back, one of it. */
async function giveBackStock(merchant: Merchant) {
  const at = ['/app/balance/stock', 'app.balance.stock'] as const;
  const { stock, ...ids } = await merchant.read<{
    stock: { code: string; batches: { id: string }[] }[];
    accountId: string;
    clickId: string;
  }>(...at);
  const [{ code: bundle, batches }] = stock as [(typeof stock)[number]]; // the story put one there
  const fields = { intent: 'refund', quantity: '1', bundle, batchId: batches[0]?.id ?? '' };
  expect(
    (await merchant.send(...at, { ...fields, accountId: ids.accountId, clickId: ids.clickId })).status,
  ).toBe(200);
}

test('after a day of orders, refunds, top-ups and corrections the home page, its tables, the ledger and the supplier’s books agree to the cent', async () => {
  const merchant = await openShop(world, { balance: 200 });
  const [france, japan] = [await merchant.sell(FRANCE), await merchant.sell(JAPAN)];
  const buy = async (email: string, lines: { variantId: number; quantity: number }[]) => {
    const order = merchant.checkout({ lines, email });
    await world.until(`${email} has all`, async () => {
      const page = await merchant.order(order);
      return page?.units.every(({ state }) => state === 'delivered') ?? false;
    });
    return order;
  };
  await buy('day-1@example.com', [{ variantId: france, quantity: 3 }]);
  const mixed = [
    { variantId: france, quantity: 1 },
    { variantId: japan, quantity: 2 },
  ];
  const refunded = await buy('day-2@example.com', mixed);
  await buy('day-3@example.com', [{ variantId: japan, quantity: 1 }]);
  const spent = merchant.purchases().reduce((sum, { total }) => sum + Math.round(total * 100), 0);
  expect(spent).toBe(4 * 117 + 3 * 203);

  // One piece of the second order is refunded, and its eSIM given back to the supplier: neither a sale nor a cost.
  const line = refunded.lines.find(({ variantId }) => variantId === japan);
  world.shopify.state.refundOrder(merchant.domain, refunded.id, {
    lines: [{ lineItemId: line?.id ?? 0, quantity: 1 }],
  });
  await world.until('its eSIM is taken back', async () => (await kinds(merchant)).includes('refund'));
  // Stock that comes back to the balance lowers the cost. What a card pays in, what is bought by hand in the portal and
  // what a person corrects moves the balance alone.
  world.esimGo.addStock(merchant.apiKey, FRANCE, 1);
  await giveBackStock(merchant);
  await press(merchant, { intent: 'charge', amount: '1000', confirm: '1000' });
  world.esimGo.buyByHand(merchant.apiKey, JAPAN, 1);
  await passTime({ minutes: 20 });
  await press(merchant, { intent: 'compare' });
  await world.until('what was bought by hand is booked', async () =>
    (await kinds(merchant)).includes('elsewhere'),
  );
  world.esimGo.topUp(merchant.apiKey, 0.37);
  await press(merchant, { intent: 'adjust', kind: 'adjustment', amount: '0.37', note: 'A credit note' });

  const shown = await home(merchant, '&period=today');
  const price = new Map(
    world.shopify.state
      .shop(merchant.domain)
      .orders.flatMap(({ lines }) => lines.map((each) => [each.variantId, cents(each.unitPrice)] as const)),
  );
  const paid = 4 * (price.get(france) ?? 0) + 2 * (price.get(japan) ?? 0);
  const cost = spent - 203 - 117;
  expect(cents(shown.sales)).toBe(paid);
  expect(cents(shown.cost)).toBe(cost);
  expect(cents(shown.margin)).toBe(paid - cost);
  expect(shown).toMatchObject({ sold: '6', notes: [] });
  expect(shown.places.map(({ destination, sold: count }) => [destination, count])).toEqual([
    ['FR', '4'],
    ['JP', '2'],
  ]);

  const ledger = await table(merchant, '/app/balance/export?state=booked', 'app.balance.export');
  const of = (...wanted: string[]) =>
    sumOf(
      ledger.filter(({ Kind = '' }) => wanted.includes(Kind)),
      'Amount',
    );
  expect(-of('purchase', 'refund')).toBe(cost);
  expect([of('opening'), of('top-up'), of('elsewhere'), of('adjustment')]).toEqual([
    20_000, 100_000, -203, 37,
  ]);
  const supplier = world.esimGo.organisations.find(({ apiKey }) => apiKey === merchant.apiKey);
  expect(sumOf(ledger, 'Amount')).toBe(cents(supplier?.balance ?? null));

  const places = await table(merchant, '/app/margin/export?period=today', 'app.margin.export');
  for (const [column, figure] of [
    ['Sales', shown.sales],
    ['Cost', shown.cost],
    ['Margin', shown.margin],
  ] as const)
    expect(sumOf(places, column), column).toBe(cents(figure));
  const orders = await table(merchant, '/app/margin/export?period=today&by=order', 'app.margin.export');
  expect(orders).toHaveLength(3);
  expect(sumOf(orders, 'Sales')).toBe(paid);
  // What came back for stock is of no order.
  expect(sumOf(orders, 'Cost')).toBe(cost + 117);
  const points = shown.chart?.points ?? [];
  expect(points).toHaveLength(1);
  expect(points[0]?.values).toEqual({ sales: paid / 100, cost: cost / 100 });

  // Tomorrow it is yesterday’s.
  await passTime({ minutes: 24 * 60 });
  expect(await home(merchant, '&period=today')).toMatchObject({ sold: '0', sales: '$0.00', chart: null });
  expect((await home(merchant, '&period=7')).sales).toBe(shown.sales);
});

test('a cost in dollars is converted for a shop that sells in euros, and said so', async () => {
  const merchant = await openShop(world, { currency: 'EUR' });
  merchant.checkout({
    lines: [{ variantId: await merchant.sell(FRANCE), quantity: 2 }],
    email: 'euro@example.com',
  });
  await world.mailTo('euro@example.com');
  const { cost, margin, sales, notes } = await home(merchant);
  // A euro buys 1.152 dollars in the sandbox.
  const exact = (2 * 1.17) / 1.152;
  expect(cost).toBe(`€${exact.toFixed(2)}`);
  expect(cents(margin)).toBe(cents(sales) - cents(cost));
  expect(notes).toEqual([expect.stringContaining('USD is converted to EUR') as string]);
  for (const by of ['', '?by=order']) {
    const [row] = await table(merchant, `/app/margin/export${by}`, 'app.margin.export');
    expect(row).toMatchObject({ Currency: 'EUR', Cost: String(exact) });
  }
  // The ledger stays in the currency in which the supplier counts.
  const ledger = await table(merchant, '/app/balance/export?kind=purchase', 'app.balance.export');
  expect(ledger).toMatchObject([{ Amount: '-2.34', Currency: 'USD' }]);
});

test('what staff give a traveller is a cost and no sale: a top-up costs once, a replaced eSIM what the new one costs', async () => {
  const merchant = await openShop(world, { balance: 200 });
  const [france, japan] = [await merchant.sell(FRANCE), await merchant.sell(JAPAN)];
  const sell = async (email: string, variantId: number) => {
    const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email });
    await world.mailTo(email);
    await world.until('it is done', async () => (await merchant.order(order))?.state === 'delivered');
    return (await merchant.order(order))?.units[0]?.esimId ?? '';
  };
  const topped = await sell('topped@example.com', france);
  const replaced = await sell('replaced@example.com', japan);
  const before = await home(merchant);
  expect(cents(before.cost)).toBe(117 + 203);

  const act = async (esimId: string, fields: Record<string, string>) => {
    const press = { ...fields, actionId: randomUUID() };
    await world.until(`${fields['intent'] ?? ''} is done`, async () => {
      const { data } = await merchant.send(`/app/esims/${esimId}/act`, 'app.esims.$esimId_.act', press);
      return (data as { status: string }).status === 'done';
    });
  };
  const offers = <Data>(search: string) =>
    merchant.read<Data>(`/app/esims/${topped}/top-up${search}`, 'app.esims.$esimId_.top-up');
  const { choices } = await offers<{ choices: { id: string; code: string }[] }>('');
  const bundleId = choices.find(({ code }) => code === FRANCE)?.id ?? '';
  const { mark: seen } = await offers<{ mark: string }>(`?bundle=${bundleId}`);
  await act(topped, { intent: 'top-up', bundleId, seen });
  await act(replaced, { intent: 'replace' });
  await world.until('the second e-mail arrives', () => world.mailsTo('replaced@example.com').length === 2);

  const shown = await home(merchant);
  expect(shown).toMatchObject({ sold: '2', sales: before.sales });
  // The eSIM that was replaced came back to the balance.
  expect(cents(shown.cost)).toBe(2 * 117 + 2 * 203 - 203);
  const ledger = await table(merchant, '/app/balance/export', 'app.balance.export');
  const kept = ledger.filter(({ Kind }) => Kind === 'purchase' || Kind === 'refund');
  expect(-sumOf(kept, 'Amount')).toBe(cents(shown.cost));
  const orders = await table(merchant, '/app/margin/export?by=order', 'app.margin.export');
  expect(sumOf(orders, 'Cost')).toBe(cents(shown.cost));
  expect(orders.map(({ Cost = '' }) => cents(Cost))).toEqual([203, 2 * 117]);
  const supplier = world.esimGo.organisations.find(({ apiKey }) => apiKey === merchant.apiKey);
  expect(sumOf(ledger, 'Amount')).toBe(cents(supplier?.balance ?? null));
});

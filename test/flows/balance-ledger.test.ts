import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { passTime } from '../clock.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';
const PRICE = 2.35;

let world: World;

beforeAll(async () => {
  world = await openWorld();
  world.esimGo.setPrice(FRANCE, PRICE);
});
afterAll(() => world.end());

interface Line {
  kind: string;
  isOpen: boolean;
  amount: string;
  standing: string;
  note: string | null;
  by: string | null;
  order: { name: string } | null;
}
interface BalancePage {
  page: {
    account: { id: string; balance: string | null; isLow: boolean; isRefused: boolean };
    standing: { booked: string; difference: string | null } | null;
    burn: { cover: string | null } | null;
    card: { least: number; mostPerDay: number } | null;
    charges: { id: string; state: string; before: string; after: string | null }[];
    lines: Line[];
    clickId: string;
  };
}
const balancePage = async (merchant: Merchant, search = '') =>
  (await merchant.read<BalancePage>(`/app/balance?index${search}`, 'app.balance._index')).page;

/** Presses something on the balance page, as it stands now. */
const press = async (merchant: Merchant, fields: Record<string, string>) => {
  const { account, clickId } = await balancePage(merchant);
  return merchant.send('/app/balance?index', 'app.balance._index', {
    ...{ accountId: account.id, clickId },
    ...fields,
  });
};
const supplierBalance = (merchant: Merchant) =>
  world.esimGo.organisations.find(({ apiKey }) => apiKey === merchant.apiKey)?.balance ?? Number.NaN;
const figure = (words: string | null) => Number((words ?? '').replace(/[^\d.-]/g, ''));

/** The ledger ends where the supplier's own books do, and each line's sum is the one below and its own amount. */
async function expectLedgerToAgree(merchant: Merchant) {
  expect((await press(merchant, { intent: 'refresh' })).status).toBe(200);
  const { lines, standing, account } = await balancePage(merchant);
  expect(standing?.difference).toBeNull();
  expect(figure(lines[0]?.standing ?? null)).toBeCloseTo(supplierBalance(merchant), 9);
  expect(figure(account.balance)).toBeCloseTo(supplierBalance(merchant), 2);
  for (const [index, line] of lines.entries()) {
    const below = lines[index + 1];
    expect(figure(line.standing)).toBeCloseTo(
      (below ? figure(below.standing) : 0) + figure(line.amount.replace('−', '-')),
      9,
    );
  }
}
const requestsTo = (path: string) =>
  world.esimGo.requests.filter((request) => request.method === 'POST' && request.path === path).length;
const sell = async (merchant: Merchant, email: string, quantity = 1) => {
  const variantId = await merchant.sell(FRANCE);
  const order = merchant.checkout({ lines: [{ variantId, quantity }], email });
  await world.mailTo(email);
  return order;
};

test('the ledger begins with what was there, and follows the supplier to the last digit', async () => {
  const merchant = await openShop(world, { balance: 100 });
  expect((await balancePage(merchant)).lines).toMatchObject([{ kind: 'opening', standing: '$100.00' }]);
  await sell(merchant, 'one@example.com', 2);
  const { lines } = await balancePage(merchant);
  expect(lines).toMatchObject([
    { kind: 'purchase', amount: '-$4.70', standing: '$95.30' },
    { kind: 'opening' },
  ]);
  expect(lines[0]?.order).not.toBeNull();
  await expectLedgerToAgree(merchant);
  const csv = await merchant.download('/app/balance/export?kind=purchase', 'app.balance.export');
  expect(csv).toContain(',purchase,booked,-4.7,95.3,USD,');
  expect(csv).not.toContain('opening');
  expect((await balancePage(merchant, '&kind=top-up')).lines).toEqual([]);
  expect((await balancePage(merchant, '&from=2020-01-01&until=2020-12-31')).lines).toEqual([]);
});

test('a lost answer that is looked up is one purchase in the ledger', async () => {
  const merchant = await openShop(world, { balance: 100 });
  world.esimGo.conducts.on('loses-the-answer', { times: 1, only: 'POST /orders' });
  await sell(merchant, 'doubt@example.com');
  expect((await balancePage(merchant)).lines.map(({ kind }) => kind)).toEqual(['purchase', 'opening']);
  await expectLedgerToAgree(merchant);
});

test('what was paid in elsewhere shows as a difference, and is booked once, with a note and a name', async () => {
  const merchant = await openShop(world, { balance: 100 });
  merchant.topUp(50.5);
  await press(merchant, { intent: 'refresh' });
  const { standing, account, clickId } = await balancePage(merchant);
  expect(standing).toMatchObject({ booked: '$100.00', difference: '+$50.50' });

  const entry = { intent: 'adjust', kind: 'top-up', amount: '50.50', note: 'By bank transfer' };
  for (const wrong of [
    { amount: '0' },
    { amount: 'ten' },
    { amount: '1e3' },
    { note: '' },
    { kind: 'opening' },
  ])
    expect((await press(merchant, { ...entry, ...wrong })).status, JSON.stringify(wrong)).toBe(422);
  const twice = { ...entry, accountId: account.id, clickId };
  const page = ['/app/balance?index', 'app.balance._index'] as const;
  await Promise.all([merchant.send(...page, twice), merchant.send(...page, twice)]);
  const { lines } = await balancePage(merchant);
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatchObject({ kind: 'top-up', amount: '+$50.50', note: 'By bank transfer' });
  expect(lines[0]?.by).toMatch(/^staff /);
  await expectLedgerToAgree(merchant);
});

test('what was bought by hand is found in the supplier’s orders and booked as bought elsewhere', async () => {
  const merchant = await openShop(world, { balance: 100 });
  const response = await fetch(`${world.esimGo.apiUrl}/orders`, {
    method: 'POST',
    headers: { 'x-api-key': merchant.apiKey, 'content-type': 'application/json' },
    body: JSON.stringify({
      type: 'transaction',
      assign: true,
      order: [{ type: 'bundle', item: FRANCE, quantity: 3 }],
    }),
  });
  expect(response.status).toBe(200);
  await passTime({ minutes: 20 });
  expect((await press(merchant, { intent: 'compare' })).status).toBe(200);
  await world.until('it is booked', async () => (await balancePage(merchant)).lines[0]?.kind === 'elsewhere');
  expect((await balancePage(merchant)).lines[0]).toMatchObject({ amount: '-$7.05' });
  await expectLedgerToAgree(merchant);
});

test('the saved card is charged once for a press, for an amount that is allowed and typed twice', async () => {
  const merchant = await openShop(world, { balance: 10 });
  expect((await balancePage(merchant)).card).toEqual({ least: 1000, mostPerDay: 5000 });
  const before = requestsTo('/organisation/balance');
  for (const [amount, confirm] of [
    ...[
      ['999', '999'],
      ['5001', '5001'],
      ['1000.5', '1000.5'],
      ['', ''],
    ],
    ...[
      ['a thousand', 'a thousand'],
      ['-1000', '-1000'],
      ['1e3', '1e3'],
      ['2000', '200'],
    ],
  ]) {
    const { status } = await press(merchant, {
      intent: 'charge',
      amount: amount ?? '',
      confirm: confirm ?? '',
    });
    expect([409, 422], amount).toContain(status);
  }
  expect(requestsTo('/organisation/balance')).toBe(before);

  const { account, clickId } = await balancePage(merchant);
  const click = { intent: 'charge', accountId: account.id, clickId, amount: '3000', confirm: '3000' };
  const page = ['/app/balance?index', 'app.balance._index'] as const;
  await Promise.all([merchant.send(...page, click), merchant.send(...page, click)]);
  await merchant.send(...page, click);
  expect(requestsTo('/organisation/balance')).toBe(before + 1);
  expect(supplierBalance(merchant)).toBe(3010);
  const { lines } = await balancePage(merchant);
  expect(lines[0]).toMatchObject({ kind: 'top-up', amount: '+$3,000.00' });
  expect(lines[0]?.by).toMatch(/^staff /);
  await expectLedgerToAgree(merchant);

  // The rest of the day has room for 2,000 more.
  const more = await press(merchant, { intent: 'charge', amount: '2001', confirm: '2001' });
  expect(more.status).toBe(409);
  expect(JSON.stringify(more.data)).toContain('in a day');
  expect(supplierBalance(merchant)).toBe(3010);
});

const charge = { intent: 'charge', amount: '1000', confirm: '1000' };

test('a charge whose answer is lost is found in the balance, booked, and never asked for again', async () => {
  const merchant = await openShop(world, { balance: 10 });
  for (const conduct of ['loses-the-answer', 'answers-html']) {
    const before = { requests: requestsTo('/organisation/balance'), balance: supplierBalance(merchant) };
    world.esimGo.conducts.on(conduct, { times: 1, only: 'POST /organisation/balance' });
    const { status, data } = await press(merchant, charge);
    expect([status, data], conduct).toMatchObject([200, { status: 'done' }]);
    expect(supplierBalance(merchant)).toBe(before.balance + 1000);
    expect(requestsTo('/organisation/balance')).toBe(before.requests + 1);
    const { charges, lines } = await balancePage(merchant);
    expect(charges[0]).toMatchObject({ state: 'done' });
    expect(lines[0]).toMatchObject({ kind: 'top-up', amount: '+$1,000.00' });
    await expectLedgerToAgree(merchant);
  }
});

test('a charge that comes late is in doubt until the balance shows it, also over a restart, and nothing is charged meanwhile', async () => {
  const merchant = await openShop(world, { balance: 10 });
  world.esimGo.conducts.on('executes-late', { times: 1, only: 'POST /organisation/balance' });
  const before = requestsTo('/organisation/balance');
  expect((await press(merchant, charge)).status).toBe(409);
  expect((await balancePage(merchant)).charges).toMatchObject([
    { state: 'in-doubt', before: '$10.00', after: '$10.00' },
  ]);
  const open = { kind: 'top-up', isOpen: true, amount: '+$1,000.00' };
  expect((await balancePage(merchant)).lines).toMatchObject([open, { kind: 'opening', isOpen: false }]);
  expect((await balancePage(merchant, '&state=open')).lines).toMatchObject([open]);
  expect((await balancePage(merchant, '&state=booked')).lines).toMatchObject([{ kind: 'opening' }]);
  expect((await balancePage(merchant, '&state=open&kind=purchase')).lines).toEqual([]);
  const csv = await merchant.download('/app/balance/export?state=open', 'app.balance.export');
  expect(csv.trim().split('\r\n').slice(1)).toEqual([expect.stringContaining(',top-up,open,1000,')]);
  const again = await press(merchant, charge);
  expect(again).toMatchObject({
    status: 409,
    data: { sentence: expect.stringContaining('earlier') as string },
  });
  await world.restart();
  await press(merchant, { intent: 'refresh' });
  expect((await balancePage(merchant)).charges).toMatchObject([{ state: 'in-doubt' }]);

  await passTime({ minutes: 2 });
  await press(merchant, { intent: 'refresh' });
  expect(requestsTo('/organisation/balance')).toBe(before + 1);
  expect((await balancePage(merchant)).charges).toMatchObject([{ state: 'done' }]);
  await expectLedgerToAgree(merchant);
});

test('about a charge in doubt a person decides, once', async () => {
  const merchant = await openShop(world, { balance: 10 });
  for (const [happened, state] of [
    ['no', 'refused'],
    ['yes', 'done'],
  ] as const) {
    world.esimGo.conducts.on('executes-late', { times: 1, only: 'POST /organisation/balance' });
    expect((await press(merchant, charge)).status).toBe(409);
    const { charges } = await balancePage(merchant);
    const decision = { intent: 'decide-charge', actionId: charges[0]?.id ?? '', happened };
    expect((await press(merchant, decision)).status).toBe(200);
    expect((await press(merchant, decision)).status).toBe(409);
    expect((await balancePage(merchant)).charges[0]).toMatchObject({ state });
  }
  expect((await balancePage(merchant)).lines.map(({ kind }) => kind)).toEqual(['top-up', 'opening']);
  // The person was wrong about the first: it shows as a difference.
  await passTime({ minutes: 2 });
  await press(merchant, { intent: 'refresh' });
  expect((await balancePage(merchant)).standing?.difference).toBe('+$1,000.00');
});

test('another shop can neither charge the card, book, nor decide', async () => {
  const [victim, thief] = [await openShop(world, { balance: 10 }), await openShop(world)];
  const { account } = await balancePage(victim);
  const before = requestsTo('/organisation/balance');
  const page = ['/app/balance?index', 'app.balance._index'] as const;
  for (const fields of [
    { intent: 'charge', amount: '1000', confirm: '1000', clickId: randomUUID() },
    { intent: 'adjust', kind: 'adjustment', amount: '5', note: 'a theft', clickId: randomUUID() },
    { intent: 'alert-line', alertBelow: '9999' },
    { intent: 'refresh' },
  ]) {
    const { status } = await thief.send(...page, { ...fields, accountId: account.id });
    expect(status, fields.intent).toBe(404);
  }
  expect(requestsTo('/organisation/balance')).toBe(before);
  expect((await balancePage(victim)).lines).toHaveLength(1);
});

interface StockPage {
  stock: { code: string; remaining: number; batches: { id: string | null; isSoon: boolean }[] }[];
  mayRefund: boolean;
  doubt: { quantity: number; held: number; heldAfter: number | null } | null;
  clickId: string;
  accountId: string;
}
const stockPage = (merchant: Merchant) => merchant.read<StockPage>('/app/balance/stock', 'app.balance.stock');

test('unused stock is given back once for a press, and what came back is in the ledger', async () => {
  const merchant = await openShop(world, { balance: 100 });
  world.esimGo.addStock(merchant.apiKey, FRANCE, 5);
  const { stock, clickId, accountId, mayRefund } = await stockPage(merchant);
  expect(stock).toMatchObject([{ code: FRANCE, remaining: 5, batches: [{ isSoon: false }] }]);
  expect(mayRefund).toBe(true);
  const page = ['/app/balance/stock', 'app.balance.stock'] as const;
  const refund = {
    ...{ intent: 'refund', accountId, bundle: FRANCE, batchId: stock[0]?.batches[0]?.id ?? '' },
  };
  for (const quantity of ['0', '-1', '1.5', 'all', ''])
    expect((await merchant.send(...page, { ...refund, clickId, quantity })).status, quantity).toBe(422);
  expect((await merchant.send(...page, { ...refund, clickId: randomUUID(), quantity: '6' })).status).toBe(
    409,
  );
  const before = requestsTo('/inventory/refund');
  const click = { ...refund, clickId, quantity: '2' };
  await Promise.all([merchant.send(...page, click), merchant.send(...page, click)]);
  expect(requestsTo('/inventory/refund')).toBe(before + 1);
  expect((await stockPage(merchant)).stock).toMatchObject([{ remaining: 3 }]);
  expect(supplierBalance(merchant)).toBeGreaterThan(100);
  expect((await balancePage(merchant)).lines[0]).toMatchObject({
    kind: 'refund',
    note: `2 × ${FRANCE} from stock`,
  });
  // Two members of staff at once: one waits for the other, as they do for a purchase under way.
  const give = () => merchant.send(...page, { ...refund, clickId: randomUUID(), quantity: '1' });
  expect((await Promise.all([give(), give()])).map(({ status }) => status)).toEqual([200, 200]);
  expect((await stockPage(merchant)).stock).toMatchObject([{ remaining: 1 }]);
  await expectLedgerToAgree(merchant);
});

test('a refund of stock whose answer is lost is found in the stock and the balance, and never asked for again', async () => {
  const merchant = await openShop(world, { balance: 100 });
  world.esimGo.addStock(merchant.apiKey, FRANCE, 5);
  const page = ['/app/balance/stock', 'app.balance.stock'] as const;
  const give = async (quantity: number) => {
    const { stock, clickId, accountId } = await stockPage(merchant);
    const fields = { intent: 'refund', bundle: FRANCE, batchId: stock[0]?.batches[0]?.id ?? '' };
    return merchant.send(...page, { ...fields, accountId, clickId, quantity: String(quantity) });
  };
  const before = requestsTo('/inventory/refund');
  world.esimGo.conducts.on('loses-the-answer', { times: 1, only: 'POST /inventory/refund' });
  expect((await give(2)).status).toBe(200);
  expect(requestsTo('/inventory/refund')).toBe(before + 1);
  expect((await stockPage(merchant)).stock).toMatchObject([{ remaining: 3 }]);
  await expectLedgerToAgree(merchant);

  // And one that is carried out later.
  world.esimGo.conducts.on('executes-late', { times: 1, only: 'POST /inventory/refund' });
  expect((await give(1)).status).toBe(409);
  expect((await stockPage(merchant)).doubt).toMatchObject({ quantity: 1, held: 3, heldAfter: 3 });
  expect((await give(1)).status).toBe(409);
  await passTime({ minutes: 2 });
  await press(merchant, { intent: 'refresh' });
  expect(await stockPage(merchant)).toMatchObject({ doubt: null, stock: [{ remaining: 2 }] });
  expect(requestsTo('/inventory/refund')).toBe(before + 2);
  await expectLedgerToAgree(merchant);
});

test('the merchant is told when the balance falls below the line, once in a day', async () => {
  const merchant = await openShop(world, { balance: 10 });
  const { name } = world.shopify.state.shop(merchant.domain);
  const told = () => world.resend.mails.filter(({ subject }) => subject.startsWith(`${name}:`));
  for (const wrong of ['-1', 'ten', '1.999'])
    expect((await press(merchant, { intent: 'alert-line', alertBelow: wrong })).status, wrong).toBe(422);
  expect((await press(merchant, { intent: 'alert-line', alertBelow: '9' })).status).toBe(200);
  await sell(merchant, 'low@example.com');
  await world.until('the merchant is told', () => told().length > 0);
  expect(told()[0]?.subject).toContain('$7.65 left at eSIM Go');
  expect((await balancePage(merchant)).account.isLow).toBe(true);
  const home = await merchant.read<{ attention: { text: string }[] }>('/app?index', 'app._index');
  expect(home.attention.map(({ text }) => text)).toContain('$7.65 left at eSIM Go');

  // Over, and soon true again: not another mail on the same day.
  await press(merchant, { intent: 'alert-line', alertBelow: '' });
  await world.until('the banner is gone', async () => {
    const { attention } = await merchant.read<{ attention: unknown[] }>('/app?index', 'app._index');
    return attention.length === 0;
  });
  await press(merchant, { intent: 'alert-line', alertBelow: '9' });
  await passTime({ minutes: 5 });
  await world.until('the banner is back', async () => {
    const { attention } = await merchant.read<{ attention: unknown[] }>('/app?index', 'app._index');
    return attention.length > 0;
  });
  expect(told()).toHaveLength(1);
  await passTime({ minutes: 25 * 60 });
  await world.until('a day later the merchant is told again', () => told().length === 2);
});

test('a refused key shows the last balance with its age, and charges nothing', async () => {
  const merchant = await openShop(world, { balance: 10 });
  const { account } = await balancePage(merchant);
  world.esimGo.conducts.on('revokes-the-key');
  expect((await press(merchant, { intent: 'refresh' })).status).toBe(409);
  const { account: now, card } = await balancePage(merchant);
  expect(now).toMatchObject({ id: account.id, balance: '$10.00', isRefused: true });
  expect(card).toBeNull();
  world.esimGo.conducts.off('revokes-the-key');
});

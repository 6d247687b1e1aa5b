import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DeskAnswer } from '../../app/ui/esim/answer.ts';
import type { DeskView } from '../../app/ui/esim/desk-view.ts';
import type { esimPageView } from '../../app/ui/esim/page-view.ts';
import { passTime } from '../clock.ts';
import type { Order } from '../sandbox/shopify/records.ts';
import {
  accountId,
  bundleId,
  connectReseller,
  openShop,
  publish,
  RESELLER_PASSWORD,
  type Merchant,
} from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'plan-FR-1GB-7D';
/** The same of eSIM Go. */
const FRENCH = 'esim_1GB_7D_FR_V2';
const SUPPLIERS = ['/app/settings/suppliers', 'app.settings.suppliers'] as const;

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.end());

interface Card {
  provider: string;
  label: string;
  account: { id: string; keyLast4: string; balance: string | null } | null;
  callbacks: { taken: string | null; refused: string | null } | null;
}

const cards = async (merchant: Merchant) =>
  (await merchant.read<{ suppliers: Card[] }>(...SUPPLIERS)).suppliers;
const card = async (merchant: Merchant) =>
  (await cards(merchant)).find(({ provider }) => provider === 'reseller');

const emailOf = (merchant: Merchant) => `reseller@${merchant.domain}`;
const connect = (merchant: Merchant, fields: Record<string, string> = {}) =>
  merchant.send(...SUPPLIERS, {
    ...{ intent: 'connect', provider: 'reseller', baseUrl: world.reseller.apiUrl },
    ...{ email: emailOf(merchant), password: RESELLER_PASSWORD },
    ...fields,
  });

/** A shop that is connected with the reseller too, and sells its bundle. */
async function openSelling({
  balance = 100,
  billing = 'prepaid',
}: { balance?: number; billing?: 'prepaid' | 'postpaid' } = {}) {
  // Three log-ins in a quarter of an hour are all that may be spent on new accounts.
  await passTime({ minutes: 16 });
  const merchant = await openShop(world, { imports: false });
  await connectReseller(world, merchant, { balance, billing });
  return { merchant, variantId: await merchant.sell(FRANCE) };
}

const bought = (merchant: Merchant) =>
  world.reseller.orders.filter(({ email }) => email === emailOf(merchant));
const logIns = () => world.reseller.requests.filter(({ path }) => path === '/auth/login').length;

function pay(
  { merchant, variantId }: { merchant: Merchant; variantId: number },
  email: string,
  quantity = 1,
) {
  return merchant.checkout({ lines: [{ variantId, quantity }], email });
}

const delivered = (merchant: Merchant, order: Order) =>
  world.until('the order is delivered', async () => (await merchant.order(order))?.state === 'delivered');

type EsimPage = ReturnType<typeof esimPageView> & { desk: DeskView };

async function desk(merchant: Merchant, order: Order) {
  const esimId = (await merchant.order(order))?.units[0]?.esimId ?? '';
  return {
    page: () => merchant.read<EsimPage>(`/app/esims/${esimId}`, 'app.esims.$esimId'),
    look: () => merchant.send(`/app/esims/${esimId}`, 'app.esims.$esimId', { intent: 'look' }),
    press: async (fields: Record<string, string>) => {
      const path = [`/app/esims/${esimId}/act`, 'app.esims.$esimId_.act'] as const;
      const { status, data } = await merchant.send(...path, { actionId: randomUUID(), ...fields });
      return { http: status, ...(data as DeskAnswer) };
    },
  };
}

test('what a buyer pays for is bought once, mailed with the code that the picture shows, and its usage told', async () => {
  const { merchant, variantId } = await openSelling();
  const before = logIns();
  const email = 'reseller-buyer@example.com';
  const order = pay({ merchant, variantId }, email, 2);
  await world.mailTo(email);
  await delivered(merchant, order);
  // It names one eSIM of an order.
  expect(bought(merchant).map(({ quantity, iccids }) => [quantity, iccids.length])).toEqual([
    [1, 1],
    [1, 1],
  ]);
  expect(bought(merchant).map(({ mailedTo }) => mailedTo)).toEqual(Array(2).fill(emailOf(merchant)));
  const esims = world.reseller.esims.filter((esim) => esim.email === emailOf(merchant));
  const [mail] = world.mailsTo(email);
  for (const { matchingId } of esims) expect(mail?.text).toContain(matchingId);
  // The session that the connection brought serves every process and every purchase.
  expect(logIns()).toBe(before);

  const { look, page } = await desk(merchant, order);
  const last4 = (await merchant.order(order))?.units[0]?.iccidLast4 ?? '';
  const { iccid } = esims.find((esim) => esim.iccid.endsWith(last4)) ?? { iccid: '' };
  world.reseller.install(iccid);
  world.reseller.useData(iccid, 512_000_000);
  await look();
  expect(await page()).toMatchObject({
    ...{ status: 'active', bundles: [{ code: FRANCE, use: 'in-use', usage: { percent: 50 } }] },
  });
});

test('an order of more eSIMs than an account buys in one turn is bought whole, each once', async () => {
  const { merchant, variantId } = await openSelling();
  const order = pay({ merchant, variantId }, 'reseller-many@example.com', 12);
  await delivered(merchant, order);
  expect(bought(merchant)).toHaveLength(12);
  expect(new Set(bought(merchant).flatMap(({ iccids }) => iccids)).size).toBe(12);
});

test('an answer that is lost is read back from the list of orders, and nothing is bought again', async () => {
  const selling = await openSelling();
  world.reseller.conducts.on('loses-the-answer', { times: 1, only: 'buy ' });
  const order = pay(selling, 'reseller-lost@example.com');
  await world.until('the answer is lost', () => !world.reseller.conducts.isOn('loses-the-answer'));
  await passTime({ minutes: 2 });
  await world.mailTo('reseller-lost@example.com');
  await delivered(selling.merchant, order);
  expect(bought(selling.merchant)).toHaveLength(1);
});

test('on credit, what can be spent is what is left of it', async () => {
  const selling = await openSelling({ balance: 4, billing: 'postpaid' });
  const { merchant } = selling;
  const order = pay(selling, 'reseller-credit@example.com');
  await world.mailTo('reseller-credit@example.com');
  await delivered(merchant, order);
  const spent = bought(merchant)[0]?.total ?? 0;
  expect(spent).toBeGreaterThan(0);
  expect(world.reseller.accounts.find(({ email }) => email === emailOf(merchant))?.balance).toBe(-spent);
  const id = await accountId(merchant, 'reseller');
  const tested = await merchant.send(...SUPPLIERS, { intent: 'test', accountId: id });
  expect(tested).toMatchObject({ status: 200 });
  expect((await card(merchant))?.account?.balance).toMatch(/^\$2\.0/);

  const asked = world.reseller.requests.length;
  const waiting = pay(selling, 'reseller-waits@example.com', 3);
  await world.until(
    'the credit is used up',
    async () => (await merchant.order(waiting))?.units.some(({ reason }) => reason === 'funds') ?? false,
  );
  const charged = world.reseller.requests
    .slice(asked)
    .filter(({ method, path }) => method === 'POST' && path === '/orders');
  expect(charged.every(({ status }) => status === 201)).toBe(true);
  expect(bought(merchant).length * spent).toBeLessThanOrEqual(4);
  world.reseller.topUp(emailOf(merchant), 20);
  await merchant.send(...SUPPLIERS, { intent: 'test', accountId: id });
  await passTime({ minutes: 6 });
  await world.until('the rest is bought', () => bought(merchant).length === 4);
  await delivered(merchant, waiting);
});

test('its calls reach the desk, and what it cannot do is on no button and refused when it is forged', async () => {
  const selling = await openSelling();
  const { merchant } = selling;
  const id = await accountId(merchant, 'reseller');
  expect(await merchant.send(...SUPPLIERS, { intent: 'subscribe', accountId: id })).toMatchObject({
    ...{ status: 200, data: { toast: expect.stringContaining('calls this app') as string } },
  });
  // The supplier's own test of the address.
  expect((await card(merchant))?.callbacks).toMatchObject({
    refused: null,
    taken: expect.any(String) as string,
  });
  const order = pay(selling, 'reseller-desk@example.com');
  await world.mailTo('reseller-desk@example.com');
  await delivered(merchant, order);
  const { look, page, press } = await desk(merchant, order);
  const { iccid } = world.reseller.esims.find(({ email }) => email === emailOf(merchant)) ?? { iccid: '' };

  await look();
  expect((await page()).desk.offers.toSorted()).toEqual([
    ...['replace', 'resend', 'revoke', 'sms', 'suspend', 'top-up'],
  ]);
  for (const forged of [{ intent: 'refresh' }, { intent: 'reference', reference: 'Ticket 1' }])
    expect(await press(forged)).toMatchObject({ http: 409, reason: 'unable' });
  expect(await press({ intent: 'sms', message: 'Bonjour' })).toMatchObject({ status: 'done' });
  expect(world.reseller.esims.find((esim) => esim.iccid === iccid)?.messages).toEqual(['Bonjour']);

  world.reseller.install(iccid);
  const calls = await world.reseller.callAbout('ESIM_STATUS', iccid);
  calls.push(...(await world.reseller.callAbout('ORDER_STATUS', iccid)));
  expect(calls.map(({ status }) => status)).toEqual([200, 200]);
  await world.until('the desk knows', async () => (await page()).profile === 'Installed');
});

test('a password is shown nowhere, a wrong one is not kept, and a new one is the same account', async () => {
  await passTime({ minutes: 16 });
  const merchant = await openShop(world, { imports: false });
  world.reseller.createAccount({ email: emailOf(merchant), password: RESELLER_PASSWORD, balance: 10 });
  for (const fields of [
    { baseUrl: 'http://10.0.0.1/api/v1' },
    { baseUrl: 'https://localhost/api/v1' },
    { baseUrl: '' },
    { email: 'nobody' },
    { password: '' },
  ])
    expect(await connect(merchant, fields), JSON.stringify(fields)).toMatchObject({ status: 422 });
  expect(await connect(merchant, { password: 'wrong' })).toMatchObject({
    ...{ status: 422, data: { problem: { kind: 'credentials' } } },
  });
  expect(await connect(merchant)).toMatchObject({ status: 200 });
  const first = await card(merchant);
  expect(first).toMatchObject({
    account: { keyLast4: '', balance: '$10.00' },
    entered: { baseUrl: world.reseller.apiUrl, email: emailOf(merchant) },
  });

  const changed = 'Another-canary-10';
  world.reseller.createAccount({ email: emailOf(merchant), password: changed, balance: 10 });
  expect(await connect(merchant, { password: changed, accountId: first?.account?.id ?? '' })).toMatchObject({
    status: 200,
  });
  const text = JSON.stringify(await cards(merchant));
  expect(text).not.toContain('canary');
  expect((await cards(merchant)).filter(({ provider }) => provider === 'reseller')).toHaveLength(1);
});

test('one supplier is connected with two accounts, each with its name, and the same key is one account', async () => {
  const merchant = await openShop(world, { imports: false });
  const second = `second-${merchant.apiKey}`;
  world.esimGo.createOrganisation({ apiKey: second, balance: 7 });
  const post = (fields: Record<string, string>) =>
    merchant.send(...SUPPLIERS, { intent: 'connect', provider: 'esim-go', ...fields });
  await Promise.all([post({ apiKey: second }), post({ apiKey: second })]);
  expect(await post({ apiKey: merchant.apiKey })).toMatchObject({ status: 200 });
  const own = async () => (await cards(merchant)).filter(({ provider }) => provider === 'esim-go');
  expect((await own()).map(({ label, account }) => [label, account?.balance])).toEqual([
    ['eSIM Go', '$500.00'],
    ['eSIM Go 2', '$7.00'],
  ]);
  const [one, two] = await own();
  expect(await post({ apiKey: second, accountId: one?.account?.id ?? '' })).toMatchObject({ status: 422 });
  await merchant.send(...SUPPLIERS, { intent: 'disconnect', accountId: two?.account?.id ?? '' });
  expect((await own()).map(({ account }) => account !== null)).toEqual([true, false]);
  expect(await post({ apiKey: second, accountId: two?.account?.id ?? '', label: 'For Japan' })).toMatchObject(
    { status: 200 },
  );
  expect((await own()).map(({ label }) => label)).toEqual(['eSIM Go', 'For Japan']);
});

const TRANSACTIONS = ['/app/balance/transactions', 'app.balance.transactions'] as const;

test('what the supplier lists as moved is read for some days, and taken away as a file; who has no such list says so', async () => {
  const selling = await openSelling();
  const { merchant } = selling;
  pay(selling, 'reseller-listed@example.com');
  await world.mailTo('reseller-listed@example.com');
  world.reseller.topUp(emailOf(merchant), 25);
  const account = await accountId(merchant, 'reseller');
  interface Page {
    rows: { what: string; amount: string }[] | null;
    problem: { kind: string } | null;
  }
  const page = (of: string) => merchant.read<Page>(`${TRANSACTIONS[0]}?account=${of}`, TRANSACTIONS[1]);
  const { rows } = await page(account);
  expect(rows?.map(({ what, amount }) => `${what} ${amount.slice(0, 1)}`)).toEqual(['Paid in +', 'Order -']);
  const file = await merchant.download(
    `/app/balance/transactions/export?account=${account}&days=7`,
    'app.balance.transactions_.export',
  );
  expect(file.trim().split('\r\n')).toHaveLength(3);
  expect(file).toMatch(/topup,settled,25,USD/);

  world.reseller.conducts.on('answers-503');
  expect(await page(account)).toMatchObject({ rows: null, problem: { kind: 'down' } });
  world.reseller.conducts.off('answers-503');
  expect(await page(await accountId(merchant))).toMatchObject({ rows: null, problem: null });
});

test('a test of the connection tells what the supplier says of itself', async () => {
  const { merchant } = await openSelling();
  const id = await accountId(merchant, 'reseller');
  expect(await merchant.send(...SUPPLIERS, { intent: 'test', accountId: id })).toMatchObject({
    status: 200,
    data: { health: { isHealthy: true, services: 'database connected, redis connected' } },
  });
});

test.each([
  ['', false],
  [', though the answer was lost', true],
])(
  'an order by hand that nobody wants is cancelled at the supplier, and what comes back booked once%s',
  async (_how, loses) => {
    const { merchant } = await openSelling();
    const { account, page, send } = await findByHand(merchant);
    const [order] = bought(merchant);
    const { cancel } = await page();
    expect(cancel?.canCancel).toBe(true);
    const press = () => send({ intent: 'cancel-order', clickId: cancel?.clickId ?? '' });
    if (loses) world.reseller.conducts.on('loses-the-answer', { times: 1, only: 'DELETE /orders' });
    expect((await press()).status).toBe(200);
    expect(world.reseller.conducts.isOn('loses-the-answer')).toBe(false);
    expect(world.reseller.accounts.find(({ email }) => email === emailOf(merchant))?.balance).toBe(100);
    expect((await page()).kind).toBe('done');

    interface Balance {
      page: { lines: { kind: string; amount: string; reference: string | null }[]; standing: object };
    }
    const ledger = async () =>
      (await merchant.read<Balance>(`/app/balance?index&account=${account}`, 'app.balance._index')).page;
    const { lines, standing } = await ledger();
    const [refund] = lines.filter(({ kind }) => kind === 'refund');
    expect(refund?.reference).toBe(order?.id);
    expect(Number(refund?.amount.replace(/[^\d.]/g, ''))).toBe(order?.total);
    expect(standing).toMatchObject({ difference: null });
    // The same press once more is the same press.
    await press();
    expect((await ledger()).lines.filter(({ kind }) => kind === 'refund')).toHaveLength(1);
  },
);

test.each(['yes', 'no'] as const)(
  'of a cancellation that was not answered, and that no balance tells of, a person says once what came of it: %s',
  async (happened) => {
    const { merchant } = await openSelling();
    const { account, page, send } = await findByHand(merchant);
    // It does nothing, which only the supplier's own portal shows.
    world.reseller.conducts.on('answers-503', { times: 1, only: 'DELETE /orders' });
    const lost = await send({ intent: 'cancel-order', clickId: (await page()).cancel?.clickId ?? '' });
    expect([lost.status, JSON.stringify(lost.data)]).toEqual([
      422,
      expect.stringContaining('answer was lost, so it may be cancelled'),
    ]);
    const doubted = (await page()).cancel;
    expect(doubted).toMatchObject({ canCancel: false, doubt: { at: expect.any(String) as string } });
    // Not asked again before it is known, whoever presses.
    expect((await send({ intent: 'cancel-order', clickId: doubted?.clickId ?? '' })).status).toBe(422);

    const say = (word: string) =>
      send({ intent: 'decide-cancel', actionId: doubted?.doubt?.actionId ?? '', happened: word });
    const answers = await Promise.all([say(happened), say(happened)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await say(happened === 'yes' ? 'no' : 'yes')).status).toBe(409);
    const refunds = async () =>
      (
        await merchant.read<{ page: { lines: { kind: string }[] } }>(
          `/app/balance?index&account=${account}`,
          'app.balance._index',
        )
      ).page.lines.filter(({ kind }) => kind === 'refund').length;
    // What it brought is not known, and not booked.
    expect(await refunds()).toBe(0);
    if (happened === 'yes') {
      expect((await page()).kind).toBe('done');
      return;
    }
    const again = (await page()).cancel;
    expect(again).toMatchObject({ canCancel: true, doubt: null });
    expect((await send({ intent: 'cancel-order', clickId: again?.clickId ?? '' })).status).toBe(200);
    expect([(await page()).kind, await refunds()]).toEqual(['done', 1]);
  },
);

/** An order that the merchant bought by hand, as it stands in the queue. */
async function findByHand(merchant: Merchant) {
  world.reseller.buyByHand(emailOf(merchant), FRANCE);
  const account = await accountId(merchant, 'reseller');
  await passTime({ minutes: 20 });
  await merchant.send('/app/settings/watch', 'app.settings.watch', { intent: 'audit', accountId: account });
  const found = async () => {
    const { entries } = await merchant.read<{ entries: { id: string; kind: string }[] }>(
      '/app/queue?index',
      'app.queue._index',
    );
    return entries.find(({ kind }) => kind === 'unclaimed');
  };
  await world.until('the order is found', async () => (await found()) !== undefined);
  const path = `/app/queue/${(await found())?.id ?? ''}`;
  return {
    account,
    page: () => merchant.read<CancelPage>(path, 'app.queue.$entryId'),
    send: (fields: Record<string, string>) => merchant.send(path, 'app.queue.$entryId', fields),
  };
}

interface CancelPage {
  kind: string;
  cancel: { canCancel: boolean; clickId: string; doubt: { actionId: string; at: string } | null } | null;
}

test('what it sells for one destination today is set beside the catalogue, without an import', async () => {
  await passTime({ minutes: 16 });
  const merchant = await openShop(world);
  world.reseller.createAccount({ email: emailOf(merchant), password: RESELLER_PASSWORD, balance: 10 });
  expect(await connect(merchant)).toMatchObject({ status: 200 });
  const today = async (destination: string) =>
    (
      await merchant.read<{
        suppliers: {
          label: string;
          sold: number;
          problem: string | null;
          differences: { code: string; what: string; cost: string }[];
        }[];
      }>(`/app/catalogue/compare/today?destination=${destination}`, 'app.catalogue.compare_.today')
    ).suppliers;
  const [before] = await today('FR');
  expect(before?.sold).toBeGreaterThan(1);
  expect(before?.differences).toHaveLength(before?.sold ?? 0);
  expect(before?.differences.find(({ code }) => code === FRANCE)).toMatchObject({
    ...{ what: 'new', cost: expect.stringMatching(/^\$/) as string },
  });
  expect(await today('XX')).toEqual([]);

  await merchant.send('/app/catalogue?index', 'app.catalogue._index', { intent: 'import' });
  await world.until('it is imported', async () => {
    const [now] = await today('FR');
    return now?.problem === null && now.differences.length === 0;
  });
  expect((await today('FR'))[0]?.sold).toBe(before?.sold);
  world.reseller.conducts.on('answers-503');
  expect(await today('FR')).toMatchObject([{ problem: 'The supplier does not answer' }]);
  world.reseller.conducts.off('answers-503');
});

test('its sizes are those of another supplier: the same size stands in, and the preview of prices says what pays for what', async () => {
  await passTime({ minutes: 16 });
  const merchant = await openShop(world);
  await connectReseller(world, merchant);
  const ids = await Promise.all([FRENCH, FRANCE].map((code) => bundleId(merchant, code)));
  const question = `bundles=${ids.join(',')}`;
  interface Row {
    variants: { title: string; code: string; substitutes: { name: string; gap: string | null }[] }[];
  }
  const { rows, summary } = await merchant.read<{ rows: Row[]; summary: { lesser: number } }>(
    `/app/publish?index&${question}`,
    'app.publish._index',
  );
  expect(rows.flatMap(({ variants }) => variants)).toMatchObject([
    {
      ...{ title: '1 GB / 7 days', code: FRENCH },
      substitutes: [{ name: `eSIM API ${FRANCE}`, gap: null }],
    },
  ]);
  expect(summary.lesser).toBe(0);

  await publish(world, merchant, question);
  const { lines } = await merchant.read<{ lines: { title: string; standIns: string[] }[] }>(
    '/app/pricing/preview?show=all',
    'app.pricing.preview',
  );
  // A price of 1.4 times the cheaper one's cost.
  expect(lines.map(({ standIns }) => standIns)).toEqual([
    [
      `Made of what ${FRENCH} of eSIM Go costs, of 2 it lists`,
      `${FRANCE} of eSIM API costs more than it leaves: not bought without you`,
    ],
  ]);
});

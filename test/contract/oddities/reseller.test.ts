import { Decimal } from 'decimal.js';
import { afterEach, describe, expect, test } from 'vitest';
import { createReseller } from '../../../app/providers/reseller/provider.server.ts';
import { listenForCalls } from '../../sandbox/listen-for-calls.ts';
import { accounts, plenty } from '../../sandbox/reseller/on-trial.ts';
import { startReseller, type Reseller, type ResellerOptions } from '../../sandbox/reseller/server.ts';

describe('What only the reseller API has', () => {
  let server: Reseller;
  let passedMs = 0;
  afterEach(() => server.close());

  async function open(options: ResellerOptions = { countries: ['FR', 'DE', 'JP'] }) {
    passedMs = 0;
    const now = () => Date.now() + passedMs;
    server = await startReseller({ ...plenty, now, ...options });
    server.createAccount({ ...accounts.good, balance: 1000 });
    return connect();
  }

  const connect = (who: keyof typeof accounts = 'good') =>
    createReseller({ credentials: accounts[who], baseUrl: server.apiUrl, fetch });

  const asked = (path: string) => server.requests.filter((request) => request.path.startsWith(path)).length;

  const plan = 'plan-FR-5GB-30D';

  async function buyOne(provider: ReturnType<typeof connect>) {
    const outcome = await provider.placeOrder({ bundle: plan, quantity: 1 });
    if (outcome.status !== 'ready') throw new Error(`expected ready, got ${outcome.status}`);
    return { orderReference: outcome.orderReference, iccid: outcome.esims[0]?.iccid ?? '' };
  }

  describe('the session', () => {
    test('is opened once for everybody who asks at once, and kept for who asks later', async () => {
      await open();
      await Promise.all(Array.from({ length: 8 }, () => connect().getBalance()));
      await connect().getBalance();
      expect([asked('/auth/login'), asked('/auth/refresh')]).toEqual([1, 0]);
    });

    test('that has run out at the supplier is refreshed once for all, and each request sent once more', async () => {
      const provider = await open();
      await provider.getBalance();
      passedMs += 2 * 3600_000;
      await Promise.all(Array.from({ length: 8 }, () => connect().getBalance()));
      expect([asked('/auth/login'), asked('/auth/refresh')]).toEqual([1, 1]);
      expect(asked('/credits/balance')).toBe(1 + 8 + 8);
    });

    test('that nobody knows any more is opened anew, and the purchase in hand buys once', async () => {
      const provider = await open();
      await provider.getBalance();
      server.conducts.on('forgets-its-sessions', { times: 1, only: 'buy ' });
      await buyOne(provider);
      expect([asked('/auth/login'), asked('/auth/refresh')]).toEqual([2, 1]);
      expect(server.orders).toHaveLength(1);
    });

    test('costs no more log-ins than the supplier takes from one address', async () => {
      await open();
      for (let tried = 0; tried < 5; tried += 1)
        await expect(connect('wrong').getBalance()).rejects.toMatchObject({ kind: 'credentials' });
      const refused = connect().placeOrder({ bundle: plan, quantity: 1 });
      await expect(refused).rejects.toMatchObject({ kind: 'rate-limited' });
      const error: unknown = await connect()
        .getBalance()
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ retryAfterMs: expect.closeTo(15 * 60_000, -5) as number });
      expect([asked('/auth/login'), asked('/orders')]).toEqual([5, 0]);
    });

    test('that a page of HTML keeps from opening has bought nothing', async () => {
      const provider = await open();
      server.conducts.on('answers-html', { only: '/auth/login' });
      await expect(provider.placeOrder({ bundle: plan, quantity: 1 })).rejects.toMatchObject({
        kind: 'down',
      });
      await expect(provider.getBalance()).rejects.toMatchObject({ kind: 'unreadable' });
    });
  });

  test('the supplier mails its QR code to the account and to nobody else', async () => {
    await buyOne(await open());
    expect(server.orders).toMatchObject([{ mailedTo: accounts.good.email }]);
  });

  test('a picture that is no QR code, or cannot be fetched, is not ready and is bought all the same', async () => {
    const provider = await open();
    for (const [conduct, only] of [
      ['draws-no-code', ''],
      ['answers-503', 'GET /order-'],
      ['truncates-the-answer', 'GET /order-'],
    ] as const) {
      server.conducts.on(conduct, { only });
      const outcome = await provider.placeOrder({ bundle: plan, quantity: 1 });
      if (outcome.status !== 'preparing') throw new Error(`expected preparing, got ${outcome.status}`);
      server.conducts.off(conduct);
      expect(await provider.getOrder(outcome.orderReference)).toMatchObject({
        status: 'ready',
        esims: [{ matchingId: server.esims.at(-1)?.matchingId }],
      });
    }
    expect(server.orders).toHaveLength(3);
  });

  test('plans of a country, of a region and by words', async () => {
    const provider = await open({});
    const codesOf = async (filter: Parameters<NonNullable<typeof provider.findBundles>>[0]) =>
      ((await provider.findBundles?.(filter)) ?? []).map(({ code }) => code);
    expect(await codesOf({ region: 'ASIA' })).toEqual(
      ['1GB-7D', '3GB-30D', '5GB-30D', '10GB-30D', 'Unlimited-7D'].map((size) => `plan-ASIA-${size}`),
    );
    // By the name that its bundles have in the catalogue.
    expect(await codesOf({ region: 'Europe+' })).toContain('plan-EU-1GB-7D');
    const french = await codesOf({ country: 'FR' });
    expect(french).toEqual(expect.arrayContaining(['plan-FR-1GB-7D', 'plan-EU-1GB-7D']));
    expect(french).not.toContain('plan-JP-1GB-7D');
    expect(await codesOf({ search: '3gb - japan' })).toEqual(['plan-JP-3GB-30D']);
    expect(await codesOf({ region: 'ATLANTIS' })).toEqual([]);
    expect(await codesOf({ country: 'RU' })).toEqual([]);
  });

  test('what a postpaid account can spend is the credit that is left', async () => {
    await open();
    server.createAccount({ ...accounts.good, balance: 10, billing: 'postpaid' });
    const provider = connect();
    expect((await provider.getBalance()).amount).toEqual(new Decimal(10));
    const { iccid } = await buyOne(provider);
    const { cost } = (await provider.getBundle?.(plan)) ?? {};
    expect((await provider.getBalance()).amount).toEqual(new Decimal(10).minus(cost?.amount ?? 0));
    expect(server.accounts.find(({ email }) => email === accounts.good.email)?.balance).toBeLessThan(0);
    expect(await provider.validateOrder({ bundle: plan, quantity: 1 })).toMatchObject({ reason: 'funds' });
    expect(await provider.topUp?.({ iccid, bundle: plan })).toMatchObject({ reason: 'funds' });
  });

  test('usage is read from what the supplier remembers, or fresh when somebody asks', async () => {
    const provider = await open();
    const { iccid } = await buyOne(provider);
    server.conducts.on('remembers-the-usage');
    server.useData(iccid, 1_200_000_000);
    const left = async (fresh: boolean) =>
      (await provider.listAssignments(iccid, { fresh }))[0]?.remainingBytes;
    expect(await left(false)).toBe(5_120_000_000n);
    expect(await left(true)).toBe(3_920_000_000n);
    server.useData(iccid, 10_000_000_000);
    expect(await provider.listAssignments(iccid, { fresh: true })).toMatchObject([
      { state: 'depleted', remainingBytes: 0n },
    ]);
  });

  test('the end of what is in use is told to the day, and is over then', async () => {
    const provider = await open();
    const { iccid } = await buyOne(provider);
    expect(await provider.listAssignments(iccid)).toMatchObject([{ state: 'queued', endsAt: null }]);
    server.useData(iccid, 1_000_000);
    const [assignment] = await provider.listAssignments(iccid);
    expect(assignment?.endsAt?.toISOString()).toMatch(/T23:59:59\.999Z$/);
    passedMs += 31 * 24 * 3600_000;
    expect(await provider.listAssignments(iccid)).toMatchObject([{ state: 'expired' }]);
  });

  test('an order is cancelled for its price, once, and not when its eSIM is out', async () => {
    const provider = await open();
    const full = await provider.getBalance();
    const { orderReference } = await buyOne(provider);
    expect(await provider.cancelOrder?.(orderReference)).toEqual({ status: 'cancelled' });
    expect(await provider.getBalance()).toEqual(full);
    expect(await provider.getOrder(orderReference)).toMatchObject({ status: 'ready', esims: [] });
    expect(await provider.cancelOrder?.(orderReference)).toMatchObject({ status: 'refused' });

    const installed = await buyOne(provider);
    server.install(installed.iccid);
    expect(await provider.cancelOrder?.(installed.orderReference)).toMatchObject({ status: 'refused' });
    const lost = await buyOne(provider);
    server.conducts.on('loses-the-answer');
    await expect(provider.cancelOrder?.(lost.orderReference)).rejects.toMatchObject({
      kind: 'unknown-outcome',
    });
  });

  test('what moved the money is listed for a window, to the last page', async () => {
    const provider = await open();
    const since = new Date(Date.now() - 1000);
    const { orderReference } = await buyOne(provider);
    await provider.cancelOrder?.(orderReference);
    for (let paid = 0; paid < 120; paid += 1) server.topUp(accounts.good.email, 0.5);
    const listed = [];
    for await (const row of provider.listTransactions?.({ since, until: new Date(Date.now() + 60_000) }) ??
      [])
      listed.push(row);
    expect(listed).toHaveLength(122);
    expect(new Set(listed.map(({ kind }) => kind))).toEqual(new Set(['topup', 'refund', 'order']));
    const sum = listed.reduce((all, { amount }) => all.plus(amount.amount), new Decimal(0));
    expect(sum).toEqual(new Decimal(60));
  });

  test.each(['lists-oldest-first', 'shifts-pages'])(
    'purchases are found though the list %s',
    async (conduct) => {
      const provider = await open();
      const since = new Date(Date.now() - 60_000);
      for (let bought = 0; bought < 130; bought += 1) server.buyByHand(accounts.good.email, 'plan-DE-1GB-7D');
      server.conducts.on(conduct);
      const found = [];
      for await (const purchase of provider.listPurchases({ since, until: new Date(Date.now() + 60_000) }))
        found.push(purchase.orderReference);
      expect(found.toSorted()).toEqual(server.orders.map(({ id }) => id).toSorted());
    },
  );

  test('a list that keeps the newest first is not read to its end', async () => {
    const provider = await open();
    for (let bought = 0; bought < 250; bought += 1) server.buyByHand(accounts.good.email, 'plan-DE-1GB-7D');
    passedMs += 24 * 3600_000;
    const { orderReference } = await buyOne(provider);
    const before = asked('/orders');
    const since = new Date(Date.now() + 3600_000);
    const found = [];
    for await (const purchase of provider.listPurchases({
      since,
      until: new Date(Date.now() + passedMs + 60_000),
    }))
      found.push(purchase.orderReference);
    expect(found).toEqual([orderReference]);
    expect(asked('/orders') - before).toBe(1);
  });

  test('its state is told without a session, with the services it names', async () => {
    await open();
    expect(await connect('wrong').checkHealth?.()).toEqual({
      isHealthy: true,
      services: { database: 'connected', redis: 'connected' },
    });
  });

  test('one address is called once however often it is subscribed, and one that does not answer is refused', async () => {
    const provider = await open();
    const calls = await listenForCalls();
    await provider.subscribe?.(calls.url);
    await provider.subscribe?.(calls.url);
    expect(calls.received).toHaveLength(2); // the supplier's own test, each time
    const { orderReference, iccid } = await buyOne(provider);
    server.conducts.on('calls-with-the-bare-secret');
    await server.callAbout('ESIM_STATUS', iccid);
    await server.callAbout('ORDER_STATUS', iccid);
    const read = calls.received.slice(-2).map((call) => provider.readCallback?.(call));
    expect(read).toMatchObject([
      { kind: 'profile-change', iccid, profileStatus: 'released', isSigned: true, orderReference },
      { kind: 'order-change', iccid: null, isSigned: true, orderReference },
    ]);
    await calls.close();
    await expect(provider.subscribe?.(calls.url)).rejects.toMatchObject({ kind: 'rejected' });
    await expect(provider.subscribe?.(`${calls.url}other`)).rejects.toMatchObject({ kind: 'rejected' });
  });
});

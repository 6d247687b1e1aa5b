import { Decimal } from 'decimal.js';
import { afterEach, describe, expect, test } from 'vitest';
import {
  ProviderError,
  type BundlePage,
  type EsimProvider,
  type ProviderAnswer,
  type ProviderBundle,
  type ProviderErrorKind,
  type ProviderPurchase,
} from '../../app/providers/contract.ts';

/** A supplier of the sandbox with one account that has money, and what it really did. */
export interface Supplier {
  /** A fresh adapter over real HTTP; `good` credentials are the account's. */
  connect(options: {
    credentials: 'good' | 'wrong' | 'penniless';
    fetch: typeof fetch;
    onAnswer: (answer: ProviderAnswer) => void;
  }): EsimProvider;
  /** Makes the supplier misbehave by name, for the purchase request only when told so. */
  misbehave(conduct: string, options?: { purchaseOnly?: boolean; times?: number }): void;
  behave(conduct: string): void;
  /** The account's owner buys on the supplier's own pages. */
  buyByHand(bundle: string): void;
  /** Puts bundles into the account's stock; absent where the supplier keeps none. */
  addStock?(bundle: string, quantity: number): void;
  /** Puts the supplier's clock forward. */
  pass(seconds: number): void;
  /** What it executed and charged, oldest first. */
  purchases(): { orderReference: string; bundle: string; quantity: number; iccids: string[] }[];
  /** How many requests reached it. */
  requestCount(): number;
  /** The codes it issued, as a phone reads them. */
  activationCodes(): string[];
  /** What must never be seen in an error or a log line. */
  secrets(): string[];
  close(): Promise<void>;
}

/** Conducts that never answer. What nobody answers within a moment is as lost as after a minute. */
const silent = ['holds-the-answer', 'never-executes-and-times-out'];
const MOMENT_MS = 1_500;
/** For everything else: only what hangs meets it, also on a busy machine. */
const PATIENCE_MS = 60_000;

/** The promises of app/providers/contract.ts, to be kept by every adapter against its sandbox server. */
export function describeProvider(
  title: string,
  /** With everything the supplier sells, or with a few countries only, among them FR. */
  openSupplier: (sells: 'everything' | 'a little') => Promise<Supplier>,
) {
  describe(title, () => {
    let supplier: Supplier;
    let log: ProviderAnswer[];
    let patienceMs: number;
    afterEach(async () => {
      await supplier.close();
    });

    async function open(
      credentials: 'good' | 'wrong' | 'penniless' = 'good',
      sells: 'everything' | 'a little' = 'a little',
    ): Promise<EsimProvider> {
      supplier = await openSupplier(sells);
      log = [];
      patienceMs = PATIENCE_MS;
      return connect(credentials);
    }

    function connect(credentials: 'good' | 'wrong' | 'penniless'): EsimProvider {
      return supplier.connect({
        credentials,
        fetch: (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(patienceMs) }),
        onAnswer: (answer) => log.push(answer),
      });
    }

    async function cheapest(provider: EsimProvider): Promise<ProviderBundle> {
      const bundles = await catalogue(provider);
      const [first] = bundles.sort((a, b) => a.cost.amount.comparedTo(b.cost.amount));
      if (!first) throw new Error('an empty catalogue');
      return first;
    }

    describe('catalogue and balance', () => {
      test('every bundle once, with a price in the currency of the balance', async () => {
        const provider = await open('good', 'everything');
        const bundles = await catalogue(provider);
        const { currency } = await provider.getBalance();
        expect(bundles.length).toBeGreaterThan(100);
        expect(new Set(bundles.map(({ code }) => code)).size).toBe(bundles.length);
        for (const bundle of bundles) {
          expect(bundle.cost.amount.isPositive()).toBe(true);
          expect(bundle.cost.currency).toBe(currency);
          expect(bundle.days).toBeGreaterThan(0);
          expect(bundle.countries.every((iso) => /^[A-Z]{2}$/.test(iso))).toBe(true);
          expect(bundle.countries).toEqual([...bundle.countries].sort());
          expect(bundle.countries.length > 1 ? bundle.region : '').not.toBeNull();
          expect(bundle.dataBytes === null || bundle.dataBytes > 0n).toBe(true);
          expect(bundle.countries).toEqual(expect.arrayContaining(bundle.roaming));
          expect(bundle.fairUse === null || bundle.dataBytes === null).toBe(true);
          for (const { amount } of bundle.allowances) expect(amount === null || amount > 0).toBe(true);
        }
        expect(bundles.some(({ dataBytes }) => dataBytes === null)).toBe(true);
        expect(bundles.some(({ region }) => region !== null)).toBe(true);
      });

      test('a page says how many there are in all, or that it does not know', async () => {
        const provider = await open('good', 'everything');
        const all = await catalogue(provider);
        for await (const page of provider.listBundles()) expect([null, all.length]).toContain(page.total);
      });

      test('the list goes on behind any of its pages', async () => {
        const provider = await open();
        const pages = await pagesOf(provider);
        const [first, second] = pages;
        const rest = await pagesOf(provider, first?.next);
        expect(rest[0]).toEqual(second);
        expect(rest.flatMap(codes)).toEqual(pages.slice(1).flatMap(codes));
      });

      test('every country it sells has networks, each with a code', async ({ skip }) => {
        const provider = await open();
        if (!provider.listNetworks) return skip('names no networks');
        const countries = [...new Set((await catalogue(provider)).flatMap((bundle) => bundle.countries))];
        const networks = await provider.listNetworks(countries);
        expect(new Set(networks.map(({ country }) => country))).toEqual(new Set(countries));
        for (const { name, mcc, mnc } of networks) {
          expect(name).not.toBe('');
          expect(mcc).toMatch(/^\d{3}$/);
          expect(mnc).toMatch(/^\d{2,3}$/);
        }
        expect(await provider.listNetworks([])).toEqual([]);
        expect(await kindOf(networksOf(connect('wrong')))).toBe('credentials');
      });

      test('buying lowers the balance by exactly the price', async () => {
        const provider = await open();
        const bundle = await cheapest(provider);
        const before = await provider.getBalance();
        const outcome = await provider.placeOrder({ bundle: bundle.code, quantity: 3 });
        const after = await provider.getBalance();
        const spent = before.amount.minus(after.amount);
        expect(spent.toFixed()).toBe(bundle.cost.amount.times(3).toFixed());
        expect(outcome).toMatchObject({ total: { currency: before.currency } });
        expect(outcome.status === 'ready' ? outcome.total?.amount : null).toEqual(new Decimal(spent));
      });
    });

    describe('an order', () => {
      test('each eSIM of an order has its own code, and every way of reading it back agrees', async () => {
        const provider = await open();
        const bundle = await cheapest(provider);
        const since = new Date(Date.now() - 60_000);
        const outcome = await provider.placeOrder({ bundle: bundle.code, quantity: 3 });
        if (outcome.status !== 'ready') throw new Error(`expected ready, got ${outcome.status}`);

        const codes = outcome.esims.map(
          ({ smdpAddress, matchingId }) => `LPA:1$${smdpAddress}$${matchingId}`,
        );
        expect(codes.sort()).toEqual(supplier.activationCodes().sort());
        expect(new Set(codes).size).toBe(3);

        const again = await provider.getOrder(outcome.orderReference);
        if (again.status !== 'ready') throw new Error(`expected ready, got ${again.status}`);
        const without = (links: object) => ({ ...links, appleInstallUrl: null, androidInstallUrl: null });
        expect(sorted(again.esims).map(without)).toEqual(sorted(outcome.esims).map(without));

        const iccids = outcome.esims.map(({ iccid }) => iccid).sort();
        const [purchase, ...others] = await purchases(provider, since);
        expect(others).toEqual([]);
        expect(purchase).toMatchObject({ orderReference: outcome.orderReference, isPurchase: true });
        expect(purchase?.items).toMatchObject([{ bundle: bundle.code, quantity: 3 }]);
        expect(purchase?.items[0]?.iccids.toSorted()).toEqual(iccids);

        for (const esim of outcome.esims) {
          const profile = await provider.getEsim(esim.iccid);
          expect(profile).toMatchObject({
            matchingId: esim.matchingId,
            profileStatus: 'released',
            installedAt: null,
          });
          const [assignment] = await provider.listAssignments(esim.iccid);
          expect(assignment).toMatchObject({ bundle: bundle.code, initialBytes: bundle.dataBytes });
        }
      });

      test('asking whether an order would be accepted charges nothing', async () => {
        const provider = await open();
        const bundle = await cheapest(provider);
        const before = await provider.getBalance();
        const validation = await provider.validateOrder({ bundle: bundle.code, quantity: 2 });
        if (validation.status !== 'accepted') throw new Error(validation.detail);
        if (validation.total !== null) {
          expect(validation.total).toEqual({ ...bundle.cost, amount: bundle.cost.amount.times(2) });
        }
        expect(await provider.getBalance()).toEqual(before);
        expect(supplier.purchases()).toEqual([]);
      });

      test('a bundle that is not sold is refused, and nothing is bought', async () => {
        const provider = await open();
        const order = { bundle: 'esim_no_such_bundle', quantity: 1 };
        expect(await provider.placeOrder(order)).toMatchObject({
          status: 'refused',
          reason: 'bundle-unavailable',
        });
        expect(await provider.validateOrder(order)).toMatchObject({
          status: 'refused',
          reason: 'bundle-unavailable',
        });
        expect(supplier.purchases()).toEqual([]);
      });

      test('an account without money is refused for funds, and nothing is bought', async () => {
        const bundle = await cheapest(await open());
        const poor = connect('penniless');
        const order = { bundle: bundle.code, quantity: 1 };
        expect(await poor.placeOrder(order)).toMatchObject({ status: 'refused', reason: 'funds' });
        expect(await poor.validateOrder(order)).toMatchObject({ status: 'refused', reason: 'funds' });
        expect(supplier.purchases()).toEqual([]);
      });

      test('an order whose profiles take time is preparing, then ready', async () => {
        const provider = await open();
        const bundle = await cheapest(provider);
        supplier.misbehave('prepares-slowly');
        const outcome = await provider.placeOrder({ bundle: bundle.code, quantity: 2 });
        if (outcome.status !== 'preparing') throw new Error(`expected preparing, got ${outcome.status}`);
        expect(await provider.getOrder(outcome.orderReference)).toMatchObject({ status: 'preparing' });

        const [purchase] = await purchases(provider, new Date(Date.now() - 60_000));
        expect(purchase?.items).toMatchObject([{ quantity: 2, iccids: [] }]);

        supplier.pass(3600);
        const ready = await provider.getOrder(outcome.orderReference);
        expect(ready.status === 'ready' ? ready.esims : []).toHaveLength(2);
      });

      test('an order of ten, which the supplier prepares after answering, gives ten eSIMs', async () => {
        const provider = await open();
        const bundle = await cheapest(provider);
        const outcome = await provider.placeOrder({ bundle: bundle.code, quantity: 10 });
        if (outcome.status === 'refused') throw new Error(outcome.detail);
        if (outcome.status === 'preparing') {
          expect(await provider.getOrder(outcome.orderReference)).toMatchObject({ status: 'preparing' });
        }
        supplier.pass(3600);
        const ready = await provider.getOrder(outcome.orderReference);
        expect(ready.status === 'ready' ? new Set(ready.esims.map(({ iccid }) => iccid)).size : 0).toBe(10);
      });

      test('a bundle withdrawn since the catalogue was read is refused, and nothing is bought', async () => {
        const provider = await open();
        const order = { bundle: (await cheapest(provider)).code, quantity: 1 };
        supplier.misbehave('withdraws-the-bundle');
        for (const answer of [await provider.validateOrder(order), await provider.placeOrder(order)])
          expect(answer).toMatchObject({ status: 'refused', reason: 'bundle-unavailable' });
        expect(supplier.purchases()).toEqual([]);
      });

      test('an order that never gets its eSIMs stays preparing', async () => {
        const provider = await open();
        const bundle = await cheapest(provider);
        supplier.misbehave('never-assigns');
        const outcome = await provider.placeOrder({ bundle: bundle.code, quantity: 1 });
        if (outcome.status !== 'preparing') throw new Error(`expected preparing, got ${outcome.status}`);
        supplier.pass(24 * 3600);
        expect(await provider.getOrder(outcome.orderReference)).toMatchObject({ status: 'preparing' });
      });

      test('fewer eSIMs than paid for are handed over, and never passed off as all', async () => {
        const provider = await open();
        const bundle = await cheapest(provider);
        supplier.misbehave('allocates-fewer');
        const outcome = await provider.placeOrder({ bundle: bundle.code, quantity: 3 });
        if (outcome.status !== 'preparing') throw new Error(`expected preparing, got ${outcome.status}`);
        const listed = await provider.getOrder(outcome.orderReference);
        expect(listed.status === 'ready' ? listed.esims : []).toHaveLength(2);
      });
    });

    describe('abilities of some', () => {
      /** One eSIM bought, with its bundle. */
      async function buyOne(provider: EsimProvider): Promise<{ iccid: string; bundle: ProviderBundle }> {
        const bundle = await cheapest(provider);
        const outcome = await provider.placeOrder({ bundle: bundle.code, quantity: 1 });
        if (outcome.status !== 'ready') throw new Error(`expected ready, got ${outcome.status}`);
        return { iccid: outcome.esims[0]?.iccid ?? '', bundle };
      }

      test('a tag is read back, and the last one counts', async ({ skip }) => {
        const provider = await open();
        if (!provider.tagEsim) return skip('cannot tag');
        const { iccid } = await buyOne(provider);
        expect((await provider.getEsim(iccid)).tag).toBeNull();
        for (const tag of ['unit-1', 'unit-1', 'unit 2/ü']) {
          await provider.tagEsim(iccid, tag);
          expect((await provider.getEsim(iccid)).tag).toBe(tag);
        }
        expect(await kindOf(provider.tagEsim('8944123456789012345', 'unit-3'))).toBe('rejected');
        expect(await kindOf(tagOf(connect('wrong'), iccid))).toBe('credentials');
      });

      test('stock becomes eSIMs without a charge, and each piece once', async ({ skip }) => {
        const provider = await open();
        if (!provider.applyFromStock || !provider.listStock) return skip('keeps no stock');
        const bundle = await cheapest(provider);
        const since = new Date(Date.now() - 60_000);
        supplier.addStock?.(bundle.code, 2);
        supplier.addStock?.(bundle.code, 1);
        expect(await provider.listStock()).toMatchObject([{ bundle: bundle.code, remaining: 3 }]);

        const before = await provider.getBalance();
        const applied = await provider.applyFromStock({ bundle: bundle.code, quantity: 2 });
        if (applied.status === 'refused') throw new Error(applied.detail);
        const ready = await provider.getOrder(applied.orderReference);
        const codes = ready.status === 'ready' ? ready.esims : [];
        expect(
          codes.map(({ smdpAddress, matchingId }) => `LPA:1$${smdpAddress}$${matchingId}`).sort(),
        ).toEqual(supplier.activationCodes().sort());
        expect(await provider.getBalance()).toEqual(before);
        expect(await provider.listStock()).toMatchObject([{ bundle: bundle.code, remaining: 1 }]);
        expect(await purchases(provider, since)).toMatchObject([
          {
            orderReference: applied.orderReference,
            isPurchase: false,
            items: [{ bundle: bundle.code, quantity: 2 }],
          },
        ]);
      });

      test('more than is in stock, or what is not sold, is refused and takes nothing', async ({ skip }) => {
        const provider = await open();
        if (!provider.applyFromStock || !provider.listStock) return skip('keeps no stock');
        const bundle = await cheapest(provider);
        supplier.addStock?.(bundle.code, 1);
        for (const order of [
          { bundle: bundle.code, quantity: 2 },
          { bundle: 'esim_no_such_bundle', quantity: 1 },
        ]) {
          const refused = { status: 'refused', reason: 'bundle-unavailable' };
          expect(await provider.applyFromStock(order)).toMatchObject(refused);
        }
        expect(await provider.listStock()).toMatchObject([{ bundle: bundle.code, remaining: 1 }]);
        expect(supplier.activationCodes()).toEqual([]);
      });

      test.for<[conduct: string, applied: number]>([
        ['loses-the-answer', 1],
        ['resets-after-body', 1],
        ['answers-503-and-executes', 1],
        ['charges-then-500', 1],
        ['truncates-the-answer', 1],
        ['answers-503', 0],
        ['executes-late', 0],
      ])(
        'an application from stock is in doubt when the supplier %s',
        async ([conduct, applied], { skip }) => {
          const provider = await open();
          if (!provider.applyFromStock) return skip('keeps no stock');
          const bundle = await cheapest(provider);
          supplier.addStock?.(bundle.code, 1);
          const since = new Date(Date.now() - 60_000);
          supplier.misbehave(conduct);
          const before = supplier.requestCount();
          expect(await kindOf(provider.applyFromStock({ bundle: bundle.code, quantity: 1 }))).toBe(
            'unknown-outcome',
          );
          expect(supplier.requestCount() - before).toBe(1);
          supplier.behave(conduct);
          expect(await purchases(provider, since)).toHaveLength(applied);
        },
      );

      test('with a wrong key nothing is applied', async ({ skip }) => {
        const bundle = await cheapest(await open());
        const wrong = connect('wrong');
        if (!wrong.applyFromStock) return skip('keeps no stock');
        supplier.addStock?.(bundle.code, 1);
        const answer = wrong.applyFromStock({ bundle: bundle.code, quantity: 1 });
        expect(await kindOf(answer)).toBe('credentials');
        expect(supplier.activationCodes()).toEqual([]);
      });

      test('what is revoked unused gives back exactly its price, once', async ({ skip }) => {
        const provider = await open();
        if (!provider.revoke) return skip('cannot revoke');
        const full = await provider.getBalance();
        const { iccid, bundle } = await buyOne(provider);
        expect(await provider.revoke({ iccid, bundle: 'esim_no_such_bundle' })).toMatchObject({
          status: 'refused',
        });
        expect(await provider.revoke({ iccid, bundle: bundle.code })).toEqual({
          status: 'revoked',
          refundedTo: 'balance',
        });
        expect(await provider.getBalance()).toEqual(full);
        const again = provider.revoke({ iccid, bundle: bundle.code });
        // An eSIM that nobody installed goes with its last bundle: it may be a stranger's by now.
        expect(await again.then(({ status }) => status, kindOfError)).toMatch(/^(refused|rejected)$/);
        expect(await provider.getBalance()).toEqual(full);
      });

      test('an eSIM for which nothing comes back stays, when only a refund is worth it', async ({ skip }) => {
        const provider = await open();
        if (!provider.revoke) return skip('cannot revoke');
        const { iccid, bundle } = await buyOne(provider);
        supplier.pass(90 * 24 * 3600);
        expect(await provider.revoke({ iccid, bundle: bundle.code, onlyForRefund: true })).toMatchObject({
          status: 'refused',
        });
        expect((await provider.getEsim(iccid)).iccid).toBe(iccid);
      });

      test('a revoke whose answer is lost is in doubt, and the money tells', async ({ skip }) => {
        const provider = await open();
        if (!provider.revoke) return skip('cannot revoke');
        const full = await provider.getBalance();
        const { iccid, bundle } = await buyOne(provider);
        supplier.misbehave('loses-the-answer');
        expect(await kindOf(provider.revoke({ iccid, bundle: bundle.code }))).toBe('unknown-outcome');
        expect(await provider.getBalance()).toEqual(full);
      });
    });

    describe('doubt', () => {
      test.each([
        ['loses-the-answer', 1],
        ['holds-the-answer', 1],
        ['resets-after-body', 1],
        ['answers-503-and-executes', 1],
        ['charges-then-500', 1],
        ['answers-html', 1],
        ['truncates-the-answer', 1],
        ['answers-503', 0],
        ['never-executes-and-times-out', 0],
      ])(
        'a supplier that %s leaves the purchase in doubt, and the listing tells the truth',
        async (conduct, bought) => {
          const provider = await open();
          const bundle = await cheapest(provider);
          const since = new Date(Date.now() - 60_000);
          supplier.misbehave(conduct, { purchaseOnly: true });
          if (silent.includes(conduct)) patienceMs = MOMENT_MS;
          expect(await kindOf(provider.placeOrder({ bundle: bundle.code, quantity: 2 }))).toBe(
            'unknown-outcome',
          );
          supplier.behave(conduct);
          patienceMs = PATIENCE_MS;

          expect(supplier.purchases()).toHaveLength(bought);
          const listed = await purchases(provider, since);
          expect(listed.map(({ orderReference }) => orderReference)).toEqual(
            supplier.purchases().map(({ orderReference }) => orderReference),
          );
          for (const { orderReference } of listed) {
            const order = await provider.getOrder(orderReference);
            expect(order.status === 'ready' ? order.esims : []).toHaveLength(2);
          }
        },
      );

      test('a purchase that is executed after its connection was cut is listed from then on', async () => {
        const provider = await open();
        const bundle = await cheapest(provider);
        const since = new Date(Date.now() - 60_000);
        supplier.misbehave('executes-late');
        expect(await kindOf(provider.placeOrder({ bundle: bundle.code, quantity: 1 }))).toBe(
          'unknown-outcome',
        );
        expect(await purchases(provider, since)).toEqual([]);
        supplier.pass(3600);
        expect(await purchases(provider, since)).toMatchObject([{ items: [{ bundle: bundle.code }] }]);
      });

      test('a purchase tells the address it came from, so one made by hand is not taken for ours', async () => {
        const provider = await open();
        const bundle = await cheapest(provider);
        const since = new Date(Date.now() - 60_000);
        const outcome = await provider.placeOrder({ bundle: bundle.code, quantity: 1 });
        if (outcome.status === 'refused') throw new Error(outcome.detail);
        supplier.buyByHand(bundle.code);
        const listed = await purchases(provider, since);
        const ours = listed.filter(({ sourceIp }) => sourceIp === outcome.sourceIp);
        expect(ours.map(({ orderReference }) => orderReference)).toEqual([outcome.orderReference]);
        expect(listed).toHaveLength(2);
        expect(listed.map(({ sourceIp }) => sourceIp)).not.toContain(null);
      });

      test('one call sends one purchase, whatever comes back', async () => {
        const provider = await open();
        const bundle = await cheapest(provider);
        for (const conduct of ['answers-503', 'charges-then-500', 'throttles', 'loses-the-answer']) {
          supplier.misbehave(conduct, { purchaseOnly: true });
          const before = supplier.requestCount();
          await kindOf(provider.placeOrder({ bundle: bundle.code, quantity: 1 }));
          expect(supplier.requestCount() - before).toBe(1);
          supplier.behave(conduct);
        }
      });

      test('a purchase that is listed late is listed in the end', async () => {
        const provider = await open();
        const bundle = await cheapest(provider);
        const since = new Date(Date.now() - 60_000);
        supplier.misbehave('lists-late');
        await provider.placeOrder({ bundle: bundle.code, quantity: 1 });
        expect(await purchases(provider, since)).toEqual([]);
        supplier.pass(3600);
        expect(await purchases(provider, since)).toHaveLength(1);
      });

      test('a window lists what was bought in it, newest first, over as many pages as it takes', async () => {
        const provider = await open();
        const bundle = await cheapest(provider);
        const start = Date.now();
        for (let bought = 0; bought < 103; bought += 1) {
          await provider.placeOrder({ bundle: bundle.code, quantity: 1 });
          if (bought === 2) supplier.pass(3600);
          if (bought === 2) await new Promise((later) => setTimeout(later, 2));
        }
        const recent = await purchases(provider, new Date(start + 1800_000));
        const newestFirst = supplier.purchases().slice(3).reverse();
        expect(recent).toHaveLength(100);
        expect(new Set(recent.map(({ orderReference }) => orderReference))).toEqual(
          new Set(newestFirst.map(({ orderReference }) => orderReference)),
        );
        const times = recent.map(({ createdAt }) => createdAt.getTime());
        expect(times).toEqual(times.toSorted((a, b) => b - a));
        expect(await purchases(provider, new Date(start - 60_000))).toHaveLength(103);
      });
    });

    describe('failures', () => {
      const calls: [string, (provider: EsimProvider) => Promise<unknown>][] = [
        ['balance', (provider) => provider.getBalance()],
        ['catalogue', catalogue],
        ['validation', (provider) => provider.validateOrder({ bundle: 'esim_1GB_7D_FR_V2', quantity: 1 })],
        ['order', (provider) => provider.getOrder('no-such-order')],
        ['purchases', (provider) => purchases(provider, new Date(0))],
        ['eSIM', (provider) => provider.getEsim('8944123456789012345')],
        ['assignments', (provider) => provider.listAssignments('8944123456789012345')],
      ];
      const reads: [string, ProviderErrorKind][] = [
        ['revokes-the-key', 'credentials'],
        ['throttles', 'rate-limited'],
      ];

      test.each(calls)('a wrong key is the merchant’s to fix: %s', async (_name, call) => {
        const provider = await open('wrong');
        expect(await kindOf(call(provider))).toBe('credentials');
      });

      test.each(calls)('whatever the supplier does, reading has a kind: %s', async (_name, call) => {
        const provider = await open();
        for (const [conduct, kind] of reads) {
          supplier.misbehave(conduct);
          expect(await kindOf(call(provider))).toBe(kind);
          supplier.behave(conduct);
        }
      });

      test('a purchase with a wrong key, or too soon, has bought nothing', async () => {
        const provider = await open();
        const order = { bundle: (await cheapest(provider)).code, quantity: 1 };
        expect(await kindOf(connect('wrong').placeOrder(order))).toBe('credentials');
        supplier.misbehave('throttles');
        const error = await failureOf(provider.placeOrder(order));
        expect(error).toMatchObject({ kind: 'rate-limited', retryAfterMs: 1000 });
        expect(supplier.purchases()).toEqual([]);
      });

      test('a page of HTML is unreadable, a busy supplier is down', async () => {
        const provider = await open();
        supplier.misbehave('answers-html');
        expect(await kindOf(provider.getBalance())).toBe('unreadable');
        supplier.behave('answers-html');
        supplier.misbehave('answers-503');
        expect(await failureOf(provider.getBalance())).toMatchObject({ kind: 'down', retryAfterMs: 1000 });
      });

      test('a supplier that cannot be reached has sold nothing', async () => {
        const provider = await open();
        const order = { bundle: (await cheapest(provider)).code, quantity: 1 };
        await supplier.close();
        expect(await kindOf(provider.placeOrder(order))).toBe('down');
        supplier = await openSupplier('a little');
      });

      test('an eSIM or an order of somebody else is rejected, with the key still good', async () => {
        const provider = await open();
        expect(await kindOf(provider.getEsim('8944123456789012345'))).toBe('rejected');
        expect(await kindOf(provider.listAssignments('8944123456789012345'))).toBe('rejected');
        expect(await kindOf(provider.getOrder('no-such-order'))).toBe('rejected');
      });

      test('no error and no log line holds a key, a code or an ICCID', async () => {
        const provider = await open();
        const bundle = await cheapest(provider);
        await provider.placeOrder({ bundle: bundle.code, quantity: 2 });
        const [iccid = ''] = supplier.purchases()[0]?.iccids ?? [];
        const errors: Error[] = [];
        for (const conduct of [
          'answers-html',
          'truncates-the-answer',
          'revokes-the-key',
          'throttles',
          'answers-503',
        ]) {
          supplier.misbehave(conduct);
          errors.push(await failureOf(provider.getEsim(iccid)), await failureOf(provider.getBalance()));
          errors.push(await failureOf(provider.placeOrder({ bundle: bundle.code, quantity: 1 })));
          supplier.behave(conduct);
        }
        const seen = JSON.stringify([
          errors.map((error) => [error.message, error.stack, String(error.cause)]),
          log,
        ]);
        for (const secret of supplier.secrets()) expect(seen).not.toContain(secret);
        expect(log).not.toEqual([]);
      });
    });
  });
}

async function catalogue(provider: EsimProvider): Promise<ProviderBundle[]> {
  const bundles: ProviderBundle[] = [];
  for await (const page of provider.listBundles()) bundles.push(...page.bundles);
  return bundles;
}

async function purchases(provider: EsimProvider, since: Date): Promise<ProviderPurchase[]> {
  const found: ProviderPurchase[] = [];
  const until = new Date(Date.now() + 24 * 60 * 60 * 1000);
  for await (const purchase of provider.listPurchases({ since, until })) found.push(purchase);
  return found;
}

function sorted<T extends { iccid: string }>(esims: T[]): T[] {
  return esims.toSorted((a, b) => a.iccid.localeCompare(b.iccid));
}

async function tagOf(provider: EsimProvider, iccid: string): Promise<void> {
  await provider.tagEsim?.(iccid, 'unit-4');
}

function kindOfError(error: unknown): ProviderErrorKind {
  if (!(error instanceof ProviderError)) throw error;
  return error.kind;
}

async function kindOf(answer: Promise<unknown>): Promise<ProviderErrorKind> {
  return (await failureOf(answer)).kind;
}

async function failureOf(answer: Promise<unknown>): Promise<ProviderError> {
  const error = await answer.then(
    (value) => new Error(`expected a ProviderError, got ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ProviderError)) throw error;
  return error;
}

async function pagesOf(provider: EsimProvider, from?: string): Promise<BundlePage[]> {
  const pages: BundlePage[] = [];
  for await (const page of provider.listBundles(from)) pages.push(page);
  return pages;
}

const codes = ({ bundles }: BundlePage) => bundles.map(({ code }) => code);

async function networksOf(provider: EsimProvider): Promise<void> {
  await provider.listNetworks?.(['FR']);
}

import { Decimal } from 'decimal.js';
import { describe, expect, test } from 'vitest';
import type { BundlePage, SellingProvider } from '../../../app/providers/contract.ts';
import { catalogue, cheapest, pagesOf, someOf } from './asking.ts';
import { kindOf } from './failure.ts';
import type { Trial } from './trial.ts';

export function promiseCatalogue(trial: Trial) {
  describe('catalogue and balance', () => {
    test('every bundle once, with a price in the currency of the balance', async () => {
      const provider = await trial.open('good', 'everything');
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
      const provider = await trial.open('good', 'everything');
      const all = await catalogue(provider);
      for await (const page of provider.listBundles()) expect([null, all.length]).toContain(page.total);
    });

    test('the list goes on behind any of its pages', async () => {
      const provider = await trial.open();
      const pages = await pagesOf(provider);
      const [first, second] = pages;
      const rest = await pagesOf(provider, first?.next);
      expect(rest[0]).toEqual(second);
      expect(rest.flatMap(codes)).toEqual(pages.slice(1).flatMap(codes));
    });

    test('every country it sells has networks, each with a code', async ({ skip }) => {
      const provider = await trial.open();
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
      expect(await kindOf(networksOf(trial.connect('wrong')))).toBe('credentials');
    });

    test('one bundle reads as it does in the catalogue', async ({ skip }) => {
      const provider = await trial.open();
      if (!provider.getBundle) return skip('reads the catalogue only');
      const bundle = await cheapest(provider);
      expect(await provider.getBundle(bundle.code)).toEqual(bundle);
      expect(await provider.getBundle('esim_no_such_bundle')).toBeNull();
      expect(await provider.getBundle(bundle.code.toLowerCase())).toBeNull();
    });

    test('every group of the catalogue is among the groups', async ({ skip }) => {
      const provider = await trial.open('good', 'everything');
      if (!provider.listGroups) return skip('knows no groups');
      const groups = await provider.listGroups();
      const sold = new Set((await catalogue(provider)).flatMap((bundle) => bundle.groups));
      expect(groups).toEqual(expect.arrayContaining([...sold]));
    });

    test('buying lowers the balance by exactly the price', async () => {
      const provider = await trial.open();
      const bundle = await cheapest(provider);
      const before = await provider.getBalance();
      const quantity = someOf(trial.supplier);
      const outcome = await provider.placeOrder({ bundle: bundle.code, quantity });
      const after = await provider.getBalance();
      const spent = before.amount.minus(after.amount);
      expect(spent.toFixed()).toBe(bundle.cost.amount.times(quantity).toFixed());
      expect(outcome).toMatchObject({ total: { currency: before.currency } });
      if (outcome.status === 'ready' && outcome.runningBalance)
        expect(outcome.runningBalance).toEqual({ amount: after.amount, currency: after.currency });
      expect(outcome.status === 'ready' ? outcome.total?.amount : null).toEqual(new Decimal(spent));
    });
  });
}

async function networksOf(provider: SellingProvider): Promise<void> {
  await provider.listNetworks?.(['FR']);
}

const codes = ({ bundles }: BundlePage) => bundles.map(({ code }) => code);

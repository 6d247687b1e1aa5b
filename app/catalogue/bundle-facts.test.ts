import { Decimal } from 'decimal.js';
import { expect, test } from 'vitest';
import { bundleFacts, networksByCountry } from './bundle-facts.ts';
import type { BundleDetails } from './queries.server.ts';

const bundle: BundleDetails = {
  ...{
    id: 'id',
    accountId: 'account',
    supplier: 'eSIM Go',
    code: 'esim_UL_7D_FR_V2',
    description: 'eSIM, France',
  },
  ...{ kind: 'country', destination: 'FR', countries: ['FR', 'DE'], region: null, dataBytes: null, days: 7 },
  ...{ groups: ['Standard Unlimited Lite'], speeds: ['4G', '5G'], imageUrl: null, withdrawnAt: null },
  ...{ isConnected: true, cost: { amount: new Decimal('14'), currency: 'USD' }, mappings: [] },
  ...{ roaming: ['DE'], fairUse: '2 GB a day at full speed', autostart: true },
  allowances: [
    { kind: 'voice', amount: 60 },
    { kind: 'sms', amount: null },
  ],
};
const told = (changes: Partial<BundleDetails> = {}) =>
  Object.fromEntries(
    bundleFacts(
      { ...bundle, ...changes },
      { locale: 'de', cost: ({ amount, currency }) => `${amount.toFixed(2)} ${currency}` },
    ).map(({ term, description }) => [term, description]),
  );

test('everything the supplier says of a bundle is told in words', () => {
  expect(told()).toEqual({
    ...{ Cost: '14.00 USD (2.00 USD per day)', Supplier: 'eSIM Go', Destination: 'One country' },
    ...{ Data: 'Unlimited Lite', 'Fair use': '2 GB a day at full speed', 'Valid for': '7 days' },
    ...{ Begins: 'When the eSIM first connects there', Speeds: '4G, 5G' },
    ...{ Group: 'Standard Unlimited Lite', Calls: '60 minutes', 'Text messages': 'Unlimited' },
    ...{ 'Works in': 'Deutschland, Frankreich', 'Reached by roaming': 'Deutschland' },
    ...{ "Supplier's name": 'eSIM, France' },
  });
});

test('what a bundle does not have is not told', () => {
  const facts = told({
    dataBytes: 2_000_000_000n,
    fairUse: null,
    allowances: [],
    roaming: [],
    speeds: [],
    groups: [],
  });
  expect(Object.keys(facts)).toEqual([
    ...['Cost', 'Supplier', 'Destination', 'Data', 'Valid for', 'Begins', 'Works in', "Supplier's name"],
  ]);
  expect(facts['Cost']).toBe('14.00 USD (7.00 USD per GB, 2.00 USD per day)');
  expect(told({ autostart: false })['Begins']).toMatch(/^With the purchase/);
});

test('networks stand under their country, by its name in the viewer’s language', () => {
  const network = (country: string, name: string, brand: string | null = null) => ({
    ...{ country, name, brand, speeds: ['4G'] },
  });
  expect(
    networksByCountry([network('FR', 'Orange F', 'Orange'), network('DE', 'o2'), network('FR', 'SFR')], 'de'),
  ).toEqual([
    { country: 'Deutschland', networks: [{ name: 'o2', speeds: '4G' }] },
    {
      country: 'Frankreich',
      networks: [
        { name: 'Orange', speeds: '4G' },
        { name: 'SFR', speeds: '4G' },
      ],
    },
  ]);
});

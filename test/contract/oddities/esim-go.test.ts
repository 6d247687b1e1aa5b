import { afterEach, expect, test } from 'vitest';
import { providers } from '../../../app/providers/registry.server.ts';
import { openEsimGo } from '../../sandbox/esim-go/on-trial.ts';

// What only eSIM Go has: its two versions, and its brandings.

const france = { bundle: 'esim_1GB_7D_FR_V2', quantity: 1 };

let supplier: Awaited<ReturnType<typeof openEsimGo>>;
afterEach(() => supplier.close());

async function open(options: Parameters<typeof openEsimGo>[1]) {
  supplier = await openEsimGo('a little', options);
  const { credentials, baseUrl } = supplier;
  return providers['esim-go'].create({ credentials: credentials.good, baseUrl, fetch });
}

test.each([
  ['2.4', false],
  ['2.5', true],
] as const)('version %s tells the install link of Android: %s', async (version, isTold) => {
  const provider = await open({ version });
  const outcome = await provider.placeOrder(france);
  if (outcome.status === 'refused') throw new Error('refused');
  const order = await provider.getOrder(outcome.orderReference);
  const [esim] = order.status === 'ready' ? order.esims : [];
  expect(esim?.appleInstallUrl).toMatch(/^https:\/\/esimsetup\.apple\.com\//);
  expect(esim?.androidInstallUrl ?? '').toMatch(isTold ? /^https:\/\/esimsetup\.android\.com\// : /^$/);
  expect('suspend' in provider).toBe(isTold);
});

test.each([
  ['profile-01', { status: 'ready' }],
  ['profile-02', { status: 'refused', reason: 'branding' }],
] as const)(
  '2.5 orders with the branding %s of the account, or none: %j',
  async (brandingProfile, expected) => {
    const provider = await open({ version: '2.5', brandingProfile });
    expect(await provider.validateOrder(france)).toMatchObject(
      expected.status === 'ready' ? { status: 'accepted' } : expected,
    );
    expect(await provider.placeOrder(france)).toMatchObject(expected);
    expect(supplier.purchases()).toHaveLength(expected.status === 'ready' ? 1 : 0);
  },
);

test('2.4 knows no branding profile, no running balance and no deletion', async () => {
  const provider = await open({ brandingProfile: 'profile-02' });
  expect(await provider.placeOrder(france)).toMatchObject({ status: 'ready', runningBalance: null });
  expect(provider).not.toHaveProperty('deleteEsim');
  expect(provider).not.toHaveProperty('listConsumptionPrices');
});

test('2.5 tells the balance with an order', async () => {
  const provider = await open({ version: '2.5' });
  const outcome = await provider.placeOrder(france);
  const { amount, currency } = await provider.getBalance();
  expect(outcome).toMatchObject({ runningBalance: { amount, currency } });
});

test('2.5 says of an eSIM that it is not suspended', async () => {
  const provider = await open({ version: '2.5' });
  await provider.placeOrder(france);
  const [iccid = ''] = supplier.purchases()[0]?.iccids ?? [];
  expect(await provider.getEsim(iccid)).toMatchObject({ profileStatus: 'released', isSuspended: false });
});

test('2.5 tells prices by the gigabyte to an account that pays for what is used', async () => {
  const provider = await open({ version: '2.5', paysByConsumption: true });
  const prices = await provider.listConsumptionPrices?.();
  expect(prices?.map(({ country, profile }) => `${String(country)} ${String(profile)}`)).toEqual([
    ...['FR Profile 1', 'FR Profile 2', 'DE Profile 1', 'DE Profile 2', 'JP Profile 1', 'JP Profile 2'],
  ]);
  expect(prices?.every(({ perGigabyte }) => perGigabyte.amount.gt(0))).toBe(true);
});

test('2.5 tells no prices by the gigabyte to any other account', async () => {
  const provider = await open({ version: '2.5' });
  await expect(provider.listConsumptionPrices?.()).rejects.toMatchObject({ kind: 'rejected' });
});

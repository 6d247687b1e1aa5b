import { expect, test } from 'vitest';
import type { ShopifyLine } from '../shopify/orders.server.ts';
import { planUnits, type KnownVariants } from './units.ts';

const known: KnownVariants = {
  bundles: new Map([['gid://shopify/ProductVariant/1', { bundleId: 'bundle', accountId: 'account' }]]),
  products: new Set(['gid://shopify/Product/1']),
  codes: new Set(['esim_1GB_7D_FR_V2']),
};

const line = (changes: Partial<ShopifyLine> = {}): ShopifyLine => ({
  lineItemGid: 'gid://shopify/LineItem/1',
  quantity: 1,
  title: 'France 1 GB',
  sku: null,
  productType: null,
  productGid: 'gid://shopify/Product/1',
  variantGid: 'gid://shopify/ProductVariant/1',
  isGiftCard: false,
  requiresShipping: false,
  unitPrice: { amount: 990, currency: 'EUR' },
  ...changes,
});

const plan = (lines: ShopifyLine[], isTest = false) => planUnits(lines, known, isTest);

test('each paid piece is one unit, numbered from 0 in its line', () => {
  const units = plan([line({ quantity: 3 }), line({ lineItemGid: 'gid://shopify/LineItem/2', quantity: 2 })]);
  expect(units.map(({ lineItemGid, unitIndex }) => `${lineItemGid.slice(-1)}.${String(unitIndex)}`)).toEqual([
    '1.0',
    '1.1',
    '1.2',
    '2.0',
    '2.1',
  ]);
  expect(
    units.every(
      ({ state, reason, bundleId }) => state === 'paid' && reason === null && bundleId === 'bundle',
    ),
  ).toBe(true);
});

test('a line that was refunded to nothing, a gift card and a custom line yield nothing', () => {
  expect(
    plan([
      line({ quantity: 0 }),
      line({ isGiftCard: true }),
      line({ variantGid: null, title: 'eSIM by hand' }),
    ]),
  ).toEqual([]);
});

test('a test order is held, so that nothing is bought for it', () => {
  expect(plan([line()], true)).toMatchObject([{ state: 'held', reason: 'test-order' }]);
});

test('what looks like an eSIM but is not mapped is held; other goods are left alone', () => {
  const unmapped = { variantGid: 'gid://shopify/ProductVariant/2', productGid: 'gid://shopify/Product/2' };
  const heldOnes = [
    { productGid: 'gid://shopify/Product/1' },
    { sku: 'esim_1GB_7D_FR_V2' },
    { title: 'Japan eSIM' },
    { productType: 'e-SIM' },
    { title: 'Zwei eSIMs' },
  ];
  for (const changes of heldOnes) {
    expect(plan([line({ ...unmapped, ...changes })]), JSON.stringify(changes)).toMatchObject([
      { state: 'held', reason: 'no-bundle', bundleId: null },
    ]);
  }
  for (const changes of [
    { title: 'Simple e-book' },
    { title: 'eSIM case', requiresShipping: true },
    { title: 'Besims' },
  ]) {
    expect(plan([line({ ...unmapped, ...changes })]), JSON.stringify(changes)).toEqual([]);
  }
});

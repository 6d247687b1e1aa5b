import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ShopifyLine } from '../shopify/orders.server.ts';
import { transitions, type UnitState } from './line.ts';
import { followQuantity, guarded, planUnits, type KnownVariants, type Piece } from './units.ts';

const known: KnownVariants = {
  bundles: new Map([
    [
      'gid://shopify/ProductVariant/1',
      { kind: 'esim', bundleId: 'bundle', accountId: 'account', substitute: null },
    ],
    [
      'gid://shopify/ProductVariant/3',
      { kind: 'top-up', bundleId: 'bundle', accountId: 'account', substitute: null },
    ],
  ]),
  products: new Set(['gid://shopify/Product/1']),
  codes: new Set(['esim_1GB_7D_FR_V2']),
  namedEsims: new Map(),
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
  properties: new Map(),
  ...changes,
});

const plan = (lines: ShopifyLine[]) => planUnits(lines, known);

test('each paid piece is one unit of its line', () => {
  const units = plan([line({ quantity: 3 }), line({ lineItemGid: 'gid://shopify/LineItem/2', quantity: 2 })]);
  expect(units.map(({ lineItemGid }) => lineItemGid.slice(-1))).toEqual(['1', '1', '1', '2', '2']);
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

test('a guard holds what could be bought, and leaves a unit without a bundle its own reason', () => {
  const until = new Date('2026-11-21T12:00:00Z');
  const [unit] = plan([line()]);
  const [unmapped] = plan([line({ variantGid: 'gid://shopify/ProductVariant/2' })]);
  const [topUp] = plan([line({ variantGid: 'gid://shopify/ProductVariant/3' })]);
  if (!unit || !unmapped || !topUp) throw new Error('all lines are eSIMs');
  expect(guarded(unit, { reason: 'delay', until })).toMatchObject({
    state: 'held',
    reason: 'delay',
    holdUntil: until,
  });
  expect(guarded(unit, null)).toBe(unit);
  expect(guarded(unmapped, { reason: 'risk', until: null }).reason).toBe('no-bundle');
  expect(topUp).toMatchObject({ state: 'held', reason: 'top-up', bundleId: 'bundle' });
  // Letting go of a risk must not buy a new eSIM for a top-up.
  expect(guarded(topUp, { reason: 'risk', until: null }).reason).toBe('top-up');
});

test('a line that names an eSIM is a top-up of it; what cannot be put on it waits, and a new eSIM ignores the name', () => {
  const lineItemGid = 'gid://shopify/LineItem/1';
  const sale = {
    kind: 'top-up' as const,
    bundleId: 'of its supplier',
    accountId: 'its account',
    substitute: null,
  };
  const planOf = (variant: string, named: { esimId: string; sale: typeof sale | null }) =>
    planUnits([line({ variantGid: `gid://shopify/ProductVariant/${variant}` })], {
      ...known,
      namedEsims: new Map([[lineItemGid, named]]),
    })[0];
  expect(planOf('3', { esimId: 'esim', sale })).toMatchObject({
    ...{ kind: 'top-up', topUpEsimId: 'esim', state: 'paid', reason: null },
    ...{ bundleId: 'of its supplier', accountId: 'its account' },
  });
  expect(planOf('3', { esimId: 'esim', sale: null })).toMatchObject({
    ...{ kind: 'top-up', topUpEsimId: null, state: 'held', reason: 'top-up' },
  });
  expect(planOf('1', { esimId: 'esim', sale })).toMatchObject({
    kind: 'esim',
    topUpEsimId: null,
    state: 'paid',
  });
  // Its variant is linked later: then the name counts.
  expect(planOf('2', { esimId: 'esim', sale: null })).toMatchObject({
    ...{ kind: 'esim', topUpEsimId: 'esim', state: 'held', reason: 'no-bundle' },
  });
});

const pieces = fc.uniqueArray(
  fc.record({
    unitIndex: fc.nat(30),
    state: fc.constantFrom(...(Object.keys(transitions) as UnitState[])),
    goneAt: fc.option(fc.constant(new Date(0))),
  }),
  { selector: ({ unitIndex }) => unitIndex },
);
const isLive = ({ goneAt }: Piece) => goneAt === null;

test('after following, a line has as many live units as pieces, and no index is used twice', () => {
  fc.assert(
    fc.property(pieces, fc.nat(12), (before, wanted) => {
      const { add, gone } = followQuantity(before, wanted);
      const live = before.filter(isLive).filter(({ unitIndex }) => !gone.includes(unitIndex)).length;
      expect(live + add.length).toBe(wanted);
      expect(add.some((index) => before.some(({ unitIndex }) => unitIndex === index))).toBe(false);
      expect(new Set(add).size).toBe(add.length);
    }),
  );
});

test('a refund takes what was not bought before what was not sent, and that before what was sent', () => {
  const of = (state: UnitState, unitIndex: number): Piece => ({ unitIndex, state, goneAt: null });
  const line3 = [of('delivered', 0), of('paid', 1), of('bought', 2)];
  expect(followQuantity(line3, 2).gone).toEqual([1]);
  expect(followQuantity(line3, 1).gone).toEqual([1, 2]);
});

test('a line that shrinks and grows again gets a new unit, not the cancelled one', () => {
  const delivered: Piece = { unitIndex: 0, state: 'delivered', goneAt: null };
  const gone: Piece = { unitIndex: 1, state: 'cancelled', goneAt: new Date() };
  expect(followQuantity([delivered, gone], 2)).toEqual({ add: [2], gone: [] });
});

test('a piece that a person closed is never bought again because its order is read again', () => {
  const closed: Piece = { unitIndex: 0, state: 'cancelled', goneAt: null };
  expect(followQuantity([closed], 1)).toEqual({ add: [], gone: [] });
});

test('a refund after a piece was closed is of that piece, not of one that still waits', () => {
  const closed: Piece = { unitIndex: 0, state: 'cancelled', goneAt: null };
  const held: Piece = { unitIndex: 1, state: 'held', goneAt: null };
  expect(followQuantity([closed, held], 1).gone).toEqual([0]);
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

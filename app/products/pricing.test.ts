import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  compare,
  minus,
  over,
  plus,
  readFraction,
  times,
  whole,
  type Fraction,
} from '../platform/fraction.ts';
import { minorDigits } from '../platform/money.ts';
import type { Method, PriceRule } from './price-rule.ts';
import { marginTeller, priceAll, type Price, type Priceable, type Scheme } from './pricing.ts';
import { gridOf, roundings, roundUp } from './rounding.ts';

const decimal = (most: number, places = 4) =>
  fc.tuple(fc.integer({ min: 0, max: most * 10 ** places }), fc.constant(places)).map(([digits]) => {
    const text = String(digits).padStart(places + 1, '0');
    return `${text.slice(0, -places)}.${text.slice(-places)}`;
  });

const anyMethod: fc.Arbitrary<Method> = fc.oneof(
  fc.record({ method: fc.constant('percent' as const), percent: decimal(300) }),
  fc.record({ method: fc.constant('fixed' as const), amount: decimal(20) }),
  fc.record({ method: fc.constant('final' as const), price: decimal(60, 2) }),
  fc.tuple(decimal(10), decimal(200), decimal(100)).map(([upTo, percent, rest]) => ({
    method: 'tiers' as const,
    bands: [
      { upTo, percent },
      { upTo: null, percent: rest },
    ],
  })),
);

const places = [
  { kind: 'country', destination: 'FR' },
  { kind: 'country', destination: 'JP' },
  { kind: 'region', destination: 'europe' },
];

const anyRule: fc.Arbitrary<PriceRule> = fc
  .tuple(
    fc.constantFrom(
      ...[
        { scope: 'everything' as const, scopeValue: '' },
        { scope: 'supplier' as const, scopeValue: 'a1' },
        { scope: 'group' as const, scopeValue: 'Standard' },
        { scope: 'group' as const, scopeValue: 'Unlimited Lite' },
        { scope: 'region' as const, scopeValue: 'europe' },
        { scope: 'country' as const, scopeValue: 'FR' },
        { scope: 'bundle' as const, scopeValue: 'b3' },
      ],
    ),
    fc.integer({ min: 0, max: 2 }),
    anyMethod,
    fc.uuid(),
  )
  .map(([scope, priority, method, id]) => ({ ...scope, ...method, priority, id }));

const anyScheme: fc.Arbitrary<Scheme> = fc.record({
  currency: fc.constantFrom('USD', 'EUR', 'JPY', 'KWD'),
  rounding: fc.constantFrom(...roundings),
  feePercent: decimal(20, 2),
  feeFixedMinor: fc.integer({ min: 0, max: 60 }),
  minMarginPercent: decimal(50, 2),
  minMarginMinor: fc.integer({ min: 0, max: 300 }),
  ladder: fc.boolean(),
  rules: fc.array(anyRule, { maxLength: 8 }),
  rates: fc.constant(
    new Map([
      ['USD', { top: 10_000n, bottom: 11_423n }],
      ['EUR', { top: 17_731n, bottom: 100n }],
    ]),
  ),
});

const anyItems: fc.Arbitrary<Priceable[]> = fc
  .array(
    fc.record({
      place: fc.constantFrom(...places),
      accountId: fc.constantFrom('a1', 'a2'),
      groups: fc.constantFrom<string[]>(
        ['Standard'],
        ['Unlimited Lite'],
        ['Unlimited Plus'],
        ['Standard', 'Sale'],
      ),
      dataBytes: fc.constantFrom(null, 1_000_000_000n, 3_000_000_000n, 10_000_000_000n),
      days: fc.constantFrom(1, 7, 30),
      amount: decimal(40, 6),
      currency: fc.constantFrom('USD', 'EUR', 'GBP'),
      lockedAt: fc.option(fc.integer({ min: 1, max: 9000 }), { freq: 6 }),
    }),
    { maxLength: 14 },
  )
  .map((all) =>
    all.map(({ place, amount, currency, ...rest }, index) => ({
      ...{ ...place, ...rest, id: `v${String(index)}`, bundleId: `b${String(index)}` },
      cost: { amount, currency },
    })),
  );

const share = (text: string) => times(readFraction(text) ?? whole(0), { top: 1n, bottom: 100n });

function check(property: (scheme: Scheme, items: Priceable[], prices: Map<string, Price>) => void) {
  fc.assert(
    fc.property(anyScheme, anyItems, (scheme, items) => {
      property(scheme, items, priceAll(scheme, items));
    }),
    { numRuns: 400 },
  );
}

test('no price but a locked one is below cost, fee and minimum margin, whatever the rules say', () => {
  check((scheme, items, prices) => {
    for (const item of items) {
      const priced = prices.get(item.id);
      if (priced?.status !== 'priced' || item.lockedAt !== null) continue;
      const price = whole(priced.price.amount);
      const fee = plus(times(price, share(scheme.feePercent)), whole(scheme.feeFixedMinor));
      const left = minus(price, plus(costOf(scheme, item), fee));
      expect(compare(left, times(price, share(scheme.minMarginPercent)))).toBeGreaterThanOrEqual(0);
      expect(compare(left, whole(scheme.minMarginMinor))).toBeGreaterThanOrEqual(0);
    }
  });
});

test('every price lands on the grid, and only an untouched final or locked one may not', () => {
  check((scheme, items, prices) => {
    const grid = gridOf(scheme.rounding, scheme.currency);
    for (const item of items) {
      const priced = prices.get(item.id);
      if (priced?.status !== 'priced') continue;
      const { price, decidedBy, lifts } = priced;
      const rule = decidedBy.by === 'rule' && scheme.rules.find(({ id }) => id === decidedBy.ruleId);
      const isStated = decidedBy.by === 'lock' || (rule && rule.method === 'final' && lifts.length === 0);
      if (!isStated) expect(roundUp(grid, price.amount)).toBe(price.amount);
      expect(Number.isSafeInteger(price.amount)).toBe(true);
    }
  });
});

test('with the ladder, at least the data and at least the days never cost less', () => {
  check((scheme, items, prices) => {
    if (!scheme.ladder) return;
    for (const less of items) {
      for (const more of items) {
        const [low, high] = [prices.get(less.id), prices.get(more.id)];
        if (low?.status !== 'priced' || high?.status !== 'priced') continue;
        if (more.lockedAt === null && less.destination === more.destination && hasAtLeast(more, less))
          expect(high.price.amount).toBeGreaterThanOrEqual(low.price.amount);
      }
    }
  });
});

test('a locked price is never touched', () => {
  check((_scheme, items, prices) => {
    for (const { id, lockedAt } of items) {
      const priced = prices.get(id);
      if (lockedAt !== null && priced?.status === 'priced') expect(priced.price.amount).toBe(lockedAt);
    }
  });
});

test('the order in which bundles and rules are stated changes nothing', () => {
  fc.assert(
    fc.property(
      anyScheme,
      anyItems,
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
      (scheme, items, dice) => {
        const shuffled = <Item>(list: Item[]) =>
          list
            .map((item) => [dice.next().value, item] as const)
            .sort(([a], [b]) => a - b)
            .map(([, item]) => item);
        const again = priceAll({ ...scheme, rules: shuffled(scheme.rules) }, shuffled(items));
        for (const [id, price] of priceAll(scheme, items)) expect(again.get(id)).toEqual(price);
      },
    ),
    { numRuns: 400 },
  );
});

test('pricing again, and locking any of the prices that came out, changes no price', () => {
  fc.assert(
    fc.property(anyScheme, anyItems, fc.array(fc.boolean(), { minLength: 14 }), (scheme, items, locks) => {
      const prices = priceAll(scheme, items);
      expect(priceAll(scheme, items)).toEqual(prices);
      const locked = items.map((item, index) => {
        const priced = prices.get(item.id);
        return locks[index] && priced?.status === 'priced'
          ? { ...item, lockedAt: priced.price.amount }
          : item;
      });
      for (const [id, again] of priceAll(scheme, locked)) {
        const before = prices.get(id);
        expect(again.status === 'priced' && again.price).toEqual(before?.status === 'priced' && before.price);
      }
    }),
    { numRuns: 400 },
  );
});

test('only what costs nothing, has no rate, or is too dear has no price', () => {
  check((scheme, items, prices) => {
    for (const { id, cost } of items) {
      const price = prices.get(id);
      const isFree = Number(cost.amount) === 0;
      const hasRate = cost.currency === scheme.currency || scheme.rates.has(cost.currency);
      if (!isFree && hasRate) expect(price?.status).toBe('priced');
      else expect(price).toEqual({ status: 'refused', reason: isFree ? 'no-cost' : 'no-rate' });
    }
  });
});

test('what is left of the price is told, and never more than there is', () => {
  check((scheme, items, prices) => {
    for (const item of items) {
      const priced = prices.get(item.id);
      if (priced?.status !== 'priced') continue;
      const fee = plus(
        times(whole(priced.price.amount), share(scheme.feePercent)),
        whole(scheme.feeFixedMinor),
      );
      const left = minus(whole(priced.price.amount), plus(costOf(scheme, item), fee));
      const margin = marginTeller(scheme)(item, priced.price.amount)?.margin.amount ?? NaN;
      expect(compare(whole(margin), left)).toBeLessThanOrEqual(0);
      expect(compare(whole(margin + 1), left)).toBe(1);
      expect(compare(whole(priced.cost.amount), costOf(scheme, item))).toBeGreaterThanOrEqual(0);
    }
  });
});

function costOf(scheme: Scheme, { cost }: Priceable): Fraction {
  const rate = cost.currency === scheme.currency ? whole(1) : (scheme.rates.get(cost.currency) ?? whole(0));
  const inMinor = times(readFraction(cost.amount) ?? whole(0), whole(10 ** minorDigits(scheme.currency)));
  return times(inMinor, over(rate, whole(1)));
}

function hasAtLeast(more: Priceable, less: Priceable): boolean {
  if (more.days < less.days) return false;
  if (more.dataBytes !== null) return less.dataBytes !== null && more.dataBytes >= less.dataBytes;
  // A throttled "unlimited" is not the same as a fast one.
  const kind = ({ groups }: Priceable) => groups.find((group) => /unlimited/i.test(group)) ?? 'Unlimited';
  return less.dataBytes !== null || kind(more) === kind(less);
}

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lossOf } from './loss.ts';
import { marginTeller } from './pricing.ts';

const tell = marginTeller({
  ...{ currency: 'EUR', rounding: 'none', feePercent: '2.9', feeFixedMinor: 30, ladder: true },
  ...{ minMarginPercent: '20', minMarginMinor: 0, rates: new Map([['USD', { top: 868n, bottom: 1000n }]]) },
});
const euros = (amount: string) => ({ amount, currency: 'EUR' });
const first = { now: euros('4'), whenLinked: euros('4') };
const sold = { price: 1000, first };

test('a sale loses what cost and fee are beyond its price, whatever the merchant wanted to earn', () => {
  // 10.00 less 2.9 % and 0.30 leaves 9.41.
  expect(lossOf(tell, sold, euros('9.41'))).toBeNull();
  expect(lossOf(tell, sold, euros('9.4101'))).toBe(1);
  expect(lossOf(tell, sold, euros('12'))).toBe(259);
  expect(lossOf(tell, sold, { amount: '10.85', currency: 'USD' })).toBe(1);
});

test('nobody loses what they give away', () => {
  expect(lossOf(tell, { ...sold, price: 0 }, euros('900'))).toBeNull();
});

test('where no rate tells a cost, nothing is said', () => {
  expect(lossOf(tell, sold, { amount: '900', currency: 'GBP' })).toBeNull();
});

test('who sells below cost on purpose sells the first bundle at any cost, and others for no more', () => {
  const dear = { price: 1000, first: { now: euros('13'), whenLinked: euros('12') } };
  expect(lossOf(tell, dear, euros('13'))).toBeNull();
  expect(lossOf(tell, dear, euros('12.5'))).toBeNull();
  expect(lossOf(tell, dear, euros('13.01'))).toBe(360);
  // A cost that rose above the price afterwards is nobody's purpose.
  const risen = { price: 1000, first: { now: euros('13'), whenLinked: euros('9') } };
  expect(lossOf(tell, risen, euros('13'))).toBe(359);
});

test('a dearer bundle never loses less', () => {
  const cents = fc.integer({ min: 1, max: 5000 });
  const cost = (of: number) => euros((of / 100).toFixed(2));
  fc.assert(
    fc.property(cents, cents, cents, cents, cents, (price, now, whenLinked, one, other) => {
      const piece = { price, first: { now: cost(now), whenLinked: cost(whenLinked) } };
      const [less, more] = [Math.min(one, other), Math.max(one, other)].map(
        (of) => lossOf(tell, piece, cost(of)) ?? 0,
      );
      expect(less).toBeLessThanOrEqual(more ?? 0);
    }),
  );
});

import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimalFromMoney, minorDigits } from '../platform/money.ts';
import { costText, priceFor, roundings, type PriceRule, type Rounding } from './pricing.ts';

const rule = (markupPercent: number, rounding: Rounding, currency = 'USD'): PriceRule => ({
  markupPercent: new Decimal(markupPercent),
  rounding,
  currency,
});
const cost = (amount: string, currency = 'USD') => ({ amount: new Decimal(amount), currency });

function priceText(of: PriceRule, amount: string): string {
  const priced = priceFor(of, cost(amount, of.currency));
  return priced.status === 'priced' ? decimalFromMoney(priced.price) : priced.reason;
}

test('a markup is added and the smallest coin rounded up', () => {
  expect(priceText(rule(40, 'none'), '1.2311')).toBe('1.73');
  expect(priceText(rule(0, 'none'), '0.0001')).toBe('0.01');
  expect(priceText(rule(40, 'none'), '10')).toBe('14.00');
});

test('prices end as the merchant likes them', () => {
  expect(priceText(rule(40, 'whole'), '8.6')).toBe('13.00');
  expect(priceText(rule(40, '.99'), '8.6')).toBe('12.99');
  expect(priceText(rule(40, '.99'), '9.27')).toBe('12.99');
  expect(priceText(rule(0, '.99'), '9.995')).toBe('10.99');
  expect(priceText(rule(0, '.49'), '9.49')).toBe('9.49');
  expect(priceText(rule(0, '.49'), '9.5')).toBe('10.49');
});

test('yen have no hundredths and dinars have thousandths', () => {
  expect(priceText(rule(40, 'none', 'JPY'), '310.4')).toBe('435');
  expect(priceText(rule(40, '.99', 'JPY'), '310.4')).toBe('499');
  expect(priceText(rule(40, 'whole', 'JPY'), '310.4')).toBe('435');
  expect(priceText(rule(0, 'none', 'KWD'), '1.2341')).toBe('1.235');
  expect(priceText(rule(0, '.99', 'KWD'), '1.2341')).toBe('1.990');
});

test('a supplier that charges in another currency gives no price instead of a wrong one', () => {
  expect(priceFor(rule(40, 'none', 'EUR'), cost('5', 'USD'))).toEqual({
    status: 'refused',
    reason: 'currency-differs',
  });
});

test('what costs nothing, or more than a price can be, is not priced', () => {
  expect(priceText(rule(40, 'none'), '0')).toBe('no-cost');
  expect(priceText(rule(40, 'none'), '-1')).toBe('no-cost');
  expect(priceText(rule(40, 'none'), '99999999')).toBe('no-cost');
});

test('a cost is told to Shopify rounded up', () => {
  expect(costText(cost('1.2311'))).toBe('1.24');
  expect(costText(cost('310.4', 'JPY'))).toBe('311');
});

describe('whatever the cost, markup and rounding', () => {
  const anyRule = fc.record({
    markupPercent: fc.integer({ min: 0, max: 100_000 }).map((hundredths) => new Decimal(hundredths).div(100)),
    rounding: fc.constantFrom(...roundings),
    currency: fc.constantFrom('USD', 'EUR', 'JPY', 'KWD'),
  });
  // Up to 24 digits after the point: more than any arithmetic that rounds on the way survives.
  const anyAmount = fc
    .tuple(fc.bigInt({ min: 1n, max: 10n ** 28n }), fc.integer({ min: 4, max: 24 }))
    .map(([digits, places]) => new Decimal(`${String(digits)}e-${String(places)}`))
    .filter((amount) => amount.lessThan(1000));

  test('a price is never below the cost with its markup, and a step of its grid above it at most', () => {
    fc.assert(
      fc.property(anyRule, anyAmount, (of, amount) => {
        const priced = priceFor(of, { amount, currency: of.currency });
        if (priced.status !== 'priced') throw new Error(priced.reason);
        const Exact = Decimal.clone({ precision: 100 });
        const wanted = new Exact(amount).times(new Exact(of.markupPercent).div(100).plus(1));
        const price = new Exact(decimalFromMoney(priced.price));
        expect(price.greaterThanOrEqualTo(wanted)).toBe(true);
        const digits = minorDigits(of.currency);
        const step =
          of.rounding === 'none' ? Exact.pow(10, -digits) : of.rounding !== 'whole' && digits === 0 ? 100 : 1;
        const isFirst = wanted.lessThan(of.rounding === '.99' || of.rounding === '.49' ? 1 : 0);
        if (!isFirst) expect(price.minus(wanted).lessThan(step)).toBe(true);
      }),
    );
  });

  test('a price lands on its grid, and the same question has the same answer', () => {
    fc.assert(
      fc.property(anyRule, anyAmount, (of, amount) => {
        const priced = priceFor(of, { amount, currency: of.currency });
        if (priced.status !== 'priced') throw new Error(priced.reason);
        expect(priceFor(of, { amount, currency: of.currency })).toEqual(priced);
        const minor = priced.price.amount;
        const whole = 10 ** minorDigits(of.currency);
        const isYen = whole === 1;
        const endings = {
          none: minor,
          whole: 0,
          '.99': isYen ? 99 : Math.round(whole * 0.99),
          '.49': isYen ? 49 : Math.round(whole * 0.49),
        };
        const step = of.rounding === 'none' ? Infinity : of.rounding !== 'whole' && isYen ? 100 : whole;
        expect(minor % step).toBe(endings[of.rounding]);
        expect(Number.isSafeInteger(minor)).toBe(true);
      }),
    );
  });
});

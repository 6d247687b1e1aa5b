import { Decimal } from 'decimal.js';
import { expect, test } from 'vitest';
import { addUp, marginOf, ratesByDay, rounded, type DayAmount } from './figures.ts';

const amount = (
  day: string,
  currency: string,
  value: string,
  destination: string | null = 'FR',
): DayAmount => ({
  ...{ day, currency, destination, amount: new Decimal(value), count: 1 },
});
const cost = (...of: Parameters<typeof amount>): DayAmount => ({ ...amount(...of), count: 0 });
const rates = (day: string, usd: string) => ({
  day: new Date(`${day}T00:00:00Z`),
  perEuro: new Map([['USD', usd]]),
});
const inDollars = ratesByDay('USD', []);

test('one currency needs no rate, and is added up to the last digit', () => {
  const totals = addUp(
    {
      sales: [amount('2026-11-20', 'USD', '10.10'), amount('2026-11-21', 'USD', '0.20', 'JP')],
      costs: [cost('2026-11-20', 'USD', '1.005'), cost('2026-11-21', 'USD', '-0.005', null)],
    },
    inDollars,
  );
  expect([totals.sales.toFixed(), totals.cost.toFixed(), totals.sold]).toEqual(['10.3', '1', 2]);
  expect(marginOf(totals)?.toFixed()).toBe('9.3');
  expect(totals.converted).toEqual([]);
  expect([...totals.byDestination].map(([place, sums]) => [place, sums.cost.toFixed()])).toEqual([
    ['FR', '1.005'],
    ['JP', '0'],
    ['', '-0.005'],
  ]);
});

test('each day is converted by its own rate, and a weekend by Friday’s', () => {
  const rateOn = ratesByDay('EUR', [rates('2026-11-20', '1.25'), rates('2026-11-19', '1.00')]);
  const totals = addUp(
    {
      sales: [amount('2026-11-22', 'EUR', '10')],
      costs: [cost('2026-11-19', 'USD', '1'), cost('2026-11-22', 'USD', '5')],
    },
    rateOn,
  );
  expect(totals.cost.toFixed()).toBe('5');
  expect(totals.converted).toEqual(['USD']);
  expect(marginOf(totals)?.toFixed()).toBe('5');
});

test('a rate that no decimal can write makes no cent of its own', () => {
  const rateOn = ratesByDay('EUR', [rates('2026-11-20', '1.1520')]);
  const { cost: sum } = addUp({ sales: [], costs: [cost('2026-11-20', 'USD', '2.34')] }, rateOn);
  expect(sum.toFixed()).toBe('2.03125');
});

test('what has no rate is in no sum, is told of, and leaves no margin', () => {
  const rateOn = ratesByDay('EUR', [rates('2026-11-10', '1.25')]);
  const totals = addUp(
    {
      sales: [amount('2026-11-20', 'EUR', '10')],
      costs: [
        cost('2026-11-14', 'USD', '5'),
        // Older rates are not the day's, and there are none before the first.
        ...[cost('2026-11-15', 'USD', '3'), cost('2026-11-01', 'USD', '1'), cost('2026-11-10', 'KWD', '2')],
      ],
    },
    rateOn,
  );
  expect(totals.cost.toFixed()).toBe('4');
  expect(totals.unknown.costs.map(({ currency, amount: left }) => [currency, left.toFixed()])).toEqual([
    ['USD', '4'],
    ['KWD', '2'],
  ]);
  expect(marginOf(totals)).toBeNull();
});

test('a sum is rounded once, half up, to what its currency has', () => {
  expect(rounded(new Decimal('1.005'), 'USD').toFixed()).toBe('1.01');
  expect(rounded(new Decimal('1.5'), 'JPY').toFixed()).toBe('2');
});

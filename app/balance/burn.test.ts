import { Decimal } from 'decimal.js';
import { expect, test } from 'vitest';
import { daysLater } from '../platform/day.ts';
import { burnRate, daysOfCover, type SpentDay } from './burn.ts';

const today = '2026-11-21';
const ago = (days: number, spent: number): SpentDay => ({
  day: daysLater(today, -days),
  spent: new Decimal(spent),
});
const every = (days: number[], spent: number) => days.map((day) => ago(day, spent));
const weeks = Array.from({ length: 28 }, (_, index) => index + 1);

test('four weeks of even sales are a rate, and the balance lasts so many days', () => {
  const burn = burnRate(every(weeks, 10), today);
  expect(burn?.perDay.toNumber()).toBe(10);
  const reserve = new Decimal(25);
  expect(burn && daysOfCover(burn, { balance: new Decimal(124.99), reserve })).toBe(9);
  expect(burn && daysOfCover(burn, { balance: new Decimal(20), reserve })).toBe(0);
});

test('days without sales count, and today does not: a part of it is still to come', () => {
  const burn = burnRate([...every([28, 14, 7], 28), ago(0, 999), ago(29, 999)], today);
  expect(burn?.perDay.toNumber()).toBe(3);
  expect(burn).toMatchObject({ days: 28, daysWithSales: 3 });
});

test('a shop that began last week is not watered down by the weeks before', () => {
  expect(burnRate(every([5, 4, 2], 20), today)?.perDay.toNumber()).toBe(12);
});

test('two days with sales are too few to tell', () => {
  expect(burnRate(every([5, 4], 20), today)).toBeNull();
  expect(burnRate([], today)).toBeNull();
  expect(burnRate(every([1, 2, 3], 0), today)).toBeNull();
});

test('what came back is taken off, and a shop that got back all it spent burns nothing', () => {
  expect(burnRate([...every([4, 3, 2], 20), ago(1, -20)], today)?.perDay.toNumber()).toBe(10);
  expect(burnRate([...every([3, 2], 20), ago(1, -40)], today)).toBeNull();
});

test('sums are exact to the last digit', () => {
  const burn = burnRate(
    every([4, 3, 2, 1], 0).map((each) => ({ ...each, spent: new Decimal('0.1') })),
    today,
  );
  expect(burn?.perDay.toFixed()).toBe('0.1');
});

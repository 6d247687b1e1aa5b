import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decimalFromMoney, moneyFromDecimal } from '../platform/money.ts';
import type { Method } from './price-rule.ts';
import { priceAll, type Priceable, type Scheme } from './pricing.ts';
import { isRounding } from './rounding.ts';

const lines = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8').split('\n');

/** The rows of the table with so many columns, below its head. */
const table = (columns: number) =>
  lines
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter((cells) => cells.length === columns + 2 && !/^-+$/.test(cells[1] ?? ''))
    .slice(1)
    .map((cells) => cells.slice(1, -1));

const scheme: Scheme = {
  ...{ currency: 'USD', rounding: 'none', ladder: true, rules: [] },
  ...{ feePercent: '0', feeFixedMinor: 0, minMarginPercent: '0', minMarginMinor: 0 },
  rates: new Map(),
};
const rates: Record<string, [bigint, bigint]> = { EUR: [868n, 1000n], JPY: [155n, 1n], KWD: [307n, 1000n] };
const item: Priceable = {
  ...{ id: 'a', bundleId: 'a', accountId: '', groups: [], kind: 'country', destination: 'FR' },
  ...{ dataBytes: 1n, days: 7, cost: { amount: '1', currency: 'USD' }, lockedAt: null },
};

test('the worked examples of the README are what comes out', () => {
  const examples = table(7);
  expect(examples.length).toBeGreaterThan(15);
  for (const [cost = '', rule = '', fee = '', margin = '', rounding = '', price = '', why = ''] of examples) {
    const [amount = '', from = ''] = cost.split(' ');
    const currency = price.split(' ')[1] ?? from;
    const [top, bottom] = rates[currency] ?? [1n, 1n];
    const minor = (text: string) => moneyFromDecimal(text, currency).amount;
    const [, feePercent = '0', feeFixed = '0'] = /^([\d.]+)% \+ ([\d.]+)$/.exec(fee) ?? [];
    if (!isRounding(rounding)) throw new Error(`no rounding: ${rounding}`);
    const made = priceAll(
      {
        ...{ ...scheme, currency, rounding, feePercent, feeFixedMinor: minor(feeFixed) },
        ...(margin.endsWith('%')
          ? { minMarginPercent: margin.slice(0, -1) }
          : { minMarginMinor: minor(margin || '0') }),
        rules: [{ id: 'r', scope: 'everything', scopeValue: '', priority: 0, ...methodOf(rule) }],
        rates: currency === 'USD' ? new Map() : new Map([['USD', { top, bottom }]]),
      },
      [{ ...item, cost: { amount, currency: from } }],
    ).get('a');
    const shown =
      made?.status === 'priced'
        ? [`${decimalFromMoney(made.price)} ${currency}`, made.lifts[0]?.step ?? 'rule']
        : [price, made?.reason];
    expect(shown, `${cost} ${rule} ${fee} ${margin} ${rounding}`).toEqual([price, why]);
  }
});

test('the ladder of the README is what comes out', () => {
  const rungs = table(4);
  expect(rungs.length).toBe(7);
  const minor = (text = '') => moneyFromDecimal(text, 'USD').amount;
  const items = rungs.map(([bundle = '', byRule = '', , above]): Priceable => {
    const [data = '', days = ''] = bundle.split(', ');
    return {
      ...{ ...item, id: bundle, bundleId: bundle, days: Number.parseInt(days) },
      dataBytes: data === 'Unlimited' ? null : BigInt(Number.parseInt(data)) * 1_000_000_000n,
      cost: { amount: byRule, currency: 'USD' },
      lockedAt: above === '(locked)' ? minor(byRule) : null,
    };
  });
  const made = priceAll(
    {
      ...scheme,
      rules: [{ id: 'r', scope: 'everything', scopeValue: '', priority: 0, method: 'percent', percent: '0' }],
    },
    items,
  );
  for (const [bundle = '', , price, above] of rungs) {
    const priced = made.get(bundle);
    if (priced?.status !== 'priced') throw new Error(`${bundle} has no price`);
    const [lift] = priced.lifts;
    const raisedAbove =
      lift?.step === 'ladder' ? lift.above : priced.decidedBy.by === 'lock' ? '(locked)' : '';
    expect([bundle, decimalFromMoney(priced.price), raisedAbove]).toEqual([bundle, price, above]);
  }
});

function methodOf(text: string): Method {
  if (text.startsWith('=')) return { method: 'final', price: text.slice(1) };
  const [, percent] = /^\+([\d.]+)%$/.exec(text) ?? [];
  if (percent !== undefined) return { method: 'percent', percent };
  const [, upTo, below, above] = /^up to ([\d.]+): \+([\d.]+)%, above: \+([\d.]+)%$/.exec(text) ?? [];
  if (upTo === undefined || below === undefined || above === undefined)
    return { method: 'fixed', amount: text.slice(1) };
  return {
    method: 'tiers',
    bands: [
      { upTo, percent: below },
      { upTo: null, percent: above },
    ],
  };
}

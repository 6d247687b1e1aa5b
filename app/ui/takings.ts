import { Decimal } from 'decimal.js';
import { decimalFromMoney, type Cost, type Money } from '../platform/money.ts';
import type { Display } from './display.ts';

/** Paid, cost and, where both are one currency, what is left. */
export function takingsView({ paid, costs }: { paid: Money; costs: Cost[] }, show: Display) {
  const [cost, ...others] = costs;
  const isOneCurrency = cost?.currency === paid.currency && others.length === 0;
  const left = isOneCurrency ? new Decimal(decimalFromMoney(paid)).minus(cost.amount) : null;
  const share = left && paid.amount > 0 ? left.div(decimalFromMoney(paid)).toNumber() : null;
  return {
    paid: show.money(paid),
    costs: costs.map(show.cost),
    margin: left
      ? `${show.cost({ amount: left, currency: paid.currency })}${share === null ? '' : ` (${show.percent(share)})`}`
      : null,
  };
}

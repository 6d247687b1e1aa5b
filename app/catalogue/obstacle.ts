import { Decimal } from 'decimal.js';
import type { ProviderBundle } from '../providers/contract.ts';
import { storableText } from './difference.ts';
import type { LeftOut } from './sync-items.ts';

/** What supplier sells a hundred years, a petabyte, or anything for a billion: such figures are a fault of the list. */
const MOST_DAYS = 36_500;
const MOST_BYTES = 10n ** 15n;
const MOST_COST = new Decimal(10).pow(9);
/** As many decimals as the column of costs has: what is less becomes nothing in it. */
const MOST_DECIMALS = 30;

/** Why a bundle cannot be sold, and is left out of the catalogue by its name; null for one that can. */
export function obstacleOf({
  code,
  cost: { amount },
  days,
  dataBytes,
}: Pick<ProviderBundle, 'code' | 'cost' | 'days' | 'dataBytes'>): LeftOut['reason'] | null {
  // A code that cannot be kept letter by letter cannot be ordered.
  if (code.trim() === '' || code !== storableText(code)) return 'unreadable';
  // A price of nothing is a fault of the list, not a gift: sold, it would cost the merchant something later.
  if (!amount.isFinite() || !amount.greaterThan(0)) return 'no-price';
  if (!Number.isInteger(days) || days <= 0) return 'no-days';
  const isBeyondBelief =
    days > MOST_DAYS ||
    (dataBytes !== null && dataBytes > MOST_BYTES) ||
    amount.greaterThan(MOST_COST) ||
    amount.decimalPlaces() > MOST_DECIMALS;
  return isBeyondBelief ? 'unreadable' : null;
}

import type { Decimal } from 'decimal.js';
import { daysLater } from '../platform/day.ts';
import type { SpentDay } from './burn.ts';

export interface AccountDay {
  /** ISO 8601. */
  day: string;
  spent: Decimal | null;
  /** What the supplier told last, on this day or before; null before it told any. */
  balance: Decimal | null;
}

/** Each of the last days to today, also those on which nothing happened. */
export function accountDays(
  { spent, balances }: { spent: readonly SpentDay[]; balances: readonly { day: string; balance: Decimal }[] },
  { days, today }: { days: number; today: string },
): AccountDay[] {
  const spentOn = new Map(spent.map((each) => [each.day, each.spent]));
  const list = Array.from({ length: days }, (_, index) => daysLater(today, index + 1 - days));
  return list.map((day) => ({
    day,
    spent: spentOn.get(day) ?? null,
    balance: balances.findLast((each) => each.day <= day)?.balance ?? null,
  }));
}

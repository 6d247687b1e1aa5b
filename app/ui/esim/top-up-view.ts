import { Decimal } from 'decimal.js';
import { dataLabel, daysLabel } from '../../catalogue/bundle.ts';
import { bytesLabel } from '../../desk/esim-words.ts';
import type { TopUpChoice, TopUpLook } from '../../desk/top-up.server.ts';
import type { Display } from '../display.ts';

/** A bundle to choose: "1 GB, 7 days: $1.10", "Unlimited Lite, 7 days: $9.40". */
export function choiceView({ id, code, days, cost, ...bundle }: TopUpChoice, show: Display) {
  return { id, code, label: `${dataLabel(bundle)}, ${daysLabel(days)}: ${show.cost(cost)}` };
}

/** What a top-up would cost now, and what it leaves. */
export function topUpView(
  { cost, currency, balanceBefore, balanceAfter, left, mark }: TopUpLook,
  { bundleId, show }: { bundleId: string; show: Display },
) {
  const money = (amount: string | null) =>
    amount === null ? null : show.cost({ amount: new Decimal(amount), currency });
  return {
    status: 'offered' as const,
    ...{ bundleId, mark, cost: show.cost({ amount: new Decimal(cost), currency }) },
    ...{ before: money(balanceBefore), after: money(balanceAfter) },
    left: left && leftWords(left, show),
    isTooDear: balanceAfter !== null && new Decimal(balanceAfter).isNegative(),
  };
}

function leftWords({ bytes, endsAt }: NonNullable<TopUpLook['left']>, show: Display): string {
  const data = bytes === null ? 'unlimited data' : bytesLabel(bytes, 'en');
  return `It still has ${data} of the same bundle${endsAt ? `, until ${show.date(endsAt)}` : ''}.`;
}

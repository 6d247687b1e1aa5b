import type { FieldChange } from '../settings/field-change.ts';

/** A change of the settings that decide about money: "Most eSIMs in one order: 5 → no limit". `labels` are of the accounts, by id. */
export function changeText({ field, from, to }: FieldChange, labels = new Map<string, string>()): string {
  const [name = '', accountId] = field.split(' ');
  const {
    label,
    empty = 'off',
    values = {},
    unit = '',
  } = (Object.hasOwn(words, name) ? words[name] : undefined) ?? {
    label: name,
  };
  const of = accountId === undefined ? '' : ` (${labels.get(accountId) ?? 'disconnected'})`;
  const said = (value: string) => (value === '' ? empty : (values[value] ?? `${value}${unit}`));
  return `${label}${of}: ${said(from)} → ${said(to)}`;
}

interface Words {
  label: string;
  /** What an empty field means. */
  empty?: string;
  /** Of a field that takes one of a few words. */
  values?: Record<string, string>;
  /** What stands behind a figure. */
  unit?: string;
}

/** By the form's name of the field. */
const words: Record<string, Words> = {
  riskHold: {
    label: 'Hold an order at a risk of fraud',
    values: { high: 'when it is high', medium: 'when it is medium or high', off: 'never' },
  },
  buyDelayMinutes: { label: 'Wait after each payment', unit: ' min' },
  mostPerOrder: { label: 'Most eSIMs in one order', empty: 'no limit' },
  priceGuardPercent: {
    label: 'Hold when the supplier’s price rose by more than',
    ...{ unit: ' %', empty: 'never' },
  },
  buyTestOrders: { label: 'Buy eSIMs for test orders' },
  reserve: { label: 'Keep in the balance' },
  stockFirst: { label: 'Use bundles I own first' },
  rebuy: { label: 'Buy again by itself' },
  refundRule: {
    label: 'Unused eSIM of a refunded item',
    values: { revoke: 'taken back', ask: 'asked each time' },
  },
  chargebackRule: {
    label: 'Unused eSIM of a chargeback',
    values: { ask: 'asked each time', revoke: 'taken back at once', leave: 'left with the buyer' },
  },
};

import type { Money } from '../platform/money.ts';
import type { Preview, PreviewRow } from './price-preview.server.ts';
import { isShown } from './preview-query.ts';
import { liftWords, noPriceWords } from './price-words.ts';

/** One line of the preview, in words. (An alias, because Polaris asks for an index signature.) */
export type PreviewLine = {
  id: string;
  title: string;
  product: string;
  old: string;
  /** Null where there is no price; `decided` says why. */
  next: string | null;
  change: PreviewRow['change'];
  cost: string;
  fee: string;
  margin: string;
  /** "28.5%" */
  share: string;
  /** Which rule decided. */
  decided: string;
  lifts: string[];
  /** Of a variant that lists several bundles. */
  standIns: string[];
  /** What Shopify has instead of our price. */
  found: string | null;
  isLocked: boolean;
};

interface Display {
  money: (money: Money) => string;
  count: (count: number) => string;
}

export interface Rule {
  id: string | null;
  place: string;
  method: string;
}

export function previewLines(
  rows: PreviewRow[],
  {
    preview,
    rules,
    standIns,
    display,
  }: { preview: Preview; rules: Rule[]; standIns: Map<string, string[]>; display: Display },
): PreviewLine[] {
  const titles = new Map(preview.rows.map(({ variantGid, title }) => [variantGid, title]));
  const { currency } = preview.scheme;
  const money = (amount: number | null) => (amount === null ? '–' : display.money({ amount, currency }));
  return rows.map((row) => {
    const { next, priceMinor, foundMinor } = row;
    const line = {
      ...{ id: row.variantGid, title: row.title, product: row.productTitle, old: money(priceMinor) },
      ...{ change: row.change, isLocked: row.isLocked },
      found: foundMinor === null ? null : money(foundMinor),
      standIns: standIns.get(row.variantGid) ?? [],
    };
    const { after } = row;
    if (next.status === 'refused' || !after)
      return {
        ...line,
        next: null,
        ...blank,
        decided: next.status === 'refused' ? noPriceWords[next.reason] : '',
        lifts: [],
      };
    return {
      ...line,
      next: money(next.price.amount),
      ...{ cost: money(after.cost.amount), fee: money(after.fee.amount), margin: money(after.margin.amount) },
      share: shareText(after.marginShare),
      decided: decidedWords(next.decidedBy, rules),
      lifts: next.lifts.map((lift) =>
        liftWords(lift, lift.step === 'ladder' ? titles.get(lift.above) : undefined),
      ),
    };
  });
}

const blank = { cost: '–', fee: '–', margin: '–', share: '–' };

/** "28.5%", of hundredths of a per cent. */
export const shareText = (hundredths: number) => `${(hundredths / 100).toFixed(1)}%`;

/** "Country: France: Cost + 40%" */
export function decidedWords(
  decidedBy: Extract<PreviewRow['next'], { status: 'priced' }>['decidedBy'],
  rules: Rule[],
): string {
  if (decidedBy.by === 'lock') return 'Locked';
  const id = decidedBy.by === 'rule' ? decidedBy.ruleId : null;
  const rule = rules.find((each) => each.id === id);
  return rule ? `${rule.place}: ${rule.method}` : 'Cost + 40%';
}

/** What stands above the preview. */
export function previewTotals({ rows, scheme }: Preview, display: Display) {
  const count = (show: Parameters<typeof isShown>[1]) => rows.filter((row) => isShown(row, show)).length;
  const applicable = rows.filter(
    ({ change, foundMinor }) => change !== 'none' && change !== 'refused' && foundMinor === null,
  );
  const both = rows.flatMap(({ now, after }) => (now && after ? [{ now, after }] : []));
  const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0);
  const share = (pick: 'now' | 'after') => {
    const prices = sum(both.map((each) => each[pick].price.amount));
    const margins = sum(both.map((each) => each[pick].margin.amount));
    return prices === 0 ? '–' : shareText(Math.floor((margins * 10_000) / prices));
  };
  const average = (pick: 'now' | 'after') =>
    both.length === 0
      ? '–'
      : display.money({
          amount: Math.round(sum(both.map((each) => each[pick].price.amount)) / both.length),
          currency: scheme.currency,
        });
  return {
    toApply: applicable.length,
    ...{ changed: count('changed'), up: count('up'), down: count('down'), raised: count('raised') },
    ...{ theirs: count('theirs'), locked: count('locked'), refused: count('refused'), all: rows.length },
    averageNow: average('now'),
    averageNext: average('after'),
    ...{ shareNow: share('now'), shareNext: share('after') },
  };
}

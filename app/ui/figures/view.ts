import type { Decimal } from 'decimal.js';
import type { Figures } from '../../balance/figures.server.ts';
import { marginOf, rounded, type Sums, type Totals } from '../../balance/figures.ts';
import { daysOf, type Period } from '../../balance/period.ts';
import type { Cost } from '../../platform/money.ts';
import type { Shop } from '../../shopify/shops.server.ts';
import type { ChartData } from '../chart.tsx';
import type { Display } from '../display.ts';

/** How one reader's figures are written. */
export interface FigureReader {
  shop: Pick<Shop, 'currency'>;
  show: Display;
  locale: string;
  place: (destination: string) => string;
}

const MOST_PLACES = 5;

/** A period's figures as the home page says them. */
export function figuresView(figures: Figures, period: Period, reader: FigureReader) {
  const { shop, show, place } = reader;
  const inWords = (amount: Decimal) =>
    show.cost({ amount: rounded(amount, shop.currency), currency: shop.currency });
  const margin = marginOf(figures);
  return {
    sales: inWords(figures.sales),
    cost: inWords(figures.cost),
    margin: margin && inWords(leftOf(figures, shop.currency)),
    marginShare: margin && figures.sales.gt(0) ? show.percent(margin.div(figures.sales).toNumber()) : null,
    sold: show.count(figures.sold),
    installed: figures.made === 0 ? null : show.percent(figures.installed / figures.made),
    installedNote: `${show.count(figures.installed)} of ${show.count(figures.made)}`,
    places: [...figures.byDestination]
      .filter(([, { sold }]) => sold > 0)
      .sort(([, a], [, b]) => b.sold - a.sold || b.sales.cmp(a.sales))
      .slice(0, MOST_PLACES)
      .map(([destination, sums]) => ({
        destination,
        name: place(destination),
        sold: show.count(sums.sold),
        sales: inWords(sums.sales),
      })),
    notes: notesOn(figures, reader),
    chart: figures.sold === 0 && figures.cost.isZero() ? null : chartOf(figures, period, reader, inWords),
  };
}

/** What a reader must know of the sums: which were converted, and what is in none of them. */
export function notesOn(
  { converted, unknown }: Pick<Totals, 'converted' | 'unknown'>,
  { shop, show }: FigureReader,
): string[] {
  const list = (costs: Cost[]) => costs.map(show.cost).join(' + ');
  return [
    ...(converted.length > 0
      ? [
          `${converted.join(' and ')} is converted to ${shop.currency} with the European Central Bank’s rate of each day.`,
        ]
      : []),
    ...(unknown.costs.length > 0
      ? [
          `${list(unknown.costs)} of cost is left out, and there is no margin: no rate of those days is known.`,
        ]
      : []),
    ...(unknown.sales.length > 0
      ? [
          `${list(unknown.sales)} of sales is left out, and there is no margin: no rate of those days is known.`,
        ]
      : []),
  ];
}

function chartOf(
  figures: Figures,
  period: Period,
  { shop, locale }: FigureReader,
  inWords: (amount: Decimal) => string,
): ChartData {
  const label = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', day: 'numeric', month: 'short' });
  const of = (day: string): Pick<Sums, 'sales' | 'cost'> | undefined => figures.byDay.get(day);
  return {
    series: [
      { key: 'sales', name: `Sales (${shop.currency})`, kind: 'bar' },
      { key: 'cost', name: `Cost (${shop.currency})`, kind: 'bar' },
    ],
    points: daysOf(period).map((day) => {
      const sums = of(day);
      return {
        label: label.format(new Date(day)),
        values: { sales: sums?.sales.toNumber() ?? 0, cost: sums?.cost.toNumber() ?? 0 },
        texts: { sales: sums ? inWords(sums.sales) : '–', cost: sums ? inWords(sums.cost) : '–' },
      };
    }),
  };
}
export type FiguresView = ReturnType<typeof figuresView>;

/** A line of a table of margins. */
export type MarginLine = {
  key: string;
  title: string;
  url: string | null;
  note: string | null;
  isTest: boolean;
  sold: string;
  sales: string;
  cost: string;
  margin: string;
};

export function marginLine(
  { sold, sales, cost, margin }: Sums & { margin: Decimal | null },
  { key, title }: { key: string; title: string },
  { shop, show }: FigureReader,
): MarginLine {
  const inWords = (amount: Decimal) =>
    show.cost({ amount: rounded(amount, shop.currency), currency: shop.currency });
  return {
    ...{ key, title, url: null, note: null, isTest: false, sold: show.count(sold) },
    ...{ sales: inWords(sales), cost: inWords(cost) },
    margin: margin ? inWords(leftOf({ sales, cost }, shop.currency)) : 'Not known',
  };
}

/** What a reader gets who takes the one figure that is shown from the other. */
function leftOf({ sales, cost }: Pick<Sums, 'sales' | 'cost'>, currency: string): Decimal {
  return rounded(sales, currency).minus(rounded(cost, currency));
}

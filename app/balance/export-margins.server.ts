import { csvPiece } from '../platform/csv.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { figuresOf } from './figures.server.ts';
import { marginOf, type Sums } from './figures.ts';
import { orderMargins, type OrderMargin } from './order-margins.server.ts';
import type { Period } from './period.ts';

/** Rows are read while those before are sent: a page of them is all that memory holds. */
const AT_ONCE = 500;

/** The margin of each order of a period as CSV, piece by piece, in the shop's currency with every digit. */
export async function* exportOrderMargins(shop: Shop, period: Period): AsyncGenerator<string, void> {
  let after: string | null = null;
  let isFirst = true;
  do {
    const page = await orderMargins(shop, period, { after, perPage: AT_ONCE });
    yield csvPiece<OrderMargin>(
      [
        { heading: 'Order', text: ({ name }) => name },
        { heading: 'Placed (UTC)', text: ({ placedAt }) => placedAt.toISOString() },
        { heading: 'Test', text: ({ isTest }) => (isTest ? 'yes' : 'no') },
        { heading: 'eSIMs sold', text: ({ sold }) => String(sold), isFigure: true },
        { heading: 'Sales', text: ({ sales }) => sales.toFixed(), isFigure: true },
        { heading: 'Cost', text: ({ cost }) => cost.toFixed(), isFigure: true },
        { heading: 'Margin', text: ({ margin }) => margin?.toFixed() ?? null, isFigure: true },
        { heading: 'Currency', text: () => shop.currency },
      ],
      page.orders,
      { isFirst },
    );
    isFirst = false;
    after = page.next;
  } while (after !== null);
}

/** The margin of each destination of a period as CSV. */
export async function* exportPlaceMargins(
  shop: Shop,
  period: Period,
  place: (destination: string) => string,
): AsyncGenerator<string, void> {
  const { byDestination, unknown } = await figuresOf(shop, period);
  yield csvPiece<[string, Sums]>(
    [
      { heading: 'Destination', text: ([destination]) => place(destination) },
      { heading: 'Code', text: ([destination]) => destination },
      { heading: 'eSIMs sold', text: ([, { sold }]) => String(sold), isFigure: true },
      { heading: 'Sales', text: ([, { sales }]) => sales.toFixed(), isFigure: true },
      { heading: 'Cost', text: ([, { cost }]) => cost.toFixed(), isFigure: true },
      {
        heading: 'Margin',
        text: ([, sums]) => marginOf({ ...sums, unknown })?.toFixed() ?? null,
        isFigure: true,
      },
      { heading: 'Currency', text: () => shop.currency },
    ],
    [...byDestination],
    { isFirst: true },
  );
}

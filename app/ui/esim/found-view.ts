import { parseTypedIccid } from '../../esims/iccid.ts';

import type { Display } from '../display.ts';
import { destinationLabel } from '../../desk/esim-words.ts';
import type { Found, FoundBy } from '../../desk/search.server.ts';

export interface FoundView {
  /** In words what of it was typed, with what was found by it. */
  groups: { title: string; rows: FoundRow[] }[];
  hasMore: boolean;
  /** The text is a whole ICCID that the shop does not have: its suppliers may be asked. */
  canAskSupplier: boolean;
}

export interface FoundRow {
  id: string;
  url: string;
  title: string;
  /** Null for an order without an eSIM. */
  status: string | null;
  facts: string;
}

const titles: Record<FoundBy, string> = {
  iccid: 'ICCID',
  ending: 'ICCID ends so',
  code: 'Install code',
  order: 'Order',
  email: 'E-mail address',
  name: 'Customer',
  reference: "Supplier's order",
};

/** What a search found, in words. */
export function foundView(
  { esims, orders, hasMore }: Found,
  typed: string,
  { display, regions, locale }: { display: Display; regions: Map<string, string>; locale: string },
): FoundView {
  const rows = [
    ...esims.map((esim) => ({
      by: esim.by,
      row: {
        id: esim.id,
        url: `/app/esims/${esim.id}`,
        title: `${destinationLabel(esim.destination, regions, locale)} · …${esim.iccidLast4}`,
        status: esim.status,
        facts: facts([
          esim.orderName,
          esim.buyer?.name,
          esim.buyer?.maskedEmail,
          display.date(esim.createdAt),
        ]),
      },
    })),
    ...orders.map((order) => ({
      by: order.by,
      row: {
        id: order.id,
        url: `/app/orders/${order.id}`,
        title: `Order ${order.name}, without an eSIM yet`,
        status: null,
        facts: facts([order.buyer.name, order.buyer.maskedEmail, display.date(order.createdAt)]),
      },
    })),
  ];
  // The keys of `titles` are its type's.
  const groups = (Object.keys(titles) as FoundBy[]).map((by) => ({
    title: titles[by],
    rows: rows.filter((one) => one.by === by).map(({ row }) => row),
  }));
  return {
    groups: groups.filter((group) => group.rows.length > 0),
    hasMore,
    canAskSupplier: rows.length === 0 && parseTypedIccid(typed) !== null,
  };
}

const facts = (parts: (string | null | undefined)[]) => parts.filter((part) => part != null).join(' · ');

import type { Decimal } from 'decimal.js';
import { csvPiece, type CsvColumn } from '../platform/csv.ts';
import type { Shop } from '../shopify/shops.server.ts';
import type { EntryState } from './entry.ts';
import type { LedgerQuery } from './ledger-query.ts';
import { ledgerPage, type LedgerLine } from './ledger.server.ts';
import { openLines, type OpenLine } from './open-lines.server.ts';

/** Rows are read while those before are sent: a page of them is all that memory holds. */
const AT_ONCE = 1000;

/**
 * All of an account that a question finds, piece by piece: what is not booked yet, then the entries, the newest first, with
 * every digit.
 */
export async function* exportLedger(
  shop: Shop,
  accountId: string,
  query: LedgerQuery,
): AsyncGenerator<string, void> {
  const open = query.state === 'booked' ? [] : await openLines(shop, accountId, query);
  yield csvPiece(columns, open.map(openRow), { isFirst: true });
  let after: string | null = null;
  while (query.state !== 'open') {
    const page = await ledgerPage(shop, accountId, { ...query, before: null, after }, { perPage: AT_ONCE });
    if (page.lines.length > 0) yield csvPiece(columns, page.lines.map(bookedRow), { isFirst: false });
    after = page.next;
    if (after === null) return;
  }
}

interface Row extends Omit<LedgerLine, 'amount' | 'standing'> {
  state: EntryState;
  amount: Decimal | null;
  currency: string | null;
  standing: Decimal | null;
}

const bookedRow = ({ amount: { amount, currency }, ...line }: LedgerLine): Row => ({
  ...{ ...line, amount, currency, state: 'booked' },
});
const openRow = (line: OpenLine): Row => ({
  ...{ ...line, state: 'open', currency: null, standing: null, destination: null, note: null },
});

const columns: CsvColumn<Row>[] = [
  { heading: 'When (UTC)', text: ({ at }) => at.toISOString() },
  { heading: 'Kind', text: ({ kind }) => kind },
  { heading: 'State', text: ({ state }) => state },
  { heading: 'Amount', text: ({ amount }) => amount?.toFixed() ?? null, isFigure: true },
  { heading: 'Balance after', text: ({ standing }) => standing?.toFixed() ?? null, isFigure: true },
  { heading: 'Currency', text: ({ currency }) => currency },
  { heading: 'Order', text: ({ orderName }) => orderName },
  { heading: 'Destination', text: ({ destination }) => destination },
  { heading: 'Supplier reference', text: ({ reference }) => reference },
  { heading: 'Note', text: ({ note }) => note },
  { heading: 'By', text: ({ by }) => by },
];

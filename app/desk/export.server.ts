import type { Shop } from '../shopify/shops.server.ts';
import { esimCsv, type CsvContext } from './esim-csv.ts';
import type { Chosen } from './bulk.server.ts';
import { findEsims, listedEsims } from './esim-list.server.ts';
import { fromItsBeginning } from './esim-query.ts';

/** Rows are read while those before are sent: a page of them is all that memory holds. */
const AT_ONCE = 1000;

/**
 * The chosen eSIMs as CSV, piece by piece: those that are ticked in the order given, or all that a question finds in its
 * order. An id that is not the shop's is left out.
 */
export async function* exportEsims(
  shop: Shop,
  chosen: Chosen,
  context: CsvContext,
): AsyncGenerator<string, void> {
  if ('ids' in chosen) {
    yield esimCsv(await listedEsims(shop, chosen.ids), { ...context, isFirst: true });
    return;
  }
  let after: string | null = null;
  let isFirst = true;
  do {
    const page = await findEsims(shop, { ...fromItsBeginning(chosen.query), after }, { perPage: AT_ONCE });
    yield esimCsv(page.esims, { ...context, isFirst });
    isFirst = false;
    after = page.next;
  } while (after !== null);
}

import type { Shop } from '../shopify/shops.server.ts';
import { bundleCsv, type CsvContext } from './bundle-csv.ts';
import { withoutPage, type BundleQuery } from './bundle-query.ts';
import { findBundleDetails } from './queries.server.ts';

/** Rows are read while those before are sent: a page of them is all that memory holds. */
const AT_ONCE = 1000;

/** All bundles that a question finds as CSV, in its order, piece by piece. */
export async function* exportBundles(
  shop: Shop,
  query: BundleQuery,
  context: CsvContext,
): AsyncGenerator<string, void> {
  let after: string | null = null;
  let isFirst = true;
  do {
    const page = await findBundleDetails(shop, { ...withoutPage(query), after }, { perPage: AT_ONCE });
    yield bundleCsv(page.bundles, { ...context, isFirst });
    isFirst = false;
    after = page.next;
  } while (after !== null);
}

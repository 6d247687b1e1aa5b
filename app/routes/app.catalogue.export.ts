import type { LoaderFunctionArgs } from '@remix-run/node';
import { readBundleQuery } from '../catalogue/bundle-query.ts';
import { exportBundles } from '../catalogue/export.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { csvResponse } from '../ui/csv-response.server.ts';

/** The bundles that the catalogue page finds with the same address, as a CSV file. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const query = readBundleQuery(new URL(request.url).searchParams, locale);
  return csvResponse(exportBundles(shop, query, { locale }), 'catalogue.csv');
}

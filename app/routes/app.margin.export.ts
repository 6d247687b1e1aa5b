import type { LoaderFunctionArgs } from '@remix-run/node';
import { exportOrderMargins, exportPlaceMargins } from '../balance/export-margins.server.ts';
import { readPeriod } from '../balance/period.ts';
import { destinationLabel } from '../desk/esim-words.ts';
import { regionNames } from '../desk/regions.server.ts';
import { currentTime } from '../platform/time.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { csvResponse } from '../ui/csv-response.server.ts';

/** The table of the margin page as a CSV file, whole: by destination, or with `?by=order` by order. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const asked = new URL(request.url).searchParams;
  const period = readPeriod(asked, { now: currentTime(), timezone: shop.timezone });
  if (asked.get('by') === 'order')
    return csvResponse(exportOrderMargins(shop, period), 'margin-by-order.csv');
  const regions = await regionNames(shop);
  const place = (key: string) => destinationLabel(key, regions, locale);
  return csvResponse(exportPlaceMargins(shop, period, place), 'margin-by-destination.csv');
}

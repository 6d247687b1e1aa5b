import type { LoaderFunctionArgs } from '@remix-run/node';
import { z } from 'zod';
import { MOST_AT_ONCE, type Chosen } from '../desk/bulk.server.ts';
import { readEsimQuery } from '../desk/esim-query.ts';
import { exportEsims } from '../desk/export.server.ts';
import { regionNames } from '../desk/regions.server.ts';
import { listSuppliers } from '../settings/suppliers.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { csvResponse } from '../ui/csv-response.server.ts';

/** The eSIMs that the list finds with the same address, or those whose `ids` it names, as a CSV file. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const chosen = readChosen(new URL(request.url).searchParams);
  const [suppliers, regions] = await Promise.all([listSuppliers(shop), regionNames(shop)]);
  const accountNames = new Map(suppliers.map(({ id, label }) => [id, label]));
  return csvResponse(exportEsims(shop, chosen, { locale, accountNames, regions }), 'esims.csv');
}

/** Ids that are none leave nothing to write, not the whole list. */
function readChosen(parameters: URLSearchParams): Chosen {
  if (!parameters.has('ids')) return { query: readEsimQuery(parameters) };
  const ids = parameters.getAll('ids').filter((id) => z.uuid().safeParse(id).success);
  return { ids: ids.slice(0, MOST_AT_ONCE) };
}

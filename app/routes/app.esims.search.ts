import { json, type ActionFunctionArgs } from '@remix-run/node';
import { z } from 'zod';
import { foundView } from '../ui/esim/found-view.ts';
import { regionNames } from '../desk/regions.server.ts';
import { MOST_TYPED } from '../desk/search-terms.ts';
import { searchEsims } from '../desk/search.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { displayFor } from '../ui/display.ts';
import { parseForm } from '../ui/form.server.ts';

const Typed = z.object({ typed: z.string().max(MOST_TYPED, 'That is too long to be searched for.') });

/** What the search box of the eSIMs asks. A POST: an address and an install code must stand in no address bar. */
export async function action({ request }: ActionFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const form = await parseForm(request, Typed);
  if (form.status === 'invalid') return json(form, 400);
  const { typed } = form.input;
  const [found, regions] = await Promise.all([searchEsims(shop, typed), regionNames(shop)]);
  const display = displayFor({ locale, timezone: shop.timezone });
  return json({ status: 'found' as const, ...foundView(found, typed, { display, regions, locale }) });
}

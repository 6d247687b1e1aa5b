import { json, type ActionFunctionArgs } from '@remix-run/node';
import { z } from 'zod';
import { esimsToTopUp } from '../desk/esims-to-top-up.server.ts';
import { regionNames } from '../desk/regions.server.ts';
import { MOST_TYPED } from '../desk/search-terms.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { displayFor } from '../ui/display.ts';
import { notFound } from '../ui/edge.server.ts';
import { foundView } from '../ui/esim/found-view.ts';
import { parseForm } from '../ui/form.server.ts';

const Asked = z.object({
  unitId: z.string().max(50),
  typed: z.string().max(MOST_TYPED, 'That is too long to be searched for.'),
});

/** What may be topped up with a piece that waits for its eSIM. A POST: an address must stand in no address bar. */
export async function action({ request }: ActionFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const form = await parseForm(request, Asked);
  if (form.status === 'invalid') return json(form, 400);
  const [esims, regions] = await Promise.all([esimsToTopUp(shop, form.input), regionNames(shop)]);
  if (!esims) throw notFound();
  const display = displayFor({ locale, timezone: shop.timezone });
  const found = { esims, orders: [], hasMore: false };
  const { groups } = foundView(found, form.input.typed, { display, regions, locale });
  return json({ status: 'found' as const, esims: groups.flatMap(({ rows }) => rows) });
}

import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { bundleTitle } from '../catalogue/bundle.ts';
import { readBundleQuery } from '../catalogue/bundle-query.ts';
import { findBundles } from '../catalogue/queries.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { displayFor } from '../ui/display.ts';
import type { Choice } from '../ui/queue/bundle-picker.tsx';

const MOST = 10;

/** What the bundle picker of the queue offers: the first that fit. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const query = readBundleQuery(new URL(request.url).searchParams, locale);
  const show = displayFor({ locale, timezone: shop.timezone });
  const { bundles, next } = await findBundles(shop, query, { perPage: MOST });
  const choices = bundles
    .filter(({ isConnected }) => isConnected)
    .map((bundle): Choice => ({
      id: bundle.id,
      title: bundleTitle(bundle),
      code: bundle.code,
      cost: show.cost(bundle.cost),
    }));
  return json({ choices, hasMore: next !== null });
}

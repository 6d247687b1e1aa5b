import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { bundleTitle } from '../catalogue/bundle.ts';
import { readBundleQuery } from '../catalogue/bundle-query.ts';
import { findBundles } from '../catalogue/queries.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import type { Choice } from '../ui/bundle-search.ts';
import { displayFor } from '../ui/display.ts';

const MOST = 10;

/** What a bundle picker offers: the first that fit. */
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

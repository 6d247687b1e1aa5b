import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { bundleTitle } from '../catalogue/bundle.ts';
import { readBundleQuery } from '../catalogue/bundle-query.ts';
import { findBundles } from '../catalogue/queries.server.ts';
import { coverageOf } from '../products/coverage.ts';
import { obstacleOf } from '../products/first-to-buy.ts';
import { downAccounts } from '../products/mapping.server.ts';
import { listSuppliers } from '../settings/suppliers.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import type { Choice } from '../ui/bundle-search.ts';
import { displayFor } from '../ui/display.ts';

const MOST = 10;

/** What a bundle picker offers: the first that fit. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const query = readBundleQuery(new URL(request.url).searchParams, locale);
  const show = displayFor({ locale, timezone: shop.timezone });
  const [{ bundles, next }, suppliers] = await Promise.all([
    findBundles(shop, query, { perPage: MOST }),
    listSuppliers(shop),
  ]);
  const down = await downAccounts(suppliers.map(({ id }) => id));
  const choices = bundles
    .filter(({ isConnected }) => isConnected)
    .map((bundle): Choice => {
      const supplier = suppliers.find(({ id }) => id === bundle.accountId);
      return {
        ...{ id: bundle.id, title: bundleTitle(bundle, show.locale), code: bundle.code },
        supplier: supplier?.label ?? '',
        cost: show.cost(bundle.cost),
        obstacle: obstacleOf({
          isWithdrawn: bundle.withdrawnAt !== null,
          accountState: supplier?.state ?? 'disconnected',
          isDown: down.has(bundle.accountId),
        }),
        covers: coverageOf(bundle),
      };
    });
  return json({ choices, hasMore: next !== null });
}

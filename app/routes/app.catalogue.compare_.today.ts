import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { soldToday } from '../catalogue/today.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { displayFor } from '../ui/display.ts';
import { problemText } from '../ui/problem-words.ts';

/** What suppliers sell for one destination now, where it differs from the catalogue. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const destination = new URL(request.url).searchParams.get('destination') ?? '';
  const show = displayFor({ locale, timezone: shop.timezone });
  const told = await soldToday(shop, destination);
  return json({
    suppliers: told.map((supplier) =>
      supplier.status === 'told'
        ? {
            ...{ label: supplier.label, sold: supplier.sold, problem: null },
            differences: supplier.differences.map(({ cost, ...bundle }) => ({
              ...bundle,
              cost: cost && show.cost(cost),
            })),
          }
        : {
            ...{ label: supplier.label, sold: 0, differences: [] },
            problem: problemText(supplier.problem).title,
          },
    ),
  });
}

/** It is asked for when it is needed; whatever else is done asks the supplier nothing. */
export const shouldRevalidate = () => false;

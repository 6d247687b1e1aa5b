import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { lookAtRevokeOf } from '../desk/do.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { displayFor } from '../ui/display.ts';
import { notFound } from '../ui/edge.server.ts';
import { asked } from '../ui/esim/asked.server.ts';
import { revokeView } from '../ui/esim/revoke-view.ts';

/** What taking a bundle back would come to this moment. Nothing is taken. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const bundleKey = new URL(request.url).searchParams.get('bundle') ?? '';
  const look = await asked('revoke', lookAtRevokeOf(shop, { esimId: params['esimId'] ?? '', bundleKey }));
  if (!look) throw notFound();
  const show = displayFor({ locale, timezone: shop.timezone });
  return json(look.status === 'offered' ? revokeView(look, show) : look);
}

/** It is asked for when it is needed; whatever else is done asks the supplier nothing. */
export const shouldRevalidate = () => false;

import type { LoaderFunctionArgs } from '@remix-run/node';
import { pictureOf } from '../products/picture.server.ts';
import { notFound } from '../ui/edge.server.ts';

/** The picture of a country or region, for whoever asks: Shopify fetches it when a product is made. */
export async function loader({ params }: LoaderFunctionArgs) {
  const name = /^(.+)\.png$/.exec(params['name'] ?? '')?.[1] ?? '';
  const picture = await pictureOf(name);
  if (!picture) throw notFound();
  return new Response(picture, {
    headers: { 'content-type': 'image/png', 'cache-control': 'public, max-age=604800' },
  });
}

import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { supplierTells } from '../desk/supplier-tells.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { displayFor } from '../ui/display.ts';
import { notFound } from '../ui/edge.server.ts';
import { toldView } from '../ui/esim/told-view.ts';
import { problemText } from '../ui/problem-words.ts';

/** What the supplier knows of one eSIM besides its usage. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const told = await supplierTells(shop, { esimId: params['esimId'] ?? '', signal: request.signal });
  if (!told) throw notFound();
  if (told.status === 'unanswered')
    return json({ status: 'unanswered' as const, sentence: problemText(told.problem, 'supplier').title });
  return json(toldView(told, { show: displayFor({ locale, timezone: shop.timezone }), locale }));
}

/** It is asked for when it is needed; whatever else is done asks the supplier nothing. */
export const shouldRevalidate = () => false;

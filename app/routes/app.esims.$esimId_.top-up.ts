import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { lookAtTopUp, topUpChoices } from '../desk/top-up.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { displayFor } from '../ui/display.ts';
import { notFound } from '../ui/edge.server.ts';
import { asked } from '../ui/esim/asked.server.ts';
import { choiceView, topUpView } from '../ui/esim/top-up-view.ts';

/** What can be put on an eSIM; with `bundle`, what that one would cost this moment. Nothing is bought. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const esimId = params['esimId'] ?? '';
  const show = displayFor({ locale, timezone: shop.timezone });
  const bundleId = new URL(request.url).searchParams.get('bundle');
  if (bundleId === null) {
    const choices = await topUpChoices(shop, esimId);
    if (!choices) throw notFound();
    return json({
      status: 'choices' as const,
      choices: choices.map((choice) => choiceView(choice, show)),
    });
  }
  const look = await asked('top-up', lookAtTopUp(shop, { esimId, bundleId }));
  if (!look) throw notFound();
  return json(look.status === 'offered' ? topUpView(look, { bundleId, show }) : look);
}

/** It is asked for when it is needed; whatever else is done asks the supplier nothing. */
export const shouldRevalidate = () => false;

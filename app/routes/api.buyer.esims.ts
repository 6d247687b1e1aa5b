import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { z } from 'zod';
import { esimsForBuyer } from '../delivery/buyer.server.ts';
import { readCapped, readJson } from '../platform/body.ts';
import { requireBuyer } from '../shopify/auth.server.ts';

const Question = z.object({ orderId: z.string().max(100), checkoutToken: z.string().max(200).nullish() });

/** What the thank-you and order status blocks ask. A POST: the checkout token must stand in no address. */
export async function action({ request }: ActionFunctionArgs) {
  const { shop, customerGid, cors } = await requireBuyer(request);
  const headers = { 'cache-control': 'no-store' };
  // Any visitor of the shop has a token, so the body is not trusted to be small.
  const body = await readCapped(request, 10_000);
  if (body === 'too-large')
    return cors(json({}, { status: 413, headers: { ...headers, connection: 'close' } }));
  const question = Question.safeParse(readJson(body));
  if (!question.success) return cors(json({}, { status: 400, headers }));
  const { orderId, checkoutToken = null } = question.data;
  const answer = await esimsForBuyer(shop, { orderId, checkoutToken, customerGid });
  return cors(answer ? json(answer, { headers }) : json({}, { status: 404, headers }));
}

/** The browser's preflight arrives here; anything else has nothing to read. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { cors } = await requireBuyer(request);
  return cors(json({}, { status: 405, headers: { allow: 'POST' } }));
}

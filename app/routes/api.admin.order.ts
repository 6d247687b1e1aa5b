import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { z } from 'zod';
import { resendOrder } from '../delivery/resend.server.ts';
import { glanceAtOrder } from '../desk/order-glance.server.ts';
import { readCapped, readJson } from '../platform/body.ts';
import { requireShop } from '../shopify/auth.server.ts';

const OrderGid = z.string().regex(/^gid:\/\/shopify\/Order\/\d{1,20}$/);
const headers = { 'cache-control': 'no-store' };

/** What the block and the action on Shopify's own page of an order ask. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, cors } = await requireShop(request);
  const order = OrderGid.safeParse(new URL(request.url).searchParams.get('order'));
  const glance = order.success ? await glanceAtOrder(shop, order.data) : null;
  return cors(glance ? json(glance, { headers }) : json({}, { status: 404, headers }));
}

const Resend = z.object({
  order: OrderGid,
  /** Made by the form when it is shown: the same press twice is one e-mail. */
  pressId: z.uuid(),
  /** Empty: the order's own address. */
  email: z.union([z.literal(''), z.email().max(254)]),
});

/** Mails the eSIMs of an order once more. 422 with a reason where that cannot be. */
export async function action({ request }: ActionFunctionArgs) {
  const { shop, staff, cors } = await requireShop(request);
  const body = await readCapped(request, 10_000);
  const asked = Resend.safeParse(body === 'too-large' ? null : readJson(body));
  if (!asked.success) return cors(json({ reason: 'address' }, { status: 422, headers }));
  const { order, pressId, email } = asked.data;
  const glance = await glanceAtOrder(shop, order);
  if (!glance) return cors(json({}, { status: 404, headers }));
  const address = email === '' ? null : email;
  const outcome = await resendOrder(shop, glance.id, { email: address, id: pressId, by: staff });
  return cors(
    outcome.status === 'queued'
      ? json({}, { headers })
      : json({ reason: outcome.reason }, { status: 422, headers }),
  );
}

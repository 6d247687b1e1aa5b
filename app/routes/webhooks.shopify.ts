import type { ActionFunctionArgs } from '@remix-run/node';
import { receiveWebhook } from '../notifications/inbound.server.ts';

export async function action({ request }: ActionFunctionArgs) {
  return new Response(null, await receiveWebhook(request));
}

export function loader() {
  return new Response(null, { status: 405, headers: { allow: 'POST' } });
}

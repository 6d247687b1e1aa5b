import type { ActionFunctionArgs } from '@remix-run/node';
import { receiveCallback } from '../notifications/callback.server.ts';

export async function action({ request, params }: ActionFunctionArgs) {
  return new Response(null, await receiveCallback(request, params['token'] ?? ''));
}

export function loader() {
  return new Response(null, { status: 405, headers: { allow: 'POST' } });
}

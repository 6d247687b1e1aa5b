import { createHmac } from 'node:crypto';
import type { Merchant } from './shop.ts';

export interface CallbackPage {
  accountId: string;
  url: string;
  takesUnsigned: boolean;
  taken: string | null;
  refused: string | null;
  stuck: number;
}

const PAGE = ['/app/settings/suppliers', 'app.settings.suppliers'] as const;

/** What the merchant's page says of the supplier's calls. */
export async function callbacksOf(merchant: Merchant): Promise<CallbackPage> {
  const { suppliers } = await merchant.read<{ suppliers: { callbacks: CallbackPage | null }[] }>(...PAGE);
  const callbacks = suppliers[0]?.callbacks;
  if (!callbacks) throw new Error('the page shows no address for callbacks');
  return callbacks;
}

/** Presses a button of that page. */
export async function pressCallbacks(
  merchant: Merchant,
  fields: { intent: 'renew-callbacks' } | { intent: 'take-unsigned'; unsigned: 'on' | '' },
): Promise<void> {
  const { accountId } = await callbacksOf(merchant);
  const { status } = await merchant.send(...PAGE, { ...fields, accountId });
  if (status !== 200) throw new Error(`the page answered ${String(status)}`);
}

/** Posts a body as the supplier would; with a key it is signed. Answers the status. */
export async function call(
  url: string,
  body: string | Uint8Array,
  { key, signature }: { key?: string; signature?: string } = {},
): Promise<number> {
  const proof = key === undefined ? signature : signatureOf(body, key);
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      // The app closes connections that were idle for a while, perhaps the moment a story uses one again.
      connection: 'close',
      ...(proof !== undefined && { 'x-signature-sha256': proof }),
    },
    body: Buffer.from(body),
  });
  await response.body?.cancel();
  return response.status;
}

export const signatureOf = (body: string | Uint8Array, key: string, how: 'base64' | 'hex' = 'base64') =>
  createHmac('sha256', key).update(body).digest(how);

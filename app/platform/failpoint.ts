/**
 * Where a process may be made to die, in the order of an order's path. Each stands between two effects that no
 * transaction holds together; test/simulation walks them all.
 */
export const failpoints = [
  'intake.committed', // the webhook's receipt is written, and not yet answered
  'intake.woken',
  'order.taken-in', // the order and its units are written
  'order.woken',
  'buy.before-sending',
  'buy.sending-committed', // the attempt is written, and no byte has left
  'buy.answer-read', // the supplier bought and said so, and nothing of it is written
  'buy.bought-committed',
  'buy.woken',
  'settle.looked', // the supplier was asked what it did, and nothing of it is written
  'settle.committed',
  'deliver.units-moved', // the units are delivered in our books, and their e-mail is still to be sent
  'mail.before-send',
  'mail.sent', // Resend has taken it, and we have not written so
  'mail.committed',
  'fulfil.before',
  'fulfil.done', // Shopify counts the order as fulfilled, and we have not written so
  'fulfil.committed',
  'import.page-written', // some of a supplier's bundles are stored, and the rest is still to be read
  'product.published', // Shopify has the product, and we do not know it as ours yet
  'prices.written', // Shopify has the new prices of a product, and we have not written so
  'token.refreshed', // the old refresh token is spent, and the new one is not stored
] as const;

export type Failpoint = (typeof failpoints)[number];

/** What to do at which point, and at which time of reaching it (from 1). */
export interface ArmedFailpoint {
  name: Failpoint;
  act: 'kill' | 'stop' | 'throw';
  nth: number;
}

/** Reads `name:kill`, `name:stop` or `name:throw`, with `:nth` behind it or not. Null for anything else. */
export function parseFailpoint(text: string): ArmedFailpoint | null {
  const [, name, act, nth = '1'] = /^([\w.-]+):(kill|stop|throw)(?::([1-9]\d*))?$/.exec(text) ?? [];
  const known = failpoints.find((each) => each === name);
  if (known === undefined || (act !== 'kill' && act !== 'stop' && act !== 'throw')) return null;
  return { name: known, act, nth: Number(nth) };
}

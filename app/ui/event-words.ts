import type { OrderEventKind } from '../orders/events.server.ts';
import { lowerFirst } from './display.ts';
import { problemText } from './problem-words.ts';
import { reasonText } from './reason-words.ts';

type Detail = Record<string, unknown>;

const words: Record<OrderEventKind, (detail: Detail) => string> = {
  'order.received': () => 'Shopify told us that the order is paid',
  'order.cancelled': () => 'The order was cancelled in Shopify',
  'unit.held': ({ reason }) => `Put on hold: ${shortOf(reason)}`,
  'unit.released': ({ as }) =>
    as === 'new-esim' ? 'Released, to be bought as a new eSIM' : 'Released from hold',
  'unit.cancelled': () => 'Cancelled before it was bought',
  'unit.gone': () => 'The buyer’s piece was cancelled or refunded after buying had begun',
  'unit.given-back': ({ refundedTo }) =>
    refundedTo === 'balance'
      ? 'eSIM given back to the supplier; its price is back in your balance'
      : refundedTo === 'stock'
        ? 'eSIM given back to the supplier; its bundle is in your stock'
        : 'eSIM given back to the supplier',
  'unit.closed': () => 'Closed without an eSIM',
  'unit.relinked': ({ bundle }) => `Given another bundle: ${textOf(bundle) ?? 'unknown'}`,
  'unit.substituted': ({ bundle, instead, why }) =>
    `To be bought as ${textOf(bundle) ?? 'another bundle'}, next on the product’s list: ${whyPassedOver(why, textOf(instead) ?? 'the first')}`,
  'purchase.sent': ({ supplier }) => `Ordered from ${textOf(supplier) ?? 'the supplier'}`,
  'purchase.refused': ({ reason }) =>
    typeof reason === 'string'
      ? `Nothing was bought: ${shortOf(reason)}`
      : 'Nothing was bought; it is tried again by itself',
  'purchase.doubted': () =>
    "The supplier's answer was lost; we look at its list of orders before anything else",
  'purchase.adopted': () => 'Found the purchase in the supplier’s list of orders',
  'purchase.parked': ({ reason }) => `Left for you to decide: ${shortOf(reason)}`,
  'purchase.validated': ({ outcome }) =>
    outcome === 'accepted'
      ? 'Test order: the supplier would sell it; nothing was bought'
      : `Test order: the supplier would refuse it: ${shortOf(outcome)}`,
  'purchase.remembered': () =>
    'The database had forgotten this purchase; it is looked up at the supplier before anything else',
  'purchase.found': () => 'The purchase was found at the supplier',
  'purchase.rebought': () => 'To be bought again',
  'unit.bought': () => 'eSIM received from the supplier',
  'unit.replaced': () => 'To be replaced by another eSIM',
  'unit.topped-up': ({ bundle }) => `eSIM topped up with ${textOf(bundle) ?? 'a bundle'}`,
  'bundle.revoked': ({ bundle, refundedTo }) =>
    `${textOf(bundle) ?? 'A bundle'} taken back from the eSIM${whereTo(refundedTo)}`,
  'mail.sent': () => 'E-mail sent to the buyer',
  'mail.failed': ({ reason }) =>
    `E-mail not sent: ${lowerFirst(problemText(textOf(reason) ?? '', 'mail').title)}`,
  'mail.resent': () => 'E-mail sent again',
  'order.fulfilled': () => 'Marked as fulfilled in Shopify',
  'email.shown': () => "The buyer's e-mail address was shown",
  'codes.revealed': () => 'The install code was shown on the install page',
};

function whereTo(refundedTo: unknown): string {
  if (refundedTo === 'balance') return '; its price is back in your balance';
  return refundedTo === 'stock' ? '; it is in your stock' : ', for nothing';
}

function whyPassedOver(why: unknown, instead: string): string {
  if (why === 'withdrawn') return `the supplier no longer sells ${instead}`;
  if (why === 'no-supplier') return `the supplier of ${instead} is disconnected`;
  if (why === 'key-refused') return `the supplier of ${instead} refused the key`;
  return `${instead} cannot be bought`;
}

/** One line of an order's timeline. Null for an event this version does not know. */
export function eventText(kind: string, detail: unknown): string | null {
  if (!isKnown(kind)) return null;
  const facts: Detail = typeof detail === 'object' && detail !== null ? { ...detail } : {};
  const by = textOf(facts['by']);
  return `${words[kind](facts)}${by === null ? '' : `, by ${by}`}`;
}

function isKnown(kind: string): kind is OrderEventKind {
  return Object.hasOwn(words, kind);
}

function shortOf(reason: unknown): string {
  return lowerFirst(reasonText(textOf(reason)).short);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

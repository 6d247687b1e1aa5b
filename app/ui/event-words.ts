import type { DisputedLeft } from '../desk/follow-dispute.server.ts';
import type { OrderEventKind } from '../orders/events.server.ts';
import { lowerFirst } from './display.ts';
import { problemText } from './problem-words.ts';
import { reasonText } from './reason-words.ts';

type Detail = Record<string, unknown>;

const words: Record<OrderEventKind, (detail: Detail) => string> = {
  'order.received': () => 'Shopify told us that the order is paid',
  'order.cancelled': () => 'The order was cancelled in Shopify',
  'unit.held': ({ reason }) => `Put on hold: ${shortOf(reason)}`,
  'unit.released': ({ as, amount, currency }) =>
    as === 'new-esim'
      ? 'Released, to be bought as a new eSIM'
      : as === 'at-a-loss'
        ? `Released, to be bought at a loss${textOf(amount) === null ? '' : ` of ${moneyOf(amount, currency)}`}`
        : as === 'settings'
          ? 'Released from hold, since what stops an order was changed in the settings'
          : 'Released from hold',
  'unit.cancelled': () => 'Cancelled before it was bought',
  'unit.gone': ({ state }) =>
    `The buyer’s piece was cancelled or refunded after ${state === 'delivered' ? 'its eSIM was sent' : 'buying had begun'}`,
  'unit.given-back': ({ refundedTo }) =>
    refundedTo === 'balance'
      ? 'eSIM given back to the supplier; its price is back in your balance'
      : refundedTo === 'stock'
        ? 'eSIM given back to the supplier; its bundle is in your stock'
        : 'eSIM given back to the supplier',
  'unit.missing': () =>
    'The supplier has the eSIM no more, so nothing was left to take back for the refunded piece',
  'refund.chosen': () => 'Taken to be the refunded eSIM, since it is the one that is used least',
  'refund.asked': ({ reason }) => `Left for you to decide: ${shortOf(reason)}`,
  'refund.money': ({ amount, currency }) =>
    `Shopify refunded ${moneyOf(amount, currency)} without naming an item: every eSIM stays with the buyer`,
  'refund.began': () => 'Cancel and refund began: the supplier is asked first',
  'refund.refused': () => 'Nothing was refunded, since nothing could be taken back',
  'refund.done': ({ amount, currency }) =>
    typeof amount === 'string'
      ? `${moneyOf(amount, currency)} refunded in Shopify to the original payment`
      : 'Refunded in Shopify',
  'refund.failed': () => 'Taken back from the supplier, but Shopify did not refund the buyer',
  'dispute.opened': ({ what }) => `${disputeOf(what)} opened: the buyer’s bank questions the payment`,
  'dispute.changed': ({ what, status }) => `${disputeOf(what)}: ${disputeStatus(status)}`,
  'dispute.asked': ({ why }) => `Not taken back for the chargeback: ${whyLeft(why)}`,
  'dispute.closed': ({ what }) => `${disputeOf(what)} marked as seen to`,
  'unit.left': () => 'The refunded eSIM is left with the buyer',
  'unit.closed': () => 'Closed without an eSIM',
  'unit.named': ({ last4 }) => `To top up the eSIM that ends in ${textOf(last4) ?? 'unknown'}`,
  'unit.relinked': ({ bundle }) => `Given another bundle: ${textOf(bundle) ?? 'unknown'}`,
  'unit.substituted': ({ bundle, instead, why }) =>
    `To be bought as ${textOf(bundle) ?? 'another bundle'}, next on the product’s list: ${whyPassedOver(why, textOf(instead) ?? 'the first')}`,
  'unit.passed-on': ({ why, supplier, instead, bundle, to, waits }) => {
    const from = textOf(supplier) ?? 'The supplier';
    const code = textOf(instead) ?? 'it';
    const refusal =
      why === 'loss'
        ? `${from} was not asked for ${code}, which ${refusalOf(why)}`
        : `${from} did not sell ${code}: ${refusalOf(why)}. Nothing was bought there`;
    if (waits === 'loss')
      return `${refusal}; it waits for you: ${textOf(bundle) ?? 'the first on the list'} ${refusalOf(waits)}`;
    return textOf(waits) === null
      ? `${refusal}; next on the product’s list is ${textOf(bundle) ?? 'another bundle'} of ${textOf(to) ?? 'another supplier'}`
      : `${refusal}; it waits for ${textOf(to) ?? 'another supplier'}: ${refusalOf(waits)}`;
  },
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
  'data.exported': () => 'What the app keeps about the buyer was downloaded, for the buyer',
  'order.erased': () => 'The buyer and the eSIMs were erased, as the buyer asked',
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
  if (why === 'supplier-down') return `the supplier of ${instead} does not answer`;
  if (why === 'cost') return `it costs less now than ${instead}`;
  if (why === 'stock') return `your stock has it, and no ${instead}`;
  return `${instead} cannot be bought`;
}

/** Why a supplier was passed over, as a part of a sentence. */
export function refusalOf(why: unknown): string {
  return why === 'supplier-down' ? 'the supplier does not answer' : shortOf(why);
}

function moneyOf(amount: unknown, currency: unknown): string {
  return `${textOf(amount) ?? 'money'} ${textOf(currency) ?? ''}`.trim();
}

function disputeOf(what: unknown): string {
  return what === 'inquiry' ? 'Inquiry' : 'Chargeback';
}

const left: Record<DisputedLeft, string> = {
  installed: 'it is installed on a phone',
  used: 'some of its data was used',
  kept: 'the supplier gives nothing for it',
  doubted: 'the supplier’s answer was lost, so look at the eSIM in its portal',
};

function whyLeft(why: unknown): string {
  const texts: Record<string, string> = left;
  return texts[textOf(why) ?? ''] ?? 'it is left with the buyer';
}

const disputeStatuses: Record<string, string> = {
  needs_response: 'it waits for your answer',
  under_review: 'the bank is deciding',
  won: 'you won, the money stays yours',
  lost: 'lost, the buyer keeps the money',
  accepted: 'accepted, the buyer keeps the money',
  prevented: 'prevented before it became a chargeback',
};

/** What has become of a dispute, as the end of a sentence. */
export function disputeStatus(status: unknown): string {
  const text = textOf(status) ?? '';
  return disputeStatuses[text] ?? text.replaceAll('_', ' ');
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

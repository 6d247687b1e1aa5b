import type { HoldReason, ParkReason } from '../orders/line.ts';

export interface ReasonText {
  /** A few words for a list: "Balance too low". */
  short: string;
  sentence: string;
  nextStep: string;
  link: { label: string; url: string } | null;
  /** The button that lets a held unit go on; null where that changes nothing, or must not happen. */
  retry: string | null;
}

const suppliers = { label: 'Open suppliers', url: '/app/settings/suppliers' };
const catalogue = { label: 'Open the catalogue', url: '/app/catalogue' };

/** Waits of the queue that are no hold and no parking. */
type OtherWait = 'in-doubt' | 'refunded' | 'unclaimed';

export const reasons: Record<HoldReason | ParkReason | OtherWait, ReasonText> = {
  'no-bundle': {
    short: 'Not linked to a bundle',
    sentence: 'This product is not linked to a bundle, so nothing was bought.',
    nextStep: 'Link its variant to a bundle in the catalogue. The eSIM is then bought by itself.',
    link: catalogue,
    retry: null,
  },
  'top-up': {
    short: 'Top-up of an eSIM',
    sentence:
      'This line tops up an eSIM the traveller has already, so no new eSIM was bought. The top-up itself was not bought either.',
    nextStep:
      'Top up the traveller’s eSIM in the supplier’s portal, or refund the buyer in Shopify, and close this with a note. If the traveller needs a new eSIM instead, buy one here.',
    link: null,
    retry: null,
  },
  'no-supplier': {
    short: 'Supplier disconnected',
    sentence: 'The supplier of this bundle is disconnected, so nothing was bought.',
    nextStep: 'Connect the supplier again, then press Try again.',
    link: suppliers,
    retry: 'Try again',
  },
  'key-refused': {
    short: 'Key refused',
    sentence: 'The supplier refused the key, so nothing was bought.',
    nextStep: 'Enter a new key. The eSIM is then bought by itself.',
    link: suppliers,
    retry: null,
  },
  funds: {
    short: 'Balance too low',
    sentence: 'The balance at the supplier is too low, so nothing was bought.',
    nextStep:
      "Top up your account in the supplier's portal. We look again every few minutes and buy the eSIM by itself.",
    link: suppliers,
    retry: 'Try again',
  },
  reserve: {
    short: 'Would use your reserve',
    sentence:
      'Buying this eSIM would leave less than the reserve you set for the supplier, so nothing was bought.',
    nextStep:
      'Top up your account at the supplier, or lower the reserve. We look again every few minutes. Buy anyway uses the reserve for this eSIM.',
    link: suppliers,
    retry: 'Buy anyway',
  },
  risk: {
    short: 'Risky order',
    sentence: 'Shopify sees signs of fraud in this order, so nothing was bought.',
    nextStep:
      'Look at the risk analysis of the order in Shopify. Cancel the order there, or buy the eSIM anyway. An eSIM that was sent cannot be called back.',
    link: null,
    retry: 'Buy anyway',
  },
  delay: {
    short: 'Waiting for the risk check',
    sentence:
      'You asked to wait after each payment, so that Shopify can judge the order. Nothing was bought yet.',
    nextStep: 'The eSIM is bought by itself when the time is over.',
    link: null,
    retry: 'Buy now',
  },
  quantity: {
    short: 'Large order',
    sentence: 'This order has more eSIMs than you allow in one order, so nothing was bought.',
    nextStep: 'Check with the buyer, then buy anyway, or cancel the order in Shopify.',
    link: null,
    retry: 'Buy anyway',
  },
  price: {
    short: 'Supplier’s price rose',
    sentence:
      'The supplier’s price rose by more than you allow since this product was linked, so nothing was bought.',
    nextStep:
      'Buy anyway at the new price, or give the order another bundle. Then change the product’s price.',
    link: catalogue,
    retry: 'Buy anyway',
  },
  'bundle-unavailable': {
    short: 'Bundle not sold any more',
    sentence: 'The supplier does not sell this bundle any more, so nothing was bought.',
    nextStep: 'Link the variant to another bundle and press Try again, or refund the buyer in Shopify.',
    link: catalogue,
    retry: 'Try again',
  },
  rejected: {
    short: 'Refused by the supplier',
    sentence: 'The supplier refused the purchase, so nothing was bought.',
    nextStep:
      'Press Try again. If the supplier refuses again, ask its support, or refund the buyer in Shopify.',
    link: null,
    retry: 'Try again',
  },
  'test-order': {
    short: 'Test order',
    sentence: 'Shopify marked this order as a test, so nothing was bought.',
    nextStep: 'Nothing needs to be done. Buy anyway only if you want to spend your balance on it.',
    link: null,
    retry: 'Buy anyway',
  },
  'no-such-order': {
    short: 'Answer lost, no purchase found',
    sentence: "The supplier's answer was lost, and its list of orders shows no purchase that fits.",
    nextStep:
      "Look for it in the supplier's portal at the time it was ordered. If it is not there either, buy again, or refund the buyer in Shopify and close this.",
    link: null,
    retry: null,
  },
  ambiguous: {
    short: 'Answer lost, several purchases fit',
    sentence: "The supplier's answer was lost, and more than one purchase in its list fits.",
    nextStep:
      'Compare the times and choose the one that belongs to this order. The supplier’s support can help.',
    link: null,
    retry: null,
  },
  'not-assigned': {
    short: 'Bought, no eSIM listed',
    sentence: 'The supplier sold the eSIM, but does not list it.',
    nextStep:
      "Ask the supplier's support about the order reference, then look again. Buying again is paid a second time.",
    link: null,
    retry: null,
  },
  short: {
    short: 'Fewer eSIMs than ordered',
    sentence: 'The supplier gave fewer eSIMs than were ordered.',
    nextStep:
      "Ask the supplier's support about the order reference, then look again. Buying again is paid a second time.",
    link: null,
    retry: null,
  },
  'bad-code': {
    short: 'Install code unreadable',
    sentence:
      'The supplier sold the eSIM, but its install code cannot be right. It was not sent to the buyer.',
    nextStep:
      "Ask the supplier's support about the order reference, then look again. Buying again is paid a second time.",
    link: null,
    retry: null,
  },
  gone: {
    short: 'Refunded while it was bought',
    sentence:
      'The order was cancelled or refunded while the eSIM was being bought. It was not sent to the buyer.',
    nextStep:
      'The supplier did not take it back. Ask its support for a refund, send it all the same, or close it with a note.',
    link: null,
    retry: null,
  },
  'database-restored': {
    short: 'Database was restored',
    sentence:
      'The database was restored from a backup, and the supplier lists purchases that may be this one.',
    nextStep: 'Choose the purchase that belongs to this order, or buy again if none does.',
    link: null,
    retry: null,
  },
  'in-doubt': {
    short: 'Answer lost, being looked up',
    sentence: "The supplier's answer to the purchase was lost. It may have been bought.",
    nextStep:
      'Nothing needs to be done. We look through the supplier’s orders for 15 minutes; if it does not show up, you decide.',
    link: null,
    retry: null,
  },
  refunded: {
    short: 'Refunded after it was sent',
    sentence: 'This eSIM was cancelled or refunded after it was sent. The buyer can still use it.',
    nextStep:
      'If it is not installed yet, ask the supplier’s support to revoke it. Then write down what you did.',
    link: null,
    retry: null,
  },
  unclaimed: {
    short: 'Bought, belongs to no order',
    sentence:
      'The supplier lists this purchase, and none of your orders has it. It was paid from your balance.',
    nextStep:
      'If it belongs to an order below, open that one and choose it there. If you bought it yourself, or settled it with the supplier, write that down.',
    link: null,
    retry: null,
  },
  'duplicate-iccid': {
    short: 'eSIM given twice',
    sentence:
      'The supplier gave an eSIM that already belongs to somebody else. It was not sent to the buyer.',
    nextStep: "Ask the supplier's support about the order reference.",
    link: null,
    retry: null,
  },
};

/** Holds that somebody may have meant: letting one go is asked about once more. */
export function asksFirst(reason: string | null): boolean {
  return reason !== null && ['risk', 'price', 'quantity', 'test-order', 'reserve'].includes(reason);
}

const unknown: ReasonText = {
  short: 'Waiting for you',
  sentence: 'This eSIM could not be bought.',
  nextStep: 'Press Try again, or refund the buyer in Shopify.',
  link: null,
  retry: 'Try again',
};

/** Why a unit is held or parked, and what helps. `reason` comes from a stored row. */
export function reasonText(reason: string | null): ReasonText {
  const texts: Record<string, ReasonText> = reasons;
  return (reason !== null && Object.hasOwn(texts, reason) ? texts[reason] : undefined) ?? unknown;
}

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

export const reasons: Record<HoldReason | ParkReason, ReasonText> = {
  'no-bundle': {
    short: 'Not linked to a bundle',
    sentence: 'This product is not linked to a bundle, so nothing was bought.',
    nextStep: 'Link its variant to a bundle in the catalogue. The eSIM is then bought by itself.',
    link: catalogue,
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
      "Look for it in the supplier's portal at the time it was ordered. If it is not there either, refund the buyer in Shopify.",
    link: null,
    retry: null,
  },
  ambiguous: {
    short: 'Answer lost, several purchases fit',
    sentence: "The supplier's answer was lost, and more than one purchase in its list fits.",
    nextStep:
      "Compare the time it was ordered with the orders in the supplier's portal and ask its support which one is yours.",
    link: null,
    retry: null,
  },
  'not-assigned': {
    short: 'Bought, no eSIM listed',
    sentence: 'The supplier sold the eSIM, but does not list it.',
    nextStep: "Ask the supplier's support about the order reference. Do not buy it a second time.",
    link: null,
    retry: null,
  },
  short: {
    short: 'Fewer eSIMs than ordered',
    sentence: 'The supplier gave fewer eSIMs than were ordered.',
    nextStep: "Ask the supplier's support about the order reference. Do not buy it a second time.",
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

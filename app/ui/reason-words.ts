import type { AskReason } from '../desk/refunded.ts';
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

/** Of what nothing stopped but the supplier: it is asked once more. */
export const TRY_AGAIN = 'Try again';

const suppliers = { label: 'Open suppliers', url: '/app/settings/suppliers' };
const catalogue = { label: 'Open the catalogue', url: '/app/catalogue' };

/** Waits of the queue that are no hold and no parking. */
type OtherWait =
  | 'asked-no-such-order'
  | 'gone-top-up'
  | 'in-doubt'
  | 'refunded'
  | 'refund-looked-at'
  | 'unclaimed'
  | 'dispute'
  | 'dispute-won'
  | 'dispute-lost'
  | AskReason;

export const reasons: Record<HoldReason | ParkReason | OtherWait, ReasonText> = {
  'no-bundle': {
    short: 'Not linked to a bundle',
    sentence: 'This product is not linked to a bundle, so nothing was bought.',
    nextStep: 'Link its variant to a bundle in the catalogue. The eSIM is then bought by itself.',
    link: catalogue,
    retry: null,
  },
  'top-up': {
    short: 'Top-up without an eSIM',
    sentence:
      'This is more data for an eSIM the traveller has, and nothing says for which one: it was not bought by the Add data link, or that eSIM is no more. Nothing was bought.',
    nextStep:
      'Choose the eSIM to top up. If the traveller has none any more, sell a new one instead, or refund the buyer in Shopify and close this with a note.',
    link: null,
    retry: null,
  },
  'no-supplier': {
    short: 'Supplier disconnected',
    sentence: 'The supplier of this bundle is disconnected, so nothing was bought.',
    nextStep: 'Connect the supplier again, then press Try again.',
    link: suppliers,
    retry: TRY_AGAIN,
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
      "Top up your account, on the Balance page or in the supplier's portal. We look again every few minutes and buy the eSIM by itself.",
    link: { label: 'Open the balance', url: '/app/balance' },
    retry: TRY_AGAIN,
  },
  reserve: {
    short: 'Would use your reserve',
    sentence:
      'Buying this eSIM would leave less than the reserve you set for the supplier, so nothing was bought.',
    nextStep:
      'Top up your account at the supplier, or lower the reserve. We look again every few minutes. Buy anyway uses the reserve for this eSIM.',
    link: { label: 'Change the reserve', url: '/app/settings/buying' },
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
  loss: {
    short: 'Costs more than the sale brings',
    sentence:
      'What the supplier asks and the payment fee are together more than the price of this product, so nothing was bought.',
    nextStep:
      'Buy anyway, at a loss, or give the order another bundle. Then change the product’s price, or the bundles that stand in for its first one.',
    link: { label: 'Open prices', url: '/app/pricing' },
    retry: 'Buy anyway',
  },
  'bundle-unavailable': {
    short: 'Bundle not sold any more',
    sentence: 'The supplier does not sell this bundle any more, so nothing was bought.',
    nextStep: 'Link the variant to another bundle and press Try again, or refund the buyer in Shopify.',
    link: catalogue,
    retry: TRY_AGAIN,
  },
  rejected: {
    short: 'Refused by the supplier',
    sentence: 'The supplier refused the purchase, so nothing was bought.',
    nextStep:
      'Press Try again. If the supplier refuses again, ask its support, or refund the buyer in Shopify.',
    link: null,
    retry: TRY_AGAIN,
  },
  branding: {
    short: 'Branding profile refused',
    sentence:
      'The supplier does not accept the branding profile that you set for its account, so nothing was bought.',
    nextStep:
      'Copy the Profile ID again from the supplier’s portal, or leave it empty. When you save it, the eSIM is bought by itself.',
    link: suppliers,
    retry: TRY_AGAIN,
  },
  incompatible: {
    short: 'Does not go with the eSIM',
    sentence:
      'The supplier says that this bundle does not go with the eSIM it should top up. Nothing was bought.',
    nextStep: 'Choose another eSIM of the traveller’s, give another bundle, or sell a new eSIM instead.',
    link: null,
    retry: null,
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
    sentence:
      "The supplier's answer was lost, and for 15 minutes its list of orders showed no purchase that fits.",
    nextStep:
      "Look for it in the supplier's portal at the time it was ordered. If it is not there either, buy again, give another bundle, or refund the buyer in Shopify and close this.",
    link: null,
    retry: null,
  },
  'asked-no-such-order': {
    short: 'Answer lost, no top-up found',
    sentence:
      "The supplier's answer to a top-up that staff asked for was lost, and its list of orders shows none that fits.",
    nextStep:
      "Look at the eSIM in the supplier's portal. If the bundle is not on it, buy the top-up again, or close this.",
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
  'gone-top-up': {
    short: 'Refunded while it was bought',
    sentence:
      'The order was cancelled or refunded while the top-up was being bought. Its data is on the eSIM, and the buyer was not told.',
    nextStep:
      'Revoke the bundle on the page of the eSIM if the traveller shall not use it. Then close this with a note.',
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
      'Nothing needs to be done. We look through the supplier’s orders for 15 minutes; if it does not show up, you decide. Until then nothing else can be bought for it, since it may be bought already.',
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
  'refund-looked-at': {
    short: 'Refunded, being looked at',
    sentence: 'This eSIM was refunded after it was sent. The supplier is asked whether it is unused.',
    nextStep: 'Nothing needs to be done. While the supplier cannot be asked, we try again by ourselves.',
    link: null,
    retry: null,
  },
  'refund-asks': {
    short: 'Refunded, not used',
    sentence: 'This eSIM was refunded after it was sent. It is on no phone and was not used.',
    nextStep: 'You chose to be asked. Revoke it to get back what the supplier gives for it, or leave it.',
    link: { label: 'Change what happens', url: '/app/settings/refunds' },
    retry: null,
  },
  'refund-installed': {
    short: 'Refunded, but installed',
    sentence: 'This eSIM was refunded after it was sent, and it is installed on a phone.',
    nextStep:
      'Revoke it if the traveller should not use it, or leave it. A traveller who is using it loses the connection.',
    link: null,
    retry: null,
  },
  'refund-used': {
    short: 'Refunded, but used',
    sentence: 'This eSIM was refunded after it was sent, and some of its data was used.',
    nextStep:
      'Suppliers give nothing back for what was used. Revoke it if the traveller should not use the rest, or leave it.',
    link: null,
    retry: null,
  },
  'refund-money': {
    short: 'All money refunded, no item named',
    sentence:
      'All of the order’s money was refunded in Shopify, but as an amount: no item was taken off the order.',
    nextStep: 'Only you know whether the buyer may keep the eSIM. Revoke it, or leave it.',
    link: null,
    retry: null,
  },
  'refund-edited': {
    short: 'Edited out of the order',
    sentence: 'This item was edited out of the order after its eSIM was sent, and no refund names it.',
    nextStep: 'Only you know whether the buyer may keep the eSIM. Revoke it, or leave it.',
    link: null,
    retry: null,
  },
  'refund-deleted': {
    short: 'Order deleted in Shopify',
    sentence: 'Shopify does not have this order any more, and never told us of a refund.',
    nextStep: 'Revoke the eSIM if the buyer got the money back, or leave it.',
    link: null,
    retry: null,
  },
  'refund-kept': {
    short: 'Refunded, supplier gives nothing',
    sentence: 'This eSIM was refunded and is not used, but the supplier gives nothing back for it.',
    nextStep: 'Revoke it all the same, so that nobody uses it, or leave it.',
    link: null,
    retry: null,
  },
  'refund-doubted': {
    short: 'Refunded, answer lost',
    sentence:
      'The supplier was asked to take this eSIM back. Its answer was lost, and it cannot say what it did.',
    nextStep: 'Look at the eSIM in the supplier’s portal, then close this with a note.',
    link: null,
    retry: null,
  },
  dispute: {
    short: 'Payment disputed',
    sentence: 'The buyer’s bank questions the payment of this order.',
    nextStep:
      'Answer the bank in Shopify, before its date. What we know of the eSIMs is on the page of this case, to copy into your answer. Do not take one from a traveller who uses it: that speaks for the buyer.',
    link: { label: 'Change what happens', url: '/app/settings/refunds' },
    retry: null,
  },
  'dispute-won': {
    short: 'Chargeback won, eSIM taken back',
    sentence: 'You won the chargeback, so the buyer has paid. But the eSIM was taken back meanwhile.',
    nextStep:
      'Open the eSIM and replace it: another one is bought and sent to the buyer. Or refund the order in Shopify. Then close this with a note.',
    link: null,
    retry: null,
  },
  'dispute-lost': {
    short: 'Chargeback lost',
    sentence: 'The bank gave the buyer the money back, and the buyer still has an eSIM of the order.',
    nextStep: 'Revoke it if nobody shall use it, or leave it. Then close this with a note.',
    link: null,
    retry: null,
  },
  unclaimed: {
    short: 'Bought, belongs to no order',
    sentence:
      'The supplier lists this purchase, and none of your orders has it. It was paid from your balance.',
    nextStep:
      'If it belongs to an order below, open that one and choose it there. If you bought it yourself, or settled it with the supplier, write that down. Where the supplier cancels orders, you can have it cancelled.',
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
  return reason !== null && ['risk', 'price', 'loss', 'quantity', 'test-order', 'reserve'].includes(reason);
}

/** What the button says that lets a held unit go on; null where there is none. `loss` is what it would lose, in words. */
export function retryLabel(reason: string | null, loss: string | null): string | null {
  const { retry } = reasonText(reason);
  return retry === null || loss === null ? retry : `${retry}, at a loss of ${loss}`;
}

const unknown: ReasonText = {
  short: 'Waiting for you',
  sentence: 'This eSIM could not be bought.',
  nextStep: 'Press Try again, or refund the buyer in Shopify.',
  link: null,
  retry: TRY_AGAIN,
};

/** Why a unit is held or parked, and what helps. `reason` comes from a stored row. */
/** Why a disputed payment waits for a person, by what has become of it. */
export function disputeReason(status: string): 'dispute' | 'dispute-won' | 'dispute-lost' {
  if (status === 'won') return 'dispute-won';
  return status === 'lost' || status === 'accepted' ? 'dispute-lost' : 'dispute';
}

export function reasonText(reason: string | null): ReasonText {
  const texts: Record<string, ReasonText> = reasons;
  return (reason !== null && Object.hasOwn(texts, reason) ? texts[reason] : undefined) ?? unknown;
}

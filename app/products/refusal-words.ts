/** Why a bundle cannot be sold in the shop, or a variant not be mapped to it. */
export type RefusalReason =
  | 'unknown-bundle'
  | 'withdrawn'
  | 'no-supplier'
  | 'no-cost'
  | 'no-rate'
  | 'too-high'
  | 'no-floor'
  | 'no-online-store'
  | 'unknown-variant'
  | 'gift-card'
  | 'too-many-variants'
  | 'texts'
  | 'handle-taken'
  | 'deleted'
  | 'options-changed'
  | 'no-variants'
  | 'shopify';

/** For the merchant: what is the matter, and what to do. */
export const refusalWords: Record<RefusalReason, string> = {
  'unknown-bundle':
    'This bundle is not in your catalogue any more. Import the catalogue and choose another one.',
  withdrawn:
    'The supplier no longer sells this bundle. Choose another one, or import the catalogue to look again.',
  'no-supplier': 'The supplier of this bundle is disconnected. Connect it in Settings → Suppliers.',
  'no-cost': 'No price can be made of this cost. Import the catalogue again; if it stays, ask the supplier.',
  'no-rate':
    'The supplier charges in another currency than your shop sells in, and there is no exchange rate for it. Fix one under ' +
    'Pricing → Exchange rates.',
  'too-high': 'The price would be higher than a price can be. Look at the rule that makes it under Pricing.',
  'no-floor':
    'Payment fee and minimum margin together take the whole price, so no price is high enough. Lower one of them under Pricing.',
  'no-online-store':
    'Your shop has no Online Store sales channel. Add it in Shopify under Settings → Apps and sales channels.',
  'unknown-variant': 'Shopify does not know this variant. Load the page again and choose another one.',
  'gift-card':
    'A gift card cannot be mapped: whoever buys it would get an eSIM instead of money. Choose another product.',
  'too-many-variants':
    'Shopify takes 2,048 variants in one product, and this one has as many. Publish fewer, or one product of each bundle.',
  texts: 'A text of this product cannot be made. Look at your texts under Settings → Products.',
  'handle-taken':
    'Other products of your shop have its address already. Change the address under Settings → Products.',
  deleted: 'You deleted this product in Shopify, so it was left alone. Publish it again if you want it back.',
  'no-variants':
    'None of its variants sells a bundle any more, so it was left alone. Publish it again if you want them back.',
  'options-changed':
    'The options of this product were changed in Shopify, so no variant could be added. Give it its options back, or ' +
    'delete it in Shopify and publish it again.',
  shopify: 'Shopify did not accept the product.',
};

/** Said when a variant that needs no parcel asks its buyers where to send one. */
export const shippingHint =
  'Shopify treats this variant as a physical product, so buyers are asked where to ship it. Turn off "Physical product" under Shipping on its page in Shopify.';

/** Words for a reason out of a stored row: one we do not know gets general words. */
export function refusalText(reason: string): string {
  if (reason === 'down' || reason === 'unreadable')
    return 'Shopify did not answer. Nothing is lost: try again.';
  const words: Record<string, string> = refusalWords;
  return (Object.hasOwn(words, reason) ? words[reason] : undefined) ?? 'It could not be made. Try again.';
}

import '@shopify/ui-extensions/preact';
import { render } from 'preact';
import { EsimList } from '../../shared/esim-list.tsx';
import type { Page } from '../../shared/page.ts';

/** Shopify calls this when the merchant has placed the block on the thank-you page. */
export default function thankYou(): void {
  render(<EsimList page={thankYouPage()} />, document.body);
}

function thankYouPage(): Page {
  return {
    translate: (key, values) => shopify.i18n.translate(key, values),
    language: shopify.localization.extensionLanguage.value.isoCode,
    identify: async () => ({
      sessionToken: await shopify.sessionToken.get(),
      orderId: shopify.orderConfirmation.value.order.id,
      checkoutToken: shopify.checkoutToken.value ?? null,
    }),
    // The buyer is here before Shopify's webhook has reached the app.
    patienceMs: 60_000,
    // An eSIM is never shipped, so an order of parcels alone shows nothing, not even for a moment.
    expectsEsims: shopify.lines.value.some((line) => !line.merchandise.requiresShipping),
    foldAbove: 3,
  };
}

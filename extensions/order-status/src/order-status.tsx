import '@shopify/ui-extensions/preact';
import { render } from 'preact';
import { EsimList } from '../../shared/esim-list.tsx';
import type { Page } from '../../shared/page.ts';

/** Shopify calls this when the merchant has placed the block on the order status page. */
export default function orderStatus(): void {
  render(<EsimList page={orderStatusPage()} />, document.body);
}

function orderStatusPage(): Page {
  return {
    translate: (key, values) => shopify.i18n.translate(key, values),
    language: shopify.localization.extensionLanguage.value.isoCode,
    identify: async () => {
      const order = shopify.order.value;
      if (order === undefined) return null;
      return { sessionToken: await shopify.sessionToken.get(), orderId: order.id, checkoutToken: null };
    },
    patienceMs: isFresh(shopify.order.value?.processedAt) ? 60_000 : 0,
    expectsEsims: false,
    foldAbove: 2,
  };
}

/** Reloading the thank-you page lands here, perhaps before Shopify's webhook has reached the app. */
function isFresh(processedAt: string | undefined): boolean {
  return processedAt !== undefined && Date.now() - Date.parse(processedAt) < 5 * 60_000;
}

// The shared pieces use only elements both pages offer; each extension's own check proves it against its own page.
import '@shopify/ui-extensions/purchase.thank-you.block.render';

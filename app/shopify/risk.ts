/** How likely an order is a fraud, in Shopify's judgement; `none` when Shopify has given none (yet). */
export type OrderRisk = 'none' | 'low' | 'medium' | 'high';

/** Shopify's recommendation as a risk. A word we do not know is `medium`: it must not pass as harmless. */
export function riskOf(recommendation: string | null): OrderRisk {
  switch (recommendation) {
    case null:
    case 'NONE':
      return 'none';
    case 'ACCEPT':
      return 'low';
    case 'CANCEL':
      return 'high';
    default:
      return 'medium'; // INVESTIGATE, and whatever Shopify may invent
  }
}

import { decimalFromMoney } from '../platform/money.ts';
import type { NewVariant } from '../shopify/product-set.server.ts';
import type { PlannedBundle } from './plan.server.ts';
import type { ShapedVariant } from './shapes.ts';

/** As Shopify is told of it; null for what is sold already, which has a variant. */
export function newVariant({ bundle, values }: ShapedVariant<PlannedBundle>): NewVariant | null {
  if (!bundle.priced) return null;
  const { price, cost } = bundle.priced;
  return { values, sku: bundle.code, price: decimalFromMoney(price), cost: decimalFromMoney(cost) };
}

/** The variant as Shopify calls it. */
export function titleOf({ values }: { values: string[] }): string {
  return values.length === 0 ? 'Default Title' : values.join(' / ');
}

import type { ShopifyLine } from '../shopify/orders.server.ts';
import type { HoldReason, UnitState } from './line.ts';

export interface PlannedUnit {
  lineItemGid: string;
  unitIndex: number;
  variantGid: string;
  title: string;
  priceMinor: number;
  bundleId: string | null;
  accountId: string | null;
  state: UnitState;
  reason: HoldReason | null;
}

export interface KnownVariants {
  /** Variant → the bundle it sells. */
  bundles: Map<string, { bundleId: string; accountId: string }>;
  /** Products of which some variant sells a bundle. */
  products: Set<string>;
  /** SKUs that are codes of the shop's bundles. */
  codes: Set<string>;
}

/** One unit for every paid piece of an eSIM line; lines that are none of ours yield nothing. */
export function planUnits(
  lines: readonly ShopifyLine[],
  known: KnownVariants,
  isTest: boolean,
): PlannedUnit[] {
  return lines.flatMap((line) => {
    if (line.variantGid === null || line.isGiftCard) return [];
    const bundle = known.bundles.get(line.variantGid) ?? null;
    if (!bundle && !looksLikeEsim(line, known)) return [];
    const reason: HoldReason | null = bundle ? (isTest ? 'test-order' : null) : 'no-bundle';
    const unit = {
      lineItemGid: line.lineItemGid,
      variantGid: line.variantGid,
      title: line.title,
      priceMinor: line.unitPrice.amount,
      bundleId: bundle?.bundleId ?? null,
      accountId: bundle?.accountId ?? null,
      state: reason === null ? ('paid' as const) : ('held' as const),
      reason,
    };
    return Array.from({ length: line.quantity }, (_, unitIndex): PlannedUnit => ({ ...unit, unitIndex }));
  });
}

/**
 * A line whose variant has no bundle, but which somebody paid for as an eSIM: held and shown instead of passed over
 * in silence. Another digital product of the shop must not be caught by it.
 */
function looksLikeEsim(line: ShopifyLine, known: KnownVariants): boolean {
  if (line.requiresShipping) return false;
  return (
    (line.productGid !== null && known.products.has(line.productGid)) ||
    (line.sku !== null && known.codes.has(line.sku)) ||
    /\be-?sims?\b/i.test(`${line.productType ?? ''} ${line.title}`)
  );
}

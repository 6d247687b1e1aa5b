import { isPriceOver } from './price-guard.ts';

export const withdrawnRules = ['out-of-stock', 'draft', 'substitute'] as const;
/** What becomes of a variant when the supplier withdrew every bundle on its list. */
export type WithdrawnRule = (typeof withdrawnRules)[number];

/** What was done to a variant in Shopify, because nothing on its list can be bought. */
export type Stopped =
  | 'stopping' // or stopped already: the process may have died
  | 'out-of-stock'
  | 'draft' // and its product was hidden
  | 'still-counted' // it sells until the merchant's own stock of it is counted down
  | 'refused'; // Shopify did not let us

/** What a merchant reads of a variant that was stopped. Null for one that sells. */
export function stoppedText(stopped: string | null): string | null {
  switch (stopped) {
    case null:
      return null;
    case 'draft' satisfies Stopped:
      return 'Withdrawn by the supplier. Its product is hidden in your shop until the bundle is back.';
    case 'still-counted' satisfies Stopped:
      return 'Withdrawn by the supplier, yet Shopify still counts some in stock. Set its quantity to 0 in Shopify.';
    case 'refused' satisfies Stopped:
      return 'Withdrawn by the supplier, and Shopify did not let the app stop selling it. Hide it in Shopify.';
    default:
      return 'Withdrawn by the supplier. It is sold out in your shop until the bundle is back.';
  }
}

/** A bundle as far as replacing it, or replacing another, goes. */
export interface Replaceable {
  id: string;
  destination: string;
  countries: string[];
  /** Null is unlimited. */
  dataBytes: bigint | null;
  days: number;
  cost: number;
  currency: string;
}

/**
 * The cheapest bundle that gives at least what another gave: its place with every country, as much data, as many days.
 * Null when there is none, or when its cost is more than the merchant's price guard lets pass. `worth` tells costs in one
 * currency; null where no rate does, and then only costs of the one that is gone's own currency are compared.
 */
export function substituteFor<Bundle extends Replaceable>(
  gone: Replaceable & { mappedCost: number | null },
  onSale: Bundle[],
  priceGuardPercent: number | null,
  worth: (amount: number, currency: string) => number | null,
): Bundle | null {
  const isKnown = worth(gone.cost, gone.currency) !== null;
  const told = (amount: number, currency: string) =>
    isKnown ? worth(amount, currency) : currency === gone.currency ? amount : null;
  const fits = onSale
    .flatMap((bundle) => {
      const cost = givesAtLeast(bundle, gone) ? told(bundle.cost, bundle.currency) : null;
      return cost === null ? [] : [{ bundle, cost }];
    })
    .sort((a, b) => a.cost - b.cost || (a.bundle.id < b.bundle.id ? -1 : 1));
  const [cheapest] = fits;
  if (!cheapest) return null;
  const mappedCost = told(gone.mappedCost ?? gone.cost, gone.currency);
  const { bundle, cost } = cheapest;
  return isPriceOver({ cost, mappedCost, percent: priceGuardPercent }) ? null : bundle;
}

function givesAtLeast(bundle: Replaceable, gone: Replaceable): boolean {
  const hasData =
    bundle.dataBytes === null || (gone.dataBytes !== null && bundle.dataBytes >= gone.dataBytes);
  return (
    bundle.destination === gone.destination &&
    gone.countries.every((country) => bundle.countries.includes(country)) &&
    hasData &&
    bundle.days >= gone.days
  );
}

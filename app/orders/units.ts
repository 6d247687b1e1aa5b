import type { Sale } from '../products/mapping.server.ts';
import type { MappingKind } from '../products/mapping.ts';
import type { ShopifyLine } from '../shopify/orders.server.ts';
import type { Hold } from './guards.ts';
import type { HoldReason, UnitState } from './line.ts';

export interface PlannedUnit {
  lineItemGid: string;
  variantGid: string;
  title: string;
  priceMinor: number;
  kind: MappingKind;
  /** The eSIM that a top-up is for. */
  topUpEsimId: string | null;
  bundleId: string | null;
  accountId: string | null;
  state: UnitState;
  reason: HoldReason | null;
  holdUntil: Date | null;
  /** Set when another bundle than the first on the variant's list is bought. */
  substitute: Sale['substitute'];
}

export interface KnownVariants {
  /** Variant → the bundle it sells. */
  bundles: Map<string, Sale>;
  /** Products of which some variant sells a bundle. */
  products: Set<string>;
  /** SKUs that are codes of the shop's bundles. */
  codes: Set<string>;
  /** Line → the eSIM it names, and what its variant sells of that eSIM's supplier. */
  namedEsims: ReadonlyMap<string, NamedEsim>;
}

export interface NamedEsim {
  esimId: string;
  /** Null where the variant sells nothing of the eSIM's supplier. */
  sale: Sale | null;
}

/** One unit for every paid piece of an eSIM line; lines that are none of ours yield nothing. */
export function planUnits(lines: readonly ShopifyLine[], known: KnownVariants): PlannedUnit[] {
  return lines.flatMap((line) => {
    if (line.variantGid === null || line.isGiftCard) return [];
    const sold = known.bundles.get(line.variantGid) ?? null;
    const named = known.namedEsims.get(line.lineItemGid) ?? null;
    if (!sold && !named && !looksLikeEsim(line, known)) return [];
    const { sale, ...start } = startOf(sold, named);
    const unit: PlannedUnit = {
      lineItemGid: line.lineItemGid,
      variantGid: line.variantGid,
      title: line.title,
      priceMinor: line.unitPrice.amount,
      bundleId: sale?.bundleId ?? null,
      accountId: sale?.accountId ?? null,
      ...start,
      holdUntil: null,
      substitute: sale?.substitute ?? null,
    };
    return Array.from({ length: line.quantity }, () => unit);
  });
}

type Start = Pick<PlannedUnit, 'kind' | 'topUpEsimId' | 'state' | 'reason'> & { sale: Sale | null };

/**
 * A paid top-up is for an eSIM the traveller has: buying a new one for it would be the wrong thing, so that one that names
 * none, or one that its bundle cannot be put on, waits for a person. A line of a variant that is mapped later keeps its name.
 */
export function startOf(sale: Sale | null, named: NamedEsim | null): Start {
  if (!sale)
    return { kind: 'esim', topUpEsimId: named?.esimId ?? null, state: 'held', reason: 'no-bundle', sale };
  if (sale.kind === 'esim') return { kind: 'esim', topUpEsimId: null, state: 'paid', reason: null, sale };
  if (named?.sale)
    return { kind: 'top-up', topUpEsimId: named.esimId, state: 'paid', reason: null, sale: named.sale };
  return { kind: 'top-up', topUpEsimId: null, state: 'held', reason: 'top-up', sale };
}

/** The unit as a guard of its order leaves it. A unit without a bundle, and a top-up, have their own reason to wait. */
export function guarded(unit: PlannedUnit, hold: Hold | null): PlannedUnit {
  if (!hold || unit.state !== 'paid') return unit;
  return { ...unit, state: 'held', reason: hold.reason, holdUntil: hold.until };
}

/** What is known of a unit of a line that is on record. */
export interface Piece {
  unitIndex: number;
  state: UnitState;
  /** Set when the piece left the order. A piece that a person closed is still in it, and needs no other unit. */
  goneAt: Date | null;
}

/**
 * How a line's units follow its quantity: `add` indexes for pieces that came, and which units are of pieces that went.
 * What is not bought goes first, then what is not sent: a refund of one of three wastes no eSIM it need not.
 */
export function followQuantity(pieces: readonly Piece[], wanted: number): { add: number[]; gone: number[] } {
  const live = pieces.filter(({ goneAt }) => goneAt === null);
  const firstFree = 1 + Math.max(-1, ...pieces.map(({ unitIndex }) => unitIndex));
  const add = Array.from({ length: Math.max(0, wanted - live.length) }, (_, at) => firstFree + at);
  const gone = [...live]
    .sort((a, b) => wasteOf[a.state] - wasteOf[b.state] || b.unitIndex - a.unitIndex)
    .slice(0, Math.max(0, live.length - wanted))
    .map(({ unitIndex }) => unitIndex);
  return { add, gone };
}

/** What is lost when a piece in this state goes, from nothing to an eSIM in the buyer's hands. */
const wasteOf: Record<UnitState, number> = {
  cancelled: -1, // a person closed it: this is the piece they refund
  held: 0,
  paid: 0,
  parked: 1,
  buying: 2,
  preparing: 3,
  bought: 4,
  delivered: 5,
};

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

import { dataLabel } from '../catalogue/bundle.ts';
import {
  ceil,
  compare,
  floor,
  minus,
  over,
  plus,
  readFraction,
  times,
  whole,
  type Fraction,
} from '../platform/fraction.ts';
import { minorDigits, type Money } from '../platform/money.ts';
import { climb, type Rung } from './ladder.ts';
import { BUILT_IN, ruleFinder, type Method, type PriceRule, type Scoped } from './price-rule.ts';
import { gridOf, roundUp, type Grid, type Rounding } from './rounding.ts';

/** How a shop makes prices. */
export interface Scheme {
  /** ISO 4217: the shop's. */
  currency: string;
  rounding: Rounding;
  /** What the payment provider keeps of a price: a percentage as decimal text, and minor units. */
  feePercent: string;
  feeFixedMinor: number;
  /** What must stay after cost and fee: a percentage of the price, and minor units. The larger counts. */
  minMarginPercent: string;
  minMarginMinor: number;
  /** More data or more days of one destination never cost less. */
  ladder: boolean;
  rules: PriceRule[];
  /** What one unit of a currency costs in the shop's. The shop's own needs none. */
  rates: ReadonlyMap<string, Fraction>;
}

/** What is enough to tell what is left of a price that is made. */
export type Terms = Omit<Scheme, 'rules'>;

/** What gets a price: a bundle, or a variant that sells it. */
export interface Priceable extends Scoped {
  id: string;
  dataBytes: bigint | null;
  days: number;
  /** A decimal text with every digit the supplier gave. */
  cost: { amount: string; currency: string };
  /** The price the merchant locked, minor units. */
  lockedAt: number | null;
}

/** What becomes of a price. */
export interface Margin {
  price: Money;
  /** In the shop's currency, rounded up: no report shows more profit than there is. */
  cost: Money;
  /** Of the price, rounded up. */
  fee: Money;
  /** What is left of the price after cost and fee, rounded down. */
  margin: Money;
  /** Hundredths of a per cent of the price, rounded down: 2857 is 28.57 %. */
  marginShare: number;
}

export type Priced = {
  status: 'priced';
  price: Money;
  /** In the shop's currency, rounded up. */
  cost: Money;
  decidedBy: Decider;
  /** What moved the price away from what decided it, in order. */
  lifts: Lift[];
};

export type Decider = { by: 'rule'; ruleId: string } | { by: 'built-in' } | { by: 'lock' };

export type Lift =
  /** The rule's price would not have left the minimum margin. */
  | { step: 'floor'; from: number }
  /** The priceable `above` has no more data and no more days, and would have cost more. */
  | { step: 'ladder'; from: number; above: string };

export type PriceRefusal =
  /** A cost that is no cost. */
  | 'no-cost'
  /** The supplier charges in a currency that no rate leads from; an invented one would be the merchant's loss. */
  | 'no-rate'
  /** More than a price can be. */
  | 'too-high'
  /** Fee and minimum margin together take the whole price: no price is high enough. */
  | 'no-floor';

export type Price = Priced | { status: 'refused'; reason: PriceRefusal };

/**
 * Prices what is given, each by the id of its own. A price is cost + markup + the payment fee of that very price, rounded
 * up; raised to the floor; raised by the ladder. It is never below the floor (cost, fee and minimum margin) and always
 * on the rounding's grid; only a final price that nothing had to raise stays as the merchant wrote it. Locked prices stay,
 * and others may be raised above them. The same for the same values, in whatever order they are stated.
 */
export function priceAll(scheme: Scheme, items: Priceable[]): Map<string, Price> {
  const desk = openDesk(scheme);
  const drafts = new Map<string, Draft>();
  for (const item of items) drafts.set(item.id, draft(desk, item));
  if (scheme.ladder) raise(desk, items, drafts);
  const prices = new Map<string, Price>();
  for (const [id, each] of drafts) prices.set(id, conclude(desk, each));
  return prices;
}

/** Tells what is left of a price, in minor units; null where the cost is none or has no rate. */
export function marginTeller(scheme: Terms): (item: Pick<Priceable, 'cost'>, price: number) => Margin | null {
  const desk = openDesk({ ...scheme, rules: [] });
  return ({ cost }, price) => {
    const exact = costInMinor(desk, cost);
    return typeof exact === 'string' ? null : share(desk, exact, price);
  };
}

/** What is worked out once for many bundles. */
interface Desk {
  scheme: Scheme;
  grid: Grid;
  /** Minor units in one unit of the currency. */
  minor: Fraction;
  fixedFee: Fraction;
  feeShare: Fraction;
  /** What is left of a price after the fee's percentage, and after the minimum margin's too. */
  kept: Fraction;
  spendable: Fraction;
  minMargin: Fraction;
  findRules: (bundle: Scoped) => Recipe[];
  builtIn: Recipe;
}

/** A rule, read once. */
interface Recipe {
  scope: PriceRule['scope'];
  scopeValue: string;
  priority: number;
  decidedBy: Decider;
  /** Breaks ties between rules of equal rank that make the same price. */
  text: string;
  /** What cost and markup come to, of a cost in minor units; null for a final price. */
  marked: ((cost: Fraction) => Fraction) | null;
  /** A final price, minor units. */
  final: number;
}

function openDesk(scheme: Scheme): Desk {
  const minor = whole(10n ** BigInt(minorDigits(scheme.currency)));
  const feeShare = percent(scheme.feePercent);
  const kept = minus(whole(1), feeShare);
  const read = ({ scope, scopeValue, priority, id, ...method }: PriceRule): Recipe => ({
    ...{ scope, scopeValue, priority, decidedBy: { by: 'rule', ruleId: id } },
    ...recipe(method, minor),
    text: `${JSON.stringify(method)} ${id}`,
  });
  return {
    ...{ scheme, minor, feeShare, kept },
    grid: gridOf(scheme.rounding, scheme.currency),
    fixedFee: whole(scheme.feeFixedMinor),
    spendable: minus(kept, percent(scheme.minMarginPercent)),
    minMargin: whole(scheme.minMarginMinor),
    findRules: ruleFinder(scheme.rules.map(read)),
    builtIn: {
      ...{ scope: 'everything', scopeValue: '', priority: 0, decidedBy: { by: 'built-in' }, text: '' },
      ...recipe(BUILT_IN, minor),
    },
  };
}

function recipe(method: Method, minor: Fraction): Pick<Recipe, 'marked' | 'final'> {
  switch (method.method) {
    case 'percent': {
      const markup = plus(whole(1), percent(method.percent));
      return { marked: (cost) => times(cost, markup), final: 0 };
    }
    case 'fixed': {
      const amount = times(decimal(method.amount), minor);
      return { marked: (cost) => plus(cost, amount), final: 0 };
    }
    case 'tiers': {
      const bands = method.bands.map((band) => ({
        upTo: band.upTo === null ? null : times(decimal(band.upTo), minor),
        markup: plus(whole(1), percent(band.percent)),
      }));
      const bandOf = (cost: Fraction) => bands.find(({ upTo }) => !upTo || compare(cost, upTo) <= 0);
      return { marked: (cost) => times(cost, bandOf(cost)?.markup ?? whole(1)), final: 0 };
    }
    case 'final':
      return { marked: null, final: Number(ceil(times(decimal(method.price), minor))) };
    default:
      return method satisfies never;
  }
}

const NOTHING = whole(0);
// Rules and settings are checked when they are saved; text that is no number adds nothing.
const decimal = (text: string) => readFraction(text) ?? NOTHING;
const percent = (text: string) => times(decimal(text), { top: 1n, bottom: 100n });

/** A price on its way. */
type Draft =
  | { status: 'refused'; reason: PriceRefusal }
  | { status: 'priced'; cost: Fraction; price: number; decidedBy: Decider; lifts: Lift[] };

// Shared by most prices, of which there are many.
const NO_LIFTS: Lift[] = [];
const BY_LOCK: Decider = { by: 'lock' };

/** Prices are stored as 32-bit integers. */
const MOST_MINOR = 2_147_483_647;

function draft(desk: Desk, item: Priceable): Draft {
  const cost = costInMinor(desk, item.cost);
  if (typeof cost === 'string') return { status: 'refused', reason: cost };
  if (item.lockedAt !== null)
    return { status: 'priced', cost, price: item.lockedAt, decidedBy: BY_LOCK, lifts: NO_LIFTS };
  if (desk.spendable.top <= 0n) return { status: 'refused', reason: 'no-floor' };
  const least = floorOf(desk, cost);
  if (least > MOST_MINOR) return { status: 'refused', reason: 'too-high' };
  const wanted = decide(desk, item, cost);
  if (wanted.price > MOST_MINOR) return { status: 'refused', reason: 'too-high' };
  const { price, decidedBy } = wanted;
  if (price >= least) return { status: 'priced', cost, price, decidedBy, lifts: NO_LIFTS };
  const raised = roundUp(desk.grid, Number(least));
  if (raised > MOST_MINOR) return { status: 'refused', reason: 'too-high' };
  return { status: 'priced', cost, price: raised, decidedBy, lifts: [{ step: 'floor', from: price }] };
}

function costInMinor({ scheme, minor }: Desk, { amount, currency }: Priceable['cost']) {
  const cost = readFraction(amount);
  if (!cost || cost.top <= 0n) return 'no-cost';
  if (currency === scheme.currency) return times(cost, minor);
  const rate = scheme.rates.get(currency);
  return rate ? times(times(cost, rate), minor) : 'no-rate';
}

/** The least price, in minor units, of which fee, cost and minimum margin can be paid. */
function floorOf({ fixedFee, kept, spendable, minMargin }: Desk, cost: Fraction): bigint {
  const spent = plus(cost, fixedFee);
  const byShare = ceil(over(spent, spendable));
  if (minMargin.top === 0n) return byShare;
  const byAmount = ceil(over(plus(spent, minMargin), kept));
  return byAmount > byShare ? byAmount : byShare;
}

// Rules of equal rank: the dearest, so that it does not matter which was written first.
function decide(desk: Desk, item: Priceable, cost: Fraction): { price: number; decidedBy: Decider } {
  const [first = desk.builtIn, ...more] = desk.findRules(item);
  let best = { recipe: first, price: priceBy(desk, first, cost) };
  for (const other of more) {
    const price = priceBy(desk, other, cost);
    if (price > best.price || (price === best.price && other.text < best.recipe.text))
      best = { recipe: other, price };
  }
  return { price: best.price, decidedBy: best.recipe.decidedBy };
}

// The fee is a share of the price it belongs to: what is wanted after it is divided by what it leaves.
function priceBy({ grid, fixedFee, kept }: Desk, { marked, final }: Recipe, cost: Fraction): number {
  if (!marked) return final;
  const exact = ceil(over(plus(marked(cost), fixedFee), kept));
  return exact > MOST_MINOR ? Infinity : roundUp(grid, Number(exact));
}

function raise({ grid }: Desk, items: Priceable[], drafts: Map<string, Draft>): void {
  const rungs: Rung[] = [];
  for (const { id, destination, dataBytes, days, groups, lockedAt } of items) {
    const each = drafts.get(id);
    // Bundles of no known place have nothing in common.
    if (each?.status !== 'priced' || destination === '') continue;
    const unlimited = dataBytes === null ? dataLabel({ dataBytes, groups }) : '';
    const isLocked = lockedAt !== null;
    rungs.push({ id, place: destination, dataBytes, unlimited, days, price: each.price, isLocked });
  }
  for (const [id, { price, above }] of climb(rungs, (minor) => roundUp(grid, minor))) {
    const each = drafts.get(id);
    if (each?.status !== 'priced') continue;
    const lifts: Lift[] = [...each.lifts, { step: 'ladder', from: each.price, above }];
    const { cost, decidedBy } = each;
    if (price > MOST_MINOR) drafts.set(id, { status: 'refused', reason: 'too-high' });
    else drafts.set(id, { status: 'priced', cost, price, decidedBy, lifts });
  }
}

function conclude({ scheme }: Desk, each: Draft): Price {
  if (each.status === 'refused') return each;
  const { currency } = scheme;
  return {
    status: 'priced',
    price: { amount: each.price, currency },
    cost: { amount: Number(ceil(each.cost)), currency },
    decidedBy: each.decidedBy,
    lifts: each.lifts,
  };
}

function share({ scheme, feeShare, fixedFee }: Desk, cost: Fraction, price: number): Margin {
  const money = (amount: bigint | number): Money => ({ amount: Number(amount), currency: scheme.currency });
  const fee = plus(times(whole(price), feeShare), fixedFee);
  const margin = minus(whole(price), plus(cost, fee));
  return {
    ...{ price: money(price), cost: money(ceil(cost)), fee: money(ceil(fee)), margin: money(floor(margin)) },
    marginShare: price === 0 ? 0 : Number(floor(over(times(margin, whole(10_000)), whole(price)))),
  };
}

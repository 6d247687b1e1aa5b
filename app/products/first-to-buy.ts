import { compare, type Fraction } from '../platform/fraction.ts';

/** How a variant chooses among the bundles of its list, where several can be bought. */
export const choices = ['order', 'cost', 'stock'] as const;
export type Choosing = (typeof choices)[number];

/** What each is called in a file, and where few words must do. */
export const choosingNames: Record<Choosing, string> = {
  order: 'order',
  cost: 'lowest cost',
  stock: 'stock',
};

/** `text` comes from a stored row. */
export function choosingOf(text: string): Choosing {
  return choices.find((choice) => choice === text) ?? 'order';
}

/** A bundle on a variant's list, as far as buying it goes. */
export interface Candidate {
  bundleId: string;
  accountId: string;
  /** What the merchant calls the account. */
  supplier: string;
  code: string;
  isWithdrawn: boolean;
  /** Of the supplier account: active | key-refused | disconnected. */
  accountState: string;
  /** The supplier does not answer (purchases/breaker.ts). */
  isDown: boolean;
  /** Today's, in the shop's currency; null where no rate tells it, or nobody asked. */
  cost: Fraction | null;
  /** The account owns one that is paid for; false where nobody asked. */
  hasStock: boolean;
}

export const obstacles = ['withdrawn', 'no-supplier', 'key-refused', 'supplier-down'] as const;
export type Obstacle = (typeof obstacles)[number];

/** Why nothing can be bought of the bundle now; null when it can, as far as we know without asking. */
export function obstacleOf({
  isWithdrawn,
  accountState,
  isDown,
}: Pick<Candidate, 'isWithdrawn' | 'accountState' | 'isDown'>): Obstacle | null {
  if (isWithdrawn) return 'withdrawn';
  if (accountState === 'disconnected') return 'no-supplier';
  if (accountState === 'key-refused') return 'key-refused';
  return isDown ? 'supplier-down' : null;
}

export interface Choice {
  chosen: Candidate;
  /** Set when it is not the first of the list: the first one's code, and why that is not bought. */
  instead: { code: string; why: Obstacle | Exclude<Choosing, 'order'> } | null;
}

/**
 * The bundle of a list to buy: of those that can be bought the first in the order the variant chooses by. When none can,
 * one whose supplier will answer again, or else the first of all: its unit waits with that bundle's own reason, which a
 * person understands. Null for an empty list.
 */
export function firstToBuy(list: readonly Candidate[], choosing: Choosing): Choice | null {
  const [first] = list;
  if (!first) return null;
  const inOrder = sorted(list, choosing);
  const chosen =
    inOrder.find((candidate) => obstacleOf(candidate) === null) ??
    inOrder.find((candidate) => obstacleOf(candidate) === 'supplier-down') ??
    first;
  if (chosen === first) return { chosen, instead: null };
  // Only a rule other than the order passes over a first that could be bought.
  const why = obstacleOf(first) ?? (choosing === 'stock' ? 'stock' : 'cost');
  return { chosen, instead: { code: first.code, why } };
}

/** In the order they are tried. What nothing is known of comes last; those alike keep their places. */
export function sorted(list: readonly Candidate[], choosing: Choosing): Candidate[] {
  switch (choosing) {
    case 'order':
      return [...list];
    case 'cost':
      return list.toSorted((a, b) =>
        a.cost && b.cost ? compare(a.cost, b.cost) : Number(a.cost === null) - Number(b.cost === null),
      );
    case 'stock':
      return list.toSorted((a, b) => Number(b.hasStock) - Number(a.hasStock));
    default:
      return choosing satisfies never;
  }
}

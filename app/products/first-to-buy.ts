/** A bundle on a variant's list, as far as buying it goes. */
export interface Candidate {
  bundleId: string;
  accountId: string;
  code: string;
  isWithdrawn: boolean;
  /** Of the supplier account: active | key-refused | disconnected. */
  accountState: string;
}

export const obstacles = ['withdrawn', 'no-supplier', 'key-refused'] as const;
export type Obstacle = (typeof obstacles)[number];

/** Why nothing can be bought of the bundle now; null when it can, as far as we know without asking. */
export function obstacleOf({ isWithdrawn, accountState }: Pick<Candidate, 'isWithdrawn' | 'accountState'>) {
  if (isWithdrawn) return 'withdrawn' satisfies Obstacle;
  if (accountState === 'disconnected') return 'no-supplier' satisfies Obstacle;
  return accountState === 'key-refused' ? ('key-refused' satisfies Obstacle) : null;
}

export interface Choice {
  chosen: Candidate;
  /** Set when it is not the first of the list: the first one's code, and why that cannot be bought. */
  instead: { code: string; why: Obstacle } | null;
}

/**
 * The first bundle of a list that can be bought. When none can, the first of all: its unit waits with that bundle's own
 * reason, which a person understands. Null for an empty list.
 */
export function firstToBuy(list: readonly Candidate[]): Choice | null {
  const [first] = list;
  if (!first) return null;
  const why = obstacleOf(first);
  const chosen = list.find((candidate) => obstacleOf(candidate) === null);
  if (why === null || !chosen) return { chosen: first, instead: null };
  return { chosen, instead: { code: first.code, why } };
}

/** What a rule is for, from the widest to the most specific. */
export const scopes = ['everything', 'supplier', 'group', 'region', 'country', 'bundle'] as const;
export type Scope = (typeof scopes)[number];

/** How a price is made of a cost. Decimal texts; amounts are in the shop's currency. */
export type Method =
  /** Added to the cost: 40 makes 14 of 10. */
  | { method: 'percent'; percent: string }
  /** Added to the cost. */
  | { method: 'fixed'; amount: string }
  /** A percentage by the cost, from the cheapest band on. The last is for everything above. */
  | { method: 'tiers'; bands: Band[] }
  /** The price itself. */
  | { method: 'final'; price: string };

export interface Band {
  /** The dearest cost of the band; null for the last. */
  upTo: string | null;
  percent: string;
}

export type PriceRule = {
  id: string;
  scope: Scope;
  /** Account id, group, destination, ISO country, bundle id; empty for everything. */
  scopeValue: string;
  /** The higher wins among rules of the same scope. */
  priority: number;
} & Method;

/** What a shop without any rule does. */
export const BUILT_IN: Method = { method: 'percent', percent: '40' };

/** What a rule looks at to see whether it fits a bundle. */
export interface Scoped {
  bundleId: string;
  accountId: string;
  groups: string[];
  /** country | region | global */
  kind: string;
  destination: string;
}

/** Finds the rules that decide: of the most specific scope that fits, those with the highest priority. */
export function ruleFinder<Rule extends Pick<PriceRule, 'scope' | 'scopeValue' | 'priority'>>(
  rules: Rule[],
): (bundle: Scoped) => Rule[] {
  const specificFirst = scopes.toReversed().flatMap((scope) => {
    const byPlace = new Map<string, Rule[]>();
    for (const rule of rules)
      if (rule.scope === scope) byPlace.set(rule.scopeValue, [...(byPlace.get(rule.scopeValue) ?? []), rule]);
    return byPlace.size > 0 ? [{ scope, byPlace }] : [];
  });
  return (bundle) => {
    for (const { scope, byPlace } of specificFirst) {
      let fitting: Rule[] | undefined;
      for (const place of placesOf(bundle, scope)) {
        const here = byPlace.get(place);
        if (here) fitting = fitting ? [...fitting, ...here] : here;
      }
      if (fitting) return highest(fitting);
    }
    return [];
  };
}

function highest<Rule extends Pick<PriceRule, 'priority'>>(rules: Rule[]): Rule[] {
  if (rules.length === 1) return rules;
  const most = Math.max(...rules.map(({ priority }) => priority));
  return rules.filter(({ priority }) => priority === most);
}

const EVERYTHING = [''];

function placesOf({ bundleId, accountId, groups, kind, destination }: Scoped, scope: Scope): string[] {
  switch (scope) {
    case 'bundle':
      return [bundleId];
    // A bundle for all of Europe is no French bundle.
    case 'country':
      return kind === 'country' ? [destination] : [];
    case 'region':
      return kind === 'country' ? [] : [destination];
    case 'group':
      return groups;
    case 'supplier':
      return [accountId];
    case 'everything':
      return EVERYTHING;
    default:
      return scope satisfies never;
  }
}

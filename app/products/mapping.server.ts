import { Decimal } from 'decimal.js';
import { db } from '../platform/db.server.ts';
import { readFraction, type Fraction } from '../platform/fraction.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { choosingOf, firstToBuy, type Candidate, type Choice, type Choosing } from './first-to-buy.ts';
import { kindOf, type MappingKind } from './mapping.ts';
import { costsInShop } from './scheme.server.ts';

/** What a variant sells now. */
export interface Sale {
  kind: MappingKind;
  bundleId: string;
  accountId: string;
  /** Set when the bundle is not the first on the list: its code, the first one's, and why that one is passed over. */
  substitute: { bundle: string; instead: string; why: NonNullable<Choice['instead']>['why'] } | null;
}

/** Which bundles a variant sells, in the merchant's order, and how it chooses among them. */
export interface VariantPlan {
  kind: MappingKind;
  choosing: Choosing;
  list: Candidate[];
}

/**
 * Which bundle each variant sells now: the one on its list to be bought, of one account alone where `accountId`
 * names it. Variants that sell none are left out.
 */
export async function bundlesForVariants(
  shopId: string,
  variantGids: string[],
  { accountId: only = null }: { accountId?: string | null } = {},
): Promise<Map<string, Sale>> {
  const plans = await plansForVariants(shopId, variantGids);
  const sales = [...plans].flatMap(([variantGid, { kind, choosing, list }]): [string, Sale][] => {
    const choice = firstToBuy(
      only === null ? list : list.filter((each) => each.accountId === only),
      choosing,
    );
    if (!choice) return [];
    const { chosen, instead } = choice;
    const substitute = instead && { bundle: chosen.code, instead: instead.code, why: instead.why };
    const { bundleId, accountId } = chosen;
    return [[variantGid, { kind, bundleId, accountId, substitute }]];
  });
  return new Map(sales);
}

/** The lists of variants with what is known of each bundle now; what the accounts own is not asked for. */
export async function plansForVariants(
  shopId: string,
  variantGids: string[],
): Promise<Map<string, VariantPlan>> {
  const facts = {
    select: {
      ...{ code: true, withdrawnAt: true, accountId: true, cost: true, currency: true },
      account: { select: { state: true, label: true } },
    },
  };
  const rows = await db.variantMapping.findMany({
    where: { shopId, variantGid: { in: variantGids } },
    select: {
      ...{ variantGid: true, kind: true, choice: true, bundleId: true, bundle: facts },
      substitutes: { select: { bundleId: true, bundle: facts }, orderBy: { position: 'asc' } },
    },
  });
  const lists = rows.map(({ bundleId, bundle, substitutes, ...row }) => ({
    ...row,
    list: [{ bundleId, bundle }, ...substitutes],
  }));
  const accountIds = lists.flatMap(({ list }) => list.map(({ bundle }) => bundle.accountId));
  const down = await downAccounts([...new Set(accountIds)]);
  const costIn = lists.some(({ choice }) => choice === 'cost') ? await costTeller(shopId) : () => null;
  return new Map(
    lists.map(({ variantGid, kind, choice, list }) => [
      variantGid,
      {
        ...{ kind: kindOf(kind), choosing: choosingOf(choice) },
        list: list.map(({ bundleId, bundle: { code, withdrawnAt, accountId, account, ...cost } }) => ({
          ...{ bundleId, accountId, supplier: account.label, code },
          ...{ isWithdrawn: withdrawnAt !== null, accountState: account.state },
          ...{ isDown: down.has(accountId), cost: costIn(cost), hasStock: false },
        })),
      },
    ]),
  );
}

/** Which of the accounts do not answer now. */
export async function downAccounts(accountIds: string[]): Promise<Set<string>> {
  const rows = await db.buyingPace.findMany({
    where: { accountId: { in: accountIds }, downSince: { not: null } },
    select: { accountId: true },
  });
  return new Set(rows.map(({ accountId }) => accountId));
}

type Told = { cost: { toFixed: () => string }; currency: string };

/** Tells a supplier's price in the shop's currency; null where no rate does. */
async function costTeller(shopId: string): Promise<(told: Told) => Fraction | null> {
  const { currency: own } = await db.shop.findUniqueOrThrow({ where: { id: shopId } });
  // A shop that was never read has no currency, and nothing to compare in.
  if (own === null) return () => null;
  const inShop = await costsInShop({ id: shopId, currency: own });
  return ({ cost, currency }) =>
    readFraction(inShop({ amount: new Decimal(cost.toFixed()), currency })?.amount.toFixed() ?? '');
}

/** How many products the app has made in the shop. */
export function countPublished(shop: Shop): Promise<number> {
  return db.variantMapping.count({ where: { shopId: shop.id, origin: 'published' } });
}

import { db } from '../platform/db.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { firstToBuy, type Candidate, type Obstacle } from './first-to-buy.ts';
import { kindOf, type MappingKind } from './mapping.ts';

/** What a variant sells now. */
export interface Sale {
  kind: MappingKind;
  bundleId: string;
  accountId: string;
  /** Set when the bundle is a substitute: its code, the code of the first on the list, and why that one is passed over. */
  substitute: { bundle: string; instead: string; why: Obstacle } | null;
}

/** Which bundle each variant sells now: the first on its list that can be bought. Variants that sell none are left out. */
export async function bundlesForVariants(shopId: string, variantGids: string[]): Promise<Map<string, Sale>> {
  const facts = {
    select: { code: true, withdrawnAt: true, accountId: true, account: { select: { state: true } } },
  };
  const rows = await db.variantMapping.findMany({
    where: { shopId, variantGid: { in: variantGids } },
    select: {
      ...{ variantGid: true, kind: true, bundleId: true, bundle: facts },
      substitutes: { select: { bundleId: true, bundle: facts }, orderBy: { position: 'asc' } },
    },
  });
  const sales = rows.flatMap(({ variantGid, kind, bundleId, bundle, substitutes }): [string, Sale][] => {
    const choice = firstToBuy([{ bundleId, bundle }, ...substitutes].map(candidateOf));
    if (!choice) return [];
    const { chosen, instead } = choice;
    const substitute = instead && { bundle: chosen.code, instead: instead.code, why: instead.why };
    const { accountId } = chosen;
    return [[variantGid, { kind: kindOf(kind), bundleId: chosen.bundleId, accountId, substitute }]];
  });
  return new Map(sales);
}

interface OnList {
  bundleId: string;
  bundle: { code: string; withdrawnAt: Date | null; accountId: string; account: { state: string } };
}

function candidateOf({ bundleId, bundle: { code, withdrawnAt, accountId, account } }: OnList): Candidate {
  return { bundleId, accountId, code, isWithdrawn: withdrawnAt !== null, accountState: account.state };
}

/** How many products the app has made in the shop. */
export function countPublished(shop: Shop): Promise<number> {
  return db.variantMapping.count({ where: { shopId: shop.id, origin: 'published' } });
}

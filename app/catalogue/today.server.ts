import { Decimal } from 'decimal.js';
import { db } from '../platform/db.server.ts';
import type { Cost } from '../platform/money.ts';
import { ProviderError, type BundleFilter, type ProviderErrorKind } from '../providers/contract.ts';
import { accountsAbleTo, supplierFor } from '../settings/suppliers.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { catalogueChoices } from './choices.server.ts';
import { keep } from './difference.ts';
import { obstacleOf } from './obstacle.ts';
import { findNews, type Account, type PageNews } from './store.server.ts';

/** How a supplier's list of today differs from the catalogue, for one bundle. */
export interface Difference {
  code: string;
  description: string;
  what: 'new' | 'changed' | 'returned' | 'gone';
  /** Today's; null for what is gone. */
  cost: Cost | null;
}

export type Today = { label: string } & (
  | { status: 'told'; sold: number; differences: Difference[] }
  | { status: 'unanswered'; problem: ProviderErrorKind }
);

/** What suppliers that can be asked for one destination sell there now, beside the catalogue. Writes nothing. */
export async function soldToday(shop: Shop, destination: string): Promise<Today[]> {
  const { destinations } = await catalogueChoices(shop);
  const known = destinations.find(({ key }) => key === destination);
  if (!known) return [];
  const filter: BundleFilter = known.region === null ? { country: destination } : { region: known.region };
  const accounts = await accountsAbleTo(shop, 'findBundles');
  return Promise.all(
    accounts.map(async ({ id, label }) => {
      const account = { shopId: shop.id, accountId: id };
      try {
        return { label, status: 'told' as const, ...(await compared(account, destination, filter)) };
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        return { label, status: 'unanswered' as const, problem: error.kind };
      }
    }),
  );
}

async function compared(account: Account, destination: string, filter: BundleFilter) {
  const { provider } = await supplierFor(account);
  const told = (await provider.findBundles?.(filter)) ?? [];
  // Of a country it lists what covers a region with it, too: that is another destination.
  const today = told
    .filter((bundle) => obstacleOf(bundle) === null)
    .map(keep)
    .filter((bundle) => bundle.destination === destination);
  const listed = await db.bundle.findMany({
    where: { ...account, destination, withdrawnAt: null },
    select: { code: true, description: true },
  });
  const gone = listed.filter(({ code }) => !today.some((bundle) => bundle.code === code));
  return {
    sold: today.length,
    differences: [
      ...differencesOf(await findNews(account, today)),
      ...gone.map((bundle) => ({ ...bundle, what: 'gone' as const, cost: null })),
    ],
  };
}

function differencesOf({ created, changed, returned }: PageNews): Difference[] {
  const line = (what: Difference['what']) => (row: PageNews['created'][number]) => ({
    ...{ code: row.code, description: row.description, what },
    cost: { amount: new Decimal(row.cost), currency: row.currency },
  });
  return [
    ...created.map(line('new')),
    ...changed.map(({ row }) => line('changed')(row)),
    ...returned.map(line('returned')),
  ];
}

import { db } from '../platform/db.server.ts';
import { lossOf } from './loss.ts';
import type { PreviewRow } from './price-preview.server.ts';
import { marginTeller, type Terms } from './pricing.ts';

/** What stands beside the price of a variant that lists several bundles, in words. */
export type StandInNotes = string[];

/**
 * Of which bundle a price is made, where a variant lists several, and which others it does not pay for: those are not
 * bought before a person takes the loss. By variant; one that sells a single bundle is left out.
 */
export async function standInNotes(
  shop: { id: string },
  terms: Terms,
  rows: PreviewRow[],
): Promise<Map<string, StandInNotes>> {
  const bundle = {
    select: {
      ...{ id: true, code: true, cost: true, currency: true, withdrawnAt: true },
      account: { select: { label: true } },
    },
  };
  const lists = await db.variantMapping.findMany({
    where: {
      ...{ shopId: shop.id, variantGid: { in: rows.map(({ variantGid }) => variantGid) } },
      substitutes: { some: {} },
    },
    select: {
      ...{ variantGid: true, bundle },
      substitutes: { select: { bundle }, orderBy: { position: 'asc' } },
    },
  });
  const tell = marginTeller(terms);
  return new Map(
    lists.flatMap(({ variantGid, bundle: first, substitutes }): [string, StandInNotes][] => {
      const row = rows.find((each) => each.variantGid === variantGid);
      const price = row && (row.next.status === 'priced' ? row.next.price.amount : row.priceMinor);
      if (!row || price == null) return [];
      const listed = [first, ...substitutes.map((each) => each.bundle)];
      const priced = listed.find(({ id }) => id === row.bundle.id);
      const sold = { price, first: { now: row.item.cost, whenLinked: row.item.cost } };
      const unpaid = listed.filter(
        ({ cost, currency, withdrawnAt }) =>
          withdrawnAt === null && lossOf(tell, sold, { amount: cost.toFixed(), currency }) !== null,
      );
      return [
        [
          variantGid,
          [
            ...(priced ? [`Made of what ${named(priced)} costs, of ${String(listed.length)} it lists`] : []),
            ...unpaid.map((each) => `${named(each)} costs more than it leaves: not bought without you`),
          ],
        ],
      ];
    }),
  );
}

const named = ({ code, account }: { code: string; account: { label: string } }) =>
  `${code} of ${account.label}`;

import { canTopUp } from '../esims/can-top-up.ts';
import { db } from '../platform/db.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { readEsims, searchEsims, type FoundEsim } from './search.server.ts';

const MOST = 25;

/**
 * The eSIMs that a paid top-up may be for: what a typed text means, or where nothing was typed those its buyer bought,
 * newest first. Null for a unit the shop does not have.
 */
export async function esimsToTopUp(
  shop: Shop,
  { unitId, typed }: { unitId: string; typed: string },
): Promise<FoundEsim[] | null> {
  const unit = await db.unit.findFirst({
    where: { id: unitId, shopId: shop.id },
    select: { order: { select: { emailHash: true, customerGid: true } } },
  });
  if (!unit) return null;
  const found =
    typed.trim() === '' ? await esimsOfBuyer(shop, unit.order) : (await searchEsims(shop, typed)).esims;
  return found.filter(({ status }) => canTopUp({ status, revokedAt: null }));
}

async function esimsOfBuyer(
  shop: Shop,
  { emailHash, customerGid }: { emailHash: string | null; customerGid: string | null },
): Promise<FoundEsim[]> {
  const isTheirs = [
    ...(emailHash === null ? [] : [{ emailHash }]),
    ...(customerGid === null ? [] : [{ customerGid }]),
  ];
  if (isTheirs.length === 0) return [];
  const rows = await db.esim.findMany({
    where: { shopId: shop.id, revokedAt: null, order: { shopId: shop.id, OR: isTheirs } },
    select: { id: true },
    orderBy: { createdAt: 'desc' },
    take: MOST,
  });
  return readEsims(shop.id, new Map(rows.map(({ id }) => [id, 'email' as const])));
}

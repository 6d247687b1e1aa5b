import { lookAtEsim } from '../esims/look.server.ts';
import { db } from '../platform/db.server.ts';
import { currentTime } from '../platform/time.ts';
import type { ProviderErrorKind } from '../providers/contract.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { waitBeforeRefresh } from './refresh-usage.ts';

export type Refreshed =
  | { status: 'looked' }
  /** `waitMs`: until it may be asked again. */
  | { status: 'too-soon'; waitMs: number }
  | { status: 'failed'; reason: ProviderErrorKind };

/** Reads an eSIM at its supplier because somebody asks, with the supplier's history of it. Null for no eSIM of the shop's. */
export async function refreshUsage(shop: Pick<Shop, 'id'>, esimId: string): Promise<Refreshed | null> {
  const esim = await db.esim.findFirst({
    where: { id: esimId, shopId: shop.id },
    select: { lookedAt: true },
  });
  if (!esim) return null;
  const waitMs = waitBeforeRefresh(esim.lookedAt, currentTime());
  if (waitMs > 0) return { status: 'too-soon', waitMs };
  const outcome = await lookAtEsim({ shopId: shop.id, esimId }, { withHistory: true });
  return outcome === 'looked' || outcome === 'unchanged'
    ? { status: 'looked' }
    : { status: 'failed', reason: outcome };
}

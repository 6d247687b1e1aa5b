import { db } from '../platform/db.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { evidenceOf, type Entry, type Evidence } from './queue-entry.server.ts';

const MOST_SHOWN = 20;

/**
 * What was tried before to buy the units of an entry, the newest first; also what another supplier, or another bundle, was
 * tried for. What an older version sent stands on the order's timeline alone.
 */
export async function earlierAttempts(
  shop: Pick<Shop, 'id'>,
  { order, units, attempt }: Pick<Entry, 'order' | 'units' | 'attempt'>,
): Promise<Evidence[]> {
  if (!order || units.length === 0) return [];
  const events = await db.orderEvent.findMany({
    where: {
      ...{ shopId: shop.id, orderId: order.id, unitId: { in: units.map(({ id }) => id) } },
      kind: { in: ['purchase.sent', 'purchase.remembered'] },
    },
    orderBy: { at: 'desc' },
    select: { detail: true },
  });
  const ids = new Set(events.map(({ detail }) => (detail as { attempt?: string }).attempt)); // written when it was sent
  ids.delete(attempt?.id);
  const rows = await db.purchaseAttempt.findMany({
    where: { shopId: shop.id, id: { in: [...ids].flatMap((id) => id ?? []) } },
    include: { account: { select: { label: true } } },
    orderBy: [{ sentAt: 'desc' }, { id: 'asc' }],
    take: MOST_SHOWN,
  });
  return rows.map(evidenceOf);
}

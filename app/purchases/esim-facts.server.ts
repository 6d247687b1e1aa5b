import { db } from '../platform/db.server.ts';
import type { Shop } from '../shopify/shops.server.ts';

/** What became of a unit's eSIM: enough to decide about it, and to answer a bank. No code and no whole number. */
export interface EsimFacts {
  unitId: string;
  esimId: string;
  title: string;
  iccidLast4: string;
  /** As it was last read (esims/status.ts). */
  status: string;
  boughtAt: Date;
  /** When its e-mail was sent; null before. */
  mailedAt: Date | null;
  /** When the install page of the order was opened first. */
  openedAt: Date | null;
  installedAt: Date | null;
  startedAt: Date | null;
  usedBytes: bigint | null;
  totalBytes: bigint | null;
  isUnlimited: boolean;
  /** Where it was seen last: an ISO 3166-1 country. */
  country: string | null;
  /** When all that was read at the supplier; null for never. */
  lookedAt: Date | null;
  revokedAt: Date | null;
}

/** One for each unit that has an eSIM, in the order of the units. */
export async function esimFacts(
  shop: Pick<Shop, 'id'>,
  units: { id: string; orderId: string; title: string }[],
): Promise<EsimFacts[]> {
  if (units.length === 0) return [];
  const orderIds = [...new Set(units.map(({ orderId }) => orderId))];
  const [esims, deliveries, opened] = await Promise.all([
    db.esim.findMany({ where: { shopId: shop.id, unitId: { in: units.map(({ id }) => id) } } }),
    db.delivery.findMany({
      where: { shopId: shop.id, orderId: { in: orderIds }, sentAt: { not: null } },
      orderBy: { sentAt: 'asc' },
      select: { unitIds: true, sentAt: true },
    }),
    db.orderEvent.groupBy({
      by: 'orderId',
      where: { shopId: shop.id, orderId: { in: orderIds }, kind: 'codes.revealed' },
      _min: { at: true },
    }),
  ]);
  return units.flatMap(({ id: unitId, orderId, title }) => {
    const esim = esims.find((each) => each.unitId === unitId);
    if (!esim) return [];
    const { iccidLast4, installedAt, startedAt, usedBytes, totalBytes, isUnlimited, lookedAt, revokedAt } =
      esim;
    const network = esim.network as { country?: string | null } | null; // written by esims/look.server.ts
    return {
      ...{ unitId, esimId: esim.id, title, iccidLast4, status: esim.status, boughtAt: esim.createdAt },
      mailedAt: deliveries.find(({ unitIds }) => unitIds.includes(unitId))?.sentAt ?? null,
      openedAt: opened.find((each) => each.orderId === orderId)?._min.at ?? null,
      ...{ installedAt, startedAt, usedBytes, totalBytes, isUnlimited, lookedAt, revokedAt },
      country: network?.country ?? null,
    };
  });
}

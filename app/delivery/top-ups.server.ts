import type { Destination } from '../catalogue/bundle-words.ts';
import type { UnitState } from '../orders/line.ts';
import { db } from '../platform/db.server.ts';
import { buyerState, isTheBuyers, type OrderedEsim } from './codes.server.ts';

/** A piece of an order that is more data for an eSIM the buyer has. */
export interface OrderedTopUp {
  unitId: string;
  lineItemGid: string;
  state: OrderedEsim['state'];
  /** Of the eSIM it is for; null while nobody has named it. */
  iccidLast4: string | null;
  destination: Destination;
  /** Decimal; null when unlimited. */
  dataBytes: bigint | null;
  days: number;
}

/** The top-ups of an order as its buyer sees them. */
export async function topUpsOfOrder({
  shopId,
  orderId,
}: {
  shopId: string;
  orderId: string;
}): Promise<OrderedTopUp[]> {
  const all = await db.unit.findMany({
    where: { orderId, shopId, kind: 'top-up', state: { not: 'cancelled' } },
    orderBy: [{ createdAt: 'asc' }, { lineItemGid: 'asc' }, { unitIndex: 'asc' }],
  });
  const units = all.filter(isTheBuyers);
  const [bundles, esims] = await Promise.all([
    db.bundle.findMany({ where: { shopId, id: { in: units.flatMap(({ bundleId }) => bundleId ?? []) } } }),
    db.esim.findMany({
      where: { shopId, id: { in: units.flatMap(({ topUpEsimId }) => topUpEsimId ?? []) } },
      select: { id: true, iccidLast4: true },
    }),
  ]);
  return units.map((unit) => {
    const bundle = bundles.find(({ id }) => id === unit.bundleId);
    return {
      ...{ unitId: unit.id, lineItemGid: unit.lineItemGid },
      state: buyerState(unit.state as UnitState), // written by orders/line.ts only
      iccidLast4: esims.find(({ id }) => id === unit.topUpEsimId)?.iccidLast4 ?? null,
      destination: {
        countries: bundle?.countries ?? [],
        region: bundle?.region ?? null,
        description: bundle?.description ?? unit.title,
      },
      dataBytes: bundle?.dataBytes ?? null,
      days: bundle?.days ?? 0,
    };
  });
}

import { costsOfEsim } from '../balance/takings.server.ts';
import { maskedReader } from '../delivery/traveller.server.ts';
import type { KeptNetwork } from '../esims/reading.ts';
import { isPaid } from '../orders/line.ts';
import { db, type Prisma } from '../platform/db.server.ts';
import type { Cost, Money } from '../platform/money.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { buyerOf, buyerSelect } from './buyer.server.ts';

/** Everything the page of an eSIM shows, as it was known last. Null when the id is unknown or another shop's. */
export async function findEsimPage(shop: Pick<Shop, 'id'>, esimId: string) {
  const esim = await db.esim.findFirst({
    where: { id: esimId, shopId: shop.id },
    include: {
      assignments: { orderBy: [{ assignedAt: { sort: 'desc', nulls: 'last' } }, { key: 'desc' }] },
      events: { orderBy: [{ at: 'asc' }, { id: 'asc' }], take: MOST_EVENTS },
      unit: { include: { attempt: true } },
      traveller: true,
      order: { select: { name: true, currency: true, locale: true, ...buyerSelect } },
    },
    omit: { secret: true },
  });
  if (!esim) return null;
  const [account, bundles, orderEvents, former, costs] = await Promise.all([
    db.supplierAccount.findFirst({
      where: { id: esim.accountId, shopId: shop.id },
      select: { label: true, state: true },
    }),
    db.bundle.findMany({
      where: {
        ...{ shopId: shop.id, accountId: esim.accountId },
        code: { in: [esim.bundleCode ?? '', ...esim.assignments.map(({ bundleCode }) => bundleCode)] },
      },
    }),
    eventsOfItsOrder(esim),
    db.esim.findFirst({
      where: { shopId: shop.id, replacedById: esim.id },
      select: { id: true, iccidLast4: true },
    }),
    costsOf(esim),
  ]);
  const { unit, order, events, network, traveller, ...rest } = esim;
  return {
    ...rest,
    network: network as KeptNetwork | null, // written by esims/look.server.ts, and nowhere else
    supplier: { label: account?.label ?? '', isConnected: account?.state === 'active' },
    bundlesByCode: new Map(bundles.map((bundle) => [bundle.code, bundle])),
    order: order && { id: order.id, name: order.name, locale: order.locale },
    buyer: order && buyerOf(order),
    /** Of one that another place sold: null where nobody is told of it. */
    reader: traveller && { maskedEmail: maskedReader(traveller), language: traveller.locale },
    /** What of the buyer's money is kept; null where it serves no piece of an order. */
    paid:
      unit &&
      order &&
      ({ amount: isPaid(unit) ? unit.priceMinor : 0, currency: order.currency } satisfies Money),
    costs,
    events,
    orderEvents,
    former,
  };
}

export type EsimPage = NonNullable<Awaited<ReturnType<typeof findEsimPage>>>;

const MOST_EVENTS = 500;

/** What happened to its order, but for what concerns the order's other eSIMs alone. */
async function eventsOfItsOrder({
  shopId,
  orderId,
  unitId,
}: {
  shopId: string;
  orderId: string | null;
  unitId: string | null;
}) {
  if (orderId === null) return [];
  return db.orderEvent.findMany({
    where: { shopId, orderId, OR: [{ unitId: null }, { unitId: unitId ?? '' }] },
    orderBy: [{ at: 'asc' }, { id: 'asc' }],
    take: MOST_EVENTS,
  });
}

/** What it cost, one sum for each currency; none where the supplier has not said, or the app sold it to nobody. */
async function costsOf({
  id: esimId,
  shopId,
  accountId,
  orderId,
  orderReference,
  unit,
}: Bought): Promise<Cost[]> {
  if (orderId === null) return [];
  // One that was replaced serves its piece no more.
  const attempt =
    unit?.attempt ??
    (orderReference === ''
      ? null
      : await db.purchaseAttempt.findFirst({ where: { shopId, accountId, orderReference } }));
  return costsOfEsim({ id: shopId }, { esimId, orderId, attempt });
}

type Bought = Prisma.EsimGetPayload<{
  omit: { secret: true };
  include: { unit: { include: { attempt: true } } };
}>;

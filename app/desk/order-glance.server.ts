import { isTheBuyers } from '../delivery/codes.server.ts';
import { openEmail } from '../orders/email.server.ts';
import { maskEmail } from '../orders/email.ts';
import { db } from '../platform/db.server.ts';
import { queuePath } from '../purchases/queue-path.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { glanceState } from './order-glance.ts';

/**
 * What staff see of an order's eSIMs on Shopify's own page of it, as they were last read. Null for an order that the app
 * does not know, as all are that sold no eSIM. Nothing in it lets anybody install one.
 */
export async function glanceAtOrder(shop: Shop, shopifyGid: string) {
  const order = await db.order.findUnique({
    where: { shopId_shopifyGid: { shopId: shop.id, shopifyGid } },
    include: {
      units: {
        include: { esim: true },
        orderBy: [{ createdAt: 'asc' }, { lineItemGid: 'asc' }, { unitIndex: 'asc' }],
      },
    },
  });
  if (!order || order.units.length === 0) return null;
  const toppedUp = await db.esim.findMany({
    where: { shopId: shop.id, id: { in: order.units.flatMap(({ topUpEsimId }) => topUpEsimId ?? []) } },
  });
  return {
    id: order.id,
    maskedEmail: order.email === null ? null : maskEmail(openEmail(shop, order.id, order.email)),
    canResend: order.units.some(
      (unit) => unit.esim !== null && ['bought', 'delivered'].includes(unit.state) && isTheBuyers(unit),
    ),
    units: order.units.map((unit) => {
      const esim = unit.esim ?? toppedUp.find(({ id }) => id === unit.topUpEsimId) ?? null;
      const state = glanceState(unit, esim);
      return {
        ...{ id: unit.id, title: unit.title, isTopUp: unit.kind === 'top-up', state },
        path:
          queuePath({ ...unit, isRefunded: state === 'refunded' }) ??
          (esim ? `/app/esims/${esim.id}` : `/app/orders/${order.id}`),
        iccidLast4: esim?.iccidLast4 ?? null,
        usage: esim && isRead(state) && esim.lookedAt !== null ? usageOf(esim, esim.lookedAt) : null,
      };
    }),
  };
}

const isRead = (state: string) => ['installed', 'active', 'used-up', 'expired', 'refunded'].includes(state);

function usageOf(
  esim: { usedBytes: bigint | null; totalBytes: bigint | null; isUnlimited: boolean; endsAt: Date | null },
  asOf: Date,
) {
  const { usedBytes, totalBytes, isUnlimited, endsAt } = esim;
  // JSON has no bigint; a bundle's bytes are far below 2^53.
  const numberOf = (bytes: bigint | null) => (bytes === null ? null : Number(bytes));
  return { usedBytes: numberOf(usedBytes), totalBytes: numberOf(totalBytes), isUnlimited, endsAt, asOf };
}

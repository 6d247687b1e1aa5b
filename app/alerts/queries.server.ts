import { db } from '../platform/db.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import type { AlertKind } from './alerts.ts';
import { alertText, type AlertText } from './alert-text.ts';

/** What the home page does not tell by other means. */
const shown: AlertKind[] = [
  ...(['balance-low', 'database-restored', 'orders-denied', 'signed-out'] as const),
  ...(['messages-stuck', 'webhooks-missing'] as const),
];

/** The open alerts the home page shows beside what waits in the orders, the oldest first. */
export async function openAlerts(shop: Shop): Promise<AlertText[]> {
  const rows = await db.alert.findMany({
    where: { shopId: shop.id, closedAt: null, kind: { in: shown } },
    orderBy: { raisedAt: 'asc' },
  });
  return rows.flatMap(({ kind, detail }) => {
    const known = shown.find((each) => each === kind);
    // Written by this folder only, from AlertDetail.
    return known ? [alertText(known, detail as Record<string, string | number>)] : [];
  });
}

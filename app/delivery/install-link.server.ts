import { config } from '../platform/config.server.ts';
import { db, type Transaction } from '../platform/db.server.ts';
import { blindIndex, hashToken } from '../platform/secrets.server.ts';
import { after, currentTime, DAY } from '../platform/time.ts';

const LIFE_MS = 180 * DAY;

/**
 * The link to the install page that one e-mail carries. The token is derived from the delivery's id under a key, so
 * that a repeat of the e-mail is the same e-mail; the database holds only its hash.
 */
export function installUrl(deliveryId: string): string {
  return `${config.SHOPIFY_APP_URL}/i/${tokenOf(deliveryId)}`;
}

export async function openInstallLink(
  tx: Transaction,
  delivery: { id: string; shopId: string; orderId: string },
): Promise<void> {
  await tx.installLink.create({
    data: {
      tokenHash: hashToken(tokenOf(delivery.id)),
      shopId: delivery.shopId,
      orderId: delivery.orderId,
      expiresAt: after(LIFE_MS),
    },
  });
}

/** The order behind a link; null for a token that is unknown or has run out. */
export async function findByInstallToken(token: string): Promise<{ shopId: string; orderId: string } | null> {
  if (!/^[\w-]{43}$/.test(token)) return null;
  const link = await db.installLink.findUnique({ where: { tokenHash: hashToken(token) } });
  return link && link.expiresAt > currentTime() ? { shopId: link.shopId, orderId: link.orderId } : null;
}

function tokenOf(deliveryId: string): string {
  return blindIndex('install-link', deliveryId);
}

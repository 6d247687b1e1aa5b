import { config } from '../platform/config.server.ts';
import { db, type Transaction } from '../platform/db.server.ts';
import { blindIndex, hashToken } from '../platform/secrets.server.ts';
import { after, currentTime, DAY } from '../platform/time.ts';

const LIFE_MS = 180 * DAY;

/**
 * The link to the install page that one e-mail carries, or those to a traveller. The token is derived from the id of the
 * delivery, or of the traveller, under a key, so that a repeat of the e-mail is the same e-mail; the database holds only its
 * hash.
 */
export function installUrl(id: string): string {
  return `${config.SHOPIFY_APP_URL}/i/${installToken(id)}`;
}

export async function openInstallLink(
  tx: Transaction,
  delivery: { id: string; shopId: string; orderId: string; locale?: string | null },
): Promise<void> {
  await tx.installLink.create({
    data: {
      tokenHash: hashToken(installToken(delivery.id)),
      shopId: delivery.shopId,
      orderId: delivery.orderId,
      locale: delivery.locale ?? null,
      expiresAt: after(LIFE_MS),
    },
  });
}

/** What a link opens: an order with the language that was chosen for its e-mail, if any, or an eSIM sold elsewhere. */
export type Linked =
  | { of: 'order'; shopId: string; orderId: string; locale: string | null }
  | { of: 'esim'; shopId: string; esimId: string; locale: string };

/** Null for a token that is unknown or has run out. */
export async function findByInstallToken(token: string): Promise<Linked | null> {
  if (!/^[\w-]{43}$/.test(token)) return null;
  const tokenHash = hashToken(token);
  const link = await db.installLink.findUnique({ where: { tokenHash } });
  if (link) {
    const { shopId, orderId, locale } = link;
    return link.expiresAt <= currentTime() ? null : { of: 'order', shopId, orderId, locale };
  }
  // Its traveller may be told of a top-up years later: it ends with the eSIM, or with the address.
  const reader = await db.traveller.findUnique({ where: { linkHash: tokenHash } });
  return reader && { of: 'esim', shopId: reader.shopId, esimId: reader.esimId, locale: reader.locale };
}

export function installToken(id: string): string {
  return blindIndex('install-link', id);
}

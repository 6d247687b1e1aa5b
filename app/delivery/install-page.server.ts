import { record } from '../orders/events.server.ts';
import { db } from '../platform/db.server.ts';
import { log } from '../platform/log.server.ts';
import { shopById } from '../shopify/shops.server.ts';
import { esimsOfOrder } from './codes.server.ts';
import { findByInstallToken } from './install-link.server.ts';
import type { RevealedEsim } from './install-page.tsx';
import { qrSvg } from './qr.ts';

/** What the install page says before anything is revealed; null for a link that is unknown or has run out. */
export async function openInstallPage(token: string) {
  const link = await findByInstallToken(token);
  if (!link) {
    log.warn('install-link.refused');
    return null;
  }
  const order = await db.order.findUniqueOrThrow({ where: { id: link.orderId, shopId: link.shopId } });
  const shop = await shopById(link.shopId);
  const esims = await esimsOfOrder(link);
  return {
    locale: order.locale,
    shopName: shop.name,
    orderName: order.name,
    esims: esims.map(({ index, of, destination, dataBytes, days, state }) => ({
      ...{ index, of, destination, days, state },
      // The page's data travels as JSON, which has no bigint.
      dataBytes: dataBytes === null ? null : dataBytes.toString(),
    })),
  };
}

/** The codes of the link's order, because its reader pressed the button. Each time is written down. */
export async function revealCodes(token: string): Promise<RevealedEsim[] | null> {
  const link = await findByInstallToken(token);
  if (!link) return null;
  const esims = await esimsOfOrder(link);
  await record([{ ...link, kind: 'codes.revealed' }]);
  const ready = esims.flatMap(({ index, code }) => (code ? [{ index, code }] : []));
  return Promise.all(
    ready.map(async ({ index, code }) => ({ index, ...code, qrSvg: await qrSvg(code.activationCode) })),
  );
}

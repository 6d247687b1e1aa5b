import { recordEsim } from '../esims/events.server.ts';
import { record } from '../orders/events.server.ts';
import { db, type Prisma } from '../platform/db.server.ts';
import { log } from '../platform/log.server.ts';
import { currentTime } from '../platform/time.ts';
import { shopById } from '../shopify/shops.server.ts';
import { esimsOfOrder, type BuyerUsage } from './codes.server.ts';
import { esimSoldElsewhere } from './sold-elsewhere.server.ts';
import { findByInstallToken } from './install-link.server.ts';
import type { PageEsim, RevealedEsim } from './install-page.tsx';
import { qrSvg } from './qr.ts';

/** What the install page says before anything is revealed; null for a link that is unknown or has run out. */
export async function openInstallPage(token: string) {
  const link = await findByInstallToken(token);
  if (!link) {
    log.warn('install-link.refused');
    return null;
  }
  const shop = await shopById(link.shopId);
  if (link.of === 'esim') {
    const esim = await esimSoldElsewhere(link);
    await rememberOpening({ shopId: link.shopId, id: link.esimId });
    return { locale: link.locale, shopName: shop.name, orderName: null, esims: [toPage(esim)] };
  }
  const order = await db.order.findUniqueOrThrow({ where: { id: link.orderId, shopId: link.shopId } });
  const esims = await esimsOfOrder(link);
  await rememberOpening({ shopId: link.shopId, orderId: link.orderId, unitId: { not: null } });
  return {
    locale: link.locale ?? order.locale,
    shopName: shop.name,
    orderName: order.name,
    esims: esims.map(toPage),
  };
}

// The page's data travels as JSON, which has no bigint.
function toPage({ index, of, destination, dataBytes, days, state, usage }: Shown) {
  return {
    ...{ index, of, destination, days, state },
    dataBytes: dataBytes?.toString() ?? (dataBytes === null ? null : undefined),
    usage: usage && {
      ...usage,
      usedBytes: usage.usedBytes?.toString() ?? null,
      totalBytes: usage.totalBytes?.toString() ?? null,
      endsAt: usage.endsAt?.toISOString() ?? null,
      asOf: usage.asOf.toISOString(),
    },
  };
}

type Shown = Omit<PageEsim, 'usage'> & { usage: BuyerUsage | null };

/**
 * The page was opened: once a day on each eSIM's timeline. By the traveller, or by a mail scanner, which follows links too.
 */
async function rememberOpening(where: Prisma.EsimWhereInput & { shopId: string }): Promise<void> {
  const { shopId } = where;
  const esims = await db.esim.findMany({ where, select: { id: true } });
  const onceKey = `page opened ${currentTime().toISOString().slice(0, 10)}`;
  await recordEsim(esims.map(({ id }) => ({ shopId, esimId: id, kind: 'page.opened', onceKey })));
}

/** The codes of the link's order, because its reader pressed the button. Each time is written down. */
export async function revealCodes(token: string): Promise<RevealedEsim[] | null> {
  const link = await findByInstallToken(token);
  if (!link) return null;
  const esims = link.of === 'esim' ? [await esimSoldElsewhere(link)] : await esimsOfOrder(link);
  if (link.of === 'order')
    await record([{ shopId: link.shopId, orderId: link.orderId, kind: 'codes.revealed' }]);
  else await recordEsim([{ shopId: link.shopId, esimId: link.esimId, kind: 'codes.opened' }]);
  const ready = esims.flatMap(({ index, code }) => (code ? [{ index, code }] : []));
  return Promise.all(
    ready.map(async ({ index, code }) => ({ index, ...code, qrSvg: await qrSvg(code.activationCode) })),
  );
}

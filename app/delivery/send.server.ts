import { record } from '../orders/events.server.ts';
import { db } from '../platform/db.server.ts';
import { failpoint } from '../platform/failpoint.server.ts';
import { log } from '../platform/log.server.ts';
import type { Mail } from '../platform/mail.server.ts';
import { wake } from '../platform/queue.server.ts';
import { unseal } from '../platform/secrets.server.ts';
import { after, currentTime } from '../platform/time.ts';
import { transact } from '../platform/transaction.server.ts';
import { shopById } from '../shopify/shops.server.ts';
import { esimsOfOrder } from './codes.server.ts';
import { renderOrderEmail } from './email.tsx';
import { installUrl } from './install-link.server.ts';
import { qrPng } from './qr.ts';
import { renderTopUpMail } from './top-up-mail.tsx';
import { topUpsOfOrder } from './top-ups.server.ts';
import { NO_TURN_MS, pauseBeforeTry, tryMail } from './try-mail.server.ts';

interface DeliveryRow {
  id: string;
  shopId: string;
  orderId: string;
  version: number;
  to: string;
  unitIds: string[];
  locale: string | null;
  tries: number;
  askedBy: string | null;
}

/** Sends one e-mail of an order. The key is the delivery's id: whatever is repeated, one mail arrives. */
export async function sendDelivery(delivery: DeliveryRow): Promise<void> {
  const { id, shopId, orderId, version, askedBy } = delivery;
  const tries = delivery.tries + 1;
  await db.delivery.update({
    where: { id, shopId },
    data: { tries, nextTryAt: after(pauseBeforeTry(tries)) },
  });
  const tried = await tryMail(tries, () => compose(delivery));
  const asked = askedBy === null ? {} : { by: askedBy };
  switch (tried.status) {
    case 'no-turn':
      await db.delivery.update({
        where: { id, shopId },
        data: { tries: delivery.tries, nextTryAt: after(NO_TURN_MS) },
      });
      await wake('orders.deliver', orderId, NO_TURN_MS);
      return;
    case 'nothing-to-send':
      return withdraw(delivery);
    case 'sent':
      await transact(async (tx) => {
        const { count } = await tx.delivery.updateMany({
          where: { id, shopId, state: 'waiting' },
          data: { state: 'sent', sentAt: currentTime(), messageId: tried.messageId, problem: null },
        });
        if (count === 0) return;
        await tx.order.update({
          where: { id: orderId, shopId },
          data: { mailState: 'sent', mailProblem: null },
        });
        const kind = askedBy === null ? 'mail.sent' : 'mail.resent';
        await record([{ shopId, orderId, kind, detail: { version, ...asked } }], tx);
      });
      failpoint('mail.committed');
      return;
    case 'failed': {
      const { problem, isFinal, retryInMs } = tried;
      log.warn('mail.failed', { deliveryId: id, orderId, reason: problem.kind }, problem);
      await transact(async (tx) => {
        await tx.delivery.update({
          where: { id, shopId },
          data: {
            problem: problem.kind,
            nextTryAt: after(retryInMs),
            ...(isFinal && { state: 'failed' }),
          },
        });
        // A repeat that fails leaves the buyer with the e-mail that arrived.
        await tx.order.updateMany({
          where: { id: orderId, shopId, mailState: { not: 'sent' } },
          data: { mailProblem: problem.kind, ...(isFinal && { mailState: 'failed' }) },
        });
        if (isFinal)
          await record(
            [{ shopId, orderId, kind: 'mail.failed', detail: { reason: problem.kind, ...asked } }],
            tx,
          );
      });
      if (!isFinal) await wake('orders.deliver', orderId, retryInMs);
      return;
    }
    default:
      return tried satisfies never;
  }
}

/** Every piece of the e-mail was refunded before it went out: there is nothing to send. */
async function withdraw({ id, shopId }: DeliveryRow) {
  await db.delivery.updateMany({
    where: { id, shopId, state: 'waiting' },
    data: { state: 'withdrawn', problem: null },
  });
}

async function compose({ id, shopId, orderId, to, unitIds, locale }: DeliveryRow): Promise<Mail | null> {
  const [shop, row] = await Promise.all([
    shopById(shopId),
    db.order.findUniqueOrThrow({ where: { id: orderId, shopId } }),
  ]);
  const order = { ...row, locale: locale ?? row.locale };
  const shown = new Set(unitIds);
  const content =
    (await esimMail(order, shop, { deliveryId: id, shown })) ?? (await topUpMail(order, shop, shown));
  return (
    content && {
      key: `esim-mail/${id}`,
      fromName: shop.name,
      to: unseal(to, { table: 'Delivery', column: 'to', shopId, rowId: id }),
      ...content,
    }
  );
}

type Content = Omit<Mail, 'key' | 'fromName' | 'to'>;
type OrderRow = { id: string; shopId: string; name: string; locale: string };

async function esimMail(
  order: OrderRow,
  { name: shopName }: { name: string },
  { deliveryId, shown }: { deliveryId: string; shown: Set<string> },
): Promise<Content | null> {
  const { id: orderId, shopId, name: orderName, locale } = order;
  const esims = (await esimsOfOrder({ shopId, orderId })).flatMap(({ code, ...esim }) =>
    code && shown.has(esim.unitId) ? [{ ...esim, ...code, qrContentId: `esim-${String(esim.index)}` }] : [],
  );
  if (esims.length === 0) return null;
  const installPageUrl = installUrl(deliveryId);
  return {
    ...(await renderOrderEmail({ locale, shopName, orderName, installPageUrl, esims })),
    attachments: await Promise.all(
      esims.map(async ({ activationCode, qrContentId }) => ({
        filename: `${qrContentId}.png`,
        content: await qrPng(activationCode),
        contentType: 'image/png',
        contentId: qrContentId,
      })),
    ),
  };
}

async function topUpMail(
  { id: orderId, shopId, name: orderName, locale }: OrderRow,
  { name: shopName }: { name: string },
  shown: Set<string>,
): Promise<Content | null> {
  const topUps = (await topUpsOfOrder({ shopId, orderId })).filter(
    ({ unitId, state }) => state === 'ready' && shown.has(unitId),
  );
  if (topUps.length === 0) return null;
  return { ...(await renderTopUpMail({ locale, shopName, orderName, topUps })), attachments: [] };
}

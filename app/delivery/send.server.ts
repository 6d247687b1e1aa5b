import { record } from '../orders/events.server.ts';
import { db } from '../platform/db.server.ts';
import { failpoint } from '../platform/failpoint.server.ts';
import { log } from '../platform/log.server.ts';
import { MailError, sendMail, type Mail } from '../platform/mail.server.ts';
import { wake } from '../platform/queue.server.ts';
import { BudgetExhausted, takeTurn } from '../platform/rate-limit.server.ts';
import { unseal } from '../platform/secrets.server.ts';
import { after, backOff, currentTime, HOUR, MINUTE, SECOND } from '../platform/time.ts';
import { shopById } from '../shopify/shops.server.ts';
import { esimsOfOrder } from './codes.server.ts';
import { renderOrderEmail } from './email.tsx';
import { installUrl } from './install-link.server.ts';
import { qrPng } from './qr.ts';

// With the longest pause of an hour: most of a day.
const MOST_TRIES = 24;

interface DeliveryRow {
  id: string;
  shopId: string;
  orderId: string;
  version: number;
  to: string;
  unitIds: string[];
  tries: number;
  askedBy: string | null;
}

/** Sends one e-mail of an order. The key is the delivery's id: whatever is repeated, one mail arrives. */
export async function sendDelivery(delivery: DeliveryRow): Promise<void> {
  const { id, shopId, orderId, version, askedBy } = delivery;
  const asked = askedBy === null ? {} : { by: askedBy };
  const pauseMs = backOff(delivery.tries + 1, 2 * SECOND, HOUR);
  await db.delivery.update({
    where: { id, shopId },
    data: { tries: { increment: 1 }, nextTryAt: after(pauseMs) },
  });
  try {
    // Resend allows 5 requests a second for the whole team.
    await takeTurn('resend', 4, 10 * SECOND);
    const mail = await compose(delivery);
    if (!mail) {
      await withdraw(delivery);
      return;
    }
    failpoint('mail.before-send');
    const messageId = await sendMail(mail);
    failpoint('mail.sent');
    await db.$transaction(async (tx) => {
      const { count } = await tx.delivery.updateMany({
        where: { id, shopId, state: 'waiting' },
        data: { state: 'sent', sentAt: currentTime(), messageId, problem: null },
      });
      if (count === 0) return;
      await tx.order.update({
        where: { id: orderId, shopId },
        data: { mailState: 'sent', mailProblem: null },
      });
      await record(
        [
          {
            shopId,
            orderId,
            kind: version === 1 ? 'mail.sent' : 'mail.resent',
            detail: { version, ...asked },
          },
        ],
        tx,
      );
    });
    failpoint('mail.committed');
  } catch (error) {
    if (error instanceof BudgetExhausted) return; // its turn comes with the next look
    if (!(error instanceof MailError)) throw error;
    log.warn('mail.failed', { deliveryId: id, orderId, reason: error.kind }, error);
    const final = error.kind === 'refused' || delivery.tries + 1 >= MOST_TRIES;
    await db.$transaction(async (tx) => {
      await tx.delivery.update({
        where: { id, shopId },
        data: {
          problem: error.kind,
          ...(final && { state: 'failed' }),
          ...(error.kind === 'credentials' && { nextTryAt: after(10 * MINUTE) }),
        },
      });
      // A repeat that fails leaves the buyer with the e-mail that arrived.
      await tx.order.updateMany({
        where: { id: orderId, shopId, mailState: { not: 'sent' } },
        data: { mailProblem: error.kind, ...(final && { mailState: 'failed' }) },
      });
      if (final)
        await record(
          [{ shopId, orderId, kind: 'mail.failed', detail: { reason: error.kind, ...asked } }],
          tx,
        );
    });
    if (!final) await wake('orders.deliver', orderId, pauseMs);
  }
}

/** Every eSIM of the e-mail was refunded before it went out: there is nothing to send. */
async function withdraw({ id, shopId }: DeliveryRow) {
  await db.delivery.updateMany({
    where: { id, shopId, state: 'waiting' },
    data: { state: 'withdrawn', problem: null },
  });
}

async function compose({ id, shopId, orderId, to, unitIds }: DeliveryRow): Promise<Mail | null> {
  const shop = await shopById(shopId);
  const order = await db.order.findUniqueOrThrow({ where: { id: orderId, shopId } });
  const shown = new Set(unitIds);
  const esims = (await esimsOfOrder({ shopId, orderId })).flatMap(({ code, ...esim }) =>
    code && shown.has(esim.unitId) ? [{ ...esim, ...code, qrContentId: `esim-${String(esim.index)}` }] : [],
  );
  if (esims.length === 0) return null;
  const mail = await renderOrderEmail({
    locale: order.locale,
    shopName: shop.name,
    orderName: order.name,
    installPageUrl: installUrl(id),
    esims,
  });
  return {
    key: `esim-mail/${id}`,
    fromName: shop.name,
    to: unseal(to, { table: 'Delivery', column: 'to', shopId, rowId: id }),
    ...mail,
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

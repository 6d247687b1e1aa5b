import { db } from '../platform/db.server.ts';
import { log } from '../platform/log.server.ts';
import { MailError, sendMail } from '../platform/mail.server.ts';
import { BudgetExhausted, takeTurn } from '../platform/rate-limit.server.ts';
import { currentTime, SECOND } from '../platform/time.ts';
import { appPage } from '../shopify/app-page.server.ts';
import { contactOf, shopById } from '../shopify/shops.server.ts';
import { ShopifyError } from '../shopify/shopify-error.ts';
import { alertMail } from './alert-mail.ts';
import type { OpenAlert, Wanted } from './alerts.ts';

/**
 * Writes to the merchant about an alert. The key is the alert's id: whatever is repeated within a day, one mail
 * arrives. What fails is tried again with a later look.
 */
export async function mailAlert(shopId: string, { id }: OpenAlert, { kind, detail }: Wanted): Promise<void> {
  const shop = await shopById(shopId);
  await db.alert.update({ where: { id, shopId }, data: { mailTries: { increment: 1 } } });
  try {
    const to = await contactOf(shop);
    // Resend allows 5 requests a second for the whole team; the buyers' mails take their turns from the same.
    await takeTurn('resend', 4, 10 * SECOND);
    await sendMail({
      key: `alert-mail/${id}`,
      fromName: 'eSIM Shop',
      to,
      ...alertMail(shop.name, kind, detail, (page) => appPage(shop.domain, page)),
      attachments: [],
    });
    await db.alert.update({ where: { id, shopId }, data: { mailedAt: currentTime() } });
  } catch (error) {
    if (error instanceof BudgetExhausted) return;
    if (!(error instanceof MailError || error instanceof ShopifyError)) throw error;
    log.warn('alert.unsent', { shop: shop.domain, reason: `${kind}: ${error.kind}` }, error);
  }
}

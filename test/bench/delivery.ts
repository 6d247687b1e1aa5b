import { openShop, type Merchant } from '../shop.ts';
import { printTimes } from './measure.ts';
import { openStage, type Stage } from './stage.ts';

const SHOPS = 10;
const ORDERS = 30;
const BUNDLE = 'esim_1GB_7D_FR_V2';

/**
 * From the moment the buyer has paid: until the thank-you page can show the QR code, and until Resend has taken the
 * e-mail. A supplier account takes one order in three seconds; the orders go round several shops so that none waits.
 */
export async function delivery(postgresUrl: string | null): Promise<void> {
  const stage = await openStage({ postgresUrl, countries: ['FR'] });
  try {
    const shops: { merchant: Merchant; variantId: number; paidAt: number }[] = [];
    for (let index = 0; index < SHOPS; index++) {
      const merchant = await openShop(stage);
      shops.push({ merchant, variantId: await merchant.sell(BUNDLE), paidAt: -Infinity });
    }
    const code: number[] = [];
    const mail: number[] = [];
    for (let index = 0; index < ORDERS; index++) {
      const shop = shops[index % SHOPS];
      if (!shop) continue;
      await stage.until('the account is free', () => performance.now() - shop.paidAt > 3500);
      shop.paidAt = performance.now();
      const waits = await deliver(stage, shop, `buyer-${index}@example.com`);
      code.push(waits.code);
      mail.push(waits.mail);
    }
    printTimes(`From paid to delivered, ${ORDERS} orders one after the other`, {
      'QR code on the thank-you page': code,
      'e-mail accepted': mail,
    });
  } finally {
    await stage.end();
  }
}

async function deliver(
  stage: Stage,
  { merchant, variantId }: { merchant: Merchant; variantId: number },
  email: string,
) {
  const paidAt = performance.now();
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email });
  const since = () => performance.now() - paidAt;
  const [code, mail] = await Promise.all([
    stage.until('the code is there', async () => (await thankYou(merchant, order)) === 'ready').then(since),
    stage.mailTo(email).then(since),
  ]);
  return { code, mail };
}

async function thankYou(merchant: Merchant, order: Parameters<Merchant['thankYou']>[0]): Promise<string> {
  try {
    return (await merchant.thankYou(order)).status;
  } catch (error) {
    // The page may ask before the webhook came.
    if (error instanceof Error && error.message.endsWith('404')) return 'unknown';
    throw error;
  }
}

import { openShop, type Merchant } from '../shop.ts';
import { round } from './measure.ts';
import { openStage } from './stage.ts';

const SHOPS = 10;
const ORDERS = 200;
const BUNDLE = 'esim_1GB_7D_FR_V2';

/** Resident memory of the app's process as it lives: started, catalogues imported, orders delivered. */
export async function memory(postgresUrl: string | null): Promise<void> {
  const stage = await openStage({ postgresUrl });
  try {
    const figures: Record<string, { MB: number }> = { 'after the start': { MB: round(stage.memory()) } };
    const shops: { merchant: Merchant; variantId: number }[] = [];
    for (let index = 0; index < SHOPS; index++) {
      const merchant = await openShop(stage, { balance: 5000 });
      if (index === 0) figures['after one import of the whole catalogue'] = { MB: round(stage.memory()) };
      shops.push({ merchant, variantId: await merchant.sell(BUNDLE) });
    }
    figures[`after ${SHOPS} imports`] = { MB: round(stage.memory()) };
    for (let index = 0; index < ORDERS; index++) {
      const shop = shops[index % SHOPS];
      shop?.merchant.checkout({
        lines: [{ variantId: shop.variantId, quantity: 1 }],
        email: `buyer-${index}@example.com`,
      });
    }
    let most = 0;
    const looking = setInterval(() => {
      most = Math.max(most, stage.memory());
    }, 500);
    await stage
      .until('every e-mail is accepted', () => stage.resend.mails.length === ORDERS)
      .finally(() => clearInterval(looking));
    figures[`most, while it delivered ${ORDERS} orders`] = { MB: round(most) };
    figures['after them'] = { MB: round(stage.memory()) };
    console.log('\nResident memory of the app');
    console.table(figures);
  } finally {
    await stage.end();
  }
}

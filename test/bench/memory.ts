import pg from 'pg';
import { openShop, type Merchant } from '../shop.ts';
import { round } from './measure.ts';
import { payCarts, sendPaid } from './paid-webhooks.ts';
import { openStage, type Stage } from './stage.ts';

const SHOPS = 10;
const ORDERS = 10_000;
const STEPS = 10;
/** No more orders than this are on their way at once. */
const ON_THEIR_WAY = 200;
const BUNDLE = 'esim_1GB_7D_FR_V2';

/**
 * Resident memory of the app's process as it lives: started, a whole catalogue imported, and order after order from the
 * webhook to the e-mail. The supplier's pace would make that an hour, so the database forgets when it last bought; on
 * the embedded database nobody else can do that, and there are as many orders as a few minutes allow. `--orders N`
 * asks for another number.
 */
export async function memory(
  postgresUrl: string | null,
  { orders = postgresUrl === null ? ORDERS / 50 : ORDERS }: { orders?: number },
): Promise<void> {
  const stage = await openStage({ postgresUrl, mailsPerSecond: 1000 });
  try {
    const figures: Record<string, { MB: number }> = { 'after the start': { MB: round(stage.memory()) } };
    if (stage.databaseUrl !== null) await forgetPace(stage.databaseUrl);
    const shops: { merchant: Merchant; variantId: number }[] = [];
    for (let index = 0; index < SHOPS; index++) {
      const merchant = await openShop(stage, { balance: 100_000 });
      if (index === 0) figures['after one import of the whole catalogue'] = { MB: round(stage.memory()) };
      shops.push({ merchant, variantId: await merchant.sell(BUNDLE) });
    }
    figures[`after ${SHOPS} imports`] = { MB: round(stage.memory()) };
    const startedAt = performance.now();
    const usedBefore = stage.processorTime();
    for (let step = 1; step <= STEPS; step++) {
      figures[`after ${(orders * step) / STEPS} orders`] = {
        MB: await deliver(stage, shops, orders / STEPS),
      };
    }
    const seconds = (performance.now() - startedAt) / 1000;
    const used = stage.processorTime() - usedBefore;
    console.log(
      `\nResident memory of the app over ${orders} orders in ${round(seconds)} s, ${round((1000 * used) / orders)} ms of its processor each`,
    );
    console.table(figures);
    const steps = Object.values(figures).slice(-STEPS);
    // The first tenth warms up: code is compiled and caches fill.
    const warm = steps.slice(1).map(({ MB }) => MB);
    console.log(
      `After the first tenth between ${Math.min(...warm)} and ${Math.max(...warm)} MB, the last ${round((100 * (warm.at(-1) ?? NaN)) / (warm[0] ?? NaN) - 100)} % beyond the first.`,
    );
  } finally {
    await stage.end();
  }
}

/** Orders from the webhook to the e-mail; answers the mean memory meanwhile, as one look is before or after a collection. */
async function deliver(
  stage: Stage,
  shops: { merchant: Merchant; variantId: number }[],
  count: number,
): Promise<number> {
  const looks: number[] = [];
  // A look stops this process, and the shops and suppliers in it, for tens of milliseconds.
  const looking = setInterval(() => looks.push(stage.memory()), 2000);
  const before = stage.resend.mails.length;
  for (let sent = 0; sent < count; sent++) {
    const shop = shops[sent % shops.length];
    if (!shop) continue;
    const { merchant, variantId } = shop;
    const cart = { lines: [{ variantId, quantity: 1 }], email: 'buyer@example.com' };
    await stage.until(
      'there is room for another order',
      () => sent - (stage.resend.mails.length - before) < ON_THEIR_WAY,
    );
    for (const webhook of payCarts(stage, [{ shop: merchant.domain, cart }]))
      await sendPaid(`${stage.appUrl}/webhooks/shopify`, webhook);
  }
  await stage
    .until('every e-mail is accepted', () => stage.resend.mails.length - before === count)
    .finally(() => clearInterval(looking));
  looks.push(stage.memory());
  return round(looks.reduce((sum, look) => sum + look, 0) / looks.length);
}

/** From now on no turn at the supplier lies in the future and no purchase in the past. */
async function forgetPace(databaseUrl: string) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`
    CREATE FUNCTION forget_turn() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN NEW."nextAt" := '2000-01-01'; RETURN NEW; END $$;
    CREATE TRIGGER forget_turn BEFORE INSERT OR UPDATE ON "RateBudget"
      FOR EACH ROW EXECUTE FUNCTION forget_turn();
    CREATE FUNCTION forget_purchase() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN NEW."lastPurchaseAt" := NULL; RETURN NEW; END $$;
    CREATE TRIGGER forget_purchase BEFORE INSERT OR UPDATE ON "BuyingPace"
      FOR EACH ROW EXECUTE FUNCTION forget_purchase();`);
  await client.end();
}

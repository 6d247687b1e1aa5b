import { expect } from 'vitest';
import type { Merchant, OrderPage } from './shop.ts';
import type { World } from './world.ts';

/**
 * What must hold whatever happened: every eSIM the supplier issued belongs to one paid piece and was mailed once, no
 * purchase is unknown to the merchant, the balance is what the purchases left of it, and Shopify counts as fulfilled
 * what was delivered. `resent` names addresses the merchant sent an e-mail again or elsewhere to.
 */
export async function expectBooksToBalance(
  world: World,
  merchant: Merchant,
  { resent = [] }: { resent?: string[] } = {},
) {
  const { orders: sold } = world.shopify.state.shop(merchant.domain);
  const pages = await Promise.all(sold.map((order) => merchant.order(order)));
  const orders = pages.filter((page) => page !== null);
  const purchases = merchant.purchases();

  const issued = purchases.flatMap(({ items }) => items.flatMap(({ iccids }) => iccids));
  expect(new Set(issued).size).toBe(issued.length);
  expect(lastDigitsOf(orders)).toEqual(issued.map((iccid) => iccid.slice(-4)).sort());

  const known = new Set(
    orders.flatMap((order) => order.purchases.flatMap(({ orderReference }) => orderReference ?? [])),
  );
  expect([...known].sort()).toEqual(purchases.map(({ orderReference }) => orderReference).sort());

  const account = world.esimGo.organisations.find(({ apiKey }) => apiKey === merchant.apiKey);
  const spent = purchases.reduce((sum, { total }) => sum + total, 0);
  expect(account?.balance).toBeCloseTo(merchant.paidIn - spent, 2);

  expectOneMailEach(world, merchant, resent);
  for (const [position, order] of sold.entries()) {
    const delivered = pages[position]?.units.filter(({ state }) => state === 'delivered').length ?? 0;
    const digital = new Set(
      order.lines.filter((line) => !line.requiresShipping && !line.giftCard).map(({ id }) => id),
    );
    const isFulfilled = () => {
      const lines = order.fulfillments.flatMap((fulfillment) => fulfillment.lines);
      return (
        sum(lines.filter(({ lineItemId }) => digital.has(lineItemId)).map(({ quantity }) => quantity)) ===
        delivered
      );
    };
    await world.until(`${order.name} is fulfilled as delivered`, isFulfilled);
  }
}

function expectOneMailEach(world: World, merchant: Merchant, resent: string[]) {
  const { name } = world.shopify.state.shop(merchant.domain);
  const mails = world.resend.mails.filter(
    ({ from, to }) => from.includes(`"${name}"`) && !to.some((address) => resent.includes(address)),
  );
  const addresses = mails.flatMap(({ to }) => to);
  expect(addresses).toEqual([...new Set(addresses)]);
  for (const { apiKey, activationCode } of world.esimGo.esims) {
    const carriers = mails.filter(({ text }) => text?.includes(activationCode));
    expect(carriers.length).toBeLessThanOrEqual(apiKey === merchant.apiKey ? 1 : 0);
  }
}

function lastDigitsOf(orders: OrderPage[]): string[] {
  return orders.flatMap(({ units }) => units.flatMap(({ iccidLast4 }) => iccidLast4 ?? [])).sort();
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

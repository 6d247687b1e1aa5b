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
  /** Orders of top-ups that staff gave: no buyer paid for them. */
  byStaff?: string[];
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
  { resent = [], byHand = [], byStaff = [], unclaimed = [] }: Exceptions = {},
) {
  const { orders: sold } = world.shopify.state.shop(merchant.domain);
  const pages = await Promise.all(sold.map((order) => merchant.order(order)));
  const orders = pages.filter((page) => page !== null);
  const all = purchasesOf(world, merchant);
  const unknown = [...byHand, ...byStaff, ...unclaimed];
  const purchases = all.filter(({ orderReference }) => !unknown.includes(orderReference));
  expect(all.length - purchases.length).toBe(unknown.length);

  const esims = issuedBy(world).filter(({ account }) => isOf(merchant, account));
  expect(new Set(esims.map(({ iccid }) => iccid)).size).toBe(esims.length);
  const ofNobody = all.filter(({ orderReference }) => [...byHand, ...unclaimed].includes(orderReference));
  const elsewhere = new Set(ofNobody.flatMap(({ iccids }) => iccids));
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

  for (const account of [merchant, ...merchant.more])
    expectBalance(world, account, {
      purchases: merchant.purchases(account.apiKey),
      esims: world.esimGo.esims.filter(({ apiKey }) => apiKey === account.apiKey),
    });
  if (merchant.reseller) expectResellerBalance(world, merchant.reseller);
  await expectOneMailEach(world, merchant, { orders, resent });
  for (const [position, order] of sold.entries())
    await expectFulfilment(world, order, pages[position] ?? null);
}

/** What suppliers sold to the merchant, whoever sold it. */
function purchasesOf(
  { reseller }: World,
  merchant: Merchant,
): { orderReference: string; iccids: string[] }[] {
  const resold = reseller.orders.filter(({ email }) => isOf(merchant, email));
  return [
    ...merchant.purchases().map(({ orderReference, items }) => {
      return { orderReference, iccids: items.flatMap(({ iccids }) => iccids) };
    }),
    ...resold.map(({ id, iccids }) => ({ orderReference: id, iccids })),
  ];
}

/** Every eSIM of every supplier, and the account it was issued to: an API key, or an e-mail address. */
function issuedBy({ esimGo, reseller }: World): { account: string; iccid: string; activationCode: string }[] {
  return [
    ...esimGo.esims.map(({ apiKey, iccid, activationCode }) => ({ account: apiKey, iccid, activationCode })),
    ...reseller.esims.map(({ email, iccid, activationCode }) => ({ account: email, iccid, activationCode })),
  ];
}

/** Whether it is one of the merchant's accounts. */
function isOf({ apiKey, more, reseller }: Merchant, account: string): boolean {
  return [apiKey, ...more.map((other) => other.apiKey), reseller?.email].includes(account);
}

function expectResellerBalance({ reseller }: World, { email, paidIn }: { email: string; paidIn: number }) {
  const account = reseller.accounts.find((each) => each.email === email);
  const kept = reseller.orders.filter((order) => order.email === email && !order.isCancelled);
  expect(account?.balance).toBeCloseTo(paidIn - sum(kept.map(({ total }) => total)), 2);
}

function expectBalance(
  world: World,
  { apiKey: key, paidIn }: { apiKey: string; paidIn: number },
  { purchases, esims }: { purchases: OrderView[]; esims: EsimView[] },
) {
  const account = world.esimGo.organisations.find(({ apiKey }) => apiKey === key);
  const spent = sum(purchases.map(({ total }) => total));
  const returned = new Set(esims.filter((esim) => esim.returned).map(({ iccid }) => iccid));
  const refunded = purchases.flatMap(({ items }) =>
    items.map(
      ({ iccids, pricePerUnit }) => pricePerUnit * iccids.filter((each) => returned.has(each)).length,
    ),
  );
  expect(account?.balance).toBeCloseTo(paidIn - spent + sum(refunded), 2);
}

async function expectOneMailEach(
  world: World,
  merchant: Merchant,
  { orders, resent }: { orders: OrderPage[]; resent: string[] },
) {
  const { name } = world.shopify.state.shop(merchant.domain);
  const mails = () => world.resend.mails.filter(({ from }) => from.includes(`"${name}"`));
  const codes = issuedBy(world).flatMap(({ account, activationCode }) =>
    isOf(merchant, account) ? activationCode : [],
  );
  const carried = () => codes.filter((code) => mails().some(({ text }) => text?.includes(code))).length;
  const mailed = orders.filter(({ mail }) => mail.state === 'sent' || mail.state === 'waiting');
  const delivered = mailed.flatMap(({ units }) =>
    units.filter((unit) => wasSent(unit) && !unit.isTopUp),
  ).length;
  await world.until('the buyers have what was delivered', () => carried() >= delivered);
  expect(carried(), 'codes that were mailed').toBe(delivered);
  const once = mails().filter(({ to }) => !to.some((address) => resent.includes(address)));
  const addresses = once.flatMap(({ to }) => to);
  expect(addresses).toEqual([...new Set(addresses)]);
  for (const { account, activationCode } of issuedBy(world)) {
    const carriers = once.filter(({ text }) => text?.includes(activationCode));
    expect(carriers.length).toBeLessThanOrEqual(isOf(merchant, account) ? 1 : 0);
  }
}

async function expectFulfilment(world: World, order: Order, page: OrderPage | null) {
  const delivered = page?.units.filter(wasSent).length ?? 0;
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

/** The buyer got it, whether or not the supplier took it back since. */
function wasSent({ state, isTakenBack }: OrderPage['units'][number]): boolean {
  return state === 'delivered' || isTakenBack;
}

function lastDigitsOf(orders: OrderPage[]): string[] {
  return orders.flatMap(({ units }) => units.flatMap(({ iccidLast4 }) => iccidLast4 ?? [])).sort();
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

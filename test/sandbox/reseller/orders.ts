import { misprinted, randomIccid, randomMatchingId } from '../esim-go/esim-identity.ts';
import type { Plan } from './plans.ts';
import { activationCode } from './profiles.ts';
import type { Account, Order, Profile } from './state.ts';
import {
  book,
  creditUnits,
  dollars,
  inCase,
  json,
  nextNumber,
  paged,
  refuse,
  textOf,
  type Answer,
  type Call,
  type Vendor,
} from './vendor.ts';

const SLOW_PREPARATION_SECONDS = 5;
const LATE_LISTING_SECONDS = 10;

/** `POST /orders`: charges and executes. There is no dry run and no key against doing it twice. */
export function createOrder(call: Call): Answer {
  const { vendor, account, body } = call;
  const plan = vendor.plans.get(textOf(body.plan_id));
  const quantity = body.quantity === undefined ? 1 : Number(body.quantity);
  // Assumed: neither the status nor the words of a refusal are published.
  if (!plan || vendor.conducts.strike('withdraws-the-bundle', call.name))
    return refuse(400, 'Plan not found or not available');
  if (!Number.isInteger(quantity) || quantity < 1) return refuse(400, 'quantity must be a positive integer');
  if (!/^\S+@\S+$/.test(textOf(body.end_customer_email)))
    return refuse(400, 'end_customer_email is required');
  if (textOf(body.customer_name) === '') return refuse(400, 'customer_name is required');
  const charged = charge(call, plan, quantity);
  if (charged) return charged;

  const order = placed(call, { plan, packageCode: null, quantity });
  order.iccids = Array.from({ length: quantity }, () => issue(call, order, plan).iccid);
  const wire = orderOnTheWire(call, order);
  vendor.tell(account, 'ORDER_STATUS', { order_id: order.id, status: wire.status });
  return json({ message: 'Order created successfully', order: wire }, { status: 201, executed: true });
}

/** `POST /profiles/{identifier}/topup`. Assumed: `topup_details`, empty in the document, names an order as listed. */
export function topUp(call: Call, profile: Profile): Answer {
  const { vendor, body } = call;
  const plan = [...vendor.plans.values()].find(({ packageCode }) => packageCode === body.package_code);
  if (!plan || vendor.conducts.strike('withdraws-the-bundle', call.name))
    return refuse(400, 'Package not found');
  if (!isTopUpFor(profile, plan, vendor)) return refuse(400, 'Package is not compatible with this eSIM');
  const charged = charge(call, plan, 1);
  if (charged) return charged;

  const order = placed(call, { plan, packageCode: plan.packageCode, quantity: 1 });
  order.iccids = [profile.iccid];
  profile.limitMegabytes =
    plan.megabytes === null || profile.limitMegabytes === null
      ? null
      : profile.limitMegabytes + plan.megabytes;
  profile.days += plan.days;
  return json(
    {
      message: 'Profile topped up successfully',
      topup_details: { order_id: order.id, package_code: plan.packageCode },
    },
    { executed: true },
  );
}

/** Plans of the same place, of the same kind: what is unlimited takes nothing more. */
export function isTopUpFor(profile: Profile, plan: Plan, vendor: Vendor): boolean {
  return vendor.plans.get(profile.plan)?.place === plan.place && profile.limitMegabytes !== null;
}

/** `GET /orders`: by status, never by date; newest first. Assumed: with `created_at`, or nobody could use it. */
export function listOrders(call: Call): Answer {
  const { vendor, account, query, name } = call;
  const wanted = query.get('status');
  const rows = vendor.state.orders
    .filter((order) => order.accountId === account.id && order.listedAt <= vendor.now())
    .filter((order) => wanted === null || statusOf(order, vendor.now()) === wanted);
  if (!vendor.conducts.strike('lists-oldest-first', name)) rows.reverse();
  const overlap = vendor.conducts.strike('shifts-pages', name) ? 1 : 0;
  return paged(call, { key: 'orders', rows, overlap }, (order) => orderOnTheWire(call, order));
}

/** `GET /orders/{id}` */
export function getOrder(call: Call): Answer {
  const order = findOrder(call);
  return order ? json({ order: orderOnTheWire(call, order) }) : refuse(404, 'Order not found');
}

/** `DELETE /orders/{id}`. Assumed: an order whose eSIM is in use can not be cancelled, another is paid back. */
export function cancelOrder(call: Call): Answer {
  const { vendor, account } = call;
  const order = findOrder(call);
  if (!order) return refuse(404, 'Order not found');
  if (order.cancelledAt !== null) return refuse(400, 'Order is already cancelled');
  const profiles = vendor.state.profiles.filter(({ iccid }) => order.iccids.includes(iccid));
  if (order.packageCode !== null || profiles.some(({ status }) => status !== 'released'))
    return refuse(400, 'Order can not be cancelled any more');
  for (const profile of profiles) profile.status = 'revoked';
  order.cancelledAt = vendor.now();
  book(vendor, account, {
    type: 'refund',
    amountUnits: order.unitPriceUnits * order.quantity,
    description: `Refund of ${order.id}`,
  });
  vendor.tell(account, 'ORDER_STATUS', { order_id: order.id, status: 'cancelled' });
  return json({ message: 'Order cancelled successfully' }, { executed: true });
}

export function findOrder({ vendor, account, params }: Call): Order | undefined {
  return vendor.state.orders.find(({ id, accountId }) => accountId === account.id && id === params.id);
}

export function statusOf(order: Order, now: number): 'pending' | 'active' | 'cancelled' {
  if (order.cancelledAt !== null) return 'cancelled';
  return now < order.preparedAt ? 'pending' : 'active';
}

function charge(call: Call, plan: Plan, quantity: number): Answer | null {
  const { vendor, account, name } = call;
  const total = plan.priceUnits * quantity;
  if (total > creditUnits(account) || vendor.conducts.strike('sells-out', name))
    return refuse(400, 'Insufficient credit balance');
  book(vendor, account, { type: 'order', amountUnits: -total, description: `Order of ${plan.name}` });
  return null;
}

function placed(
  { vendor, account, body, name }: Call,
  { plan, packageCode, quantity }: { plan: Plan; packageCode: string | null; quantity: number },
): Order {
  const now = vendor.now();
  const slow = vendor.conducts.strike('prepares-slowly', name);
  const late = vendor.conducts.strike('lists-late', name);
  const never = vendor.conducts.strike('never-assigns', name) !== null;
  const order: Order = {
    id: `ord-${String(nextNumber(vendor))}${randomMatchingId().slice(3, 9).toLowerCase()}`,
    accountId: account.id,
    plan: plan.id,
    packageCode,
    quantity,
    unitPriceUnits: plan.priceUnits,
    email: textOf(body.end_customer_email),
    customer: textOf(body.customer_name),
    iccids: [],
    createdAt: now,
    preparedAt: never
      ? Number.MAX_SAFE_INTEGER
      : now + (slow ? (slow.seconds ?? SLOW_PREPARATION_SECONDS) * 1000 : 0),
    listedAt: now + (late ? (late.seconds ?? LATE_LISTING_SECONDS) * 1000 : 0),
    cancelledAt: null,
  };
  vendor.state.orders.push(order);
  return order;
}

function issue({ vendor, account, name }: Call, order: Order, plan: Plan): Profile {
  const iccid = randomIccid();
  const profile: Profile = {
    iccid: vendor.conducts.strike('misprints-iccids', name) ? misprinted(iccid) : iccid,
    tranNo: `esim-tran-${String(nextNumber(vendor))}`,
    accountId: account.id,
    orderId: order.id,
    plan: plan.id,
    smdpAddress: 'rsp.reseller-sandbox.example',
    matchingId: randomMatchingId(),
    status: 'released',
    statusBefore: null,
    limitMegabytes: plan.megabytes,
    usedBytes: 0,
    cachedUsedBytes: 0,
    days: plan.days,
    startedAt: null,
    messages: [],
  };
  vendor.state.profiles.push(profile);
  vendor.touch();
  return profile;
}

function orderOnTheWire(call: Call, order: Order) {
  const { vendor, account } = call;
  const [iccid = ''] = order.iccids;
  const profile = vendor.state.profiles.find((known) => known.iccid === iccid);
  const isPrepared = vendor.now() >= order.preparedAt;
  return {
    id: order.id,
    user_id: account.id,
    plan_id: order.plan,
    plan_name: vendor.plans.get(order.plan)?.name ?? order.plan,
    ...(order.packageCode !== null && { package_code: order.packageCode }),
    quantity: order.quantity,
    unit_price: dollars(order.unitPriceUnits),
    total_amount: dollars(order.unitPriceUnits * order.quantity),
    currency: account.currency,
    status: inCase(call, statusOf(order, vendor.now())),
    iccid: isPrepared ? iccid : null,
    ...installDetails(call, isPrepared ? order : null, profile),
    created_at: new Date(order.createdAt).toISOString(),
  };
}

function installDetails({ vendor, name }: Call, order: Order | null, profile: Profile | undefined) {
  if (!order || !profile) return { qr_code_url: null };
  return vendor.conducts.strike('tells-activation-codes', name)
    ? { activation_code: activationCode(profile) }
    : { qr_code_url: `${vendor.url}/qr/order-${order.id}.png` };
}

/** What a person buys on the vendor's own pages. Throws when it is refused. */
export function buyByHand(vendor: Vendor, account: Account, plan: string): string {
  const body = { plan_id: plan, end_customer_email: account.email, customer_name: 'By hand' };
  const given = createOrder({
    ...{ vendor, account, body, name: 'portal', params: {} },
    query: new URLSearchParams(),
  });
  if (given.status !== 201) throw new Error(`refused: ${String(given.body)}`);
  return vendor.state.orders.at(-1)?.id ?? '';
}

import { randomUUID } from 'node:crypto';
import type { Bundle } from './catalogue.ts';
import { misprinted, randomDigits, randomIccid, randomMatchingId } from './esim-identity.ts';
import type { Assignment, Esim, Order, OrderItem } from './state.ts';
import { nextNumber, type Call, type Vendor } from './vendor.ts';

/** Above so many eSIMs an order is worked on after it was answered. */
const PREPARED_AT_ONCE = 5;
const BULK_PREPARATION_MS = 2000;
const SLOW_PREPARATION_SECONDS = 5;
const LATE_LISTING_SECONDS = 10;

export interface WantedItem {
  bundle: Bundle;
  quantity: number;
  unitPriceUnits: number;
  allowReassign: boolean;
  /** The eSIMs to put the bundle on; empty for new ones. */
  targets: Esim[];
}

/** Carries out what was ordered or applied: makes the eSIMs, puts the bundles on them and writes the order down. */
export function allocate(
  call: Call,
  want: {
    type: Order['type'];
    items: WantedItem[];
    assigned: boolean;
    totalUnits: number;
    brandingId?: string | undefined;
  },
): Order {
  const { vendor, organisation } = call;
  const now = vendor.now();
  const slow = vendor.conducts.strike('prepares-slowly', call.name);
  const late = vendor.conducts.strike('lists-late', call.name);
  const fewer = want.assigned && vendor.conducts.strike('allocates-fewer', call.name) !== null;
  const never = vendor.conducts.strike('never-assigns', call.name) !== null;
  const isBulk = want.items.reduce((sum, item) => sum + item.quantity, 0) > PREPARED_AT_ONCE;

  const order: Order = {
    orderReference: randomUUID(),
    apiKey: organisation.apiKey,
    type: want.type,
    items: [],
    totalUnits: want.totalUnits,
    balanceAfterUnits: organisation.balanceUnits,
    assigned: want.assigned,
    requestArrivedAt: call.arrivedAt,
    createdAt: now,
    preparedAt: never
      ? Number.MAX_SAFE_INTEGER
      : now + (slow ? (slow.seconds ?? SLOW_PREPARATION_SECONDS) * 1000 : isBulk ? BULK_PREPARATION_MS : 0),
    whilePreparing: slow || never ? 'empty' : '503',
    listedAt: now + (late ? (late.seconds ?? LATE_LISTING_SECONDS) * 1000 : 0),
    sourceIp: call.ip,
  };
  order.items = want.items.map((item, index) =>
    want.assigned
      ? assign(call, order, { ...item, oneFewer: fewer && index === 0, brandingId: want.brandingId })
      : stock(vendor, order, item),
  );
  vendor.state.orders.push(order);
  vendor.touch();
  return order;
}

function assign(
  call: Call,
  order: Order,
  { oneFewer, brandingId, ...item }: WantedItem & { oneFewer: boolean; brandingId: string | undefined },
): OrderItem {
  const { vendor } = call;
  const esims =
    item.targets.length > 0
      ? item.targets
      : Array.from({ length: item.quantity - (oneFewer ? 1 : 0) }, () => issueEsim(call, brandingId));
  for (const esim of esims) {
    esim.assignments.push(makeAssignment(vendor, order, item));
    if (item.bundle.withCalls) esim.msisdn ??= `4479${randomDigits(8)}`;
    remember(esim, 'Bundle Applied', item.bundle.name, order.createdAt);
  }
  return orderItem(
    item,
    esims.map((esim) => esim.iccid),
  );
}

function issueEsim({ vendor, organisation, name }: Call, brandingId?: string): Esim {
  const [first] = vendor.state.esims;
  if (first && vendor.conducts.strike('repeats-an-esim', name)) return first;
  const esim = makeEsim(vendor, organisation.apiKey);
  if (brandingId !== undefined) esim.brandingId = brandingId;
  if (vendor.conducts.strike('misprints-iccids', name)) esim.iccid = misprinted(esim.iccid);
  return esim;
}

function stock(vendor: Vendor, order: Order, item: WantedItem): OrderItem {
  const { bundle, quantity, unitPriceUnits } = item;
  putInStock(vendor, {
    apiKey: order.apiKey,
    bundle: bundle.name,
    quantity,
    boughtAt: order.createdAt,
    unitPriceUnits,
  });
  return orderItem(item, []);
}

export function putInStock(
  vendor: Vendor,
  batch: { apiKey: string; bundle: string; quantity: number; boughtAt: number; unitPriceUnits: number },
) {
  const { quantity, ...rest } = batch;
  vendor.state.inventory.push({ id: nextNumber(vendor), total: quantity, remaining: quantity, ...rest });
}

function orderItem(item: WantedItem, iccids: string[]): OrderItem {
  return {
    bundle: item.bundle.name,
    quantity: item.quantity,
    unitPriceUnits: item.unitPriceUnits,
    allowReassign: item.allowReassign,
    iccids,
  };
}

export function makeEsim(vendor: Vendor, apiKey: string): Esim {
  let iccid = randomIccid();
  while (vendor.state.esims.some((esim) => esim.iccid === iccid)) iccid = randomIccid();
  const esim: Esim = {
    iccid,
    apiKey,
    matchingId: randomMatchingId(),
    smdpAddress: 'rsp.esim-sandbox.example',
    pin: randomDigits(4),
    puk: randomDigits(8),
    profileStatus: 'Released',
    firstInstalledAt: null,
    customerRef: '',
    assignedAt: vendor.now(),
    msisdn: null,
    location: null,
    returnedAt: null,
    assignments: [],
    history: [],
  };
  vendor.state.esims.push(esim);
  return esim;
}

function makeAssignment(vendor: Vendor, order: Order, item: WantedItem): Assignment {
  return {
    id: nextNumber(vendor),
    bundle: item.bundle.name,
    reference: `${order.orderReference}-0`,
    assignedAt: order.createdAt,
    preparedAt: order.preparedAt,
    initialBytes: item.bundle.megabytes === null ? null : item.bundle.megabytes * 1_000_000,
    usedBytes: 0,
    startedAt: null,
    endsAt: null,
    revokedAt: null,
    unitPriceUnits: item.unitPriceUnits,
  };
}

export function remember(esim: Esim, name: string, bundle: string | null, at: number) {
  esim.history.push({ name, bundle, at });
}

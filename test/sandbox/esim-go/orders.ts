import { allocate, type WantedItem } from './allocate.ts';
import type { Esim, Order } from './state.ts';
import {
  dollars,
  findEsim,
  json,
  nanoDate,
  record,
  refuse,
  type Answer,
  type Call,
  type Vendor,
} from './vendor.ts';

/** The help centre's limit; the schema does not have it. */
const MOST_ESIMS_IN_AN_ORDER = 10;
/** Larger orders are listed without their eSIMs. */
const MOST_ESIMS_LISTED = 5;

/** `POST /orders`: prices an order, or charges and executes it. */
export function createOrder(call: Call): Answer {
  const { vendor, organisation } = call;
  const body = record(call.body);
  const type = body.type;
  if (type !== 'validate' && type !== 'transaction')
    return refuseOrder(call, 400, 'type must be validate or transaction');
  const assigned = body.assign === true;

  // The older text writes the field with a capital, and clients send either.
  const wanted = readItems(call, body.order ?? body.Order, assigned);
  if (!Array.isArray(wanted)) return wanted;

  const brandingId = readBranding(call, body.profileID, assigned);
  if (typeof brandingId === 'object') return brandingId;

  const totalUnits = wanted.reduce((sum, item) => sum + item.unitPriceUnits * item.quantity, 0);
  const affordable =
    vendor.conducts.strike('sells-out', call.name) === null && totalUnits <= organisation.balanceUnits;

  if (type === 'validate') {
    return json({
      order: wanted.map((item) => pricedItem(item.bundle.name, item)),
      total: dollars(totalUnits),
      // A short balance is no error here.
      valid: affordable,
      currency: organisation.currency,
      createdDate: nanoDate(vendor.now()),
      assigned,
    });
  }
  // Assumed: the vendor publishes neither the status nor the words of this refusal.
  if (!affordable) return refuseOrder(call, 400, 'insufficient balance to complete this order');

  organisation.balanceUnits -= totalUnits;
  const order = allocate(call, { type: 'bundle', items: wanted, assigned, totalUnits, brandingId });
  return json(orderOnTheWire(call, order, { withIccids: true, withSource: true }), {
    executed: true,
    orderReference: order.orderReference,
  });
}

/** `GET /orders`: newest first, an array. `createdAt` may be given twice, as `gte:` and as `lte:`. */
export function listOrders(call: Call): Answer {
  const { vendor, organisation, query, name } = call;
  const bounds = query.getAll('createdAt').map((bound) => {
    const [, operator, text] = /^(gte|lte):(.+)$/.exec(bound) ?? [];
    return { operator, at: Date.parse(text ?? '') };
  });
  if (bounds.some(({ operator, at }) => !operator || Number.isNaN(at))) {
    return refuse(400, 'createdAt must be gte: or lte: and a date');
  }
  const page = Number(query.get('page') ?? 1);
  const limit = Number(query.get('limit') ?? 10);
  if (!Number.isInteger(page) || page < 1 || !Number.isInteger(limit) || limit < 1) {
    return refuse(400, 'page and limit must be positive integers');
  }

  const matching = vendor.state.orders
    .filter((order) => order.apiKey === organisation.apiKey && order.listedAt <= vendor.now())
    .filter((order) =>
      bounds.every(({ operator, at }) =>
        operator === 'gte' ? order.createdAt >= at : order.createdAt <= at,
      ),
    )
    .reverse();
  const withIccids = query.get('includeIccids') === 'true';
  // Newest first, so an order that comes in pushes one row from each page to the next.
  const from = (page - 1) * (vendor.conducts.strike('shifts-pages', name) ? limit - 1 : limit);
  return json(
    matching
      .slice(from, from + limit)
      .map((order) => orderOnTheWire(call, order, { withIccids, withSource: true, inList: true })),
  );
}

/** `GET /orders/{orderReference}` */
export function getOrder(call: Call): Answer {
  const { vendor, organisation, params } = call;
  const order = vendor.state.orders.find(
    ({ apiKey, orderReference }) =>
      apiKey === organisation.apiKey && orderReference === params.orderReference,
  );
  if (!order) return refuse(400, 'order not found');
  return json(orderOnTheWire(call, order, { withIccids: true, withSource: false }));
}

/** The branding that an order asks for, since 2.5. Assumed: the words of both refusals. */
function readBranding(call: Call, profileId: unknown, assigned: boolean): string | undefined | Answer {
  if (call.version === '2.4' || profileId === undefined) return undefined;
  if (!assigned) return refuseOrder(call, 400, 'profileID needs assign to be true');
  const known = call.organisation.brandingProfiles ?? [];
  return known.find((id) => id === profileId) ?? refuseOrder(call, 400, 'branding profile not found');
}

function readItems(call: Call, value: unknown, assigned: boolean): WantedItem[] | Answer {
  if (!Array.isArray(value) || value.length === 0) return refuseOrder(call, 400, 'order must not be empty');
  const items: WantedItem[] = [];
  for (const entry of value.map(record)) {
    const bundle = call.vendor.catalogue.get(String(entry.item));
    const quantity = Number(entry.quantity);
    if (entry.type !== 'bundle') return refuseOrder(call, 400, 'order item type must be bundle');
    if (!bundle || call.vendor.conducts.strike('withdraws-the-bundle', call.name))
      return refuseOrder(call, 400, `bundle ${String(entry.item)} is not available to the organisation`);
    if (!Number.isInteger(quantity) || quantity < 1)
      return refuseOrder(call, 400, 'quantity must be a positive integer');

    const iccids = Array.isArray(entry.iccids) ? entry.iccids : [];
    if (iccids.length > 0 && !assigned) return refuseOrder(call, 400, 'iccids need assign to be true');
    if (iccids.length > 0 && iccids.length !== quantity) {
      return refuseOrder(call, 400, 'quantity must match the number of iccids');
    }
    const found = iccids.map((iccid) => findEsim(call, iccid));
    if (found.includes(null)) return refuseOrder(call, 403, 'the ICCID is not accessible by the user');
    const allowReassign = entry.allowReassign === true;
    const targets = found.filter((esim) => esim !== null);
    if (!targets.every((esim) => isCompatible(call, esim, bundle.group)) && !allowReassign) {
      return refuseOrder(call, 400, 'the bundle is not compatible with the eSIM');
    }
    items.push({
      bundle,
      quantity,
      unitPriceUnits: bundle.priceUnits,
      allowReassign,
      targets: targets.every((esim) => isCompatible(call, esim, bundle.group)) ? targets : [],
    });
  }
  const newEsims = items.reduce((sum, item) => sum + item.quantity, 0);
  if (assigned && newEsims > MOST_ESIMS_IN_AN_ORDER) {
    return refuseOrder(call, 400, `an order may have at most ${String(MOST_ESIMS_IN_AN_ORDER)} eSIMs`);
  }
  return items;
}

/** The vendor works with several networks; in the sandbox the long-duration bundles come from another one. */
export function isCompatible({ vendor }: Pick<Call, 'vendor'>, esim: Esim, group: string): boolean {
  if (vendor.conducts.isOn('moves-networks')) return false;
  const isLong = (name: string) => name.includes('_90D_');
  return esim.assignments.every(
    (assignment) => isLong(assignment.bundle) === (group === 'Standard Long Duration'),
  );
}

function pricedItem(
  bundle: string,
  item: { quantity: number; unitPriceUnits: number; allowReassign: boolean },
) {
  return {
    type: 'bundle',
    item: bundle,
    quantity: item.quantity,
    subTotal: dollars(item.unitPriceUnits * item.quantity),
    pricePerUnit: dollars(item.unitPriceUnits),
    AllowReassign: item.allowReassign,
  };
}

function orderOnTheWire(
  { vendor, version, name }: Call,
  order: Order,
  show: { withIccids: boolean; withSource: boolean; inList?: boolean },
) {
  const documented = vendor.conducts.isOn('answers-as-documented');
  const isPrepared = vendor.now() >= order.preparedAt;
  const issued = order.items.reduce((sum, item) => sum + item.iccids.length, 0);
  const withEsims = show.withIccids && order.assigned && isPrepared;
  const created = nanoDate(order.createdAt);
  return {
    order: order.items.map((item) => ({
      ...(withEsims && issued <= MOST_ESIMS_LISTED
        ? { esims: item.iccids.map((iccid) => installDetails(vendor, iccid)) }
        : {}),
      ...pricedItem(item.bundle, item),
      type: order.type,
      ...(withEsims ? { iccids: item.iccids } : {}),
    })),
    total: dollars(order.totalUnits),
    currency: 'USD',
    status: isPrepared ? 'completed' : 'processing',
    statusMessage: isPrepared
      ? `Order completed: ${String(issued)} eSIMs assigned`
      : 'Order processing, please come back later',
    orderReference: order.orderReference,
    // The documented list says createDate where every other answer says createdDate.
    ...(show.inList && documented ? { createDate: created } : { createdDate: created }),
    assigned: order.assigned,
    ...(show.withSource ? { sourceIP: order.sourceIp } : {}),
    ...(version === '2.5' ? runningBalance(vendor, order, name) : {}),
  };
}

// Text, in the schema. Assumed: that the total is taken from it already.
function runningBalance(vendor: Vendor, { balanceAfterUnits, totalUnits }: Order, name: string) {
  if (balanceAfterUnits === undefined) return {};
  const isBefore = vendor.conducts.strike('runs-its-balance-behind', name) !== null;
  return { runningBalance: String(dollars(balanceAfterUnits + (isBefore ? totalUnits : 0))) };
}

function installDetails(vendor: Vendor, iccid: string) {
  const esim = vendor.state.esims.find((candidate) => candidate.iccid === iccid);
  return {
    iccid,
    matchingId: esim?.matchingId ?? '',
    smdpAddress: smdpOnTheWire(vendor, esim?.smdpAddress ?? ''),
  };
}

/** The documented examples put a scheme before the host name; an activation code must not have one. */
export function smdpOnTheWire(vendor: Vendor, host: string): string {
  return vendor.conducts.isOn('answers-as-documented') ? `http://${host}` : host;
}

/** Refusals of this endpoint are text: a bare sentence, or as documented a JSON message declared as text. */
function refuseOrder({ vendor }: Call, status: number, message: string): Answer {
  const documented = vendor.conducts.isOn('answers-as-documented');
  return { status, type: 'text/plain', body: documented ? JSON.stringify({ message }) : message };
}

import { allocate, putInStock, remember, type WantedItem } from './allocate.ts';
import { isCompatible } from './orders.ts';
import type { InventoryItem } from './state.ts';
import {
  assignmentState,
  findEsim,
  json,
  noSuchEsim,
  record,
  refuse,
  type Answer,
  type Call,
} from './vendor.ts';

const REFUND_WINDOW_MS = 60 * 86_400_000;
const SHELF_LIFE_MS = 365 * 86_400_000;

/** `GET /inventory` */
export function listInventory({ vendor, organisation }: Call): Answer {
  const items = vendor.state.inventory.filter(
    (item) => item.apiKey === organisation.apiKey && item.remaining > 0,
  );
  const names = [...new Set(items.map((item) => item.bundle))];
  return json({
    bundles: names.map((name) => {
      const bundle = vendor.catalogue.get(name);
      return {
        name,
        desc: bundle?.description ?? name,
        useDms: false,
        available: items
          .filter((item) => item.bundle === name)
          .map((item) => ({
            id: item.id,
            total: item.total,
            remaining: item.remaining,
            expiry: new Date(item.boughtAt + SHELF_LIFE_MS).toISOString(),
          })),
        countries: bundle ? [bundle.base.name] : [],
        data: bundle?.megabytes ?? -1,
        duration: bundle?.days ?? 0,
        durationUnit: 'day',
        autostart: true,
        unlimited: bundle?.megabytes === null,
        speed: ['2G', '3G', '4G', '5G'],
        allowances: [],
      };
    }),
  });
}

/** `POST /inventory/refund` */
export function refundInventory({ vendor, organisation, body }: Call): Answer {
  const { usageId, quantity } = record(body);
  const item = vendor.state.inventory.find(
    ({ id, apiKey }) => id === usageId && apiKey === organisation.apiKey,
  );
  if (!organisation.refundsEnabled) return refuse(403, 'refunds are not enabled for the organisation');
  if (!item) return refuse(400, 'usageId not found');
  if (
    typeof quantity !== 'number' ||
    !Number.isInteger(quantity) ||
    quantity < 1 ||
    quantity > item.remaining
  ) {
    return refuse(400, 'quantity exceeds the remaining quantity');
  }
  if (vendor.now() - item.boughtAt > REFUND_WINDOW_MS) return refuse(400, 'outside of the refund period');
  item.remaining -= quantity;
  organisation.balanceUnits += quantity * item.unitPriceUnits;
  vendor.touch();
  return json({ status: 'Successfully refunded bundles to balance' }, { executed: true });
}

/** `POST /esims/apply`: takes bundles from the inventory and puts them on an eSIM or on new ones. */
export function applyBundles(call: Call): Answer {
  const { vendor } = call;
  const body = record(call.body);
  const esim = body.iccid === undefined ? null : findEsim(call, body.iccid);
  if (body.iccid !== undefined && !esim) return noSuchEsim;
  if (esim && body.repeat !== undefined)
    return refuse(400, 'an ICCID cannot be provided together with repeat');

  const requests = Array.isArray(body.bundles)
    ? body.bundles.map((entry) => (typeof entry === 'string' ? { name: entry } : record(entry)))
    : // The older text calls the field `bundle`.
      [{ ...body, name: body.name ?? body.bundle }];
  const wanted: WantedItem[] = [];
  for (const request of requests) {
    const bundle = vendor.catalogue.get(String(request.name));
    const quantity = Number(request.repeat ?? 1);
    const allowReassign = request.allowReassign === true;
    if (!bundle) return refuse(400, 'bundle not found');
    if (!Number.isInteger(quantity) || quantity < 1) return refuse(400, 'repeat must be a positive integer');
    const fits = esim === null || isCompatible(call, esim, bundle.group);
    if (!fits && !allowReassign) return refuse(400, 'the bundle is not compatible with the eSIM');
    wanted.push({ bundle, quantity, unitPriceUnits: 0, allowReassign, targets: esim && fits ? [esim] : [] });
  }
  if (vendor.conducts.strike('empties-the-stock', call.name)) {
    for (const item of vendor.state.inventory)
      if (item.apiKey === call.organisation.apiKey) item.remaining = 0;
  }
  if (!takeFromInventory(call, wanted))
    return refuse(403, 'the user does not have any available Bundles left');

  const order = allocate(call, { type: 'bundleAssignment', items: wanted, assigned: true, totalUnits: 0 });
  return json(
    {
      esims: order.items.flatMap((item) =>
        item.iccids.map((iccid) => ({ iccid, status: 'Successfully Applied Bundle', bundle: item.bundle })),
      ),
      applyReference: order.orderReference,
    },
    { executed: true, orderReference: order.orderReference },
  );
}

/** `DELETE /esims/{iccid}/bundles/{name}[/assignments/{assignmentId}]` */
export function revokeBundle(call: Call): Answer {
  const { vendor, organisation, params, query } = call;
  const esim = findEsim(call, params.iccid);
  if (!esim) return noSuchEsim;
  const now = vendor.now();
  const onEsim = esim.assignments.filter(
    ({ bundle, id, revokedAt }) =>
      bundle === params.name &&
      revokedAt === null &&
      (params.assignmentId === undefined || String(id) === params.assignmentId),
  );
  // The vendor's text says both "latest" and "oldest unused"; its worked example revokes the oldest unused.
  const assignment = onEsim.find((candidate) => candidate.startedAt === null) ?? onEsim.at(-1);
  if (!assignment) return refuse(400, 'the bundle is not on the eSIM');

  // Without refunds the vendor revokes all the same, and gives nothing back, not even to the inventory.
  const isReturnable =
    organisation.refundsEnabled &&
    assignment.startedAt === null &&
    now - assignment.assignedAt <= REFUND_WINDOW_MS;
  const offerId = `offer-${String(assignment.id)}`;
  if (query.get('type') === 'validate') {
    // Assumed: the vendor promises "options for the revoke" and shows no answer.
    return json({
      status: isReturnable ? 'Bundle can be revoked' : 'Bundle can be revoked without a refund',
      offers: isReturnable ? [{ offerId, refundToBalance: true }] : [],
    });
  }

  const toBalance = query.get('refundToBalance') === 'true';
  if (toBalance && !organisation.refundsEnabled)
    return refuse(403, 'refunds are not enabled for the organisation');
  if (toBalance && !isReturnable)
    return refuse(400, 'the bundle has started or is outside of the refund period');
  if (toBalance && query.get('offerId') !== null && query.get('offerId') !== offerId) {
    return refuse(400, 'offerId not found');
  }

  assignment.revokedAt = now;
  remember(esim, 'Bundle Revoked', assignment.bundle, now);
  if (isReturnable && toBalance) {
    organisation.balanceUnits += assignment.unitPriceUnits;
    remember(esim, 'Bundle Refunded To Balance', assignment.bundle, now);
  } else if (isReturnable) {
    putInStock(vendor, {
      apiKey: organisation.apiKey,
      bundle: assignment.bundle,
      quantity: 1,
      boughtAt: assignment.assignedAt,
      unitPriceUnits: assignment.unitPriceUnits,
    });
    remember(esim, 'Bundle Refunded to Inventory', assignment.bundle, now);
  }
  // An eSIM with no bundle left that nobody installed goes back to the vendor at once.
  const isBare = esim.assignments.every((candidate) => assignmentState(candidate, now) === 'revoked');
  if (isBare && esim.profileStatus === 'Released') {
    esim.returnedAt = now;
    remember(esim, 'eSIM Returned', null, now);
  }
  vendor.touch();
  const where = toBalance ? 'balance' : 'inventory';
  return json(
    {
      status: isReturnable
        ? `Successfully Revoked Bundle, bundle has been refunded to ${where}`
        : 'Successfully Revoked Bundle',
    },
    { executed: true },
  );
}

/** Takes all of it or nothing, oldest purchases first. */
function takeFromInventory({ vendor, organisation }: Call, wanted: WantedItem[]): boolean {
  const taken: InventoryItem[] = [];
  for (const item of wanted) {
    for (let left = item.quantity; left > 0; left--) {
      const source = vendor.state.inventory.find(
        ({ apiKey, bundle, remaining, boughtAt }) =>
          apiKey === organisation.apiKey &&
          bundle === item.bundle.name &&
          remaining > 0 &&
          vendor.now() < boughtAt + SHELF_LIFE_MS,
      );
      if (!source) {
        for (const undone of taken) undone.remaining += 1;
        return false;
      }
      source.remaining -= 1;
      taken.push(source);
      item.unitPriceUnits = source.unitPriceUnits;
    }
  }
  return true;
}

import { isUsable } from '../esims/usable.ts';
import { isUnitId } from '../orders/is-unit-id.ts';
import { unitId } from '../orders/unit-id.server.ts';
import { db } from '../platform/db.server.ts';
import type { SellingProvider, ProviderEsim, ProviderPurchase } from '../providers/contract.ts';
import { conclude } from '../purchases/carry-out.server.ts';
import { remember } from '../purchases/remember.server.ts';
import { asPurchase, quantityOf, type Account } from './lost-purchase.ts';

/** Gives every order whose eSIMs carry a unit's id to that unit. What carries none is left to be judged. */
export async function claimTagged(
  account: Account,
  provider: SellingProvider,
  purchases: ProviderPurchase[],
) {
  const untagged: ProviderPurchase[] = [];
  let tagged = 0;
  for (const purchase of purchases) {
    const tags = new Map<string, string>();
    for (const iccid of purchase.items.flatMap(({ iccids }) => iccids)) {
      const { tag } = await provider.getEsim(iccid);
      if (isUnitId(tag)) tags.set(iccid, tag);
    }
    if (tags.size === 0) untagged.push(purchase);
    else if (await claim(account, provider, purchase, await standIns(account, tags))) tagged++;
  }
  return { untagged, tagged };
}

/** `tags`: ICCID → unit. False when no unit of these waits for an eSIM: then it is an order nobody claims. */
async function claim(
  account: Account,
  provider: SellingProvider,
  purchase: ProviderPurchase,
  tags: ReadonlyMap<string, string>,
): Promise<boolean> {
  const { id: accountId, shopId } = account;
  const { orderReference, total, sourceIp } = purchase;
  const named = await db.unit.findMany({
    // One whose variant is not linked again yet has no account, and one that was passed on has another: its eSIM is here
    // all the same.
    where: {
      ...{ id: { in: [...tags.values()] }, shopId, esim: null },
      OR: [{ accountId }, { accountId: null }, { state: { in: ['paid', 'held'] } }],
    },
    include: { attempt: { select: { id: true, accountId: true, state: true, orderReference: true } } },
  });
  const open = named.find(
    ({ attempt }) =>
      attempt?.accountId === accountId &&
      attempt.orderReference === null &&
      ['in-doubt', 'parked'].includes(attempt.state),
  )?.attempt;
  const attemptId = open?.id ?? (await remember(await forgottenOf(account, purchase, { named, tags })));
  if (attemptId === null) return false;
  const order = await provider.getOrder(orderReference);
  const esims = order.status === 'ready' ? order.esims.filter(isUsable) : [];
  const units = await db.unit.findMany({
    where: { attemptId, shopId },
    select: { id: true },
    orderBy: [{ createdAt: 'asc' }, { unitIndex: 'asc' }],
  });
  const esimOfUnit = assign(
    esims,
    tags,
    units.map(({ id }) => id),
  );
  // Only what gives every unit its eSIM is the end of it; else the order is read again.
  if (esimOfUnit.size < units.length) {
    await conclude(attemptId, { type: 'found' }, { orderReference, total, sourceIp });
  } else {
    const event = { type: 'answered', status: 'ready', orderReference } as const;
    await conclude(attemptId, event, { orderReference, total, sourceIp, esimOfUnit });
  }
  return true;
}

/** Each eSIM to the unit it names; those that name none to the units that are left, in their order. */
function assign(
  esims: ProviderEsim[],
  tags: ReadonlyMap<string, string>,
  unitIds: string[],
): Map<string, ProviderEsim> {
  const given = new Map<string, ProviderEsim>();
  for (const esim of esims) {
    const unitId = tags.get(esim.iccid);
    if (unitId !== undefined && unitIds.includes(unitId)) given.set(unitId, esim);
  }
  const left = unitIds.filter((id) => !given.has(id));
  for (const esim of esims.filter(({ iccid }) => !tags.has(iccid))) {
    const unitId = left.shift();
    if (unitId !== undefined) given.set(unitId, esim);
  }
  return given;
}

interface NamedUnit {
  id: string;
  orderId: string;
  bundleId: string | null;
  accountId: string | null;
}

/** The purchase behind an order: for the units its eSIMs name, and as many more of the same order as it has eSIMs. */
async function forgottenOf(
  { id: accountId, shopId }: Account,
  purchase: ProviderPurchase,
  { named, tags }: { named: NamedUnit[]; tags: ReadonlyMap<string, string> },
) {
  const [first] = named;
  const siblings = first
    ? await db.unit.findMany({
        where: {
          ...{ shopId, accountId: first.accountId, orderId: first.orderId, bundleId: first.bundleId },
          ...{ state: { in: ['paid', 'held'] }, goneAt: null, id: { notIn: [...tags.values()] } },
        },
        select: { id: true },
        orderBy: [{ createdAt: 'asc' }, { unitIndex: 'asc' }],
        take: quantityOf(purchase) - tags.size,
      })
    : [];
  return {
    ...asPurchase({ id: accountId, shopId }, purchase),
    unitIds: [...named, ...siblings].map(({ id }) => id),
  };
}

// A line whose quantity shrank and grew in the gap had pieces of higher numbers than it has now.
const MOST_PIECES = 100;

/** A tag that names a piece this database does not have is for another piece of its line that waits for an eSIM. */
async function standIns(
  { shopId }: Account,
  tags: ReadonlyMap<string, string>,
): Promise<Map<string, string>> {
  const known = await db.unit.findMany({
    where: { id: { in: [...tags.values()] }, shopId },
    select: { id: true },
  });
  const resolved = new Map(tags);
  const unknown = new Map([...tags].filter(([, id]) => !known.some((unit) => unit.id === id)));
  if (unknown.size === 0) return resolved;
  const { domain } = await db.shop.findUniqueOrThrow({ where: { id: shopId } });
  const due = await db.unit.findMany({
    where: {
      shopId,
      state: { in: ['paid', 'held'] },
      goneAt: null,
      id: { notIn: [...tags.values()] },
    },
    select: { id: true, lineItemGid: true },
    orderBy: [{ createdAt: 'asc' }, { unitIndex: 'asc' }],
  });
  for (const line of new Set(due.map(({ lineItemGid }) => lineItemGid))) {
    const pieces = new Set(Array.from({ length: MOST_PIECES }, (_, index) => unitId(domain, line, index)));
    const free = due.filter(({ lineItemGid }) => lineItemGid === line);
    for (const [iccid, id] of unknown) {
      const standIn = pieces.has(id) ? free.shift() : undefined;
      if (standIn) resolved.set(iccid, standIn.id);
    }
  }
  return resolved;
}

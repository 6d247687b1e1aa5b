import { db } from '../platform/db.server.ts';
import type { ProviderPurchase } from '../providers/contract.ts';
import { conclude } from '../purchases/carry-out.server.ts';
import { plansForVariants } from '../products/mapping.server.ts';
import { candidates } from '../purchases/evidence.ts';
import { remember } from '../purchases/remember.server.ts';
import { askedBy, knownOrders } from '../purchases/settle.server.ts';
import { asPurchase, type Account } from './lost-purchase.ts';
import { judge, portions, type DueGroup } from './restore.ts';

/** Decides about the orders whose eSIMs carry no unit's id: adopted, or left to a person with everything that fits. */
export async function judgeRest(account: Account, purchases: ProviderPurchase[]) {
  const { id: accountId, shopId } = account;
  const known = await knownOrders({ shopId, accountId }, purchases);
  const open = await db.purchaseAttempt.findMany({
    where: { shopId, accountId, orderReference: null, state: 'in-doubt' },
  });
  const verdict = judge(purchases, {
    groups: await dueGroups(account),
    open: open.map((attempt) => ({ id: attempt.id, ...askedBy(attempt) })),
    known,
  });
  for (const { purchase, unitIds } of verdict.adopt) {
    const attemptId = await remember({ ...asPurchase(account, purchase), unitIds });
    if (attemptId !== null) await adopt(attemptId, purchase);
  }
  for (const { purchase, attemptId } of verdict.found) await adopt(attemptId, purchase);
  for (const { group, orders } of verdict.park) {
    for (const unitIds of portions(group.unitIds, orders)) {
      const [oldest] = orders;
      if (!oldest) continue;
      const attemptId = await remember({
        ...asPurchase(account, oldest),
        ...{ bundleCode: group.bundleCode, quantity: unitIds.length, unitIds },
      });
      if (attemptId !== null) await contest(attemptId, orders);
    }
  }
  for (const { attemptId, orders } of verdict.contested) await contest(attemptId, orders);
  return {
    adopted: verdict.adopt.length + verdict.found.length,
    parked: verdict.park.length + verdict.contested.length,
  };
}

async function adopt(attemptId: string, { orderReference, total, sourceIp }: ProviderPurchase) {
  await conclude(attemptId, { type: 'found' }, { orderReference, total, sourceIp });
}

async function contest(attemptId: string, orders: ProviderPurchase[]) {
  const evidence = candidates({ fits: orders, foreign: [] });
  await conclude(attemptId, { type: 'contested' }, { evidence });
}

/** Units that nothing was bought for as far as the database knows, those of one order and bundle together. */
async function dueGroups({ id: accountId, shopId }: Account): Promise<DueGroup[]> {
  const units = await db.unit.findMany({
    where: {
      ...{ shopId, state: { in: ['paid', 'held'] }, goneAt: null, bundleId: { not: null } },
      // Top-ups name their eSIM: theirs are known by it (claim-top-ups.server.ts).
      kind: { not: 'top-up' },
    },
    include: { order: { select: { paidAt: true, createdAt: true } } },
    orderBy: [{ createdAt: 'asc' }, { unitIndex: 'asc' }],
  });
  const bundles = await db.bundle.findMany({
    where: { shopId, id: { in: units.flatMap(({ bundleId }) => bundleId ?? []) } },
    select: { id: true, code: true },
  });
  const codes = new Map(bundles.map(({ id, code }) => [id, code]));
  // What another account is to sell may have been passed on to this one, and been forgotten.
  const plans = await plansForVariants(shopId, [
    ...new Set(units.flatMap(({ variantGid }) => variantGid ?? [])),
  ]);
  const groups = new Map<string, DueGroup & { unitIds: string[] }>();
  for (const { id, orderId, bundleId, accountId: of, variantGid, order } of units) {
    const listed = plans.get(variantGid ?? '')?.list.find((each) => each.accountId === accountId);
    const bundleCode = of === accountId ? codes.get(bundleId ?? '') : listed?.code;
    if (bundleCode === undefined) continue;
    const key = `${orderId} ${bundleCode}`;
    const group = groups.get(key) ?? { unitIds: [], bundleCode, paidAt: order.paidAt ?? order.createdAt };
    group.unitIds.push(id);
    groups.set(key, group);
  }
  return [...groups.values()];
}

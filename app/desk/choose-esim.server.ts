import { record, type NewOrderEvent } from '../orders/events.server.ts';
import { needsAnEsim } from '../orders/line.ts';
import { namedEsim } from '../orders/named-esims.server.ts';
import { givenBundle, holdOf } from '../orders/release.server.ts';
import { db } from '../platform/db.server.ts';
import { wake } from '../platform/queue.server.ts';
import { currentTime } from '../platform/time.ts';
import { transact } from '../platform/transaction.server.ts';
import { misfitOf, type Misfit } from '../purchases/top-up-fit.server.ts';
import { guardsOf } from '../settings/guards.server.ts';
import { supplierFor } from '../settings/suppliers.server.ts';
import type { Shop } from '../shopify/shops.server.ts';

/** Why an eSIM is not topped up with what was paid; nothing was changed. */
export type NotChosen =
  | Misfit
  | 'unknown-esim' // it is no eSIM of the shop's
  | 'other-supplier' // nothing that the variant sells is of the eSIM's supplier
  | 'unable'; // its supplier tops up no eSIM

export type Chosen =
  | { status: 'done' }
  /** It does not wait for an eSIM any more, or waits since another time than the person saw. */
  | { status: 'stale' }
  | { status: 'refused'; reason: NotChosen };

/**
 * A person says which eSIM a paid top-up is for. The supplier is asked whether they go together; then it is bought in its
 * turn, or held where a guard of its order wants that. Throws `ProviderError` when the supplier cannot be asked.
 */
export async function chooseEsim(
  shop: Shop,
  { unitId, since, esimId, by }: { unitId: string; since: string; esimId: string; by: string },
): Promise<Chosen> {
  const where = { id: unitId, shopId: shop.id, state: 'held', since: new Date(since) };
  const unit = await db.unit.findFirst({
    where,
    include: {
      order: { include: { _count: { select: { units: { where: { state: { not: 'cancelled' } } } } } } },
    },
  });
  if (!unit || !needsAnEsim(unit.reason)) return { status: 'stale' };
  const fit = await fitOf(shop, unit, esimId);
  if (typeof fit === 'string') return { status: 'refused', reason: fit };
  const hold = unit.approvedAt ? null : holdOf(unit.order, await guardsOf(shop));
  const moved = await transact(async (tx) => {
    const { count } = await tx.unit.updateMany({
      where: { ...where, reason: unit.reason },
      data: {
        ...{ kind: 'top-up', topUpEsimId: esimId, bundleId: fit.bundleId, accountId: fit.accountId },
        ...(hold
          ? { reason: hold.reason, holdUntil: hold.until }
          : { state: 'paid', reason: null, holdUntil: null }),
        since: currentTime(),
      },
    });
    if (count === 0) return false;
    const event = { shopId: shop.id, orderId: unit.orderId, unitId };
    const events: NewOrderEvent[] = [
      { ...event, kind: 'unit.named', detail: { last4: fit.iccidLast4, by } },
      ...(hold ? [{ ...event, kind: 'unit.held' as const, detail: { reason: hold.reason } }] : []),
    ];
    await record(events, tx);
    return true;
  });
  if (moved) await wake('purchases.buy', fit.accountId);
  return { status: moved ? 'done' : 'stale' };
}

interface HeldTopUp {
  id: string;
  shopId: string;
  orderId: string;
  variantGid: string | null;
  bundleId: string | null;
  accountId: string | null;
}

/** What would be put on the eSIM, once its supplier has agreed. */
async function fitOf(shop: Shop, unit: HeldTopUp, esimId: string) {
  const esim = await db.esim.findFirst({ where: { id: esimId, shopId: shop.id } });
  if (!esim) return 'unknown-esim' satisfies NotChosen;
  const { accountId, iccidLast4 } = esim;
  const given = await givenBundle(unit);
  const named = await namedEsim(shop, { esimId, variantGid: unit.variantGid ?? '' });
  if (!named) return 'top-up' satisfies NotChosen;
  const bundleId = given?.accountId === accountId ? given.bundleId : named.sale?.bundleId;
  if (bundleId === undefined) return 'other-supplier' satisfies NotChosen;
  const supplier = await supplierFor({ shopId: shop.id, accountId });
  if (!supplier.provider.topUp) return 'unable' satisfies NotChosen;
  const { code } = await db.bundle.findFirstOrThrow({ where: { id: bundleId, shopId: shop.id } });
  return (await misfitOf(supplier, { esimId, bundle: code })) ?? { bundleId, accountId, iccidLast4 };
}

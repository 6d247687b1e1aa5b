import type { UnitState } from '../orders/line.ts';
import { db } from '../platform/db.server.ts';
import { activationCode, androidInstallUrl, appleInstallUrl } from '../esims/activation-code.ts';
import { openEsim } from '../esims/save.server.ts';
import type { EsimSummary, InstallCode } from './install-code.ts';

export interface OrderedEsim extends EsimSummary {
  unitId: string;
  lineItemGid: string;
  state: 'preparing' | 'ready' | 'problem' | 'cancelled';
  /** Set when ready. A bearer secret: only for a reader who proved that the order is theirs. */
  code: InstallCode | null;
}

/** The eSIMs of an order as its buyer sees them, numbered over the whole order; cancelled pieces have no number left. */
export async function esimsOfOrder({
  shopId,
  orderId,
}: {
  shopId: string;
  orderId: string;
}): Promise<OrderedEsim[]> {
  const all = await db.unit.findMany({
    where: { orderId, shopId, state: { not: 'cancelled' } },
    include: { esim: true },
    orderBy: [{ createdAt: 'asc' }, { lineItemGid: 'asc' }, { unitIndex: 'asc' }],
  });
  const units = all.filter(isTheBuyers);
  const bundles = await db.bundle.findMany({
    where: { shopId, id: { in: units.flatMap(({ bundleId }) => bundleId ?? []) } },
  });
  const byId = new Map(bundles.map((bundle) => [bundle.id, bundle]));
  return units.map((unit, position) => {
    const state = buyerState(unit.state as UnitState); // written by orders/line.ts only
    const bundle = unit.bundleId === null ? undefined : byId.get(unit.bundleId);
    return {
      unitId: unit.id,
      lineItemGid: unit.lineItemGid,
      index: position + 1,
      of: units.length,
      destination: {
        countries: bundle?.countries ?? [],
        region: bundle?.region ?? null,
        description: bundle?.description ?? unit.title,
      },
      dataBytes: bundle?.dataBytes ?? null,
      days: bundle?.days ?? 0,
      state,
      code: state === 'ready' && unit.esim ? installCode(unit.esim) : null,
    };
  });
}

/** A piece that was cancelled or refunded is the buyer's no more, unless the merchant sent its eSIM all the same. */
function isTheBuyers({ goneAt, approvedAt }: { goneAt: Date | null; approvedAt: Date | null }): boolean {
  return goneAt === null || (approvedAt !== null && approvedAt > goneAt);
}

function buyerState(state: UnitState): OrderedEsim['state'] {
  switch (state) {
    case 'paid':
    case 'buying':
    case 'preparing':
      return 'preparing';
    case 'held':
    case 'parked':
      return 'problem';
    case 'bought':
    case 'delivered':
      return 'ready';
    case 'cancelled':
      return 'cancelled';
    default:
      return state satisfies never;
  }
}

function installCode(row: { id: string; shopId: string; secret: string }): InstallCode {
  const esim = openEsim(row);
  const code = activationCode(esim);
  return {
    activationCode: code,
    smdpAddress: esim.smdpAddress,
    matchingId: esim.matchingId,
    appleInstallUrl: esim.appleInstallUrl ?? appleInstallUrl(esim),
    androidInstallUrl: esim.androidInstallUrl ?? androidInstallUrl(esim),
  };
}

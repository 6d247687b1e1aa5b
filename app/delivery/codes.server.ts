import type { UnitState } from '../orders/line.ts';
import { db } from '../platform/db.server.ts';
import { activationCode, androidInstallUrl, appleInstallUrl } from '../esims/activation-code.ts';
import { openEsim } from '../esims/save.server.ts';
import type { EsimSummary, InstallCode } from './install-code.ts';

export interface OrderedEsim extends EsimSummary {
  dataBytes: bigint | null;
  unitId: string;
  lineItemGid: string;
  state: 'preparing' | 'ready' | 'problem' | 'cancelled';
  /** Set when ready. A bearer secret: only for a reader who proved that the order is theirs. */
  code: InstallCode | null;
  /** Null until it is on a phone, and the supplier was asked since. */
  usage: BuyerUsage | null;
}

/** What is left of an eSIM, as it was known at `asOf`. Decimal bytes, null where the supplier does not tell. */
export interface BuyerUsage {
  usedBytes: bigint | null;
  totalBytes: bigint | null;
  isUnlimited: boolean;
  endsAt: Date | null;
  asOf: Date;
}

/**
 * The eSIMs of an order as its buyer sees them, numbered over the whole order; pieces that were cancelled or revoked have no
 * number left. What tops up an eSIM the buyer has is none (top-ups.server.ts).
 */
export async function esimsOfOrder({
  shopId,
  orderId,
}: {
  shopId: string;
  orderId: string;
}): Promise<OrderedEsim[]> {
  const all = await db.unit.findMany({
    where: { orderId, shopId, kind: { not: 'top-up' }, state: { not: 'cancelled' } },
    include: { esim: true },
    orderBy: [{ createdAt: 'asc' }, { lineItemGid: 'asc' }, { unitIndex: 'asc' }],
  });
  const units = all.filter((unit) => isTheBuyers(unit) && !isRevoked(unit));
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
      usage: state === 'ready' && unit.esim ? usageOf(unit.esim) : null,
    };
  });
}

/** A piece that was cancelled or refunded is the buyer's no more, unless the merchant sent its eSIM all the same. */
export function isTheBuyers({
  goneAt,
  approvedAt,
}: {
  goneAt: Date | null;
  approvedAt: Date | null;
}): boolean {
  return goneAt === null || (approvedAt !== null && approvedAt > goneAt);
}

/** The eSIM went back to the supplier: no phone installs it. A piece for which another is bought waits for that one. */
function isRevoked({ state, esim }: { state: string; esim: { revokedAt: Date | null } | null }): boolean {
  const isReady = buyerState(state as UnitState) === 'ready'; // written by orders/line.ts only
  return isReady && esim !== null && esim.revokedAt !== null;
}

export function buyerState(state: UnitState): OrderedEsim['state'] {
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

export function installCode(row: { id: string; shopId: string; secret: string }): InstallCode {
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

type UsageColumns = Omit<BuyerUsage, 'asOf'> & { installedAt: Date | null; lookedAt: Date | null };

export function usageOf({ installedAt, lookedAt, usedBytes, totalBytes, isUnlimited, endsAt }: UsageColumns) {
  if (installedAt === null || lookedAt === null) return null;
  return { usedBytes, totalBytes, isUnlimited, endsAt, asOf: lookedAt };
}

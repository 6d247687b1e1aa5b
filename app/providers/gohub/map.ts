import { Decimal } from 'decimal.js';
import type { BundleAssignment, EsimProfile, HistoryEntry, ProviderSale } from '../contract.ts';
import { toBytes, toInstant } from '../lenient.ts';
import type { Activity, Product, Sim } from './wire.ts';

/** The profile as its last activity left it. GoHub tells no code to install it with. */
export function toProfile({ iccid, activityLogs }: Sim): EsimProfile {
  const activities = newestFirst(activityLogs);
  const last = activities[0];
  const firstOnPhone = activities.findLast(({ status }) => /^(installed|enabled)$/i.test(status));
  return {
    iccid,
    profileStatus: PROFILE_STATUSES.get(last?.status.toUpperCase() ?? '') ?? 'unknown',
    installedAt: firstOnPhone?.at ?? null,
    isSuspended: null,
    ...{ smdpAddress: null, matchingId: null, tag: null, appleInstallUrl: null, androidInstallUrl: null },
  };
}

const PROFILE_STATUSES = new Map<string, EsimProfile['profileStatus']>([
  ['NOT_DOWNLOADED', 'released'],
  ['DOWNLOADED', 'downloaded'],
  ['INSTALLED', 'installed'],
  ['ENABLED', 'enabled'],
  ['DISABLED', 'disabled'],
  ['DELETED', 'deleted'],
]);

/** The one plan; none where nothing is told of it. */
export function toAssignments(sim: Sim): BundleAssignment[] {
  const { simStatus, orderInfo, productInfo } = sim;
  if (!simStatus || !productInfo) return [];
  const initialBytes = isDaily(productInfo) ? null : dataBytes(productInfo.data);
  const usedBytes = toBytes(simStatus.usedTraffic) ?? usedByDay(sim);
  const isUsedUp = initialBytes !== null && usedBytes >= initialBytes;
  const state = PLAN_STATES.get(simStatus.planStatus?.toUpperCase() ?? '') ?? 'unknown';
  return [
    {
      id: orderInfo?.subOrderId || null,
      bundle: productInfo.sku,
      // Nothing is said of a plan whose data is used up before its days are.
      state: state === 'active' && isUsedUp ? 'depleted' : state,
      initialBytes,
      remainingBytes: initialBytes === null ? null : isUsedUp ? 0n : initialBytes - usedBytes,
      assignedAt: toInstant(orderInfo?.purchaseDate ?? null),
      startsAt: instant(simStatus.planStartTime),
      endsAt: instant(simStatus.planEndTime),
      reference: orderInfo?.orderId || null,
    },
  ];
}

// UNAVAILABLE is documented as a word, without what it means.
const PLAN_STATES = new Map<string, BundleAssignment['state']>([
  ['UNUSED', 'queued'],
  ['IN_USE', 'active'],
  ['EXPIRED', 'expired'],
]);

function usedByDay({ usageInfoList }: Sim): bigint {
  return usageInfoList.reduce((sum, { usageAmt }) => sum + (toBytes(usageAmt) ?? 0n), 0n);
}

/** The newest first, without what has no time. */
export function toHistory({ activityLogs }: Sim): HistoryEntry[] {
  return newestFirst(activityLogs).map(({ status, at }) => ({
    what: status.toLowerCase().replaceAll('_', ' '),
    bundle: null,
    at,
  }));
}

export function toSale({ orderInfo, productInfo }: Sim): ProviderSale {
  return {
    orderReference: orderInfo?.orderId || null,
    purchasedAt: toInstant(orderInfo?.purchaseDate ?? null),
    product: productInfo && toProduct(productInfo),
  };
}

function toProduct(product: Product): ProviderSale['product'] {
  return {
    code: product.sku,
    names: product.name,
    isEsim: product.type === null ? null : /^esim$/i.test(product.type),
    dataBytes: dataBytes(product.data),
    isDaily: isDaily(product),
    days: product.days?.toNumber() ?? null,
    apn: product.apn || null,
    hasHotspot: product.hotsPot,
    afterwards: product.throttleSpeed || null,
    calls: product.smsCall || null,
  };
}

function isDaily(product: Product): boolean {
  return product.package?.toUpperCase() === 'DAILY';
}

const BYTES: Record<string, number> = { KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

/** "6GB" and the like; null for words, which mean without a limit. */
function dataBytes(data: string | null): bigint | null {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*([KMGT]B)$/i.exec(data ?? '') ?? [];
  return amount === undefined ? null : toBytes(new Decimal(amount).times(BYTES[unit.toUpperCase()] ?? 0));
}

function newestFirst(activities: Activity[]): { status: string; at: Date }[] {
  return activities
    .flatMap(({ status, recordTime }) => {
      const at = instant(recordTime);
      return at === null ? [] : [{ status, at }];
    })
    .sort((a, b) => b.at.getTime() - a.at.getTime() || stage(b.status) - stage(a.status));
}

/** How far in its life; whole seconds do not tell the order of what follows at once. */
function stage(status: string): number {
  return [...PROFILE_STATUSES.keys()].indexOf(status.toUpperCase());
}

// Without a zone. The one example we have was recorded half a minute after it was bought, if this is UTC+8.
function instant(value: string | null): Date | null {
  return toInstant(
    value !== null && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(value) ? `${value}+08:00` : value,
  );
}

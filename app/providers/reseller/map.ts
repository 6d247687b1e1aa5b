import { Decimal } from 'decimal.js';
import type { Cost } from '../../platform/money.ts';
import type {
  Accepted,
  AccountTransaction,
  Balance,
  BundleAssignment,
  BundlePage,
  CallbackKind,
  EsimProfile,
  ProviderBundle,
  ProviderCallback,
  ProviderEsim,
  ProviderPurchase,
  Refused,
  TopUpOption,
} from '../contract.ts';
import { countryCodes, stripScheme, toBytes, toInstant } from '../lenient.ts';
import type * as wire from './wire.ts';

/** A plan; null without a price. `currency` is the account's, for a plan that names none. */
export function toBundle(plan: wire.Plan, currency: string): ProviderBundle | null {
  const amount = plan.price ?? plan.unit_price;
  if (amount === null || !amount.isPositive() || amount.isZero()) return null;
  const countries = countryCodes([plan.country_code, ...plan.countries]);
  return {
    code: plan.id,
    description: plan.description || plan.name || plan.id,
    countries,
    roaming: [],
    region: regionName(plan.region_code) || (countries.length > 1 ? 'Global' : null),
    dataBytes: plan.is_unlimited ? null : soldBytes(plan.data_volume_mb),
    fairUse: null,
    days: plan.validity_days.toNumber(),
    speeds: [],
    groups: [],
    autostart: false,
    allowances: [],
    cost: { amount, currency: (plan.currency || currency).toUpperCase() },
    imageUrl: null,
  };
}

// Those the document names. Bundles of one region are compared by its name, so each has the one that eSIM Go gives it.
const REGIONS: readonly (readonly [code: string, name: string])[] = [
  ['EU', 'Europe+'],
  ['NA', 'North America'],
  ['ASIA', 'Asia'],
];

function regionName(code: string | null): string | null {
  return REGIONS.find(([each]) => each === code?.toUpperCase())?.[1] ?? code;
}

/** The vendor's code of a region; one without a name of its own has its code for a name. */
export function regionCode(name: string): string {
  return REGIONS.find(([, each]) => each === name)?.[0] ?? name;
}

/**
 * The bytes of a plan by the name it is sold under: 5120 is "5GB" (PKG_5GB_30D), and so as much as the 5 GB of whoever counts
 * in thousands. What is used, and left, is told as it is.
 */
function soldBytes(megabytes: string | null): bigint | null {
  const sold = dataBytes(megabytes);
  if (sold === null || sold % SOLD_GIGABYTE !== 0n) return sold;
  return (sold / SOLD_GIGABYTE) * 1_000_000_000n;
}

const SOLD_GIGABYTE = 1_024_000_000n;

/** A page of plans, of which `fresh` were not seen before. */
export function toPage(
  fresh: wire.Plan[],
  { unreadable, lines, total }: { unreadable: (string | null)[]; lines: number; total: number | null },
  currency: string,
): Omit<BundlePage, 'next'> {
  const page: Omit<BundlePage, 'next'> = { bundles: [], leftOut: [], lines, total };
  for (const plan of fresh) {
    const bundle = toBundle(plan, currency);
    if (bundle) page.bundles.push(bundle);
    else page.leftOut.push({ code: plan.id, reason: 'no-price' });
  }
  for (const code of unreadable) page.leftOut.push({ code, reason: 'unreadable' });
  return page;
}

/**
 * What the account can spend: the balance of a prepaid one, the credit that is left to a postpaid one. Null for an answer that
 * tells neither.
 */
export function toBalance(answer: wire.Balance): Balance | null {
  const { balance, billing_mode, credit_limit, current_usage, available_credit } = answer;
  const isPostpaid = /post/i.test(billing_mode ?? '') || (billing_mode === null && balance === null);
  const left =
    available_credit ??
    (credit_limit === null || current_usage === null ? null : credit_limit.minus(current_usage));
  const amount = isPostpaid ? left : (balance ?? left);
  return amount && { amount, currency: answer.currency.toUpperCase(), testCredit: null };
}

/** Whether the account could buy it now. The vendor has no dry run. */
export function validation(cost: Cost, balance: Balance): Accepted | Refused {
  return cost.currency === balance.currency && cost.amount.greaterThan(balance.amount)
    ? { status: 'refused', reason: 'funds', detail: 'the credit does not cover the order' }
    : { status: 'accepted', total: cost };
}

/** What the answer to an order proves: the order, or a no; null when it proves nothing, because it names no order. */
export function purchaseOutcome({ success, message, order }: wire.OrderAnswer): Placed | Refused | null {
  if (order) return { status: 'placed', order };
  return success === false ? toRefusal(message ?? '') : null;
}

export interface Placed {
  status: 'placed';
  order: Omit<wire.Order, 'plan_id'>;
}

/** The same for a top-up: the order it is listed as. */
export function topUpOutcome({
  success,
  message,
  topup_details,
}: wire.TopUpAnswer): { status: 'placed'; orderReference: string } | Refused | null {
  const orderReference = topup_details?.order_id;
  if (orderReference) return { status: 'placed', orderReference };
  return success === false ? toRefusal(message ?? '') : null;
}

const FUNDS =
  /(insufficient|not enough|too low).*(balance|funds?|credit)|(balance|funds?|credit).*(insufficient|not enough|too low|exceeded)|deposit|onboarding/i;
const INCOMPATIBLE = /incompatible|not compatible/i;
const UNAVAILABLE =
  /(plan|package|product).*(not found|unavailable|not available|no longer|not exist|unknown|invalid|sold out)|(unknown|invalid|no such|unavailable).*(plan|package|product)|out of stock|sold out/i;

/** No error code is published, nor any words: they are matched here and nowhere else, and others mean `rejected`. */
export function toRefusal(words: string): Refused {
  return { status: 'refused', reason: reasonOf(words), detail: words };
}

function reasonOf(words: string): Refused['reason'] {
  if (FUNDS.test(words)) return 'funds';
  if (INCOMPATIBLE.test(words)) return 'incompatible';
  return UNAVAILABLE.test(words) ? 'bundle-unavailable' : 'rejected';
}

/** Status 403 is also that of an account that may not do this at all, so without words about money it is no answer. */
export function refusalOf(words: string, status: 400 | 403): Refused | null {
  const refusal = toRefusal(words);
  return status === 400 || refusal.reason === 'funds' ? refusal : null;
}

/** Our words for an order. */
export function orderState({
  status,
  iccid,
}: Pick<wire.Order, 'status' | 'iccid'>): 'preparing' | 'ready' | 'refused' {
  const known = ORDER_STATES.get(status?.toLowerCase() ?? '');
  const isIssued = iccid !== null && iccid !== '';
  if (known === 'refused') return 'refused';
  return isIssued && known !== 'preparing' ? 'ready' : 'preparing';
}

const ORDER_STATES = new Map<string, 'preparing' | 'ready' | 'refused'>(
  Object.entries({
    pending: 'preparing',
    active: 'ready',
    completed: 'ready',
    expired: 'ready',
    cancelled: 'refused',
    canceled: 'refused',
  } as const),
);

/** Throws on a row without a readable date: guessing one would place the purchase in or out of a window. */
export function toPurchase(order: wire.Order): ProviderPurchase {
  const createdAt = toInstant(order.created_at);
  if (createdAt === null) throw new TypeError('an order without a date');
  const iccid = toIccid(order.iccid);
  return {
    orderReference: order.id,
    createdAt,
    items: [
      { bundle: order.plan_id, quantity: order.quantity.toNumber(), iccids: iccid === null ? [] : [iccid] },
    ],
    total: totalOf(order),
    isPurchase: true,
    sourceIp: null,
  };
}

export function totalOf({
  total_amount,
  currency,
}: Pick<wire.Order, 'total_amount' | 'currency'>): Cost | null {
  return total_amount === null || !currency
    ? null
    : { amount: total_amount, currency: currency.toUpperCase() };
}

/** An eSIM from its activation code, `LPA:1$host$matchingId`; null for anything else. */
export function toEsim(iccid: string | null, code: string | null): ProviderEsim | null {
  const digits = toIccid(iccid);
  const parts = partsOf(code);
  return digits === null || parts === null
    ? null
    : { iccid: digits, ...parts, appleInstallUrl: null, androidInstallUrl: null };
}

function toIccid(iccid: string | null): string | null {
  return iccid?.replace(/F$/i, '') || null;
}

function partsOf(code: string | null): { smdpAddress: string; matchingId: string } | null {
  const [format, host = '', matchingId = ''] = code?.trim().split('$') ?? [];
  const smdpAddress = stripScheme(host);
  return /^LPA:1$/i.test(format ?? '') && smdpAddress !== '' && matchingId !== ''
    ? { smdpAddress, matchingId }
    : null;
}

/** An address on the supplier's own host; null for any other, which is asked nothing. */
export function ownUrl(address: string | null, baseUrl: string): URL | null {
  if (address === null || !URL.canParse(address, baseUrl)) return null;
  const url = new URL(address, baseUrl);
  return url.origin === new URL(baseUrl).origin ? url : null;
}

export function toProfile(profile: wire.Profile): EsimProfile {
  const parts = partsOf(profile.activation_code);
  const [profileStatus] = statesOf(profile.status);
  return {
    iccid: toIccid(profile.iccid) ?? profile.iccid,
    smdpAddress: parts?.smdpAddress ?? null,
    matchingId: parts?.matchingId ?? null,
    profileStatus,
    installedAt: null,
    tag: null,
    isSuspended: profile.status === null ? null : isSuspended(profile),
    appleInstallUrl: null,
    androidInstallUrl: null,
  };
}

export function isSuspended({ status }: Pick<wire.Profile, 'status'>): boolean {
  return /^suspended$/i.test(status ?? '');
}

export function isRevoked({ status }: Pick<wire.Profile, 'status'>): boolean {
  return statesOf(status)[1] === 'revoked';
}

// "active" is the only word the document shows. The others are assumed: those of eSIM Access, whose names of things
// (esimTranNo, package code) this API has.
const STATES = new Map<string, [EsimProfile['profileStatus'], BundleAssignment['state']]>(
  Object.entries({
    pending: ['unknown', 'processing'],
    new: ['released', 'queued'],
    got_resource: ['released', 'queued'],
    released: ['released', 'queued'],
    inactive: ['released', 'queued'],
    downloaded: ['downloaded', 'queued'],
    installed: ['installed', 'queued'],
    active: ['enabled', 'active'],
    enabled: ['enabled', 'active'],
    in_use: ['enabled', 'active'],
    suspended: ['disabled', 'active'],
    disabled: ['disabled', 'active'],
    used_up: ['enabled', 'depleted'],
    depleted: ['enabled', 'depleted'],
    expired: ['unknown', 'expired'],
    used_expired: ['unknown', 'expired'],
    unused_expired: ['unknown', 'lapsed'],
    revoked: ['unavailable', 'revoked'],
    revoke: ['unavailable', 'revoked'],
    cancelled: ['unavailable', 'revoked'],
    cancel: ['unavailable', 'revoked'],
    deleted: ['deleted', 'revoked'],
  } as const),
);

/** Our words for the profile and for what is on it. */
function statesOf(status: string | null): [EsimProfile['profileStatus'], BundleAssignment['state']] {
  const word =
    status
      ?.trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_') ?? '';
  return STATES.get(word) ?? ['unknown', 'unknown'];
}

/** What is on an eSIM: one allowance, to which every top-up adds. */
export function toAssignment(profile: wire.Profile, usage: wire.Usage, now: Date): BundleAssignment {
  const limit = usage.data_limit ?? usage.data_total;
  const initialBytes = dataBytes(limit);
  const remainingBytes =
    initialBytes === null && limit !== null ? null : leftOf(profile, usage, initialBytes);
  const [, state] = statesOf(profile.status);
  return {
    id: null,
    bundle: profile.plan_id || 'unknown',
    state: state === 'active' && remainingBytes === 0n ? 'depleted' : state,
    initialBytes,
    remainingBytes,
    assignedAt: null,
    startsAt: null,
    endsAt: state === 'active' ? endOf(profile, now) : null,
    reference: profile.order_id || null,
  };
}

function leftOf(profile: wire.Profile, usage: wire.Usage, initialBytes: bigint | null): bigint | null {
  const usedBytes = dataBytes(usage.data_used);
  if (initialBytes === null || usedBytes === null) return dataBytes(profile.data_remaining);
  return usedBytes > initialBytes ? 0n : initialBytes - usedBytes;
}

/** Longer is no plan's life, and beyond what a date can hold. */
const MOST_DAYS = 3_660;

/** It tells whole days that are left: the end is known to a day, and is that day's. */
function endOf({ validity_days }: wire.Profile, now: Date): Date | null {
  if (validity_days === null || validity_days.isNegative() || validity_days.greaterThan(MOST_DAYS))
    return null;
  const days = validity_days.ceil().toNumber();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + days + 1) - 1);
}

const UNITS: Record<string, number> = { KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

/** "1.2GB" is 1,200,000,000 bytes; a bare number is megabytes. Null for no number, and for one below zero: unlimited. */
export function dataBytes(amount: string | null): bigint | null {
  const [, number, unit = 'MB'] = /^(-?\d+(?:\.\d+)?)\s*([KMGT]B)?$/i.exec(amount?.trim() ?? '') ?? [];
  const factor = UNITS[unit.toUpperCase()];
  return number === undefined || factor === undefined
    ? null
    : toBytes(new Decimal(number).times(factor).round());
}

export function toTopUpOption(plan: wire.TopUpPlan, currency: string): TopUpOption {
  return {
    bundle: plan.package_code,
    description: plan.name ?? plan.package_code,
    dataBytes: soldBytes(plan.data_volume_mb),
    days: plan.validity_days?.toNumber() ?? null,
    cost: plan.price && { amount: plan.price, currency: (plan.currency || currency).toUpperCase() },
  };
}

const TRANSACTION_KINDS = ['topup', 'order', 'refund', 'adjustment'] as const;

/** Null for a row without a readable date. */
export function toTransaction(row: wire.Transaction, currency: string): AccountTransaction | null {
  const at = toInstant(row.created_at);
  const kind = TRANSACTION_KINDS.find((word) => word === row.type?.toLowerCase()) ?? 'unknown';
  return (
    at && {
      ...{ id: row.id, kind, at, description: row.description ?? '' },
      amount: { amount: row.amount, currency: (row.currency || currency).toUpperCase() },
      isSettled: row.status === null || /^completed$/i.test(row.status),
    }
  );
}

// A map, not an object: a stranger's word may be "constructor".
const CALLBACK_KINDS = new Map<string, CallbackKind>([
  ['order_status', 'order-change'],
  ['esim_status', 'profile-change'],
]);

/** A callback; null for a body that does not say what it is about. */
export function toCallback(body: wire.Callback, isSigned: boolean): ProviderCallback | null {
  const word = body.event_type || body.event;
  if (!word) return null;
  const kind = CALLBACK_KINDS.get(word.toLowerCase()) ?? 'unknown';
  return {
    kind,
    isSigned,
    iccid: /^(\d{18,22})F?$/i.exec(body.data?.iccid ?? '')?.[1] ?? null,
    assignment: null,
    country: null,
    profileStatus: kind === 'profile-change' ? statesOf(body.data?.status ?? null)[0] : null,
    orderReference: body.data?.order_id || null,
    at: toInstant(body.timestamp),
  };
}

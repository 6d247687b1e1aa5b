import type { Decimal } from 'decimal.js';
import type {
  BundleAssignment,
  EsimProfile,
  OwnedEsim,
  ProviderErrorKind,
  TopUpOption,
} from '../contract.ts';
import { stripScheme, toBytes, toInstant, wordFrom } from '../lenient.ts';
import type { EsimRow, PlanRow, TopUpRow } from './wire.ts';

const BYTES_PER_MB = 1_000_000;

/** What the code inside a 200 means; null for one that is no failure. */
export function failureOf(code: number | null): ProviderErrorKind | null {
  if (code === null || code < 400) return null;
  if (code === 401 || code === 403) return 'credentials';
  if (code === 429) return 'rate-limited';
  return code >= 500 ? 'down' : 'rejected';
}

export function toProfile(row: EsimRow): EsimProfile {
  const code = /^LPA:1\$([^$]+)\$([^$]+)/i.exec(row.activation_code ?? '');
  return {
    iccid: bare(row.iccid),
    smdpAddress: stripScheme(row.smdp_address ?? code?.[1] ?? '') || null,
    matchingId: row.matching_id ?? code?.[2] ?? null,
    profileStatus: wordFrom(PROFILE_STATUSES, row.status),
    installedAt: toInstant(row.installed_at),
    tag: null,
    isSuspended: row.network_status === null ? null : !/^active$/i.test(row.network_status),
    appleInstallUrl: null,
    androidInstallUrl: null,
  };
}

const PROFILE_STATUSES = [
  'released',
  'downloaded',
  'installed',
  'enabled',
  'disabled',
  'deleted',
  'unavailable',
] as const;

/** Newest first. */
export function toAssignments(rows: PlanRow[], now: Date): BundleAssignment[] {
  return rows
    .map((row) => {
      const initialBytes = row.is_unlimited ? null : megabytes(row.data);
      const remainingBytes = initialBytes === null ? null : leftOf(row, initialBytes);
      return {
        id: row.id || null,
        bundle: row.code,
        state: stateOf(row, remainingBytes, now),
        ...{ initialBytes, remainingBytes },
        assignedAt: toInstant(row.created_at),
        startsAt: toInstant(row.started_at),
        endsAt: toInstant(row.expires_at),
        reference: row.order_id || null,
      };
    })
    .sort((a, b) => (b.assignedAt?.getTime() ?? 0) - (a.assignedAt?.getTime() ?? 0));
}

function leftOf({ used, remaining }: PlanRow, initialBytes: bigint): bigint {
  const left = megabytes(remaining) ?? initialBytes - (megabytes(used) ?? 0n);
  return left < 0n ? 0n : left > initialBytes ? initialBytes : left;
}

/** The word of the plan; where it has none, that of its order and what the dates say. */
function stateOf(
  { status, order_status, started_at, expires_at }: PlanRow,
  remainingBytes: bigint | null,
  now: Date,
): BundleAssignment['state'] {
  const ofPlan = wordFrom(PLAN_STATES, status);
  if (ofPlan !== 'unknown') return ofPlan;
  const ofOrder = ORDER_STATES.get((status ?? order_status)?.toLowerCase() ?? '');
  if (ofOrder !== 'completed') return ofOrder ?? 'unknown';
  if ((toInstant(expires_at) ?? NEVER) <= now) return 'expired';
  if (remainingBytes === 0n) return 'depleted';
  return (toInstant(started_at) ?? NEVER) <= now ? 'active' : 'queued';
}

const PLAN_STATES = ['processing', 'queued', 'active', 'depleted', 'expired', 'revoked', 'lapsed'] as const;

// The order states are documented, and the only ones that are.
const ORDER_STATES = new Map<string, BundleAssignment['state'] | 'completed'>([
  ['pending', 'processing'],
  ['inprogress', 'processing'],
  ['completed', 'completed'],
  ['rejected', 'revoked'],
]);

const NEVER = new Date(8.64e15);

export function toTopUps(rows: TopUpRow[]): TopUpOption[] {
  return rows.map(({ code, title, data, day, is_unlimited, price, currency }) => ({
    bundle: code,
    description: title || code,
    dataBytes: is_unlimited ? null : megabytes(data),
    days: day?.toNumber() ?? null,
    cost: price && currency ? { amount: price, currency: currency.toUpperCase() } : null,
  }));
}

export function toOwnedEsim({ iccid, created_at }: EsimRow): OwnedEsim {
  return { iccid: bare(iccid), tag: null, assignedAt: toInstant(created_at) };
}

export function bare(iccid: string): string {
  return iccid.replace(/F$/i, '');
}

function megabytes(amount: Decimal | null): bigint | null {
  return toBytes(amount?.times(BYTES_PER_MB) ?? null);
}

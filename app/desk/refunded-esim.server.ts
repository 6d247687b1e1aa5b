import { lookAtEsim } from '../esims/look.server.ts';
import { db } from '../platform/db.server.ts';
import { currentTime, MINUTE, msSince } from '../platform/time.ts';
import type { ProviderErrorKind } from '../providers/contract.ts';
import type { Ended } from './deed.ts';
import { conditionOf, type Condition } from './refunded.ts';
import { revokeBundle } from './revoke.server.ts';

/** Who acts when nobody pressed anything. */
export const BY_ITSELF = 'the app';

/** A unit with the eSIM that came of it, or that it topped up, and the bundle that was bought for it. */
export interface SoldEsim {
  unitId: string;
  shopId: string;
  orderId: string;
  esimId: string;
  bundle: string;
  orderReference: string | null;
  isTopUp: boolean;
}

/** Null for a unit that has no eSIM (any more). */
export async function findSoldEsim({
  shopId,
  unitId,
}: {
  shopId: string;
  unitId: string;
}): Promise<SoldEsim | null> {
  const unit = await db.unit.findUnique({
    where: { id: unitId, shopId },
    include: { esim: { select: { id: true } }, attempt: true },
  });
  const esimId = unit?.esim?.id ?? unit?.topUpEsimId ?? null;
  if (!unit?.attempt || esimId === null) return null;
  return {
    ...{ unitId, shopId, esimId, orderId: unit.orderId },
    ...{ bundle: unit.attempt.bundleCode, orderReference: unit.attempt.orderReference },
    isTopUp: unit.esim === null,
  };
}

/** Asks the supplier now what became of it. Any other word is why that cannot be known now. */
export async function lookAtSold(sold: SoldEsim): Promise<Condition | ProviderErrorKind> {
  const { shopId, esimId } = sold;
  const looked = await lookAtEsim({ shopId, esimId });
  return looked === 'looked' || looked === 'unchanged' ? conditionOfSold(sold) : looked;
}

/** What became of it as it was last read. */
async function conditionOfSold(sold: SoldEsim): Promise<Condition> {
  const { shopId, esimId, isTopUp } = sold;
  const esim = await db.esim.findUniqueOrThrow({ where: { id: esimId, shopId } });
  return conditionOf(esim, await assignmentsOf(sold), { isTopUp, now: currentTime() });
}

/**
 * Takes its bundle back from the eSIM. `press` is the deed's id: the same again answers what the first came to, and never
 * asks twice. Null when nothing was asked, since the bundle is not on the eSIM.
 */
export async function takeBack(
  sold: SoldEsim,
  press: { actionId: string; by: string },
  { onlyForRefund }: { onlyForRefund: boolean },
): Promise<Ended | null> {
  const { shopId, esimId, bundle } = sold;
  const assignment = (await assignmentsOf(sold)).find(({ state }) => state !== 'revoked');
  const target = { esimId, bundle, assignmentId: assignment?.assignmentId ?? null };
  return revokeBundle({ id: shopId }, { ...target, onlyForRefund }, press);
}

/** Of the bundle that was bought, the one that came with this purchase where the supplier tells. */
async function assignmentsOf({ shopId, esimId, bundle, orderReference }: SoldEsim) {
  const all = await db.esimBundle.findMany({
    where: { shopId, esimId, bundleCode: { equals: bundle, mode: 'insensitive' } },
    orderBy: { assignedAt: 'asc' },
  });
  const own = all.filter(({ reference }) => reference !== null && reference === orderReference);
  return own.length > 0 ? own : all;
}

/** Whether the supplier was asked to take it back before, and has not refused. */
export async function isBegun({ unitId, esimId }: SoldEsim): Promise<boolean> {
  const where = { id: { startsWith: deedOf(unitId) }, esimId, state: { not: 'refused' } };
  return (await db.deskAction.count({ where })) > 0;
}

/** The press that a job may repeat: a new one only where the last was refused, so that nothing is asked twice. */
export async function pressFor({ unitId, esimId }: SoldEsim, by: string) {
  const id = { startsWith: deedOf(unitId) };
  // What was asked of an eSIM that another one has replaced was not asked of this one.
  const over = await db.deskAction.count({
    where: { id, OR: [{ state: 'refused' }, { esimId: { not: esimId } }] },
  });
  return { actionId: `${deedOf(unitId)}${over}`, by };
}

const deedOf = (unitId: string) => `gone ${unitId} `;

/** Whether an answer was lost so long ago that the supplier cannot tell any more. */
export async function isDoubted({ actionId }: { actionId: string }): Promise<boolean> {
  const { at } = await db.deskAction.findUniqueOrThrow({ where: { id: actionId } });
  return msSince(at) > DOUBTED_MS;
}

/** Kinds of refusal that pass: the supplier was not asked, or may be asked again. */
export function passes(reason: string): boolean {
  return [
    'down',
    'rate-limited',
    'credentials',
    'unreadable',
    'unknown-outcome',
    'busy',
    'not-done',
  ].includes(reason);
}

/** Longer than a lost answer is looked up. */
export const DOUBTED_MS = 70 * MINUTE;

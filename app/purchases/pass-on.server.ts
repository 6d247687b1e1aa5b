import { z } from 'zod';
import { record } from '../orders/events.server.ts';
import { givenUnits } from '../orders/release.server.ts';
import { db, type Transaction } from '../platform/db.server.ts';
import { wake } from '../platform/queue.server.ts';
import { after, currentTime } from '../platform/time.ts';
import { transact } from '../platform/transaction.server.ts';
import { plansForVariants } from '../products/mapping.server.ts';
import { onward, passReasons, waitFor, type Passed, type PassReason, type Plan } from './pass-on.ts';

/** A unit that nothing was bought for, as it was read. */
export interface Unbought {
  id: string;
  shopId: string;
  orderId: string;
  state: string;
  bundleId: string | null;
  accountId: string | null;
  passedOver: unknown;
}

/**
 * How units may be bought otherwise, by their ids: those of a variant that lists several bundles. A top-up is bound to its
 * eSIM's supplier, and what a person chose a bundle for gets no other. Not for within a transaction.
 */
export async function plansOf(
  shopId: string,
  units: readonly { id: string; orderId: string; kind: string; variantGid: string | null }[],
): Promise<Map<string, Plan>> {
  const variants = units.flatMap(({ kind, variantGid }) =>
    kind === 'esim' && variantGid !== null ? [variantGid] : [],
  );
  const plans = await plansForVariants(shopId, [...new Set(variants)]);
  const given = await givenUnits(shopId, units);
  return new Map(
    units.flatMap(({ id, kind, variantGid }): [string, Plan][] => {
      const plan = kind === 'esim' && variantGid !== null ? plans.get(variantGid) : undefined;
      return plan && plan.list.length > 1 && !given.has(id) ? [[id, plan]] : [];
    }),
  );
}

/**
 * The unit is bought of the next bundle on its variant's list, or waits for the one that is worth waiting for. Null:
 * there is none, or the unit has moved since it was read; else the account that buys it now.
 */
export async function passOn(
  tx: Transaction,
  unit: Unbought,
  { plan, why }: { plan: Plan | undefined; why: PassReason },
): Promise<string | null> {
  const { id, shopId, orderId, state, bundleId, accountId } = unit;
  if (!plan || bundleId === null || accountId === null) return null;
  const now = currentTime();
  const passedOver = [...passedOverOf(unit), { bundleId, accountId, why, at: now.toISOString() }].slice(
    -MOST_REMEMBERED,
  );
  const next = onward(plan, passedOver, now);
  if (!next) return null;
  const { candidate } = next;
  const wait = next.to === 'wait' ? waitFor(next.why) : null;
  const { count } = await tx.unit.updateMany({
    where: { id, shopId, state, bundleId, accountId, goneAt: null },
    data: {
      ...{ state: wait?.state ?? 'paid', reason: wait?.reason ?? null, since: now, attemptId: null },
      holdUntil: wait?.untilMs == null ? null : after(wait.untilMs, now),
      ...{ bundleId: candidate.bundleId, accountId: candidate.accountId },
      passedOver: passedOver.map((each) => ({ ...each })),
    },
  });
  if (count === 0) return null;
  const refused = plan.list.find((each) => each.bundleId === bundleId);
  const detail = {
    ...{ why, instead: refused?.code ?? null, supplier: refused?.supplier ?? null },
    ...{ bundle: candidate.code, to: candidate.supplier, waits: next.to === 'wait' ? next.why : null },
  };
  await record([{ shopId, orderId, unitId: id, kind: 'unit.passed-on', detail }], tx);
  return candidate.accountId;
}

/** What was tried for the unit before, the newest last. */
export function passedOverOf({ passedOver }: Pick<Unbought, 'passedOver'>): Passed[] {
  return Before.parse(passedOver);
}

/** Passes on what can be of the account's units that nothing is bought for; the others are left as they are. */
export async function passAllOn(
  { shopId, accountId }: { shopId: string; accountId: string },
  why: PassReason,
): Promise<void> {
  const units = await db.unit.findMany({
    where: {
      ...{ shopId, accountId, kind: 'esim', goneAt: null },
      OR: [
        { state: 'paid' },
        { state: 'held', reason: { in: ['funds', 'reserve', 'key-refused', 'no-supplier'] } },
      ],
    },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  const plans = await plansOf(shopId, units);
  const accounts = new Set<string>();
  for (const unit of units) {
    const plan = plans.get(unit.id);
    if (!plan) continue;
    const moved = await transact((tx) => passOn(tx, unit, { plan, why }));
    if (moved !== null) accounts.add(moved);
  }
  for (const moved of accounts) if (moved !== accountId) await wake('purchases.buy', moved);
}

// More passes than these are older than any that counts.
const MOST_REMEMBERED = 20;

// Written here alone.
const Before: z.ZodType<Passed[]> = z.array(
  z.object({ bundleId: z.string(), accountId: z.string(), why: z.enum(passReasons), at: z.string() }),
);

import { record } from '../orders/events.server.ts';
import { db } from '../platform/db.server.ts';
import { withLease } from '../platform/lease.server.ts';
import { log } from '../platform/log.server.ts';
import { wake, wakeAll } from '../platform/queue.server.ts';
import { after, currentTime, HOUR, MINUTE, msSince, SECOND } from '../platform/time.ts';
import { transact } from '../platform/transaction.server.ts';
import type { ProviderErrorKind } from '../providers/contract.ts';
import { refundSettingsOf } from '../settings/refunds.server.ts';
import type { Ended } from './deed.ts';
import { followDisputed } from './follow-dispute.server.ts';
import { chooseRefunded, type AskReason, type Candidate, type Condition } from './refunded.ts';
import {
  BY_ITSELF,
  findSoldEsim,
  isBegun,
  isDoubted,
  lookAtSold,
  passes,
  pressFor,
  takeBack,
  type SoldEsim,
} from './refunded-esim.server.ts';

/**
 * The job of a unit whose piece left the order after its eSIM was bought, or whose money a chargeback took back
 * (follow-dispute.server.ts). One that nobody was sent goes back to the
 * supplier. Of those that were sent the least used are taken to be the refunded ones, by what the supplier says now; what
 * is unused goes back where the merchant wants that and the supplier gives something for it, and about the rest the
 * merchant is asked. Repeating it is harmless: what was asked of the supplier is on record, and is never asked twice.
 */
export async function followRefund(unitId: string): Promise<void> {
  const unit = await db.unit.findUniqueOrThrow({ where: { id: unitId } });
  if (!isDue(unit)) return;
  // The pieces of one order are chosen among each other, and one may be cancelled on its page at this moment.
  const outcome = await withLease(refundLease(unit.orderId), async () => {
    const claimed = await claim(unitId);
    if (!claimed) return;
    if (claimed.state === 'parked') await giveBackUnsent(claimed);
    else if (claimed.goneAt === null) await followDisputed(claimed);
    else await followSent(claimed);
  });
  if (outcome === 'taken') await wake('units.give-back', unitId, 2 * SECOND);
}

export const refundLease = (orderId: string) => `refund ${orderId}`;

/** What is due to be given back or looked at: for the sweeper. */
export async function dueRefunded(): Promise<string[]> {
  const rows = await db.unit.findMany({
    where: {
      OR: [{ state: 'parked', reason: 'gone' }, sentAndGone, sentAndDisputed],
      holdUntil: { lte: currentTime() },
    },
    select: { id: true },
    take: 100,
  });
  return rows.map(({ id }) => id);
}

const sentAndGone = { state: 'delivered', goneAt: { not: null }, note: null };
const sentAndDisputed = { state: 'delivered', goneAt: null, reason: 'disputed' };

interface UnitRow {
  id: string;
  shopId: string;
  orderId: string;
  lineItemGid: string;
  state: string;
  reason: string | null;
  since: Date;
  goneAt: Date | null;
  holdUntil: Date | null;
}

function isDue({ state, reason, goneAt, holdUntil }: UnitRow): boolean {
  if (holdUntil === null) return false;
  if (state === 'parked') return reason === 'gone';
  return state === 'delivered' && (goneAt !== null || reason === 'disputed');
}

/** The next look is set before the work: a crash in the middle is taken up again, and not at once for ever. */
async function claim(unitId: string): Promise<UnitRow | null> {
  const unit = await db.unit.findUniqueOrThrow({ where: { id: unitId } });
  if (!isDue(unit)) return null;
  const waitMs = Math.min(Math.max(msSince(unit.since) / 2, 5 * SECOND), HOUR);
  return db.unit.update({ where: { id: unitId, shopId: unit.shopId }, data: { holdUntil: after(waitMs) } });
}

async function giveBackUnsent(unit: UnitRow) {
  const sold = await findSoldEsim({ shopId: unit.shopId, unitId: unit.id });
  const condition = sold ? await lookAtSold(sold) : 'missing';
  switch (condition) {
    case 'missing':
      return close(unit, 'missing');
    case 'unused':
      return sold && revoke(unit, sold);
    case 'installed':
    case 'used':
      // Nobody was given the code; an eSIM on a phone is in somebody's hands all the same.
      return ask(unit, 'gone');
    default: {
      wait(unit, condition);
      return;
    }
  }
}

async function followSent(unit: UnitRow) {
  const sold = await findSoldEsim({ shopId: unit.shopId, unitId: unit.id });
  // Asked already, by a person perhaps: what came of it is what counts, whatever the rule says.
  if (sold && (await isBegun(sold))) {
    await revoke(unit, sold);
    return;
  }
  const conditions = await chooseAmongLine(unit);
  if (typeof conditions === 'string') {
    wait(unit, conditions);
    return;
  }
  // What it was taken for is another one now, which has a look of its own.
  const condition = conditions.get(unit.id);
  if (condition === undefined) return;
  if (condition === 'missing' || !sold) await close(unit, 'missing');
  else if (isAskedAnyhow(unit.reason)) await ask(unit, unit.reason);
  else if (condition === 'installed') await ask(unit, 'refund-installed');
  else if (condition === 'used') await ask(unit, 'refund-used');
  else if ((await refundRuleOf(unit)) === 'ask') await ask(unit, 'refund-asks');
  else await revoke(unit, sold);
}

const refundRuleOf = async ({ shopId }: UnitRow) => (await refundSettingsOf({ id: shopId })).refundRule;

/** Of these Shopify says no refund that names the piece: whatever became of the eSIM, it is not taken by itself. */
function isAskedAnyhow(reason: string | null): reason is 'refund-money' | 'refund-edited' | 'refund-deleted' {
  return reason === 'refund-money' || reason === 'refund-edited' || reason === 'refund-deleted';
}

/**
 * Looks at all eSIMs of the line that were sent, and counts the least used as the refunded ones. Answers the condition of
 * those that are; or why the supplier cannot be asked.
 */
async function chooseAmongLine(unit: UnitRow): Promise<Map<string, Condition> | ProviderErrorKind> {
  const { shopId, orderId, lineItemGid } = unit;
  const sent = await db.unit.findMany({ where: { shopId, orderId, lineItemGid, state: 'delivered' } });
  // About the others the merchant was asked already, or decided.
  const undecided = sent.filter(({ goneAt, holdUntil }) => goneAt === null || holdUntil !== null);
  const candidates: Candidate[] = [];
  for (const { id, unitIndex, goneAt } of undecided) {
    const sold = await findSoldEsim({ shopId, unitId: id });
    // What the supplier was asked to take stays the refunded one, whatever it looks like meanwhile.
    if (sold && (await isBegun(sold))) continue;
    const condition = sold ? await lookAtSold(sold) : 'missing';
    if (!isCondition(condition)) return condition;
    candidates.push({ id, unitIndex, isGone: goneAt !== null, condition });
  }
  const chosen = chooseRefunded(candidates);
  await countAsGone(unit, candidates, chosen);
  return new Map(candidates.filter(({ id }) => chosen.includes(id)).map((each) => [each.id, each.condition]));
}

function isCondition(answer: Condition | ProviderErrorKind): answer is Condition {
  return ['missing', 'unused', 'installed', 'used'].includes(answer);
}

async function countAsGone(unit: UnitRow, candidates: Candidate[], chosen: string[]) {
  const { shopId, orderId, goneAt, reason } = unit;
  const now = currentTime();
  const came = candidates.filter(({ id, isGone }) => !isGone && chosen.includes(id)).map(({ id }) => id);
  const left = candidates.filter(({ id, isGone }) => isGone && !chosen.includes(id)).map(({ id }) => id);
  if (came.length === 0) return;
  await transact(async (tx) => {
    await tx.$queryRaw`SELECT id FROM "Order" WHERE id = ${orderId} AND "shopId" = ${shopId} FOR UPDATE`;
    const where = { shopId, orderId, state: 'delivered' };
    const kept = await tx.unit.updateMany({
      where: { ...where, id: { in: left }, goneAt: { not: null } },
      data: { goneAt: null, holdUntil: null, reason: null, since: now },
    });
    const gone = await tx.unit.updateMany({
      where: { ...where, id: { in: came }, goneAt: null },
      data: { goneAt, holdUntil: now, reason, since: now },
    });
    if (kept.count !== left.length || gone.count !== came.length)
      throw new Error(`the pieces of order ${orderId} moved while they were chosen`);
    await record(
      came.map((unitId) => ({ shopId, orderId, unitId, kind: 'refund.chosen' as const })),
      tx,
    );
  });
  await wakeAll('units.give-back', came);
}

async function revoke(unit: UnitRow, sold: SoldEsim) {
  const press = await pressFor(sold, BY_ITSELF);
  const ended = await takeBack(sold, press, { onlyForRefund: true });
  const kept = unit.state === 'parked' ? 'gone' : 'refund-kept';
  if (ended?.status === 'in-doubt' && (await isDoubted(press))) await ask(unit, doubtOf(unit));
  else if (ended?.status === 'done') await close(unit, 'revoked');
  else if (ended?.status === 'refused' && !passes(ended.reason)) await ask(unit, kept);
  else wait(unit, ended?.status === 'refused' ? ended.reason : (ended?.status ?? 'unknown'));
}

const doubtOf = ({ state }: UnitRow) => (state === 'parked' ? 'gone' : 'refund-doubted');

/** The next look is set already. */
function wait({ id }: UnitRow, reason: string) {
  log.info('refund.waits', { unitId: id, reason });
}

/** Leaves it to the merchant. What was never sent stays parked, with the reason it had. */
async function ask({ id, shopId, orderId, state }: UnitRow, reason: AskReason | 'gone') {
  await transact(async (tx) => {
    const { count } = await tx.unit.updateMany({
      where: { id, shopId, state, holdUntil: { not: null } },
      data: { reason, holdUntil: null, since: currentTime() },
    });
    if (count === 1 && reason !== 'gone')
      await record([{ shopId, orderId, unitId: id, kind: 'refund.asked', detail: { reason } }], tx);
  });
}

/** Nothing is left of it, neither at the supplier nor with the buyer. What was revoked is told by that. */
async function close({ id, shopId, orderId, state }: UnitRow, why: 'missing' | 'revoked') {
  await transact(async (tx) => {
    const { count } = await tx.unit.updateMany({
      where: { id, shopId, state },
      data: { state: 'cancelled', reason: null, holdUntil: null },
    });
    if (count === 1 && why === 'missing')
      await record([{ shopId, orderId, unitId: id, kind: 'unit.missing' }], tx);
  });
}

/**
 * A person wants an eSIM back that the app asked about: revokes it whatever comes of it. The same press again answers what
 * the first came to. Null for what does not wait for that any more. The piece of a disputed payment is still the buyer's: it
 * stays, and may get another eSIM.
 */
export async function revokeAnyway(
  shop: { id: string },
  { unitId, by }: { unitId: string; by: string },
): Promise<Ended | null> {
  const unit = await db.unit.findFirst({
    where: {
      ...{ id: unitId, shopId: shop.id, state: 'delivered', holdUntil: null },
      OR: [
        { goneAt: { not: null }, note: null },
        { goneAt: null, order: { disputes: { some: chargedBack } } },
      ],
    },
  });
  const sold = unit && (await findSoldEsim({ shopId: shop.id, unitId }));
  if (!unit || !sold) return null;
  const outcome = await withLease(refundLease(unit.orderId), async () => {
    const ended = await takeBack(sold, await pressFor(sold, by), { onlyForRefund: false });
    if (ended?.status === 'done' && unit.goneAt !== null) await close(unit, 'revoked');
    // It is looked up by itself, and closed when it turns out to be done.
    if (ended?.status === 'in-doubt')
      await db.unit.update({
        where: { id: unitId, shopId: shop.id },
        data: {
          holdUntil: after(MINUTE),
          reason: unit.goneAt === null ? 'disputed' : null,
          since: currentTime(),
        },
      });
    return ended;
  });
  return outcome === 'taken' ? { status: 'under-way' } : outcome;
}

const chargedBack = { kind: 'chargeback', status: { not: 'won' }, seenAt: null };

import type { Decimal } from 'decimal.js';
import { post } from '../balance/post.server.ts';
import { openEsim } from '../esims/save.server.ts';
import { record } from '../orders/events.server.ts';
import { db, type Transaction } from '../platform/db.server.ts';
import { log } from '../platform/log.server.ts';
import { ProviderError, type EsimProvider } from '../providers/contract.ts';
import { refreshBalance, supplierFor } from '../settings/suppliers.server.ts';
import { currentTime } from '../platform/time.ts';

/**
 * The job of an eSIM that came for a piece that had left the order. Nobody was sent its code, so it is given back to
 * the supplier, where the supplier takes it; else it stays parked for the merchant. Asked once: what came of it is
 * read from the eSIM itself when the answer is lost.
 */
export async function giveBack(unitId: string): Promise<void> {
  const unit = await db.unit.findUniqueOrThrow({
    where: { id: unitId },
    include: { esim: true, attempt: true },
  });
  const { esim, shopId, orderId } = unit;
  if (unit.state !== 'parked' || unit.reason !== 'gone' || unit.holdUntil === null || !esim) return;
  // Claimed before the supplier is asked: a second job finds nothing to do.
  const claimed = await db.unit.updateMany({
    where: { id: unitId, shopId, state: 'parked', reason: 'gone', holdUntil: unit.holdUntil },
    data: { holdUntil: null },
  });
  if (claimed.count === 0) return;
  const supplier = await supplierFor({ shopId, accountId: esim.accountId });
  const { iccid } = openEsim(esim);
  const bundle = unit.attempt?.bundleCode ?? '';
  const refundedTo = await revoke(supplier.provider, { iccid, bundle }, unitId);
  if (refundedTo === null) return;
  await db.$transaction(async (tx) => {
    const { count } = await tx.unit.updateMany({
      where: { id: unitId, shopId, state: 'parked', reason: 'gone' },
      data: { state: 'cancelled', reason: null },
    });
    if (count === 0) return;
    await tx.esim.update({ where: { id: esim.id, shopId }, data: { revokedAt: currentTime() } });
    const detail = { bundle, refundedTo };
    await record([{ shopId, orderId, unitId, kind: 'unit.given-back', detail }], tx);
    if (refundedTo === 'balance' && unit.attempt) await bookRefund(tx, unit.attempt, esim);
  });
  if (refundedTo === 'balance') await refreshBalance(supplier);
}

/** The supplier gives back what one piece of its order cost. */
async function bookRefund(
  tx: Transaction,
  { total, currency, quantity, orderReference }: BookedAttempt,
  { id: esimId, shopId, accountId, orderId }: BookedEsim,
) {
  if (total === null || currency === null) return;
  await post(
    {
      ...{ shopId, accountId, kind: 'refund', key: `revoke ${esimId}`, orderId, esimId },
      amount: { amount: total.div(quantity), currency },
      reference: orderReference,
    },
    tx,
  );
}

interface BookedAttempt {
  total: Decimal | null;
  currency: string | null;
  quantity: number;
  orderReference: string | null;
}

interface BookedEsim {
  id: string;
  shopId: string;
  accountId: string;
  orderId: string | null;
}

/** What is due to be given back: for the sweeper. */
export async function dueGivingBack(): Promise<string[]> {
  const rows = await db.unit.findMany({
    where: { state: 'parked', reason: 'gone', holdUntil: { lte: currentTime() } },
    select: { id: true },
    take: 100,
  });
  return rows.map(({ id }) => id);
}

/** Where the money went; null when the supplier keeps the eSIM on our account, or cannot be asked. */
async function revoke(
  provider: EsimProvider,
  esim: { iccid: string; bundle: string },
  unitId: string,
): Promise<string | null> {
  if (!provider.revoke) return null;
  try {
    const profile = await provider.getEsim(esim.iccid);
    // Nobody was given the code; an eSIM on a phone is in somebody's hands all the same.
    if (profile.profileStatus !== 'released' || profile.installedAt !== null) return null;
    const answer = await provider.revoke({ ...esim, onlyForRefund: true });
    return answer.status === 'revoked' ? answer.refundedTo : null;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    log.warn('give-back.failed', { unitId, reason: error.kind }, error);
    return error.kind === 'unknown-outcome' ? readBack(provider, esim) : null;
  }
}

async function readBack(
  provider: EsimProvider,
  { iccid, bundle }: { iccid: string; bundle: string },
): Promise<string | null> {
  try {
    const assignments = await provider.listAssignments(iccid);
    const ours = assignments.find((assignment) => assignment.bundle === bundle);
    return ours?.state === 'revoked' ? 'unknown' : null;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return null; // it stays parked for the merchant to look at
  }
}

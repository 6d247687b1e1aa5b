import type { Decimal } from 'decimal.js';
import { saveEsim } from '../esims/save.server.ts';
import { record, type OrderEventKind } from '../orders/events.server.ts';
import { db, type Transaction } from '../platform/db.server.ts';
import { after } from '../platform/time.ts';
import type { Cost } from '../platform/money.ts';
import type { ProviderEsim } from '../providers/contract.ts';
import { markKeyRefused } from '../settings/suppliers.server.ts';
import type { AttemptState, Decision } from './ledger.ts';

export interface AttemptRow {
  id: string;
  shopId: string;
  accountId: string;
  bundleCode: string;
  state: string;
  quantity: number;
  looks: number;
  sentAt: Date;
  orderReference: string | null;
  total: Decimal | null;
}

/** What was learnt beside the decision. */
export interface Findings {
  orderReference?: string;
  total?: Cost | null;
  esims?: ProviderEsim[];
  /** True when the supplier was asked, so that the next question comes later. */
  looked?: boolean;
}

/**
 * Writes a decision down in one transaction: attempt, units, eSIMs, account, timeline. The attempt must still be as
 * it was read, else somebody else decided and nothing is written (false). A reference or an ICCID that is on record
 * already stops the transaction as a duplicate, which the caller turns into a parked attempt.
 */
export async function carryOut(
  attempt: AttemptRow,
  decision: Decision,
  findings: Findings = {},
): Promise<boolean> {
  return db.$transaction(async (tx) => {
    const isOpen = decision.attempt === 'in-doubt' || decision.attempt === 'preparing';
    const { count } = await tx.purchaseAttempt.updateMany({
      where: { id: attempt.id, state: attempt.state, looks: attempt.looks },
      data: {
        state: decision.attempt,
        ...(findings.looked && { looks: { increment: 1 } }),
        ...(findings.orderReference !== undefined && { orderReference: findings.orderReference }),
        ...(findings.total && { total: findings.total.amount.toString(), currency: findings.total.currency }),
        reason: 'reason' in decision.units ? decision.units.reason : null,
        nextLookAt: isOpen ? after(decision.lookAfterMs ?? 0) : null,
        settledAt: isOpen ? null : new Date(),
      },
    });
    if (count === 0) return false;
    await moveUnits(tx, attempt, decision, findings.esims ?? []);
    if (decision.refuseKey) {
      await markKeyRefused(attempt, tx);
    }
    if (decision.waitMs !== undefined) {
      await tx.buyingLease.update({
        where: { accountId: attempt.accountId },
        data: { waitUntil: after(decision.waitMs) },
      });
    }
    return true;
  });
}

async function moveUnits(tx: Transaction, attempt: AttemptRow, decision: Decision, esims: ProviderEsim[]) {
  const units = await tx.unit.findMany({
    where: { attemptId: attempt.id, shopId: attempt.shopId, state: { in: ['buying', 'preparing'] } },
    orderBy: [{ createdAt: 'asc' }, { unitIndex: 'asc' }, { id: 'asc' }],
  });
  for (const [position, unit] of units.entries()) {
    // Fewer eSIMs than ordered: those that exist are delivered, and only the rest is parked.
    const esim = decision.attempt === 'bought' || decision.attempt === 'parked' ? esims[position] : undefined;
    if (esim) await saveEsim(tx, { unit, attempt, esim });
    const { units: fate } = decision;
    const held = fate.become === 'held';
    await tx.unit.update({
      where: { id: unit.id, shopId: attempt.shopId },
      data: {
        state: esim ? 'bought' : fate.become,
        reason: esim ? null : 'reason' in fate ? fate.reason : null,
        holdUntil: held && fate.forMs !== null ? after(fate.forMs) : null,
        ...(fate.become === 'paid' || held ? { attemptId: null } : {}),
      },
    });
    const kind = esim ? 'unit.bought' : eventOf(attempt.state, decision);
    if (kind) {
      const detail = {
        bundle: attempt.bundleCode,
        ...('reason' in fate && !esim && { reason: fate.reason }),
      };
      await record([{ shopId: attempt.shopId, orderId: unit.orderId, unitId: unit.id, kind, detail }], tx);
    }
  }
}

/** What the timeline says of a unit that got no eSIM in this step; null when nothing changed for a reader. */
function eventOf(before: string, { attempt }: Decision): OrderEventKind | null {
  if (attempt === before) return null;
  const words: Record<AttemptState, OrderEventKind | null> = {
    sending: null,
    'in-doubt': 'purchase.doubted',
    preparing: before === 'in-doubt' ? 'purchase.adopted' : null,
    bought: null,
    refused: 'purchase.refused',
    parked: 'purchase.parked',
  };
  return words[attempt];
}

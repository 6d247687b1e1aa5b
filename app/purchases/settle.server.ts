import { db, isDuplicate } from '../platform/db.server.ts';
import { log } from '../platform/log.server.ts';
import { wake } from '../platform/queue.server.ts';
import { after, MINUTE } from '../platform/time.ts';
import { ProviderError, type EsimProvider, type ProviderPurchase } from '../providers/contract.ts';
import { supplierFor } from '../settings/suppliers.server.ts';
import { wakeDelivery } from './buy.server.ts';
import { carryOut, type AttemptRow, type Findings } from './carry-out.server.ts';
import { SENDING_LIMIT_MS } from './due.server.ts';
import { step, type Decision } from './ledger.ts';

// Clocks differ: the window of a look begins before the request left.
const CLOCK_PADDING_MS = 2 * MINUTE;

/**
 * The job of an attempt that is not settled: asks the supplier what it did, and writes down what that proves. It
 * buys nothing. Running twice at once is harmless: only one decision about a state can be written.
 */
export async function settleAttempt(attemptId: string): Promise<void> {
  const row = await db.purchaseAttempt.findUniqueOrThrow({ where: { id: attemptId } });
  const attempt = await takeOver(row);
  if (!attempt) return;
  try {
    const { provider } = await supplierFor(attempt);
    const { decision, findings } = await look(provider, attempt);
    await conclude(attempt, decision, { ...findings, looked: true });
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    // The supplier cannot be asked now. Nothing is proved, so nothing changes but the time of the next question.
    log.warn('look.failed', { attemptId, reason: error.kind }, error);
    await db.purchaseAttempt.updateMany({
      where: { id: attemptId, state: attempt.state },
      data: { nextLookAt: after(Math.max(error.retryAfterMs ?? 0, MINUTE)) },
    });
  }
}

/** The attempt as one to look at: a `sending` whose process is gone becomes one in doubt. Null: nothing to settle. */
async function takeOver(row: AttemptRow): Promise<AttemptRow | null> {
  if (row.state === 'in-doubt' || row.state === 'preparing') return row;
  if (row.state !== 'sending' || Date.now() - row.sentAt.getTime() < SENDING_LIMIT_MS) return null;
  const moved = await carryOut(
    row,
    step({ state: 'sending', looks: row.looks, quantity: row.quantity }, { type: 'interrupted' }),
  );
  return moved ? { ...row, state: 'in-doubt' } : null;
}

async function look(
  provider: EsimProvider,
  attempt: AttemptRow,
): Promise<{ decision: Decision; findings: Findings }> {
  const msSinceSent = Date.now() - attempt.sentAt.getTime();
  const { looks, quantity } = attempt;
  if (attempt.state === 'preparing' && attempt.orderReference !== null) {
    const order = await provider.getOrder(attempt.orderReference);
    const esims = order.status === 'ready' ? order.esims : [];
    const event = {
      type: 'listed',
      esims: esims.length,
      complete: order.status === 'ready',
      msSinceSent,
    } as const;
    return {
      decision: step({ state: 'preparing', looks, quantity }, event),
      findings: { esims, total: order.total },
    };
  }
  const fits = await unclaimedOrders(provider, attempt);
  const decision = step(
    { state: 'in-doubt', looks, quantity },
    { type: 'looked', fits: fits.length, msSinceSent },
  );
  const [found] = fits;
  const adopted = decision.attempt === 'preparing' && found;
  return { decision, findings: adopted ? { orderReference: found.orderReference, total: found.total } : {} };
}

/** The supplier's orders that may be this attempt: same bundle, same quantity, in the window, nobody else's. */
async function unclaimedOrders(provider: EsimProvider, attempt: AttemptRow): Promise<ProviderPurchase[]> {
  const since = new Date(attempt.sentAt.getTime() - CLOCK_PADDING_MS);
  const fits: ProviderPurchase[] = [];
  for await (const purchase of provider.listPurchases({ since, until: after(CLOCK_PADDING_MS) })) {
    const [item, ...others] = purchase.items;
    const isAlike =
      others.length === 0 && item?.bundle === attempt.bundleCode && item.quantity === attempt.quantity;
    if (purchase.isPurchase && isAlike) fits.push(purchase);
  }
  const claimed = await db.purchaseAttempt.findMany({
    where: {
      accountId: attempt.accountId,
      orderReference: { in: fits.map(({ orderReference }) => orderReference) },
    },
    select: { orderReference: true },
  });
  const taken = new Set(claimed.map(({ orderReference }) => orderReference));
  return fits.filter(({ orderReference }) => !taken.has(orderReference));
}

async function conclude(attempt: AttemptRow, decision: Decision, findings: Findings) {
  const row = { ...attempt, orderReference: findings.orderReference ?? attempt.orderReference };
  try {
    await carryOut(row, decision, findings);
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    await carryOut(attempt, { attempt: 'parked', units: { become: 'parked', reason: 'duplicate-iccid' } });
  }
  if (decision.lookAfterMs !== undefined) await wake('purchases.settle', attempt.id, decision.lookAfterMs);
  else await wakeDelivery(attempt);
  // A bundle waits while one of its attempts is in doubt.
  await wake('purchases.buy', attempt.accountId);
}

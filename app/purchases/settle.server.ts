import { isUsable } from '../esims/usable.ts';
import { readTime } from '../platform/clock.server.ts';
import { db } from '../platform/db.server.ts';
import { failpoint } from '../platform/failpoint.server.ts';
import { log } from '../platform/log.server.ts';
import { after, MINUTE, SECOND } from '../platform/time.ts';
import { ProviderError, type EsimProvider, type ProviderPurchase } from '../providers/contract.ts';
import { readBalance, supplierFor } from '../settings/suppliers.server.ts';
import { conclude, type AttemptRow, type Findings } from './carry-out.server.ts';
import { isAbandoned, isRecovering } from './due.server.ts';
import {
  balanceProvesAbsence,
  candidates,
  CLOCK_PADDING_MS,
  weigh,
  type Asked,
  type Known,
} from './evidence.ts';
import { QUIET_WINDOW_MS, type AttemptEvent } from './ledger.ts';

/**
 * The job of an attempt that is not settled: asks the supplier what it did, and writes down what that proves. It
 * buys nothing. Running twice at once is harmless: only one decision about a state can be written.
 */
export async function settleAttempt(attemptId: string): Promise<void> {
  let attempt = await db.purchaseAttempt.findUniqueOrThrow({ where: { id: attemptId } });
  if (attempt.state === 'sending') {
    if (!(await isAbandoned(attempt))) return;
    await conclude(attemptId, { type: 'interrupted' });
    attempt = await db.purchaseAttempt.findUniqueOrThrow({ where: { id: attemptId } });
  }
  if (attempt.state !== 'in-doubt' && attempt.state !== 'preparing') return;
  if (attempt.orderReference === null && (await isRecovering(attempt.accountId))) {
    // An order that fits may be another's that the database has forgotten: the recovery decides first.
    await lookLater(attempt, 2 * SECOND);
    return;
  }
  try {
    const { provider } = await supplierFor(attempt);
    if (attempt.state === 'preparing' && attempt.orderReference !== null)
      await readOrder(provider, attempt, attempt.orderReference);
    else await lookForOrder(provider, attempt);
    failpoint('settle.committed');
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    // The supplier cannot be asked now. Nothing is proved, so nothing changes but the time of the next question.
    log.warn('look.failed', { attemptId, reason: error.kind }, error);
    await lookLater(attempt, Math.max(error.retryAfterMs ?? 0, MINUTE));
  }
}

async function lookLater({ id, state }: AttemptRow, afterMs: number) {
  await db.purchaseAttempt.updateMany({ where: { id, state }, data: { nextLookAt: after(afterMs) } });
}

/** Bought, and its eSIMs were not all listed: reads the order again. */
async function readOrder(provider: EsimProvider, attempt: AttemptRow, orderReference: string) {
  const order = await provider.getOrder(orderReference);
  failpoint('settle.looked');
  const listed = order.status === 'ready' ? order.esims : [];
  const esims = listed.filter(isUsable);
  const event: AttemptEvent = {
    type: 'listed',
    esims: esims.length,
    bad: listed.length - esims.length,
    complete: order.status === 'ready',
    msSinceSent: (await readTime()).getTime() - attempt.sentAt.getTime(),
  };
  await conclude(attempt.id, event, {
    esims,
    total: order.total,
    sourceIp: order.sourceIp,
    looked: 'something',
  });
}

/** Sent, and the answer was lost: looks for the order among those the supplier lists. */
async function lookForOrder(provider: EsimProvider, attempt: AttemptRow) {
  const evidence = await gatherEvidence(provider, attempt);
  failpoint('settle.looked');
  const { fits, foreign } = evidence.weighed;
  // An order that looks like one bought by hand may be ours, seen from an address we have only now.
  const nothingAlike = fits.length === 0 && foreign.length === 0;
  const mayRebuy = await mayRebuyOf(attempt);
  const now = (await readTime()).getTime();
  const msSinceSent = now - attempt.sentAt.getTime();
  const event: AttemptEvent = {
    type: 'looked',
    fits: fits.length,
    msSinceSent,
    emptyForMs: attempt.emptySince ? now - attempt.emptySince.getTime() : 0,
    // The balance costs a request: it is asked for when it can decide something.
    isProvedAbsent:
      mayRebuy && nothingAlike && msSinceSent >= QUIET_WINDOW_MS
        ? balanceProvesAbsence({
            before: attempt.balanceBefore,
            now: await readBalance(provider),
            since: attempt.sentAt,
            purchases: evidence.purchases,
          })
        : false,
  };
  const [only, ...others] = fits;
  const found: Findings = { looked: fits.length === 0 ? 'nothing' : 'something' };
  if (only && others.length === 0)
    Object.assign(found, { orderReference: only.orderReference, total: only.total, sourceIp: only.sourceIp });
  else found.evidence = candidates(evidence.weighed);
  await conclude(attempt.id, event, found, mayRebuy);
}

/** The supplier's orders since an attempt was sent, and which of them may be it. Throws `ProviderError`. */
export async function gatherEvidence(provider: EsimProvider, attempt: AttemptRow) {
  const since = new Date(attempt.sentAt.getTime() - CLOCK_PADDING_MS);
  const purchases: ProviderPurchase[] = [];
  for await (const purchase of provider.listPurchases({ since, until: after(CLOCK_PADDING_MS) }))
    purchases.push(purchase);
  const known = await knownOrders(
    attempt,
    purchases.map(({ orderReference }) => orderReference),
  );
  return { purchases, weighed: weigh(purchases, askedBy(attempt), known) };
}

/** What the ledger knows of an account: which of these references are claimed, and where our orders come from. */
export async function knownOrders(
  { shopId, accountId }: { shopId: string; accountId: string },
  references: string[],
): Promise<Known> {
  const [claimed, sources] = await Promise.all([
    db.purchaseAttempt.findMany({
      where: { shopId, accountId, orderReference: { in: references } },
      select: { orderReference: true },
    }),
    db.purchaseAttempt.findMany({
      where: { shopId, accountId, sourceIp: { not: null } },
      select: { sourceIp: true },
      distinct: ['sourceIp'],
    }),
  ]);
  return {
    claimed: new Set(claimed.flatMap(({ orderReference }) => orderReference ?? [])),
    sources: new Set(sources.flatMap(({ sourceIp }) => sourceIp ?? [])),
  };
}

export function askedBy({ how, bundleCode, quantity, sentAt }: AttemptRow): Asked {
  return { how: how === 'stock' ? 'stock' : 'order', bundleCode, quantity, sentAt };
}

async function mayRebuyOf({ id, shopId, accountId }: AttemptRow): Promise<boolean> {
  const account = await db.supplierAccount.findFirstOrThrow({
    where: { id: accountId, shopId },
    select: { rebuyAfterProof: true },
  });
  if (!account.rebuyAfterProof) return false;
  return (await db.unit.count({ where: { attemptId: id, shopId, rebuys: { gt: 0 } } })) === 0;
}

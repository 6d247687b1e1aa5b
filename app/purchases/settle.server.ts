import { iccidHash } from '../esims/find.server.ts';
import { openEsim } from '../esims/save.server.ts';
import { isUsable } from '../esims/usable.ts';
import { readTime } from '../platform/clock.server.ts';
import { db } from '../platform/db.server.ts';
import { failpoint } from '../platform/failpoint.server.ts';
import { log } from '../platform/log.server.ts';
import { after, currentTime, MINUTE, SECOND } from '../platform/time.ts';
import { ProviderError, type SellingProvider, type ProviderPurchase } from '../providers/contract.ts';
import { readBalance, sellerFor } from '../settings/suppliers.server.ts';
import { conclude, type AttemptRow, type Findings } from './carry-out.server.ts';
import { isAbandoned, isRecovering } from './due.server.ts';
import {
  balanceProvesAbsence,
  candidates,
  CLOCK_PADDING_MS,
  weigh,
  type Asked,
  type Candidate,
  type How,
  type Known,
} from './evidence.ts';
import { QUIET_WINDOW_MS, type AttemptEvent } from './ledger.ts';
import { foundOf, readLog, withLook, type Found } from './look-log.ts';

/**
 * The job of an attempt that is not settled: asks the supplier what it did, and writes down what that proves. It
 * buys nothing. Running twice at once is harmless: only one decision about a state can be written.
 */
export async function settleAttempt(attemptId: string): Promise<void> {
  let attempt = await db.purchaseAttempt.findUniqueOrThrow({ where: { id: attemptId } });
  if (attempt.state === 'asked') {
    // Whoever asked has left the page: nothing is bought behind their back.
    if (attempt.nextLookAt && attempt.nextLookAt <= (await readTime()))
      await conclude(attemptId, { type: 'not-sent' });
    return;
  }
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
    const { provider } = await sellerFor(attempt);
    if (attempt.state === 'preparing' && attempt.orderReference !== null)
      await readOrder(provider, attempt, attempt.orderReference);
    else await lookForOrder(provider, attempt);
    failpoint('settle.committed');
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    // The supplier cannot be asked now. Nothing is proved, so nothing changes but the time of the next question.
    log.warn('look.failed', { attemptId, reason: error.kind }, error);
    await lookLater(attempt, Math.max(error.retryAfterMs ?? 0, MINUTE));
    await noteLook(attempt, { what: 'problem', kind: error.kind });
  }
}

async function lookLater({ id, state }: AttemptRow, afterMs: number) {
  await db.purchaseAttempt.updateMany({ where: { id, state }, data: { nextLookAt: after(afterMs) } });
}

/** What a look found that decides nothing. One that was decided by another meanwhile is not told. */
export async function noteLook(
  { id, shopId, state, looks, lookLog }: AttemptRow,
  found: Found,
  evidence?: Candidate[],
): Promise<void> {
  const log = withLook(readLog(lookLog), found, currentTime());
  await db.purchaseAttempt.updateMany({
    where: { id, shopId, state, looks },
    data: {
      lookLog: log.map((each) => ({ ...each })),
      ...(evidence && { evidence: evidence.map((each) => ({ ...each })) }),
    },
  });
}

/** Bought, and its eSIMs were not all listed: reads the order again. */
async function readOrder(provider: SellingProvider, attempt: AttemptRow, orderReference: string) {
  const order = await provider.getOrder(orderReference);
  failpoint('settle.looked');
  const listed = order.status === 'ready' ? order.esims : [];
  // Of a top-up the eSIM is here already: only that the order is for it has to be seen.
  const iccid = await topUpIccid(attempt);
  const esims = listed.filter((esim) => (iccid === null ? isUsable(esim) : esim.iccid === iccid));
  const event: AttemptEvent = {
    type: 'listed',
    esims: esims.length,
    bad: iccid === null ? listed.length - esims.length : 0,
    complete: order.status === 'ready',
    msSinceSent: (await readTime()).getTime() - attempt.sentAt.getTime(),
  };
  await conclude(attempt.id, event, {
    esims: iccid === null ? esims : [],
    total: order.total,
    sourceIp: order.sourceIp,
    looked: 'something',
    found: { what: 'esims', listed: esims.length, of: attempt.quantity },
  });
}

/** Sent, and the answer was lost: looks for the order among those the supplier lists. */
async function lookForOrder(provider: SellingProvider, attempt: AttemptRow) {
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
  const found: Findings = {
    looked: fits.length === 0 ? 'nothing' : 'something',
    found: foundOf(evidence.weighed),
  };
  if (only && others.length === 0)
    Object.assign(found, { orderReference: only.orderReference, total: only.total, sourceIp: only.sourceIp });
  else found.evidence = candidates(evidence.weighed);
  await conclude(attempt.id, event, found, mayRebuy);
}

/** The supplier's orders since an attempt was sent, and which of them may be it. Throws `ProviderError`. */
export async function gatherEvidence(provider: SellingProvider, attempt: AttemptRow) {
  const since = new Date(attempt.sentAt.getTime() - CLOCK_PADDING_MS);
  const purchases: ProviderPurchase[] = [];
  for await (const purchase of provider.listPurchases({ since, until: after(CLOCK_PADDING_MS) }))
    purchases.push(purchase);
  const known = await knownOrders(attempt, purchases);
  return { purchases, weighed: weigh(purchases, askedBy(attempt), known) };
}

/** What the ledger knows of an account's orders: which are claimed, for which eSIMs, and where ours come from. */
export async function knownOrders(
  { shopId, accountId }: { shopId: string; accountId: string },
  purchases: readonly Pick<ProviderPurchase, 'orderReference' | 'items'>[],
): Promise<Known> {
  const references = purchases.map(({ orderReference }) => orderReference);
  const [claimed, sources, esims] = await Promise.all([
    claimedOf({ shopId, accountId }, references),
    db.purchaseAttempt.findMany({
      where: { shopId, accountId, sourceIp: { not: null } },
      select: { sourceIp: true },
      distinct: ['sourceIp'],
    }),
    knownEsims(
      { shopId, accountId },
      purchases.flatMap(({ items }) => items.flatMap(({ iccids }) => iccids)),
    ),
  ]);
  return {
    claimed,
    sources: new Set(sources.flatMap(({ sourceIp }) => sourceIp ?? [])),
    esims,
  };
}

async function knownEsims(
  { shopId, accountId }: { shopId: string; accountId: string },
  iccids: string[],
): Promise<Known['esims']> {
  const byHash = new Map(iccids.map((iccid) => [iccidHash(iccid), iccid]));
  const rows = await db.esim.findMany({
    where: { shopId, accountId, iccidHash: { in: [...byHash.keys()] } },
    select: { id: true, iccidHash: true, orderReference: true },
  });
  return new Map(
    rows.flatMap(({ id, iccidHash, orderReference }) => {
      const iccid = byHash.get(iccidHash);
      return iccid === undefined ? [] : [[iccid, { id, orderReference }]];
    }),
  );
}

/** Which of the supplier's orders attempts of the account have claimed. */
export async function claimedOf(
  { shopId, accountId }: { shopId: string; accountId: string },
  references: string[],
): Promise<Set<string>> {
  const rows = await db.purchaseAttempt.findMany({
    where: { shopId, accountId, orderReference: { in: references } },
    select: { orderReference: true },
  });
  return new Set(rows.flatMap(({ orderReference }) => orderReference ?? []));
}

export function askedBy({ how, esimId, bundleCode, quantity, sentAt }: AttemptRow): Asked {
  const asked = { bundleCode, quantity, sentAt };
  if (how === 'top-up' && esimId !== null) return { ...asked, how: 'top-up', esimId };
  return { ...asked, how: how === 'stock' ? 'stock' : 'order' };
}

/** Written by buy.server.ts and top-up.server.ts only, and `order` where it is none of the others. */
export function howOf({ how }: { how: string }): How {
  return how === 'stock' || how === 'top-up' ? how : 'order';
}

/** The eSIM a top-up is for; null for what buys new ones. */
async function topUpIccid({ shopId, esimId }: AttemptRow): Promise<string | null> {
  if (esimId === null) return null;
  return openEsim(await db.esim.findFirstOrThrow({ where: { id: esimId, shopId } })).iccid;
}

async function mayRebuyOf({ id, shopId, accountId, how }: AttemptRow): Promise<boolean> {
  // Of a top-up nobody is left without an eSIM meanwhile: it waits for a person.
  if (how === 'top-up') return false;
  const account = await db.supplierAccount.findFirstOrThrow({
    where: { id: accountId, shopId },
    select: { rebuyAfterProof: true },
  });
  if (!account.rebuyAfterProof) return false;
  return (await db.unit.count({ where: { attemptId: id, shopId, rebuys: { gt: 0 } } })) === 0;
}

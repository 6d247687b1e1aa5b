import { DAY, MINUTE, SECOND } from '../../app/platform/time.ts';
import { CLOCK_PADDING_MS } from '../../app/purchases/evidence.ts';
import { audit } from '../../app/watch/audit.ts';
import { ordersToRead } from '../../app/watch/compare.ts';
import { accountNamed, lacks, type AccountRow } from './sim-books.ts';
import { deliverOrder, isDeliveryDue } from './sim-delivery.ts';
import { processNotification, takeInOrder } from './sim-intake.ts';
import { wake, type Job } from './sim-jobs.ts';
import {
  buyForAccount,
  conclude,
  isAbandoned,
  isBuyingDue,
  knownOrders,
  probeAccount,
  settleAttempt,
} from './sim-purchases.ts';
import {
  clock,
  commit,
  databaseClock,
  Fault,
  note,
  spawn,
  type Doing,
  type Machine,
  type Run,
} from './sim-run.ts';
import { listOrders } from './sim-shopify.ts';
import { listPurchases } from './sim-supplier.ts';

export function doJob(run: Run, machine: Machine, { job, id }: Job): Doing {
  switch (job) {
    case 'process':
      return processNotification(run, machine, Number(id));
    case 'buy':
      return buyForAccount(run, machine, accountNamed(run.books, id));
    case 'probe':
      return probeAccount(run, machine, accountNamed(run.books, id));
    case 'settle':
      return settleAttempt(run, machine, id);
    case 'deliver':
      return deliverOrder(run, machine, id);
    default:
      return job satisfies never;
  }
}

/** What every process does from its start: it looks for due work now, every 30 s, and compares now and then. */
export function* watch(run: Run, machine: Machine): Doing {
  for (;;) {
    try {
      yield 1;
      if (run.now < run.databaseDownUntil) throw new Fault('database down');
      if (!lacks(run, 'sweeper')) sweep(run, clock(run, machine));
      const { books } = run;
      if (!lacks(run, 'reconciler') && run.now - books.reconciledAt > 10 * MINUTE) {
        books.reconciledAt = run.now; // the lease of the look
        spawn(run, machine, reconcile(run, machine));
      }
      for (const account of books.accounts) {
        if (lacks(run, 'auditor') || run.now - account.auditedAt <= AUDIT_EVERY_MS) continue;
        account.auditedAt = run.now;
        spawn(run, machine, auditAccount(run, machine, account));
      }
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
    }
    yield 30 * SECOND;
  }
}

// More often than in earnest, so that it meets purchases that are under way.
const AUDIT_EVERY_MS = 2 * MINUTE;

function sweep(run: Run, now: number) {
  const { notifications, attempts, orders, accounts } = run.books;
  for (const { processed, nextTryAt, id } of notifications)
    if (!processed && nextTryAt <= now) wake(run, { job: 'process', id: String(id) });
  for (const account of accounts) {
    const { name, breaker } = account;
    if (isBuyingDue(run, account, now)) wake(run, { job: 'buy', id: name });
    if (breaker.probeAt && breaker.probeAt.getTime() <= now) wake(run, { job: 'probe', id: name });
  }
  for (const attempt of attempts.values()) {
    const { state, nextLookAt, id } = attempt;
    const isOpen = state === 'in-doubt' || state === 'preparing';
    if ((isOpen && nextLookAt <= now) || (state === 'sending' && isAbandoned(run, attempt)))
      wake(run, { job: 'settle', id });
  }
  for (const order of orders.values())
    if (isDeliveryDue(order, now)) wake(run, { job: 'deliver', id: order.gid });
}

const OVERLAP_MS = 15 * MINUTE;

/** Compares Shopify's changed orders with ours. When it fails, the next look begins where this one did. */
export function* reconcile(run: Run, machine: Machine): Doing {
  const { books } = run;
  const startedAt = databaseClock(run, machine); // one that is ahead would pass over what comes next
  const isWeekly = startedAt - books.reconciledWeekAt > DAY;
  const since = isWeekly ? 0 : books.reconciledUpTo - OVERLAP_MS;
  const listed = yield* listOrders(run, since);
  const { unknown, changed } = ordersToRead(
    listed.map(({ gid, updatedAt, isPaid, cancelledAt }) => ({
      orderGid: gid,
      updatedAt: new Date(updatedAt),
      isPaid,
      cancelledAt: cancelledAt === null ? null : new Date(cancelledAt),
    })),
    new Map(
      [...books.orders].map(([gid, row]) => [gid, { shopifyUpdatedAt: new Date(row.shopifyUpdatedAt) }]),
    ),
  );
  for (const { orderGid } of [...unknown, ...changed]) {
    note(run, `reconciler reads ${orderGid}`);
    yield* takeInOrder(run, orderGid);
  }
  yield* commit(run, () => {
    books.reconciledUpTo = startedAt;
    if (isWeekly) books.reconciledWeekAt = startedAt;
  });
}

// A younger order may belong to a purchase that is under way.
const YOUNG_MS = 15 * MINUTE;

/** Compares the supplier's orders with the ledger: adopts what fits one lost purchase, and shows the orphans. */
export function* auditAccount(run: Run, machine: Machine, account: AccountRow): Doing {
  const { books } = run;
  const now = databaseClock(run, machine);
  const purchases = yield* listPurchases(run, run.suppliers[account.name], {
    since: now - 2 * DAY,
    until: now + CLOCK_PADDING_MS,
  });
  yield 2;
  const open = [...books.attempts.values()]
    .filter(
      ({ account: buyer, state, reason, orderReference }) =>
        buyer === account &&
        orderReference === null &&
        (state === 'in-doubt' ||
          (state === 'sending' && !lacks(run, 'answers-under-way')) ||
          (state === 'parked' && reason === 'no-such-order')),
    )
    .map(({ id, bundle, quantity, sentAt }) => ({
      ...{ id, bundleCode: bundle, quantity, sentAt },
      how: 'order' as const,
    }));
  const { adopt, orphans } = audit(purchases, open, knownOrders(run, account));
  for (const { attemptId, purchase } of adopt) {
    note(run, `auditor finds ${purchase.orderReference} for ${attemptId}`);
    yield* conclude(run, machine, attemptId, { type: 'found' }, { purchase });
  }
  yield* commit(run, () => {
    for (const { purchase } of orphans) {
      if (now - purchase.createdAt.getTime() <= YOUNG_MS || books.unclaimed.has(purchase.orderReference))
        continue;
      note(run, `auditor shows ${purchase.orderReference}: nobody claims it`);
      books.unclaimed.set(purchase.orderReference, { account: account.name, purchase, state: 'open' });
    }
    for (const [reference, row] of books.unclaimed) if (books.claims.has(reference)) row.state = 'adopted';
  });
}

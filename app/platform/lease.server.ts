import { randomUUID } from 'node:crypto';
import { databaseNow, db, type Transaction } from './db.server.ts';
import { instanceId } from './instance.server.ts';
import { log } from './log.server.ts';
import { bothClocks, currentTime, elapsedSince, msSince, SECOND, sleep } from './time.ts';

/** A right that one process at a time has, by the database's clock. The fence grows with each holder and never repeats. */
export interface Lease {
  name: string;
  holder: string;
  fence: bigint;
  /** Whether this process is sure, by its own clock, that nobody else can have taken the lease meanwhile. */
  isSurelyHeld: () => boolean;
}

// Short, so that the work of a process that died is taken up soon. One that lives renews it in time.
const LEASE_SECONDS = 8;
const RENEW_MS = 2 * SECOND;
const ASK_AGAIN_MS = 100;
const SURE_MS = (LEASE_SECONDS - 2) * SECOND;

/**
 * Does the work while holding the lease, renewed until it ends. `taken`: somebody else held it for all of the patience, and
 * nothing was done.
 */
export async function withLease<T>(
  name: string,
  work: (lease: Lease) => Promise<T>,
  { patienceMs = 0 }: { patienceMs?: number } = {},
): Promise<T | 'taken'> {
  const since = currentTime();
  let held = await takeLease(name);
  while (!held && msSince(since) < patienceMs) {
    await sleep(ASK_AGAIN_MS);
    held = await takeLease(name);
  }
  if (!held) return 'taken';
  const timer = setInterval(() => void held.renew(), RENEW_MS);
  try {
    return await work(held.lease);
  } finally {
    clearInterval(timer);
    await db.lease.deleteMany({ where: { name, holder: held.lease.holder } });
  }
}

/** Extends the lease in the caller's transaction. False: it is somebody else's now, and nothing may be sent. */
export async function holdLease({ name, holder, fence }: Lease, tx: Transaction): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE "Lease" SET until = ${databaseNow} + make_interval(secs => ${LEASE_SECONDS})
    WHERE name = ${name} AND holder = ${holder} AND fence = ${fence}`;
  return count === 1;
}

async function takeLease(name: string) {
  const holder = randomUUID();
  const startedAt = bothClocks();
  const [row] = await db.$queryRaw<{ fence: bigint }[]>`
    INSERT INTO "Lease" AS held (name, holder, "instanceId", fence, until)
    VALUES (${name}, ${holder}, ${instanceId}, nextval('"LeaseFence"'),
      ${databaseNow} + make_interval(secs => ${LEASE_SECONDS}))
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, "instanceId" = excluded."instanceId",
      fence = excluded.fence, until = excluded.until
      WHERE held.until < ${databaseNow}
    RETURNING fence`;
  if (!row) return null;
  // Counted from before the question: the lease cannot have begun earlier.
  let renewedAt = startedAt;
  const lease: Lease = {
    name,
    holder,
    fence: row.fence,
    isSurelyHeld: () => {
      const { monotonic, wall } = elapsedSince(renewedAt);
      return Math.max(monotonic, wall) < SURE_MS;
    },
  };
  const renew = async () => {
    const askedAt = bothClocks();
    try {
      if (await holdLease(lease, db)) renewedAt = askedAt;
    } catch (error) {
      log.warn('lease.unrenewed', {}, error);
    }
  };
  return { lease, renew };
}

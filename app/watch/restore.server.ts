import { randomUUID } from 'node:crypto';
import { config } from '../platform/config.server.ts';
import { isAnotherDatabase, keptMark, lastSign, readMark } from '../platform/database-mark.server.ts';
import { databaseNow, db, isEmbedded, type Transaction } from '../platform/db.server.ts';
import { beginJournal, journalPast } from '../platform/intent-journal.server.ts';
import { log } from '../platform/log.server.ts';
import { after, currentTime } from '../platform/time.ts';
import { CLOCK_PADDING_MS } from '../purchases/evidence.ts';
import { keyCheck } from '../settings/keys.server.ts';
import { gapOf, type Gap } from './restore.ts';

/**
 * Before anything of the app runs: notices a database that was put back from a copy, or that may have lost its last
 * commits. Then no account buys until what it may have bought meanwhile was compared (watch/recover.server.ts).
 */
export async function guardRestore(): Promise<void> {
  const kept = await keptMark();
  const found = {
    now: currentTime(),
    ...(await lastSign()),
    stoppedCleanly: await stoppedCleanly(),
  };
  if (!isEmbedded()) {
    const mark = await readMark();
    await stopBuying(gapOf({ ...found, isAnother: kept !== null && kept !== mark, journal: null }), mark);
    return;
  }
  const { stopped, started } = journalPast();
  const run = randomUUID();
  // On the disk before the database knows it: a run the journal does not name would look like a copy put back.
  beginJournal(config.DATA_DIR, run);
  const gap = gapOf({
    ...found,
    stoppedCleanly: found.stoppedCleanly && started.size === 0,
    isAnother: false,
    // A copy that was made while a run lasted which stopped cleanly since knows less than that stop wrote down.
    journal: { isWhole: kept === null || started.has(kept) || (kept === stopped && found.stoppedCleanly) },
  });
  await stopBuying(gap, run);
}

/** The same while the app runs: a PostgreSQL can be exchanged under it. */
export async function guardWhileRunning(): Promise<void> {
  try {
    const askedAt = after(-CLOCK_PADDING_MS);
    if (!(await isAnotherDatabase())) {
      sameUntil = askedAt;
      return;
    }
    // What is newer may have been written to it by processes that had not noticed yet.
    const found = { now: currentTime(), ...(await lastSign(sameUntil)), stoppedCleanly: true };
    await stopBuying(gapOf({ ...found, isAnother: true, journal: null }), await readMark());
  } catch (error) {
    log.error('guard.failed', {}, error);
  }
}

/** Until when the database was surely the one this process began with. */
let sameUntil: Date | null = null;

/** Stops every account, and marks the database as known, in one transaction: neither happens without the other. */
async function stopBuying(gap: Gap | null, mark: string) {
  const count = await db.$transaction(async (tx) => {
    const isRestored = gap?.cause === 'restored';
    const data = { mark, keyCheck: keyCheck(), ...(isRestored && { gapSince: gap.since }) };
    await tx.databaseMark.upsert({ where: { id: 1 }, create: data, update: data });
    return gap === null ? 0 : stopAccounts(tx, gap);
  });
  if (gap !== null) log.warn('database.gap', { reason: gap.cause, count });
}

function stopAccounts(tx: Transaction, { since, until }: Gap): Promise<number> {
  // A gap that was not compared yet is not made smaller by a second one. LEAST and GREATEST pass over null.
  return tx.$executeRaw`
    INSERT INTO "BuyingPace" AS pace ("accountId", "auditSince", "auditUntil", "auditNextAt")
    SELECT id, ${since}::timestamp, ${until}::timestamp, ${databaseNow} FROM "SupplierAccount" WHERE sells
    ON CONFLICT ("accountId") DO UPDATE SET
      "auditSince" = LEAST(pace."auditSince", excluded."auditSince"),
      "auditUntil" = GREATEST(pace."auditUntil", excluded."auditUntil"),
      "auditNextAt" = excluded."auditNextAt"`;
}

async function stoppedCleanly(): Promise<boolean> {
  const last = await db.instance.findFirst({ orderBy: { heartbeatAt: 'desc' }, select: { clean: true } });
  return last?.clean ?? true;
}

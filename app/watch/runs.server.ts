import { db } from '../platform/db.server.ts';
import { log } from '../platform/log.server.ts';
import { RemoteError } from '../platform/remote-error.ts';
import { currentTime } from '../platform/time.ts';

export type WatchKind = 'sweep' | 'reconcile' | 'reconcile-week' | 'audit' | 'recover';

interface Subject {
  kind: WatchKind;
  shopId: string;
  accountId?: string;
}

/** Runs of each kind and subject that are kept. */
const KEPT = 20;

/** Writes down that a look began, what it found, and what stopped it. The look's own error climbs on. */
export async function recordRun<T extends Record<string, number>>(
  subject: Subject,
  look: () => Promise<T>,
): Promise<T> {
  const { id } = await db.watchRun.create({ data: subject, select: { id: true } });
  try {
    const findings = await look();
    await db.watchRun.update({ where: { id }, data: { finishedAt: currentTime(), findings } });
    return findings;
  } catch (error) {
    const problem = error instanceof RemoteError ? String(error.kind) : 'unknown';
    await db.watchRun
      .update({ where: { id }, data: { finishedAt: currentTime(), problem } })
      .catch((lost: unknown) => {
        log.warn('watch.unrecorded', { reason: subject.kind }, lost);
      });
    throw error;
  } finally {
    await forgetOld(subject);
  }
}

/** The sweeper looks often and for all shops at once: one row keeps its last look. */
export async function rememberSweep(startedAt: Date, found: Record<string, number>): Promise<void> {
  const run = { kind: 'sweep', startedAt, finishedAt: currentTime(), findings: found };
  const id = 'sweep';
  try {
    await db.watchRun.upsert({ where: { id }, create: { id, ...run }, update: run });
  } catch (error) {
    log.warn('watch.unrecorded', { reason: 'sweep' }, error);
  }
}

async function forgetOld(subject: Subject) {
  const old = await db.watchRun.findMany({
    where: subject,
    orderBy: { startedAt: 'desc' },
    skip: KEPT,
    select: { id: true },
  });
  if (old.length > 0) await db.watchRun.deleteMany({ where: { id: { in: old.map(({ id }) => id) } } });
}

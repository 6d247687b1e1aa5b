import { db } from '../platform/db.server.ts';
import { log } from '../platform/log.server.ts';

export type WatchKind = 'sweep' | 'reconcile' | 'reconcile-week' | 'audit';

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
    await db.watchRun.update({ where: { id }, data: { finishedAt: new Date(), findings } });
    return findings;
  } catch (error) {
    const problem = error instanceof Error ? error.name : 'unknown';
    await db.watchRun
      .update({ where: { id }, data: { finishedAt: new Date(), problem } })
      .catch((lost: unknown) => {
        log.warn('watch.unrecorded', { reason: subject.kind }, lost);
      });
    throw error;
  } finally {
    await forgetOld(subject);
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

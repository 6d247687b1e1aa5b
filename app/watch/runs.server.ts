import { db } from '../platform/db.server.ts';
import { log } from '../platform/log.server.ts';
import type { JobName } from '../platform/queue.server.ts';
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

/** The rows whose work of one kind was due. */
export interface Found {
  job: JobName;
  ids: string[];
}

/** The sweeper looks often and for all shops at once: one row keeps its last look, and what of it was each shop's. */
export async function rememberSweep(startedAt: Date, found: Found[]): Promise<void> {
  const id = 'sweep';
  try {
    const findings = await countByShop(found);
    const run = { kind: 'sweep', startedAt, finishedAt: currentTime(), findings };
    await db.watchRun.upsert({ where: { id }, create: { id, ...run }, update: run });
  } catch (error) {
    log.warn('watch.unrecorded', { reason: 'sweep' }, error);
  }
}

/** By shop and job. What is nobody's, such as the exchange rates, is left out. */
async function countByShop(found: Found[]): Promise<Record<string, Record<string, number>>> {
  const ids = [...new Set(found.flatMap((each) => each.ids))];
  const shopOf = new Map(ids.length === 0 ? [] : await ownersOf(ids));
  const counts: Record<string, Record<string, number>> = {};
  for (const { job, ids: due } of found)
    for (const id of due) {
      const shopId = shopOf.get(id);
      if (shopId === undefined) continue;
      const ofShop = (counts[shopId] ??= {});
      ofShop[job] = (ofShop[job] ?? 0) + 1;
    }
  return counts;
}

// No id is in two tables, so none has to be told from which it is.
async function ownersOf(ids: string[]): Promise<[string, string][]> {
  const rows = await db.$queryRaw<{ id: string; shopId: string }[]>`
    SELECT id, id AS "shopId" FROM "Shop" WHERE id = ANY(${ids})
    UNION ALL SELECT domain, id FROM "Shop" WHERE domain = ANY(${ids})
    UNION ALL SELECT id, "shopId" FROM "SupplierAccount" WHERE id = ANY(${ids})
    UNION ALL SELECT id, "shopId" FROM "Order" WHERE id = ANY(${ids})
    UNION ALL SELECT id, "shopId" FROM "Unit" WHERE id = ANY(${ids})
    UNION ALL SELECT id, "shopId" FROM "PurchaseAttempt" WHERE id = ANY(${ids})
    UNION ALL SELECT id, "shopId" FROM "Esim" WHERE id = ANY(${ids})
    UNION ALL SELECT id, "shopId" FROM "DeskAction" WHERE id = ANY(${ids})
    UNION ALL SELECT id, "shopId" FROM "ShopRefund" WHERE id = ANY(${ids})
    UNION ALL SELECT id, "shopId" FROM "Task" WHERE id = ANY(${ids})`;
  return rows.map(({ id, shopId }) => [id, shopId]);
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

import { db, Prisma, utc } from '../platform/db.server.ts';
import { wake } from '../platform/queue.server.ts';
import { after, DAY } from '../platform/time.ts';

/**
 * How long what has done its work is kept. A message is known by its id, or by its body, as long as its sender may send it
 * again; a mail to a traveller as long as what it told could be found new once more.
 */
const outlived: Record<string, () => Prisma.Sql> = {
  Notification: () => Prisma.sql`"processedAt" < ${daysAgo(90)}`,
  SupplierCallback: () => Prisma.sql`"processedAt" < ${daysAgo(90)}`,
  BuyerNotice: () => Prisma.sql`state IN ('sent', 'failed', 'skipped') AND "nextTryAt" < ${daysAgo(180)}`,
};
// Said as an instant: then PostgreSQL knows that few rows are so old, and asks the index.
const daysAgo = (days: number) => utc(after(-days * DAY));

const AT_ONCE = 1000;
/** The job's one subject. */
const ROWS = 'rows';

/** The job that deletes what was kept long enough, some of each table at a time. */
export async function forgetOutlived(): Promise<void> {
  for (const [table, isOutlived] of Object.entries(outlived)) {
    const name = Prisma.raw(`"${table}"`);
    const count = await db.$executeRaw`
      DELETE FROM ${name} WHERE id IN (SELECT id FROM ${name} WHERE ${isOutlived()} LIMIT ${AT_ONCE})`;
    if (count === AT_ONCE) await wake('compliance.forget', ROWS);
  }
}

/** Whether there is something to delete: for the sweeper. */
export async function dueForgetting(): Promise<string[]> {
  for (const [table, isOutlived] of Object.entries(outlived)) {
    const name = Prisma.raw(`"${table}"`);
    const rows = await db.$queryRaw<unknown[]>`SELECT 1 FROM ${name} WHERE ${isOutlived()} LIMIT 1`;
    if (rows.length > 0) return [ROWS];
  }
  return [];
}

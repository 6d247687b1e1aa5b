import { z } from 'zod';
import { db, Prisma, type Transaction } from './db.server.ts';
import { log } from './log.server.ts';
import { sleep } from './time.ts';

const MOST_TRIES = 5;

/**
 * One transaction, and again where the database threw it away whole because it stood in another's way (a deadlock, a
 * serialisation failure): nothing of it has happened then. So `work` sends nothing and changes nothing outside of it.
 * Throws what the last of five tries threw, and anything else at once.
 */
export async function transact<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await db.$transaction(work);
    } catch (error) {
      if (!isConflict(error) || tries === MOST_TRIES) throw error;
      log.warn('transaction.repeated', { count: tries }, error);
      // Two that stood in each other's way must not meet again in step.
      await sleep(Math.random() * 20 * 2 ** tries);
    }
  }
}

// PostgreSQL's 40001 and 40P01, which Prisma tells as one. Of a raw statement it tells what its adapter made of them.
const RawConflict = z.object({
  driverAdapterError: z.object({ cause: z.object({ kind: z.literal('TransactionWriteConflict') }) }),
});

function isConflict(error: unknown): boolean {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false;
  return error.code === 'P2034' || (error.code === 'P2010' && RawConflict.safeParse(error.meta).success);
}

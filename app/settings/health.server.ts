import { db } from '../platform/db.server.ts';
import { log } from '../platform/log.server.ts';
import { SECOND } from '../platform/time.ts';

/** Whether the database answers within two seconds: without it nothing can be written down, so nothing is accepted. */
export async function isHealthy(): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<false>((resolve) => {
    timer = setTimeout(() => {
      resolve(false);
    }, 2 * SECOND);
  });
  const answer = db.$queryRaw`SELECT 1`.then(
    () => true,
    (error: unknown) => {
      log.error('health.failed', {}, error);
      return false;
    },
  );
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

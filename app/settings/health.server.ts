import { beat } from '../platform/instance.server.ts';
import { log } from '../platform/log.server.ts';
import { SECOND } from '../platform/time.ts';

/** Whether the database takes a write within two seconds: what cannot be written down is not accepted, and not bought. */
export async function isHealthy(): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<false>((resolve) => {
    timer = setTimeout(() => {
      resolve(false);
    }, 2 * SECOND);
  });
  const answer = beat().then(
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

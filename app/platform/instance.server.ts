import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { isAlive, processStart } from './process.server.ts';
import { databaseNow, db } from './db.server.ts';
import { log } from './log.server.ts';
import { currentTime, SECOND } from './time.ts';

/** This process among the others on the same database. */
export const instanceId = randomUUID();

const HEARTBEAT_MS = 5 * SECOND;
let timer: NodeJS.Timeout | undefined;

/**
 * Writes this process down, and buries those of this machine that died without a word: what they held is free at once.
 * Those of other machines lose their leases by time.
 */
export async function registerInstance(role: string): Promise<void> {
  await buryTheDead();
  const host = hostname();
  await db.instance.create({
    data: { id: instanceId, role, host, pid: process.pid, processStart: processStart(process.pid) },
  });
  timer = setInterval(() => {
    void beat().catch((error: unknown) => {
      log.warn('heartbeat.lost', {}, error);
    });
  }, HEARTBEAT_MS);
}

/** Writes down that this process lives; throws when the database takes no writes. */
export async function beat(): Promise<void> {
  await db.$executeRaw`UPDATE "Instance" SET "heartbeatAt" = ${databaseNow} WHERE id = ${instanceId}`;
}

export async function retireInstance(): Promise<void> {
  clearInterval(timer);
  await db.lease.deleteMany({ where: { instanceId } });
  // None, in a database that was exchanged under this process for one that does not know it.
  await db.instance.updateMany({
    where: { id: instanceId },
    data: { stoppedAt: currentTime(), clean: true },
  });
}

async function buryTheDead() {
  const running = await db.instance.findMany({ where: { host: hostname(), stoppedAt: null } });
  const dead = running.filter(({ pid, processStart: started }) => !isAlive(pid, started)).map(({ id }) => id);
  if (dead.length === 0) return;
  await db.lease.deleteMany({ where: { instanceId: { in: dead } } });
  await db.instance.updateMany({ where: { id: { in: dead } }, data: { stoppedAt: currentTime() } });
  log.warn('instance.died', { count: dead.length });
}

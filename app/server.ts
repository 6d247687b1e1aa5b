import type { Server } from 'node:http';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as build from 'virtual:remix/server-build';
import { httpServer } from './http.server.ts';
import { startClock, stopClock } from './platform/clock.server.ts';
import { config } from './platform/config.server.ts';
import { closeDatabase, openDatabase } from './platform/db.server.ts';
import { registerInstance, retireInstance } from './platform/instance.server.ts';
import { log } from './platform/log.server.ts';
import { startQueue, stopQueue } from './platform/queue.server.ts';
import { SECOND } from './platform/time.ts';
import { requireKeys } from './settings/keys.server.ts';
import { guardRestore } from './watch/restore.server.ts';
import { startWorker, stopWorker, sweep } from './worker.server.ts';

export type Role = 'all' | 'web' | 'worker';

/** What a deploy gives a process to finish; a purchase that takes longer stays in doubt and is looked up. */
const DRAIN_MS = 25 * SECOND;

/**
 * Starts the app in this process: HTTP (`web`), the jobs (`worker`), or both. Returns the address it listens on
 * (none for a worker) and how to stop it.
 */
export async function start(
  role: Role,
): Promise<{ url: string | null; sweep: () => Promise<void>; stop: () => Promise<void> }> {
  await openDatabase();
  await startClock();
  await requireKeys();
  await guardRestore();
  await registerInstance(role);
  await startQueue();
  const http = role === 'worker' ? null : await listen();
  if (role !== 'web') await startWorker();
  const address = http?.address();
  const port = typeof address === 'object' && address ? address.port : undefined;
  log.info('app.started', { role, port });
  return {
    url: port === undefined ? null : `http://127.0.0.1:${String(port)}`,
    sweep,
    stop: async () => {
      log.info('app.stopping', { role });
      const closed = new Promise((done) => (http ? http.close(done) : done(undefined)));
      http?.closeIdleConnections();
      await stopWorker();
      await stopQueue(DRAIN_MS);
      http?.closeAllConnections();
      await closed;
      await retireInstance();
      stopClock();
      await closeDatabase();
      log.info('app.stopped', { role });
    },
  };
}

async function listen(): Promise<Server> {
  const server = httpServer(build, resolve(import.meta.dirname, '../client'));
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(config.PORT, config.LISTEN_HOST, done);
  });
  return server;
}

async function main([command = 'all']: string[]) {
  if (command === 'migrate') {
    await openDatabase();
    await closeDatabase();
    return;
  }
  if (command !== 'all' && command !== 'web' && command !== 'worker')
    throw new Error(`There is no role ${command}.`);
  const running = await start(command);
  const stop = () => {
    process.off('SIGTERM', stop).off('SIGINT', stop);
    running.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error('stop.failed', {}, error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main(process.argv.slice(2)).catch((error: unknown) => {
    // Before anything runs there is a person at a terminal: the sentence, not a stack.
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  });
}

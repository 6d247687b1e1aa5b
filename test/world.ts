import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { serverBundle } from './build.ts';
import { passTime } from './clock.ts';
import { createDatabase } from './postgres.ts';
import { copyPrepared } from './prepared.ts';
import type { Mail } from './sandbox/resend/server.ts';
import { appEnvironment, openSandbox, type Sandbox } from './sandbox/sandbox.ts';
import { freePort } from './free-port.ts';
import { scratchFolder } from './scratch.ts';
import { lookIntoEmbedded, lookIntoPostgres, type Query } from './tables.ts';
import { until } from './until.ts';

/** The built app and the other sides of it, in this process, talking over real HTTP. */
export interface World extends Sandbox {
  appUrl: string;
  /** Waits until the condition holds; throws with the sentence after four minutes. */
  until: (sentence: string, condition: () => boolean | Promise<boolean>) => Promise<void>;
  mailsTo: (address: string) => Mail[];
  /** Waits until the one e-mail to the address has arrived. */
  mailTo: (address: string) => Promise<void>;
  /** Stops the app, as a deploy or a reboot does. */
  stop: () => Promise<void>;
  /** Starts the app again on the same database. */
  start: () => Promise<void>;
  restart: () => Promise<void>;
  /** Looks into the database past the app, which is stopped meanwhile where it alone can have the database open. */
  lookInto: <Answer>(look: (query: Query) => Promise<Answer>) => Promise<Answer>;
  end: () => Promise<void>;
}

interface Server {
  start: (role: 'all' | 'web' | 'worker') => Promise<{ url: string | null; stop: () => Promise<void> }>;
}

export async function openWorld(settings: Record<string, string> = {}): Promise<World> {
  const port = await freePort();
  const appUrl = `http://127.0.0.1:${port}`;
  const sandbox = await openSandbox({
    appUrl,
    requestsPerSecond: 1000,
    countries: ['FR', 'DE', 'JP'],
    retryScaleMs: 100,
  });
  const folder = scratchFolder('world');
  const dataDir = join(folder, 'data');
  const isEmbedded = process.env['FLOWS_ON'] !== 'postgres';
  if (isEmbedded) copyPrepared(dataDir);
  const environment: Record<string, string> = {
    ...appEnvironment(sandbox, { appUrl, port, dataDir }),
    LOG_LEVEL: 'silent',
    SWEEP_SECONDS: '2',
    ...(!isEmbedded && { DATABASE_URL: await createDatabase(postgresUrl()) }),
    ...settings,
  };
  Object.assign(process.env, environment);
  // An empty database of a story's own gets its clock from the app's first start.
  if (settings['DATABASE_URL'] === undefined) await passTime({ minutes: minutesToEvening() });
  let app: Awaited<ReturnType<Server['start']>> | null = null;
  let starts = 0;
  const start = async () => {
    // A start is a new process in production. Here it is the module anew, which remembers nothing of the one before.
    const server = (await import(`${pathToFileURL(serverBundle).href}?start=${starts++}`)) as Server;
    app ??= await server.start('all');
  };
  const stop = async () => {
    await app?.stop();
    app = null;
  };
  await start();
  const mailsTo = (address: string) => sandbox.resend.mails.filter(({ to }) => to.includes(address));
  return {
    ...sandbox,
    appUrl,
    until,
    mailsTo,
    mailTo: (address) => until(`the e-mail to ${address} arrives`, () => mailsTo(address).length === 1),
    stop,
    start,
    restart: async () => {
      await stop();
      await start();
    },
    lookInto: async (look) => {
      const url = environment['DATABASE_URL'];
      if (url !== undefined) return lookIntoPostgres(url, look);
      const ran = app !== null;
      await stop();
      const answer = await lookIntoEmbedded(dataDir, look);
      if (ran) await start();
      return answer;
    },
    end: async () => {
      await stop();
      await sandbox.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Every story begins at eight in the evening (UTC), at whatever hour it is run: otherwise the same hours would pass by day for
 * one run and through a shop's midnight, when days are closed and catalogues read, for another.
 */
function minutesToEvening(): number {
  const now = new Date();
  const minutes = 20 * 60 - (now.getUTCHours() * 60 + now.getUTCMinutes());
  return minutes < 0 ? minutes + 24 * 60 : minutes;
}

function postgresUrl(): string {
  const url = process.env['TEST_DATABASE_URL'];
  if (!url)
    throw new Error('The stories on PostgreSQL need TEST_DATABASE_URL; npm test starts one where it can.');
  return url;
}

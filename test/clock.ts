import pg from 'pg';

/**
 * Lets time pass at once, for everything: the app and the sandbox in this process, and the database the app's times are
 * told by. An embedded one has the clock of its process. Timers that run already are not shortened.
 */
export async function passTime({ minutes }: { minutes: number }): Promise<void> {
  const connectionString = process.env['DATABASE_URL'];
  if (connectionString === undefined) {
    setClock(minutes);
    return;
  }
  const database = new pg.Client({ connectionString });
  await database.connect();
  await database.query(clockAhead(aheadMs + minutes * MINUTE));
  // At once: between the two the app's clock differs from its database's.
  setClock(minutes);
  await database.end();
}

/** Moves the clock of this process alone. */
export function setClock(minutes: number): void {
  aheadMs += minutes * MINUTE;
  globalThis.Date = shifted;
}

/** The statement that puts another clock in the place of the database's own (prisma/migrations), so far ahead of it. */
export const clockAhead = (ms: number) =>
  `CREATE OR REPLACE FUNCTION app_now() RETURNS TIMESTAMP LANGUAGE SQL VOLATILE PARALLEL SAFE AS $$
    SELECT date_trunc('milliseconds', clock_timestamp() AT TIME ZONE 'UTC') + interval '${String(ms)} milliseconds' $$`;

const MINUTE = 60_000;
let aheadMs = 0;
const RealDate = Date;
const now = () => RealDate.now() + aheadMs;
// A proxy and no subclass: dates that were made before remain instances of it.
const shifted = new Proxy(RealDate, {
  construct: (target, args: unknown[], newTarget) =>
    args.length === 0 ? new target(now()) : (Reflect.construct(target, args, newTarget) as Date),
  apply: () => new RealDate(now()).toString(),
  get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
});

import { createServer } from 'node:net';

// Below what systems lend to connections that go out (from 32768 or 49152): one of those would take the port in the
// moment between this look and the server's start, or while an app is stopped and started again.
const LOWEST = 10_240;
const HOW_MANY = 22_000;
// Processes that run side by side begin apart from each other.
let turn = process.pid * 16;

/** A loopback port that nobody listens on now, and that no other process is about to be given. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < HOW_MANY; tries++) {
    const port = LOWEST + (turn++ % HOW_MANY);
    if (await isFree(port)) return port;
  }
  throw new Error(`no port of ${String(LOWEST)}–${String(LOWEST + HOW_MANY)} is free`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const probe = createServer()
      .once('error', () => {
        done(false);
      })
      .listen(port, '127.0.0.1', () => {
        probe.close(() => {
          done(true);
        });
      });
  });
}

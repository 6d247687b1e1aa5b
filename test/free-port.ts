import { createServer } from 'node:net';

// Below what systems lend to connections that go out (from 32768 or 49152): one of those would take the port in the
// moment between this look and the server's start, or while an app is stopped and started again.
const LOWEST = 10_240;
const HOW_MANY = 22_000;
// Where a process that asks keeps its ports: nothing but that listens at this address.
const SIGN = '127.0.0.2';
// Processes that run side by side begin apart from each other.
let turn = process.pid * 16;

/**
 * A loopback port that nobody listens on now, and that no other process is about to be given: it is this process's until
 * that ends, also while what listens there is not started yet, or stopped for a while.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < HOW_MANY; tries++) {
    const port = LOWEST + (turn++ % HOW_MANY);
    if ((await isKept(port)) && (await isFree(port))) return port;
  }
  throw new Error(`no port of ${String(LOWEST)}–${String(LOWEST + HOW_MANY)} is free`);
}

/** Puts up the sign that the port is taken; false where another process has. Systems without that address have no signs. */
function isKept(port: number): Promise<boolean> {
  return new Promise((done) => {
    const sign = createServer()
      .once('error', (error: NodeJS.ErrnoException) => {
        done(error.code !== 'EADDRINUSE');
      })
      .listen(port, SIGN, () => {
        done(true);
      });
    sign.unref();
  });
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

import { config } from './config.server.ts';
import type { Failpoint } from './failpoint.ts';

/**
 * Nothing, unless FAILPOINT names this point: then the process kills itself, stops until it is continued (SIGCONT), or
 * throws `FailpointError`, as a crash, a stalled machine or a bug here would.
 */
export function failpoint(name: Failpoint): void {
  const armed = config.FAILPOINT;
  if (armed?.name !== name || ++reached !== armed.nth) return;
  switch (armed.act) {
    case 'kill':
      process.kill(process.pid, 'SIGKILL');
      return;
    case 'stop':
      process.kill(process.pid, 'SIGSTOP');
      return;
    case 'throw':
      throw new FailpointError(name);
    default:
      armed.act satisfies never;
  }
}

export class FailpointError extends Error {
  constructor(name: Failpoint) {
    super(`thrown at ${name}, as asked`);
  }
}

let reached = 0;

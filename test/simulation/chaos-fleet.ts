import { setTimeout as sleep } from 'node:timers/promises';
import type { Machines, Role } from './processes.ts';

/** Processes under a supervisor: whichever ends is started again, as a container platform does. */
export interface Fleet {
  /** Resolves when all of them run. */
  start: () => Promise<void>;
  /** Ends them all and keeps them down. */
  halt: () => Promise<void>;
  /** How processes ended that nobody killed, and their last words when they did not even start. */
  falls: string[];
}

export function openFleet(machines: Machines, roles: Role[]): Fleet {
  let wanted = false;
  let loops: Promise<void>[] = [];
  const falls: string[] = [];

  const keep = async (role: Role, onFirst: () => void) => {
    while (wanted) {
      try {
        const one = await machines.start(role);
        onFirst();
        await one.ended;
        const end = one.end();
        if (end?.signal !== 'SIGKILL') falls.push(`a ${role} ended with ${String(end?.code ?? end?.signal)}`);
      } catch (error) {
        // The database was away: the platform tries again.
        falls.push(error instanceof Error ? error.message : String(error));
      }
      await sleep(300);
    }
  };
  return {
    falls,
    start: async () => {
      wanted = true;
      const runs: Promise<void>[] = [];
      loops = roles.map(async (role) => {
        let onFirst: () => void = () => undefined;
        runs.push(new Promise((done) => (onFirst = done)));
        await keep(role, onFirst);
      });
      await Promise.all(runs);
    },
    halt: async () => {
      wanted = false;
      await machines.killAll();
      // One may have been between two lives.
      await Promise.all([Promise.all(loops), sleep(400).then(machines.killAll)]);
    },
  };
}

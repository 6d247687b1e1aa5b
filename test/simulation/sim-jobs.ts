import { MINUTE } from '../../app/platform/time.ts';
import { anyMachine, at, spawn, type Doing, type Machine, type Run } from './sim-run.ts';

export interface Job {
  job: 'process' | 'buy' | 'probe' | 'settle' | 'deliver';
  /** Of the row to look at; of an account its name. */
  id: string;
}

let work: (run: Run, machine: Machine, job: Job) => Doing;

/** Who does the jobs. Set once, by the file that knows them all. */
export function onJob(does: typeof work): void {
  work = does;
}

/** The queue: a hint that may come late, twice or never, to any machine. */
export function wake(run: Run, job: Job, afterMs = 0): void {
  const { random, calm } = run;
  if (!calm && random.chance(0.04)) return;
  const copies = !calm && random.chance(0.04) ? 2 : 1;
  for (let copy = 0; copy < copies; copy++) {
    const late = !calm && random.chance(0.03) ? random.between(0, 5 * MINUTE) : random.between(2, 40);
    at(run, run.now + afterMs + late, () => {
      const machine = anyMachine(run);
      if (machine) spawn(run, machine, work(run, machine, job));
    });
  }
}

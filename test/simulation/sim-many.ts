import { Worker } from 'node:worker_threads';
import type { Protection, Violation } from './sim-run.ts';

export interface Summary {
  seeds: number;
  lines: number;
  parkedLines: number;
  purchases: number;
  violations: (Violation & { seed: number })[];
}

/** Plays the seeds `first` to `last`, each processor its share. */
export async function playMany(
  first: number,
  last: number,
  { removed = null, workers = 2 }: { removed?: Protection | null; workers?: number } = {},
): Promise<Summary> {
  const shares = await Promise.all(
    Array.from({ length: workers }, (_, share) =>
      playShare({ first: first + share, last, step: workers, removed }),
    ),
  );
  const sum = (of: (share: Summary) => number) => shares.reduce((total, share) => total + of(share), 0);
  return {
    seeds: sum(({ seeds }) => seeds),
    lines: sum(({ lines }) => lines),
    parkedLines: sum(({ parkedLines }) => parkedLines),
    purchases: sum(({ purchases }) => purchases),
    violations: shares.flatMap(({ violations }) => violations).sort((a, b) => a.seed - b.seed),
  };
}

export interface Share {
  first: number;
  last: number;
  step: number;
  removed: Protection | null;
}

function playShare(share: Share): Promise<Summary> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./sim-worker.ts', import.meta.url), { workerData: share });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

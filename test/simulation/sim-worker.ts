import { parentPort, workerData } from 'node:worker_threads';
import type { Share, Summary } from './sim-many.ts';
import { play } from './sim-scenario.ts';

const { first, last, step, removed } = workerData as Share; // from sim-many.ts
const summary: Summary = { seeds: 0, lines: 0, parkedLines: 0, purchases: 0, violations: [] };
for (let seed = first; seed <= last; seed += step) {
  const { lines, parkedLines, purchases, violations } = play(seed, { removed });
  summary.seeds += 1;
  summary.lines += lines;
  summary.parkedLines += parkedLines;
  summary.purchases += purchases;
  for (const violation of violations) summary.violations.push({ seed, ...violation });
}
parentPort?.postMessage(summary);

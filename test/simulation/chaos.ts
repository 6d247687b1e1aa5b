// npm run chaos -- --kills 50 --workers 3 [--orders 200] [--seed 1]: real processes on a PostgreSQL of their own,
// killed at random while every side misbehaves. Ends with 1 when anything was lost, doubled or left in silence.
import { parseArgs } from 'node:util';
import { buildWhatIsStale } from '../build.ts';
import { startPostgres } from '../postgres.ts';
import { runChaos } from './chaos-run.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    workers: { type: 'string', default: '3' },
    orders: { type: 'string', default: '200' },
    seed: { type: 'string' },
  },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000);

buildWhatIsStale();
const postgres = await startPostgres();
if ('missing' in postgres) {
  console.error(postgres.missing);
  process.exit(1);
}
try {
  const { tally, violations, kills, crashes, seconds } = await runChaos({
    postgres,
    kills: Number(values.kills),
    killsPerCrash: 10,
    workers: Number(values.workers),
    orders: Number(values.orders),
    seed,
    tell: (line) => console.log(line),
  });
  for (const { invariant, sentence } of violations) console.log(`${invariant} ${sentence}`);
  console.log(
    `${kills} processes killed, the database lost ${crashes} times; npm run chaos -- --seed ${seed}`,
  );
  const { lines, boughtTwice, lost, silent, parked } = tally;
  console.log(
    `lines=${lines} bought_twice=${boughtTwice} lost=${lost} silent=${silent} ` +
      `parked=${((100 * parked) / Math.max(1, lines)).toFixed(2)}% seeds=1 s=${seconds.toFixed(1)}`,
  );
  if (violations.length > 0 || boughtTwice + lost + silent > 0) process.exitCode = 1;
} finally {
  postgres.close();
}

import { afterAll, expect, test } from 'vitest';
import { startPostgres } from '../postgres.ts';
import { runChaos } from './chaos-run.ts';

const postgres = await startPostgres();
afterAll(() => {
  if ('close' in postgres) postgres.close();
});

test.skipIf('missing' in postgres)(
  'processes and the database die while every side misbehaves, and nothing is lost, doubled or left in silence',
  async () => {
    if ('missing' in postgres) return;
    const told: string[] = [];
    const { tally, violations } = await runChaos({
      postgres,
      kills: 6,
      killsPerCrash: 3,
      workers: 2,
      orders: 30,
      seed: 1,
      tell: (line) => told.push(line),
    });
    expect(violations, told.join('\n')).toEqual([]);
    expect(tally).toMatchObject({ boughtTwice: 0, lost: 0, silent: 0 });
    expect(tally.lines).toBeGreaterThanOrEqual(30);
  },
);

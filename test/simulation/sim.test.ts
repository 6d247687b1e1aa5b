import { expect, test } from 'vitest';
import { playMany } from './sim-many.ts';
import type { Protection, Violation } from './sim-run.ts';
import { play } from './sim-scenario.ts';

test('in 5,000 seeded runs nothing is bought twice, lost or silent, and the money adds up', async () => {
  const { seeds, lines, purchases, violations } = await playMany(1, 5000);
  expect(violations).toEqual([]);
  expect(seeds).toBe(5000);
  // The runs are busy: a simulation in which nothing happens proves nothing.
  expect(lines).toBeGreaterThan(40_000);
  expect(purchases).toBeGreaterThan(30_000);
});

// What each protection keeps from happening. The first six are the ones the ledger stands on.
const harm: Record<Protection, Violation['kind']> = {
  'sending-before-post': 'bought_twice', // a process that died after the request left knows nothing of it
  lease: 'crowded', // two processes have a request each at the supplier: no answer can be told from the other's
  'doubt-after-503': 'bought_twice',
  receipts: 'privacy', // a redelivered request about personal data is a second one to answer
  'unit-uniqueness': 'bought_twice',
  'look-before-retry': 'bought_twice',
  'doubt-stays': 'bought_twice', // what the first supplier was asked for is bought of the second as well
  'surely-held': 'unsent', // a process that was stopped sends for an attempt others already look for
  'nothing-alike': 'bought_twice', // an order from our new address looks like one bought by hand
  'answers-under-way': 'taken', // the auditor gives away the order another purchase waits for
  'database-time': 'lost', // a clock that was ahead once makes the reconciler pass over orders
  'loss-guard': 'loss', // the one that stands in for the first costs more than the sale brings
  'told-of-all': 'delivery', // what is delivered while Shopify is told of the rest stays unfulfilled
  sweeper: 'silent',
  reconciler: 'lost',
  auditor: 'silent',
};

test.each(Object.entries(harm) as [Protection, Violation['kind']][])(
  'without %s the simulation sees the harm: %s',
  (removed, kind) => {
    const doesHarm = (seed: number) =>
      play(seed, { removed }).violations.some((violation) => violation.kind === kind);
    const seeds = Array.from({ length: 2000 }, (_, index) => index + 1);
    expect(seeds.find(doesHarm)).toBeDefined();
  },
);

test('a seed tells the same story twice', () => {
  const story = (seed: number) => {
    const told: string[] = [];
    play(seed, { trace: (line) => told.push(line) });
    return told;
  };
  expect(story(656)).toEqual(story(656));
  expect(story(656).length).toBeGreaterThan(20);
  expect(story(656)).not.toEqual(story(657));
});

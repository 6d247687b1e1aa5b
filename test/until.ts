import { setTimeout as sleep } from 'node:timers/promises';

/** Costs nothing while things go well, and nothing may fail because the machine is busy. */
const PATIENCE_SECONDS = 240;
const SHORTEST_MS = 25;
const LONGEST_MS = 1000;

/**
 * Waits until the condition holds; throws with the sentence after so many seconds. Looks again soon after a look that
 * cost little: one that reads pages of the app takes the processor from what it waits for.
 */
export async function until(
  sentence: string,
  condition: () => boolean | Promise<boolean>,
  seconds = PATIENCE_SECONDS,
): Promise<void> {
  // Not by the date: a story may let it jump.
  const startedAt = performance.now();
  for (let lookedAt = startedAt; !(await condition()); lookedAt = performance.now()) {
    const now = performance.now();
    if (now - startedAt > seconds * 1000) throw new Error(`waited ${String(seconds)} s in vain: ${sentence}`);
    await sleep(Math.min(Math.max(SHORTEST_MS, 4 * (now - lookedAt)), LONGEST_MS));
  }
}

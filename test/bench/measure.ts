import { availableParallelism, cpus, totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** What every figure below depends on. */
export function machine(): string {
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  const model = cpus()[0]?.model.trim() ?? 'unknown';
  return `${model}, ${availableParallelism()} cores, ${gigabytes} GB · Node ${process.version} · ${process.platform}`;
}

/** One row of times: the quantiles are those of the sample itself, nothing is interpolated or left out. */
export function times(milliseconds: number[]) {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
  return { count: sorted.length, min: at(0), median: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

/** Prints a table with a row for each name. */
export function printTimes(title: string, rows: Record<string, number[]>): void {
  console.log(`\n${title} (milliseconds)`);
  const shown = Object.entries(rows).map(([name, sample]) => {
    const { count, ...quantiles } = times(sample);
    return [
      name,
      { count, ...Object.fromEntries(Object.entries(quantiles).map(([key, value]) => [key, round(value)])) },
    ];
  });
  console.table(Object.fromEntries(shown));
}

export function round(value: number): number {
  return value >= 100 ? Math.round(value) : Math.round(value * 10) / 10;
}

/** How long it takes, in milliseconds. */
export async function timed(act: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await act();
  return performance.now() - startedAt;
}

/**
 * Does the act so many times at a steady rate, whether or not the ones before have ended. Each time counts from when it
 * was due: a server that stalls makes the others wait, and that must show.
 */
export async function steadily(
  count: number,
  perSecond: number,
  act: () => Promise<unknown>,
): Promise<number[]> {
  const startedAt = performance.now();
  const all: Promise<number>[] = [];
  for (let index = 0; index < count; index++) {
    const dueAt = startedAt + (index * 1000) / perSecond;
    // A timer may fire a moment early.
    for (let left = dueAt - performance.now(); left > 0; left = dueAt - performance.now()) await sleep(left);
    all.push(act().then(() => performance.now() - dueAt));
  }
  return Promise.all(all);
}

/** Does the act so many times at once: every time, and how long all of them took. */
export async function atOnce(
  count: number,
  act: () => Promise<unknown>,
): Promise<{ sample: number[]; total: number }> {
  const startedAt = performance.now();
  const sample = await Promise.all(Array.from({ length: count }, () => timed(act)));
  return { sample, total: performance.now() - startedAt };
}

/** So many senders, each doing the act again as soon as it is done, for some seconds: how often a second. */
export async function inParallel(
  senders: number,
  seconds: number,
  act: () => Promise<unknown>,
): Promise<number> {
  const startedAt = performance.now();
  const isOver = () => performance.now() - startedAt > seconds * 1000;
  let done = 0;
  const send = async () => {
    for (; !isOver(); done++) await act();
  };
  await Promise.all(Array.from({ length: senders }, send));
  return (done * 1000) / (performance.now() - startedAt);
}

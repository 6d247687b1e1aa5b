import { expect, test } from 'vitest';
import { grouped, TookTooLong } from './group.ts';

/** The next turn of the event loop. */
const turn = () => new Promise(setImmediate);

/** A store whose writes end when told to; an item below zero is one it refuses. */
function store({ most = 100, atOnce = 1, withinMs = 10_000 } = {}) {
  const writes: number[][] = [];
  const written: number[] = [];
  let finish: (() => void)[] = [];
  const write = grouped(
    async (items: number[]) => {
      writes.push(items);
      await new Promise<void>((done) => finish.push(done));
      if (items.some((item) => item < 0)) throw new Error('refused');
      written.push(...items);
    },
    { most, atOnce, withinMs },
  );
  /** Ends every write that is under way, until none is. */
  const finishAll = async () => {
    await turn();
    while (finish.length > 0) {
      const ending = finish;
      finish = [];
      for (const end of ending) end();
      await turn();
    }
  };
  return { write, writes, written, finishAll };
}

test('what comes in one turn of the event loop is written together, and so is what comes meanwhile', async () => {
  const { write, writes, finishAll } = store({ most: 3 });
  const first = [1, 2].map(write);
  await turn();
  expect(writes).toEqual([[1, 2]]);
  const all = [...first, ...[3, 4, 5, 6].map(write)];
  await finishAll();
  await Promise.all(all);
  expect(writes).toEqual([[1, 2], [3, 4, 5], [6]]);
});

test('several writes are under way at once, and not more than that', async () => {
  const { write, writes, finishAll } = store({ atOnce: 2 });
  const all: Promise<void>[] = [];
  for (const item of [1, 2, 3, 4]) {
    all.push(write(item));
    await turn();
  }
  expect(writes).toEqual([[1], [2]]);
  await finishAll();
  await Promise.all(all);
  expect(writes).toEqual([[1], [2], [3, 4]]);
});

test('an item is done after its own write, not before', async () => {
  const { write, written, finishAll } = store();
  const seen = [1, 2, 3].map((item) => write(item).then(() => written.includes(item)));
  await finishAll();
  expect(await Promise.all(seen)).toEqual([true, true, true]);
});

test('one bad item fails alone, and the next are written as before', async () => {
  const { write, written, finishAll } = store();
  const results = Promise.allSettled([1, 2, -3, 4].map(write));
  await finishAll();
  expect((await results).map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
  ]);
  const next = write(5);
  await finishAll();
  await next;
  expect(written).toEqual([1, 2, 4, 5]);
});

test('a write that does not end fails its items and lets the next pass', async () => {
  const writes: number[][] = [];
  const write = grouped(
    (items: number[]) => {
      writes.push(items);
      return items.includes(1) ? new Promise<void>(() => undefined) : Promise.resolve();
    },
    { most: 100, atOnce: 1, withinMs: 20 },
  );
  const stuck = write(1);
  await turn();
  const next = [2, 3].map(write);
  await expect(stuck).rejects.toThrow(TookTooLong);
  await Promise.all(next);
  expect(writes).toEqual([[1], [2, 3]]);
});

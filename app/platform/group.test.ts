import { expect, test } from 'vitest';
import { grouped, TookTooLong } from './group.ts';

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
    while (finish.length > 0) {
      const ending = finish;
      finish = [];
      for (const end of ending) end();
      await new Promise(setImmediate);
    }
  };
  return { write, writes, written, finishAll };
}

test('the first item is written at once, and what comes meanwhile goes together', async () => {
  const { write, writes, finishAll } = store({ most: 3 });
  const all = [1, 2, 3, 4, 5].map(write);
  expect(writes).toEqual([[1]]);
  await finishAll();
  await Promise.all(all);
  expect(writes).toEqual([[1], [2, 3, 4], [5]]);
});

test('several writes are under way at once, and not more than that', async () => {
  const { write, writes, finishAll } = store({ atOnce: 2 });
  const all = [1, 2, 3, 4].map(write);
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
  const next = [2, 3].map(write);
  await expect(stuck).rejects.toThrow(TookTooLong);
  await Promise.all(next);
  expect(writes).toEqual([[1], [2, 3]]);
});

import { expect, test } from 'vitest';
import { crew } from './crew.ts';

/** A crew whose work on a row ends when told to. */
function watched(size: number) {
  const begun: string[] = [];
  const under = new Map<string, () => void>();
  const workers = crew(size, (id) => {
    begun.push(id);
    return new Promise((done) => under.set(id, done));
  });
  const finish = async (id: string) => {
    under.get(id)?.();
    await new Promise(setImmediate);
  };
  return { ...workers, begun, finish };
}

test('no more rows than its size are worked on, and the next begins when one is done', async () => {
  const { take, begun, finish } = watched(2);
  await take('a');
  await take('b');
  const third = take('c');
  await new Promise(setImmediate);
  expect(begun).toEqual(['a', 'b']);
  await finish('a');
  await third;
  expect(begun).toEqual(['a', 'b', 'c']);
});

test('a row asked for while it is worked on is done once more, after and not beside', async () => {
  const { take, begun, finish } = watched(8);
  await take('a');
  await take('a');
  await take('a');
  expect(begun).toEqual(['a']);
  await finish('a');
  expect(begun).toEqual(['a', 'a']);
  await finish('a');
  expect(begun).toEqual(['a', 'a']);
});

test('it is idle after the last row is done', async () => {
  const { take, idle, finish } = watched(8);
  let isIdle = false;
  await take('a');
  await take('b');
  const waiting = idle().then(() => {
    isIdle = true;
  });
  await finish('a');
  expect(isIdle).toBe(false);
  await finish('b');
  await waiting;
});

interface Waiting<Item> {
  item: Item;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * Turns a write of many items into a write of one that shares: what comes in the same turn of the event loop, or while
 * `atOnce` writes are under way, goes together into the next, at most `most` at a time. Resolves after the item's own write did. When a write of several
 * fails, each of them is written by itself, so that one bad item fails alone. An item fails when its write takes longer
 * than `withinMs`; that write may still succeed, and the ones behind it no longer wait for it.
 */
export function grouped<Item>(
  write: (items: Item[]) => Promise<void>,
  { most, atOnce, withinMs }: { most: number; atOnce: number; withinMs: number },
): (item: Item) => Promise<void> {
  let waiting: Waiting<Item>[] = [];
  let underWay = 0;

  async function writeWaiting() {
    while (waiting.length > 0) {
      const group = waiting.slice(0, most);
      waiting = waiting.slice(most);
      await settle(group);
    }
    underWay--;
  }

  async function settle(group: Waiting<Item>[]) {
    try {
      await within(withinMs, write(group.map(({ item }) => item)));
      for (const { resolve } of group) resolve();
    } catch (error) {
      if (group.length === 1 || error instanceof TookTooLong) for (const { reject } of group) reject(error);
      else await Promise.all(group.map((single) => settle([single])));
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (underWay === atOnce) return;
      underWay++;
      setImmediate(() => void writeWaiting());
    });
}

export class TookTooLong extends Error {}

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new TookTooLong(`not written within ${String(ms)} ms`));
    }, ms);
  });
  await Promise.race([work, limit]).finally(() => {
    clearTimeout(timer);
  });
}

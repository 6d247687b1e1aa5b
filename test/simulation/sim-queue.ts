interface Entry {
  at: number;
  order: number;
  act: () => void;
}

/** What happens next in virtual time: the earliest first, and what falls on one moment in the order it was entered. */
export interface EventQueue {
  add: (at: number, act: () => void) => void;
  take: () => { at: number; act: () => void } | undefined;
}

export function eventQueue(): EventQueue {
  const heap: Entry[] = [];
  let entered = 0;
  return {
    add(at, act) {
      heap.push({ at, order: entered++, act });
      rise(heap, heap.length - 1);
    },
    take() {
      const [first] = heap;
      const last = heap.pop();
      if (first && last && heap.length > 0) {
        heap[0] = last;
        sink(heap, 0);
      }
      return first;
    },
  };
}

function rise(heap: Entry[], from: number) {
  let at = from;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!swapIfEarlier(heap, at, parent)) return;
    at = parent;
  }
}

function sink(heap: Entry[], from: number) {
  let at = from;
  for (;;) {
    const left = 2 * at + 1;
    const child = isEarlier(heap[left + 1], heap[left]) ? left + 1 : left;
    if (!swapIfEarlier(heap, child, at)) return;
    at = child;
  }
}

function swapIfEarlier(heap: Entry[], low: number, high: number): boolean {
  const [below, above] = [heap[low], heap[high]];
  if (!below || !above || !isEarlier(below, above)) return false;
  heap[high] = below;
  heap[low] = above;
  return true;
}

function isEarlier(one: Entry | undefined, other: Entry | undefined): boolean {
  if (!one || !other) return false;
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

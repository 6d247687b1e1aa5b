/** A bundle with its price, where it stands among the bundles of its place. */
export interface Rung {
  id: string;
  /** What is compared with each other: a destination. */
  place: string;
  /** Null is unlimited, which is more than any amount. */
  dataBytes: bigint | null;
  /** Unlimited is not one thing: a fast and a throttled one cannot be compared, and are only with their own kind. */
  unlimited: string;
  days: number;
  /** Minor units. */
  price: number;
  /** Stays as it is, whatever the others cost. */
  isLocked: boolean;
}

export interface Raised {
  price: number;
  /** The rung that would have cost more. */
  above: string;
}

/**
 * Raises prices until none with at least the data and at least the days of another costs less than it; `roundUp` says
 * what a raised price may be. Nothing is lowered. The order of the rungs does not matter.
 */
export function climb(rungs: Rung[], roundUp: (minor: number) => number): Map<string, Raised> {
  const raised = new Map<string, Raised>();
  for (const place of groups(rungs, (rung) => rung.place)) {
    const days = [...new Set(place.map((rung) => rung.days))].sort((a, b) => a - b);
    const limited = place.filter(({ dataBytes }) => dataBytes !== null);
    const tops = climbSide(limited, { days, tops: days.map(() => null), roundUp, raised });
    const unlimited = place.filter(({ dataBytes }) => dataBytes === null);
    for (const kind of groups(unlimited, (rung) => rung.unlimited))
      climbSide(kind, { days, tops: [...tops], roundUp, raised });
  }
  return raised;
}

interface Top {
  price: number;
  id: string;
}

interface Side {
  /** Every number of days in this place, ascending. */
  days: number[];
  /** The dearest of those below, by their days: less data or as much. */
  tops: (Top | null)[];
  roundUp: (minor: number) => number;
  raised: Map<string, Raised>;
}

// By data and then days: whoever has less of both comes earlier, so one pass is enough.
function climbSide(rungs: Rung[], { days, tops, roundUp, raised }: Side): (Top | null)[] {
  const sorted = rungs.toSorted(byData);
  for (let from = 0, to = 0; from < sorted.length; from = to) {
    const first = sorted[from];
    if (!first) break;
    while (sorted[to]?.dataBytes === first.dataBytes && sorted[to]?.days === first.days) to++;
    const step = sorted.slice(from, to);
    const at = days.indexOf(first.days);
    let top: Top = first;
    for (const rung of step) top = dearer(top, rung);
    for (let below = 0; below <= at; below++) top = dearer(top, tops[below] ?? top);
    tops[at] = raiseStep(step, top, { roundUp, raised });
  }
  return tops;
}

/** Bundles of the same data and days cost the same. Answers the dearest of them. */
function raiseStep(step: Rung[], top: Top, { roundUp, raised }: Pick<Side, 'roundUp' | 'raised'>): Top {
  const open = step.filter(({ isLocked }) => !isLocked);
  // A price off the grid (a final or a locked one) may stay where nobody has to be raised to it.
  if (open.every(({ price }) => price === top.price)) return top;
  const price = roundUp(top.price);
  for (const rung of open) {
    if (rung.price === price) continue;
    raised.set(rung.id, { price, above: top.id === rung.id ? dearestBut(step, rung).id : top.id });
  }
  const id = open.reduce((least, rung) => (rung.id < least ? rung.id : least), open[0]?.id ?? top.id);
  return { price, id };
}

function dearestBut(step: Rung[], { id }: Rung): Top {
  const [first, ...others] = step.filter((other) => other.id !== id);
  return first ? others.reduce<Top>(dearer, first) : { id, price: 0 };
}

function dearer(a: Top, b: Top): Top {
  if (b.price > a.price) return b;
  return b.price === a.price && b.id < a.id ? b : a;
}

function byData(a: Rung, b: Rung): number {
  if (a.dataBytes === b.dataBytes) return a.days - b.days;
  // Unlimited ones are never compared with limited ones here.
  return (a.dataBytes ?? 0n) < (b.dataBytes ?? 0n) ? -1 : 1;
}

function groups<Item>(items: Item[], keyOf: (item: Item) => string): Item[][] {
  const found = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = found.get(key);
    if (group) group.push(item);
    else found.set(key, [item]);
  }
  return [...found.values()];
}

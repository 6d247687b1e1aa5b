export interface Crew {
  /** Resolves when the row's work has begun, or is sure to begin again after the present one. */
  take: (id: string) => Promise<void>;
  /** Resolves when nothing is being worked on. */
  idle: () => Promise<void>;
}

/**
 * Does work for rows, at most `size` rows at a time and never one row twice at once: a row that is asked for while it
 * is worked on is done once more afterwards, so that nothing which changed meanwhile is missed. `work` must not throw.
 */
export function crew(size: number, work: (id: string) => Promise<void>): Crew {
  /** The rows being worked on, and whether each was asked for again. */
  const rows = new Map<string, { again: boolean }>();
  let watchers: (() => void)[] = [];
  const change = () => new Promise<void>((done) => watchers.push(done));

  async function begin(id: string) {
    const row = { again: true };
    rows.set(id, row);
    while (row.again) {
      row.again = false;
      await work(id);
    }
    rows.delete(id);
    const told = watchers;
    watchers = [];
    for (const tell of told) tell();
  }

  return {
    take: async (id) => {
      while (!rows.has(id) && rows.size >= size) await change();
      const present = rows.get(id);
      if (present) present.again = true;
      else void begin(id);
    },
    idle: async () => {
      while (rows.size > 0) await change();
    },
  };
}

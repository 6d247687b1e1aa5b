import { z } from 'zod';
import { grouped } from '../platform/group.ts';
import { MINUTE, SECOND, sleep } from '../platform/time.ts';
import { ShopifyError } from '../shopify/shopify-error.ts';
import type { SettledItem, TaskRun } from '../tasks/run.server.ts';
import type { TaskItem } from '../tasks/task.ts';
import type { Outcome } from './counter.server.ts';

/** So many products at once use all that Shopify permits, however slowly it answers. */
const AT_ONCE = 6;
/** Items that are prepared together. */
const TOGETHER = 60;
/** A product is tried so often while Shopify does not answer; and so many in a row are a Shopify that is down. */
const TRIES = 3;
const MOST_DOWN = 5;

/**
 * Does the items of a task, several at once: `prepare` is given some and answers how to do each of them. What fails alone
 * is written on its item and the others go on. Throws `ShopifyError` when none could go on: the rest waits, and the task
 * can be taken up again.
 */
export async function workThrough(
  run: TaskRun,
  prepare: (items: TaskItem[]) => Promise<(item: TaskItem) => Promise<Outcome>>,
): Promise<void> {
  const settle = grouped<Settled>(
    (done) =>
      run.settleItems(
        done.map(({ item }) => item),
        countsOf(done),
      ),
    { most: TOGETHER, atOnce: 1, withinMs: 5 * MINUTE },
  );
  let downInARow = 0;
  for (let items = await run.nextItems(TOGETHER); items.length > 0; items = await run.nextItems(TOGETHER)) {
    const act = await prepare(items);
    let isStopped = false;
    const worker = async () => {
      try {
        for (let item = items.shift(); item && !isStopped; item = items.shift()) {
          const settled = await attempt(item, act);
          downInARow = settled.item.reason === 'down' ? downInARow + 1 : 0;
          await settle(settled);
          if (downInARow >= MOST_DOWN) throw new ShopifyError('down', 'Shopify answers nothing');
        }
      } catch (error) {
        isStopped = true;
        throw error;
      }
    };
    const workers = Array.from({ length: AT_ONCE }, worker);
    // Nobody is at work any more when the failure of one climbs.
    await Promise.allSettled(workers);
    await Promise.all(workers);
  }
}

interface Settled {
  item: SettledItem;
  count: Partial<Record<'made' | 'changed' | 'unchanged' | 'variants' | 'refused' | 'failed', number>>;
}

async function attempt(item: TaskItem, act: (item: TaskItem) => Promise<Outcome>): Promise<Settled> {
  for (let tries = 1; ; tries++) {
    try {
      return settledAs(item, await act(item));
    } catch (error) {
      if (!(error instanceof ShopifyError)) throw error;
      // Writing a product twice makes one product.
      if (error.kind === 'down' && tries < TRIES) await sleep(tries * SECOND);
      else if (error.kind === 'down' || error.kind === 'unreadable')
        return {
          item: { position: item.position, state: 'failed', reason: error.kind, messages: [] },
          count: { failed: 1 },
        };
      else throw error;
    }
  }
}

const before = z.record(z.string(), z.json()).catch({});

function settledAs({ position, detail }: TaskItem, outcome: Outcome): Settled {
  if (outcome.status === 'refused') {
    const { reason, messages } = outcome;
    return { item: { position, state: 'refused', reason, messages }, count: { refused: 1 } };
  }
  const { status, ...result } = outcome;
  return {
    item: {
      position,
      state: 'done',
      reason: null,
      messages: [],
      detail: { ...before.parse(detail), result: { status, ...result } },
    },
    count: { [status]: 1, variants: outcome.added },
  };
}

function countsOf(done: Settled[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { count } of done)
    for (const [name, value] of Object.entries(count)) counts[name] = (counts[name] ?? 0) + value;
  return counts;
}

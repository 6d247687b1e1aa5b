import { retryUnit } from '../orders/release.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { closeUnit, giveAnotherBundle } from './close-unit.server.ts';

/** A unit that waits, as a person saw it: `since` is when that wait began, in ISO 8601. */
export interface Wait {
  unitId: string;
  since: string;
}

/** How many of the waits a person chose were acted on. The others had moved on meanwhile, and were left alone. */
export interface Outcome {
  done: number;
  movedOn: number;
}

/** Lets held units go on, each by itself: one that another person was faster with does not stop the others. */
export function releaseAll(shop: Shop, waits: Wait[], by: string): Promise<Outcome> {
  return each(waits, ({ unitId, since }) => retryUnit(shop, unitId, { since, by }));
}

/** Buys new eSIMs for top-ups that wait: what their buyers paid for was another thing, so a person must mean it. */
export function buyNewEsims(shop: Shop, waits: Wait[], by: string): Promise<Outcome> {
  return each(waits, ({ unitId, since }) => retryUnit(shop, unitId, { since, by, asNewEsim: true }));
}

export function closeAll(shop: Shop, waits: Wait[], act: { note: string; by: string }): Promise<Outcome> {
  return each(waits, async (wait) => (await closeUnit(shop, { ...wait, ...act })).status === 'done');
}

/** `unknown-bundle`: the shop has no such bundle on sale. `other-supplier`: it does not go with what it should top up. Nothing was changed. */
export async function giveAll(
  shop: Shop,
  waits: Wait[],
  act: { bundleId: string; by: string },
): Promise<Outcome | 'unknown-bundle' | 'other-supplier'> {
  const outcomes = new Set<string>();
  const outcome = await each(waits, async (wait) => {
    const { status } = await giveAnotherBundle(shop, { ...wait, ...act });
    outcomes.add(status);
    return status === 'done';
  });
  if (outcome.done > 0) return outcome;
  if (outcomes.has('other-supplier')) return 'other-supplier';
  return outcomes.has('unknown-bundle') ? 'unknown-bundle' : outcome;
}

async function each(waits: Wait[], act: (wait: Wait) => Promise<boolean>): Promise<Outcome> {
  let done = 0;
  // The same wait twice in one form is one wait: the second finds it moved on.
  for (const wait of waits) if (await act(wait)) done++;
  return { done, movedOn: waits.length - done };
}

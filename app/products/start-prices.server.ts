import type { Shop } from '../shopify/shops.server.ts';
import { db } from '../platform/db.server.ts';
import { decimalFromMoney } from '../platform/money.ts';
import { listItems, listTasks } from '../tasks/queries.server.ts';
import { cancelTask, resumeTask, startTask, type NewItem } from '../tasks/start.server.ts';
import { isFinished, type TaskProgress } from '../tasks/task.ts';
import { previewPrices, type PreviewRow } from './price-preview.server.ts';
import { applyInput, FOLLOWING, priceChange, type PriceChange } from './price-task.ts';

export type Started =
  | { status: 'started'; taskId: string; count: number }
  /** The same or another application of the shop is under way. */
  | { status: 'under-way'; taskId: string }
  | { status: 'refused'; reason: 'nothing-to-do' | 'looks-different' };

/**
 * Begins to write the prices that a preview showed; `version` names it, and another one is refused: nobody gets prices
 * they did not see. `only` picks variants, `overwrite` those of which the merchant's own price in Shopify is given up.
 */
export async function startApplying(
  shop: Shop,
  {
    version,
    only,
    overwrite,
    askedBy,
  }: { version: string; only: string[] | null; overwrite: string[]; askedBy: string },
): Promise<Started> {
  const preview = await previewPrices(shop);
  if (preview.version !== version) return { status: 'refused', reason: 'looks-different' };
  const items = preview.rows
    .filter(({ variantGid }) => only === null || only.includes(variantGid))
    .filter(({ variantGid, foundMinor, change }) =>
      foundMinor === null ? change !== 'none' : overwrite.includes(variantGid),
    )
    .flatMap((row) => changeItem(row, overwrite.includes(row.variantGid)));
  return begin(shop, { items, askedBy });
}

/** The item that writes what a row of the preview says; none where there is nothing to write. */
export function changeItem(row: PreviewRow, overwrite: boolean): NewItem[] {
  const { next, item, bundle, variantGid, productGid, priceMinor, mappedCost, title } = row;
  if (next.status === 'refused' || next.decidedBy.by === 'lock') return [];
  const detail: PriceChange = {
    ...{ productGid, bundleId: bundle.id, old: priceMinor, new: next.price.amount, overwrite },
    ...{ currency: next.price.currency, cost: item.cost.amount, oldCost: mappedCost },
    shopCost: decimalFromMoney(next.cost),
  };
  return [{ subject: variantGid, title, detail }];
}

/** The application that can be taken back: the newest of which any price stands. Null when there is none. */
export async function lastApplication(shop: { id: string }): Promise<TaskProgress | null> {
  for (const task of await listTasks(shop, { kind: 'prices.apply', most: 20 })) {
    if (!isFinished(task.state)) continue;
    if (applyInput.parse(await inputOf(shop, task.id)).undoes !== undefined) continue;
    const { byState } = await listItems(shop, task.id, { page: 1, perPage: 1 });
    if ((byState.done ?? 0) > 0) return task;
  }
  return null;
}

/** Begins to take an application back, where the shop still has the price it wrote. */
export async function startUndoing(
  shop: Shop,
  { taskId, askedBy }: { taskId: string; askedBy: string },
): Promise<Started> {
  const last = await lastApplication(shop);
  if (last?.id !== taskId) return { status: 'refused', reason: 'looks-different' };
  const rows = await db.taskItem.findMany({
    where: { shopId: shop.id, taskId, state: 'done' },
    orderBy: { position: 'asc' },
  });
  const items = rows.flatMap(({ subject, title, detail }) => {
    const change = priceChange.parse(detail);
    if (change.old === null) return [];
    const back: PriceChange = {
      ...change,
      ...{ old: change.new, new: change.old, shopCost: null, overwrite: false },
      ...{ cost: change.oldCost ?? change.cost, oldCost: change.cost },
    };
    return [{ subject, title, detail: back }];
  });
  return begin(shop, { items, askedBy, input: { undoes: taskId } });
}

async function begin(
  shop: Shop,
  { items, askedBy, input = {} }: { items: NewItem[]; askedBy: string; input?: { undoes: string } | object },
): Promise<Started> {
  if (items.length === 0) return { status: 'refused', reason: 'nothing-to-do' };
  const { taskId, isNew } = await startTask(shop, {
    kind: 'prices.apply',
    askedBy,
    items,
    input: { ...input },
  });
  return isNew ? { status: 'started', taskId, count: items.length } : { status: 'under-way', taskId };
}

/** The changes of price that wait for a person; null when none do. */
export async function waitingChanges(shop: { id: string }): Promise<TaskProgress | null> {
  const [task] = await listTasks(shop, { kind: 'prices.apply', subject: FOLLOWING, most: 1 });
  return task?.state === 'waiting' ? task : null;
}

/** Lets waiting changes happen, or drops them. False when they do not wait (any more). */
export async function decideChanges(
  shop: { id: string },
  { taskId, approve }: { taskId: string; approve: boolean },
): Promise<boolean> {
  const waiting = await waitingChanges(shop);
  if (waiting?.id !== taskId) return false;
  if (approve) return resumeTask(shop, taskId);
  await cancelTask(shop, taskId);
  return true;
}

async function inputOf(shop: { id: string }, taskId: string): Promise<unknown> {
  const task = await db.task.findFirst({ where: { id: taskId, shopId: shop.id }, select: { input: true } });
  return task?.input ?? {};
}

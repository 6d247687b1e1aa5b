import { db } from '../platform/db.server.ts';
import { failpoint } from '../platform/failpoint.server.ts';
import { withLease } from '../platform/lease.server.ts';
import { decimalFromMoney, moneyFromDecimal } from '../platform/money.ts';
import { SECOND, sleep } from '../platform/time.ts';
import { adminOf, type Admin } from '../shopify/admin.server.ts';
import { writeVariants } from '../shopify/products.server.ts';
import { shopById } from '../shopify/shops.server.ts';
import { findVariants } from '../shopify/variants.server.ts';
import type { SettledItem, TaskRun } from '../tasks/run.server.ts';
import type { TaskItem } from '../tasks/task.ts';
import { markUndone } from '../tasks/undone.server.ts';
import { applyInput, priceChange, type NotWritten, type PriceChange } from './price-task.ts';

/**
 * Writes the prices of a task `prices.apply` into Shopify, product by product. A price that is not the one we wrote last
 * is the merchant's and stays, unless they chose otherwise. Run again after a crash it finds its own prices written, and
 * goes on. Of a shop's tasks one writes at a time.
 */
export async function applyPrices(run: TaskRun): Promise<void> {
  while ((await withLease(`prices ${run.shopId}`, () => writeAll(run))) === 'taken') {
    await sleep(SECOND);
    await run.save({});
  }
}

/** The most variants a product has. */
const MOST_VARIANTS = 2048;

async function writeAll(run: TaskRun): Promise<void> {
  const admin = adminOf((await shopById(run.shopId)).domain);
  for (;;) {
    const items = await run.nextItems(MOST_VARIANTS);
    const [first] = items;
    if (!first) return;
    const products = byProduct(items);
    for (const [productGid, changes] of products) {
      // What was read may end in the middle of a product: it comes again as a whole.
      if (items.length === MOST_VARIANTS && products.size > 1 && changes.at(-1) === items.at(-1)) break;
      await writeProduct(run, admin, { productGid, items: changes });
    }
  }
}

function byProduct(items: TaskItem[]): Map<string, TaskItem[]> {
  const products = new Map<string, TaskItem[]>();
  for (const item of items) {
    const { productGid } = priceChange.parse(item.detail);
    products.set(productGid, [...(products.get(productGid) ?? []), item]);
  }
  return products;
}

interface Written extends PriceChange {
  item: TaskItem;
}

async function writeProduct(
  run: TaskRun,
  admin: Admin,
  { productGid, items }: { productGid: string; items: TaskItem[] },
): Promise<void> {
  const asked = items.map((item) => ({ item, ...priceChange.parse(item.detail) }));
  const { ready, refused } = await check(run, admin, asked);
  const writes = ready.map(({ item, ...change }) => ({
    variantGid: item.subject,
    price: decimalFromMoney({ amount: change.new, currency: change.currency }),
    ...(change.shopCost !== null && { cost: change.shopCost }),
  }));
  const refusals = writes.length === 0 ? [] : await writeVariants(admin, productGid, writes);
  for (const { variantGid, reason, message } of refusals) {
    const item = items.find(({ subject }) => subject === variantGid);
    if (item) refused.push(refusal(item, reason === 'gone' ? 'gone' : 'shopify', [message]));
  }
  const failed = new Set(refused.map(({ position }) => position));
  const written = ready.filter(({ item }) => !failed.has(item.position));
  failpoint('prices.written');
  await remember(run, written);
  await run.settleItems(
    [...refused, ...written.map(({ item }) => ({ position: item.position, state: 'done' as const }))],
    { written: written.length, refused: refused.length },
  );
}

async function check(
  run: TaskRun,
  admin: Admin,
  asked: Written[],
): Promise<{ ready: Written[]; refused: SettledItem[] }> {
  const gids = asked.map(({ item }) => item.subject);
  const [seen, mappings] = await Promise.all([
    findVariants(admin, gids),
    db.variantMapping.findMany({ where: { shopId: run.shopId, variantGid: { in: gids } } }),
  ]);
  const prices = new Map(seen.map(({ variantGid, price }) => [variantGid, price]));
  const ready: Written[] = [];
  const refused: SettledItem[] = [];
  for (const change of asked) {
    const { item } = change;
    const price = prices.get(item.subject);
    const mapping = mappings.find(({ variantGid }) => variantGid === item.subject);
    if (price === undefined || !mapping) {
      refused.push(refusal(item, 'gone'));
      continue;
    }
    const current = moneyFromDecimal(price, change.currency).amount;
    if (mapping.priceLocked) refused.push(refusal(item, 'locked'));
    else if (isOurs(change, current) || change.overwrite) ready.push(change);
    else {
      await noteFound(run, item.subject, mapping.priceMinor === current ? null : current);
      refused.push(refusal(item, 'changed-in-shopify'));
    }
  }
  return { ready, refused };
}

// The new price is there already when an earlier process wrote it and died.
function isOurs(change: PriceChange, current: number): boolean {
  return change.old === null || current === change.old || current === change.new;
}

function refusal({ position }: TaskItem, reason: NotWritten, messages: string[] = []): SettledItem {
  return { position, state: 'refused', reason, messages };
}

async function noteFound({ shopId }: TaskRun, variantGid: string, foundMinor: number | null) {
  await db.variantMapping.updateMany({ where: { shopId, variantGid }, data: { foundMinor } });
}

// Before the items are settled: a process that dies in between writes the same prices again.
async function remember(run: TaskRun, written: Written[]): Promise<void> {
  const { shopId } = run;
  const { undoes } = applyInput.parse(run.input);
  await db.$transaction(async (tx) => {
    for (const { item, cost, bundleId, ...change } of written) {
      const variant = { shopId, variantGid: item.subject };
      await tx.variantMapping.updateMany({
        where: variant,
        data: {
          ...{ priceMinor: change.new, currency: change.currency, foundMinor: null },
          // A price that was taken back is left as it is until the cost changes again.
          ...(undoes === undefined && { pricedCost: cost }),
        },
      });
      // What a sale may cost: the guard before money moves compares with it (orders/guards.ts).
      await tx.variantMapping.updateMany({ where: { ...variant, bundleId }, data: { mappedCost: cost } });
      await tx.mappingSubstitute.updateMany({
        where: { shopId, bundleId, mapping: variant },
        data: { mappedCost: cost },
      });
    }
    if (undoes !== undefined) {
      const subjects = written.map(({ item }) => item.subject);
      await markUndone({ id: shopId }, undoes, subjects, tx);
    }
  });
}

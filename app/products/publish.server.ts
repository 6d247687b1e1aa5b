import { z } from 'zod';
import type { Shop } from '../shopify/shops.server.ts';
import { shopById } from '../shopify/shops.server.ts';
import type { TaskWork } from '../tasks/run.server.ts';
import { listItems } from '../tasks/queries.server.ts';
import { startTask } from '../tasks/start.server.ts';
import type { TaskItem } from '../tasks/task.ts';
import { openCounter, orRefusal, refused } from './counter.server.ts';
import { makeProduct } from './make.server.ts';
import { planProducts, type Plan, type PublishWish } from './plan.server.ts';
import { alternatives, everyBundle, shapes } from './shapes.ts';
import { updateProduct } from './update.server.ts';
import { workThrough } from './work-through.server.ts';

/**
 * Begins to make products of bundles, or says why nothing can be made of any. `isNew` false: another publishing is under
 * way, and nothing was added to it.
 */
export async function startPublishing(
  shop: Shop,
  wish: PublishWish,
  askedBy: string | null = null,
): Promise<
  { status: 'started'; taskId: string; isNew: boolean } | { status: 'nothing'; refused: Plan['refused'] }
> {
  const plan = await planProducts(shop, wish);
  if (plan.products.length === 0) return { status: 'nothing', refused: plan.refused };
  const { shape, alternatives: between } = wish;
  const asked = new Set(wish.bundleIds);
  const started = await startTask(shop, {
    ...{ kind: 'products.publish', askedBy },
    items: plan.products.map(({ key, facts, rendered, variants }) => ({
      subject: key,
      title: rendered.status === 'rendered' ? rendered.texts.title : facts.destination,
      detail: {
        ...{ shape, alternatives: between },
        bundleIds: variants
          .flatMap(everyBundle)
          .map(({ id }) => id)
          .filter((id) => asked.has(id)),
      },
    })),
  });
  return { status: 'started', ...started };
}

/** Asks once more for the products of a task that could not be made; null when there are none. */
export async function publishAgain(shop: Shop, taskId: string, askedBy: string | null = null) {
  const { items } = await listItems(shop, taskId, {
    ...{ states: ['refused', 'failed'], page: 1, perPage: MOST_AGAIN },
  });
  const asked = items.map(askedFor);
  const [first] = asked;
  if (!first) return null;
  return startPublishing(shop, { ...first, bundleIds: asked.flatMap(({ bundleIds }) => bundleIds) }, askedBy);
}

const MOST_AGAIN = 10_000;

/** The task: makes the products of its items, and brings those that exist up to what is planned. */
export const publishProducts: TaskWork = async (run) => {
  const shop = await shopById(run.shopId);
  const counter = await openCounter(shop);
  await workThrough(run, async (items) => {
    const asked = items.map(askedFor);
    const plan = await planProducts(shop, {
      // A task makes all its products in one way.
      ...(asked[0] ?? nothing),
      bundleIds: asked.flatMap(({ bundleIds }) => bundleIds),
    });
    const products = new Map(plan.products.map((product) => [product.key, product]));
    const why = new Map(plan.refused.map(({ bundleId, reason }) => [bundleId, reason]));
    return (item) => {
      const product = products.get(item.subject);
      if (!product) {
        const [first] = askedFor(item).bundleIds;
        return Promise.resolve(refused(why.get(first ?? '') ?? 'unknown-bundle'));
      }
      const { known } = product;
      return orRefusal(
        known?.state === 'live' ? updateProduct(counter, product, known) : makeProduct(counter, product),
      );
    };
  });
};

const nothing: PublishWish = { bundleIds: [], shape: 'destination', alternatives: 'substitutes' };

const detail = z
  .object({ bundleIds: z.array(z.string()), shape: z.enum(shapes), alternatives: z.enum(alternatives) })
  .catch(nothing);

const askedFor = (item: TaskItem): PublishWish => detail.parse(item.detail);

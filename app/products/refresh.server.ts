import { db } from '../platform/db.server.ts';
import { shopById, type Shop } from '../shopify/shops.server.ts';
import type { TaskWork } from '../tasks/run.server.ts';
import { startTask } from '../tasks/start.server.ts';
import { openCounter, orRefusal, refused, type Outcome } from './counter.server.ts';
import { planProducts, type PlannedProduct } from './plan.server.ts';
import { shapes, type Shape } from './shapes.ts';
import { updateProduct } from './update.server.ts';
import { workThrough } from './work-through.server.ts';
import { fieldChanges, ownerOf, type ComparedField, type ProductTexts } from './written.ts';
import { productTemplate } from './template.server.ts';

/** What a look at all products would write, as far as can be said without asking Shopify. */
export interface RefreshPreview {
  products: number;
  /** Those of which some text is new. */
  changing: {
    title: string;
    fields: ComparedField[];
    newTitle: string;
    /** Texts of the merchant's that are written over, because they are to be the app's. */
    over: ComparedField[];
  }[];
}

/** Compares the texts of the shop's products with what the app last wrote of them. */
export async function previewRefresh(shop: Shop): Promise<RefreshPreview> {
  const [template, products] = await Promise.all([productTemplate(shop), liveProducts(shop)]);
  const planned = await planOf(
    shop,
    products.map(({ key }) => key),
  );
  const changing = [...planned.values()].flatMap(({ rendered, known }) => {
    if (rendered.status === 'invalid' || !known) return [];
    const { kept, fields: wrote, owners } = known.written;
    // As if Shopify had what we wrote: what the merchant changed since is found by the look itself.
    const seen: ProductTexts = { ...rendered.texts, ...wrote };
    const { changes } = fieldChanges(rendered.texts, seen, known.written, template);
    // The keys are those of compared fields.
    const fields = (Object.keys(changes) as ComparedField[]).filter((field) => !kept.includes(field));
    const over = kept.filter((field) => ownerOf(field, template, owners) === 'ours');
    if (fields.length + over.length === 0) return [];
    return [{ title: known.title, fields, newTitle: rendered.texts.title, over }];
  });
  return { products: products.length, changing };
}

/** Begins to look at all products the app made, and to write the texts that are still the app's. */
export async function startRefresh(
  shop: Shop,
  askedBy: string | null = null,
): Promise<{ status: 'started'; taskId: string } | { status: 'nothing' }> {
  const products = await liveProducts(shop);
  if (products.length === 0) return { status: 'nothing' };
  const items = products.map(({ key, title }) => ({ subject: key, title }));
  const { taskId } = await startTask(shop, { kind: 'products.refresh', items, askedBy });
  return { status: 'started', taskId };
}

/** The task: looks at each product, forgets what was deleted in Shopify, and writes the texts that are the app's. */
export const refreshProducts: TaskWork = async (run) => {
  const shop = await shopById(run.shopId);
  const counter = await openCounter(shop);
  await workThrough(run, async (items) => {
    const planned = await planOf(
      shop,
      items.map(({ subject }) => subject),
    );
    return ({ subject }) => {
      const product = planned.get(subject);
      if (product?.known?.state !== 'live') return whyNotLive(shop, subject);
      return orRefusal(updateProduct(counter, product, product.known));
    };
  });
};

/** It was deleted since the task began, or the merchant unmapped all it sold. */
async function whyNotLive(shop: Shop, key: string): Promise<Outcome> {
  const isLive = await db.product.count({ where: { shopId: shop.id, key, state: 'live' } });
  return refused(isLive > 0 ? 'no-variants' : 'deleted');
}

function liveProducts(shop: Shop): Promise<{ key: string; title: string }[]> {
  return db.product.findMany({
    where: { shopId: shop.id, state: 'live' },
    select: { key: true, title: true },
    orderBy: [{ title: 'asc' }, { id: 'asc' }],
  });
}

/** Products with what they sell and nothing more. */
export async function planOf(shop: Shop, keys: string[]): Promise<Map<string, PlannedProduct>> {
  const mappings = await db.variantMapping.findMany({
    where: { shopId: shop.id, product: { key: { in: keys }, state: 'live' } },
    select: { bundleId: true, product: { select: { key: true, shape: true } } },
  });
  const planned = new Map<string, PlannedProduct>();
  for (const shape of shapes) {
    const own = mappings.filter(({ product }) => product?.shape === (shape satisfies Shape));
    const plan = await planProducts(shop, {
      ...{ shape, alternatives: 'substitutes' },
      bundleIds: own.map(({ bundleId }) => bundleId),
    });
    for (const product of plan.products) if (keys.includes(product.key)) planned.set(product.key, product);
  }
  return planned;
}

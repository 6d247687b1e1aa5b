import { db } from '../platform/db.server.ts';
import {
  addVariants,
  reorderOptions,
  type NewVariant,
  type OptionValues,
} from '../shopify/product-set.server.ts';
import {
  deleteMetafields,
  readProduct,
  updateFields,
  writeMetafields,
  type ProductState,
  type VariantState,
} from '../shopify/product-state.server.ts';
import { refused, type Counter, type Outcome } from './counter.server.ts';
import { forgetProduct, forgetVariants } from './forget.server.ts';
import { newVariant, titleOf } from './new-variant.ts';
import { valueOrder } from './option-order.ts';
import { pictureFor } from './picture.server.ts';
import { withoutBundles, type KnownProduct, type PlannedBundle, type PlannedProduct } from './plan.server.ts';
import { rememberProduct } from './remember.server.ts';
import { optionValues, type ShapedVariant } from './shapes.ts';
import type { Texts } from './template.ts';
import { afterWriting, fieldChanges, type Written } from './written.ts';

/**
 * Brings a product that exists up to what is planned, by narrow changes: adds the variants it lacks, and writes the texts
 * that are still the app's. What the merchant made or changed stays. A product, or a variant, that was deleted in Shopify
 * is noticed and not made again. Throws `ShopifyError`; trying again is then safe.
 */
export async function updateProduct(
  counter: Counter,
  product: PlannedProduct,
  known: KnownProduct,
): Promise<Outcome> {
  const { shop, admin, template } = counter;
  const state = await readProduct(admin, known.productGid);
  if (!state) {
    await forgetProduct(shop, known.productGid);
    return refused('deleted');
  }
  const { sold, gone } = await lookAtVariants(counter, known, state);
  const plan = gone.size === 0 ? product : await withoutBundles(shop, template, product, gone);
  if (!plan) return refused('no-variants');
  const outcome = await bringUpTo(counter, plan, known, state, sold);
  return outcome.status === 'refused' ? outcome : { ...outcome, gone: gone.size };
}

async function bringUpTo(
  counter: Counter,
  product: PlannedProduct,
  known: KnownProduct,
  state: ProductState,
  sold: Map<string, string>,
): Promise<Outcome> {
  const { shop, admin, template } = counter;
  if (product.rendered.status === 'invalid') return refused('texts', Object.values(product.rendered.fields));
  const { texts } = product.rendered;
  const speak = dialect(product, sold, state);
  const { missing, found, taken } = compare(product, sold, state, speak);
  if (missing.length > 0 && !hasOurOptions(product, known, state)) return refused('options-changed');
  const { added, options } = await add(counter, known, state, missing);
  await inOrder(counter, { product, known, state, options, speak });
  const { changes, kept } = fieldChanges(texts, state.fields, known.written, template);
  const picture = needsPicture(counter, known, state) ? pictureFor(product.facts, texts.title) : null;
  const written = await writeTexts(counter, known, { changes, picture, seen: state.fields });
  const metafields = product.metafields.filter(({ key, value }) => known.written.metafields[key] !== value);
  if (metafields.length > 0) await writeMetafields(admin, known.productGid, metafields);
  const isGone = (key: string) => !product.metafields.some((each) => each.key === key);
  const goneKeys = Object.keys(known.written.metafields).filter(isGone);
  if (goneKeys.length > 0)
    await deleteMetafields(admin, known.productGid, { namespace: '$app', keys: goneKeys });
  const standing = product.variants.flatMap((variant) => {
    const variantGid = sold.get(variant.bundle.id);
    return variantGid === undefined ? [] : [{ variant, variantGid }];
  });
  await rememberProduct(shop, product, {
    ...{ productGid: known.productGid, handle: known.handle },
    ...{ title: written.title, pictureGid: written.pictureGid },
    written: {
      ...written.texts,
      ...{ options: known.written.options, kept, bundleIds: [] },
      metafields: Object.fromEntries(product.metafields.map(({ key, value }) => [key, value])),
    },
    variants: [...standing, ...found, ...added],
  });
  const isChanged =
    added.length + found.length + metafields.length + goneKeys.length + Object.keys(changes).length > 0 ||
    picture !== null;
  return {
    status: isChanged ? 'changed' : 'unchanged',
    ...{ productGid: known.productGid, added: added.length + found.length, gone: 0, taken, kept },
  };
}

/** Which variant sells each bundle (by its id), and the bundles whose variant the merchant deleted. */
async function lookAtVariants({ shop }: Counter, known: KnownProduct, state: ProductState) {
  const rows = await db.variantMapping.findMany({
    where: { shopId: shop.id, productGid: known.productGid },
    select: { bundleId: true, variantGid: true },
  });
  const there = new Set(state.variants.map(({ variantGid }) => variantGid));
  const deleted = rows.filter(({ variantGid }) => !there.has(variantGid));
  await forgetVariants(
    shop,
    deleted.map(({ variantGid }) => variantGid),
  );
  const sold = new Map(
    rows.filter(({ variantGid }) => there.has(variantGid)).map((row) => [row.bundleId, row.variantGid]),
  );
  const gone = deleted.map(({ bundleId }) => bundleId).filter((id) => !sold.has(id));
  return { sold, gone: new Set(gone) };
}

/** Shopify would make a variant without a value for an option the merchant added, and of values swapped as theirs are. */
function hasOurOptions({ options }: PlannedProduct, { written }: KnownProduct, state: ProductState): boolean {
  const isSwapped = written.options.some(
    (name, index) => state.options[index] !== name && state.options.includes(name),
  );
  return options.length === state.options.length && !isSwapped;
}

interface Missing {
  variant: ShapedVariant<PlannedBundle>;
  /** Its values in the words that the product uses now. */
  wanted: NewVariant;
}

/** What the product lacks of the plan; what it has of it without our knowing; and what the merchant made instead. */
function compare(product: PlannedProduct, sold: Map<string, string>, state: ProductState, speak: Dialect) {
  const unsold = new Map(state.variants.map((each) => [each.values.join(' / '), each]));
  const missing: Missing[] = [];
  const found: { variant: ShapedVariant<PlannedBundle>; variantGid: string }[] = [];
  let taken = 0;
  for (const variant of product.variants) {
    const wanted = newVariant(variant);
    if (!wanted || sold.has(variant.bundle.id)) continue;
    const values = wanted.values.map((value, index) => speak(index, value));
    const there = unsold.get(values.length === 0 ? titleOf(variant) : values.join(' / '));
    if (!there) missing.push({ variant, wanted: { ...wanted, values } });
    // The answer that told of it was lost.
    else if (there.sku === wanted.sku) found.push({ variant, variantGid: there.variantGid });
    else taken++;
  }
  return { missing, found, taken };
}

type Dialect = (index: number, value: string) => string;

/** The merchant may have renamed "1 GB" to "1 Gigabyte": a new variant of it takes the new name. */
function dialect(product: PlannedProduct, sold: Map<string, string>, { variants }: ProductState): Dialect {
  const byGid = new Map(variants.map((each): [string, VariantState] => [each.variantGid, each]));
  const names = new Map<string, string>();
  for (const { bundle, values } of product.variants) {
    const now = byGid.get(sold.get(bundle.id) ?? '')?.values ?? [];
    if (now.length !== values.length) continue;
    values.forEach((value, index) => names.set(`${String(index)} ${value}`, now[index] ?? value));
  }
  return (index: number, value: string) => names.get(`${String(index)} ${value}`) ?? value;
}

async function add({ admin }: Counter, known: KnownProduct, { options }: ProductState, missing: Missing[]) {
  if (missing.length === 0) return { added: [], options: [] };
  const { made, options: now } = await addVariants(admin, known.productGid, {
    options,
    variants: missing.map(({ wanted }) => wanted),
  });
  const byTitle = new Map(made.map(({ title, variantGid }) => [title, variantGid]));
  const added = missing.flatMap(({ variant, wanted }) => {
    const variantGid = byTitle.get(titleOf(wanted));
    return variantGid === undefined ? [] : [{ variant, variantGid }];
  });
  return { added, options: now };
}

/** Shopify puts new values behind the others: where the order was ours they come to stand by their size. */
async function inOrder(
  { admin }: Counter,
  {
    product,
    known,
    state,
    options,
    speak,
  }: {
    product: PlannedProduct;
    known: KnownProduct;
    state: ProductState;
    /** As they are after variants were added; none when none were. */
    options: OptionValues[];
    speak: Dialect;
  },
): Promise<void> {
  const wanted = optionValues(product);
  const orders = options.map(({ values }, index) => {
    const before = new Set(state.variants.map((variant) => variant.values[index]));
    return valueOrder(values, {
      wanted: (wanted[index] ?? []).map((value) => speak(index, value)),
      added: new Set(values.filter((value) => !before.has(value))),
    });
  });
  if (orders.every((order) => order === null)) return;
  await reorderOptions(
    admin,
    known.productGid,
    options.map(({ name, values }, index) => ({ name, values: orders[index] ?? values })),
  );
}

function needsPicture({ template }: Counter, known: KnownProduct, state: ProductState): boolean {
  return template.pictures && known.pictureGid === null && !state.hasPicture;
}

async function writeTexts(
  { admin }: Counter,
  known: KnownProduct,
  {
    changes,
    picture,
    seen,
  }: { changes: Partial<Texts>; picture: ReturnType<typeof pictureFor> | null; seen: ProductState['fields'] },
): Promise<{ title: string; texts: Pick<Written, 'fields' | 'asked'>; pictureGid: string | null }> {
  if (Object.keys(changes).length === 0 && !picture)
    return { title: seen.title, texts: known.written, pictureGid: known.pictureGid };
  const after = await updateFields(admin, known.productGid, { fields: changes, picture });
  return {
    title: after.fields.title,
    texts: afterWriting(known.written, changes, after.fields),
    pictureGid: picture ? after.pictureGid : known.pictureGid,
  };
}

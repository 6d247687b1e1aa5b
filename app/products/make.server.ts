import { failpoint } from '../platform/failpoint.server.ts';
import { createProduct, findByHandle, publishOn } from '../shopify/product-set.server.ts';
import { refused, type Counter, type Outcome } from './counter.server.ts';
import { pictureFor } from './picture.server.ts';
import type { PlannedProduct } from './plan.server.ts';
import { rememberProduct } from './remember.server.ts';
import { optionValues } from './shapes.ts';
import { newVariant, titleOf } from './new-variant.ts';
import { updateProduct } from './update.server.ts';
import { afterWriting } from './written.ts';

/**
 * Makes a product and puts it in the sales channels. One that a lost answer made is found by its handle and our mark on it,
 * and taken up as it is; a handle that is somebody else's is left alone. Throws `ShopifyError`; trying again is then safe.
 */
export async function makeProduct(counter: Counter, product: PlannedProduct): Promise<Outcome> {
  const { shop, admin, template, channels } = counter;
  if (product.rendered.status === 'invalid') return refused('texts', Object.values(product.rendered.fields));
  if (channels.length === 0) return refused('no-online-store');
  const { texts } = product.rendered;
  const place = await freeHandle(counter, texts.handle, product.key);
  if (!place) return refused('handle-taken');
  const { handle } = place;
  if (place.productGid !== null) {
    const { productGid } = place;
    await publishOn(admin, productGid, channels);
    const written = {
      ...afterWriting({ fields: {}, asked: {} }, texts, texts),
      options: product.options,
      ...{ metafields: {}, kept: [], bundleIds: [] },
    };
    const id = await rememberProduct(shop, product, {
      ...{ productGid, handle, title: texts.title, written, pictureGid: null, variants: [] },
    });
    const known = {
      id,
      productGid,
      handle,
      title: texts.title,
      state: 'live' as const,
      written: { ...written, owners: product.known?.written.owners ?? {} },
      pictureGid: null,
    };
    return updateProduct(counter, { ...product, known }, known);
  }
  const made = await createProduct(admin, {
    ...texts,
    ...{ handle, status: template.status, options: optionsOf(product) },
    variants: product.variants.flatMap((variant) => newVariant(variant) ?? []),
    metafields: product.metafields,
    picture: template.pictures ? pictureFor(product.facts, texts.title) : null,
  });
  await publishOn(admin, made.productGid, channels);
  failpoint('product.published');
  const byTitle = new Map(made.variants.map(({ title, variantGid }) => [title, variantGid]));
  const variants = product.variants.flatMap((variant) => {
    const variantGid = byTitle.get(titleOf(variant)) ?? null;
    return variantGid === null ? [] : [{ variant, variantGid }];
  });
  await rememberProduct(shop, product, {
    ...{
      productGid: made.productGid,
      handle,
      title: made.fields.title,
      pictureGid: made.pictureGid,
      variants,
    },
    written: {
      ...afterWriting({ fields: {}, asked: {} }, texts, made.fields),
      options: product.options,
      metafields: Object.fromEntries(product.metafields.map(({ key, value }) => [key, value])),
      ...{ kept: [], bundleIds: [] },
    },
  });
  const { productGid } = made;
  return { status: 'made', productGid, added: variants.length, gone: 0, taken: 0, kept: [] };
}

function optionsOf(product: PlannedProduct) {
  const values = optionValues(product);
  return product.options.map((name, index) => ({ name, values: values[index] ?? [] }));
}

/** Addresses asked for before giving up: the template's, and with a number behind it. */
const MOST_TRIES = 30;

/**
 * A handle nobody has, or the product that has it when it is the one we were about to make; null: all are taken. Two
 * products made at once may wish for the same one, and Shopify knows of neither yet.
 */
async function freeHandle(
  { admin, reserved }: Counter,
  wish: string,
  key: string,
): Promise<{ handle: string; productGid: string | null } | null> {
  for (let number = 1, tries = 0; tries < MOST_TRIES; number++) {
    const handle = number === 1 ? wish : `${wish}-${String(number)}`;
    if ((reserved.get(handle) ?? key) !== key) continue;
    reserved.set(handle, key);
    tries++;
    const found = await findByHandle(admin, handle);
    if (!found) return { handle, productGid: null };
    if (found.madeFor === key) return { handle, productGid: found.productGid };
  }
  return null;
}

import { db, type Prisma, type Transaction } from '../platform/db.server.ts';
import { currentTime } from '../platform/time.ts';
import type { PlannedBundle, PlannedProduct } from './plan.server.ts';
import type { ShapedVariant } from './shapes.ts';
import { readWritten, type Written } from './written.ts';

export interface Remembered {
  productGid: string;
  handle: string;
  title: string;
  written: Omit<Written, 'owners'>;
  pictureGid: string | null;
  /** Variants that sell their bundle from now on, and those that do already and got new substitutes. */
  variants: { variant: ShapedVariant<PlannedBundle>; variantGid: string }[];
}

/**
 * Writes a product and what its variants sell, in one commit; answers its id. Doing it twice changes nothing. What the
 * merchant chose for the product meanwhile stays.
 */
export async function rememberProduct(
  shop: { id: string },
  { key, shape, destination }: Pick<PlannedProduct, 'key' | 'shape' | 'destination'>,
  { variants, written, ...facts }: Remembered,
): Promise<string> {
  const data = { ...facts, state: 'live', checkedAt: currentTime() };
  return db.$transaction(async (tx) => {
    // The row is ours from here on, so that a choice is either read below or waits until it is written.
    const { id, written: before } = await tx.product.upsert({
      where: { shopId_key: { shopId: shop.id, key } },
      create: { shopId: shop.id, key, shape, destination, ...data },
      update: data,
      select: { id: true, written: true },
    });
    const { owners } = readWritten(before);
    await tx.product.update({ where: { id }, data: { written: { ...written, owners } } });
    // What is left of a product that was deleted and is made anew.
    await tx.variantMapping.deleteMany({
      where: { shopId: shop.id, productId: id, productGid: { not: facts.productGid } },
    });
    await tx.variantMapping.createMany({
      data: variants.flatMap(
        ({ variant, variantGid }) => mapping(shop, id, facts, variant, variantGid) ?? [],
      ),
      skipDuplicates: true,
    });
    await addSubstitutes(tx, shop, variants);
    return id;
  });
}

function mapping(
  shop: { id: string },
  productId: string,
  { productGid, title }: Pick<Remembered, 'productGid' | 'title'>,
  { bundle, values }: ShapedVariant<PlannedBundle>,
  variantGid: string,
): Prisma.VariantMappingCreateManyInput | null {
  if (!bundle.priced) return null;
  const { price } = bundle.priced;
  return {
    ...{ shopId: shop.id, productId, productGid, variantGid, bundleId: bundle.id, origin: 'published' },
    productTitle: values.length === 0 ? title : `${title} – ${values.join(' / ')}`,
    ...{ priceMinor: price.amount, currency: price.currency, mappedCost: bundle.cost },
  };
}

/** Puts substitutes at the end of a variant's list; the merchant may have put others there. */
async function addSubstitutes(tx: Transaction, shop: { id: string }, variants: Remembered['variants']) {
  const wishes = new Map(
    variants
      .filter(({ variant }) => variant.substitutes.length > 0)
      .map(({ variant, variantGid }) => [variantGid, variant.substitutes]),
  );
  if (wishes.size === 0) return;
  const rows = await tx.variantMapping.findMany({
    where: { shopId: shop.id, variantGid: { in: [...wishes.keys()] } },
    select: {
      id: true,
      variantGid: true,
      bundleId: true,
      substitutes: { select: { bundleId: true, position: true } },
    },
  });
  await tx.mappingSubstitute.createMany({
    data: rows.flatMap(({ id, variantGid, bundleId, substitutes }) => {
      const listed = new Set([bundleId, ...substitutes.map((each) => each.bundleId)]);
      const last = Math.max(0, ...substitutes.map(({ position }) => position));
      const added = (wishes.get(variantGid) ?? []).filter((each) => !listed.has(each.id));
      return added.map((each, index) => ({
        ...{
          mappingId: id,
          shopId: shop.id,
          position: last + 1 + index,
          bundleId: each.id,
          mappedCost: each.cost,
        },
      }));
    }),
  });
}

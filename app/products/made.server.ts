import { db, type Prisma } from '../platform/db.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { productTemplate } from './template.server.ts';
import { ownerOf, readWritten } from './written.ts';

/** A product the app made, as its page lists it. */
export interface MadeProduct {
  id: string;
  productGid: string;
  title: string;
  shape: string;
  destination: string;
  state: 'live' | 'deleted';
  variants: number;
  /** Variants of which every bundle was withdrawn. */
  withdrawn: number;
  /** Texts that the merchant changed, when we last looked, and that stay. */
  kept: string[];
  /** What it sold when it was deleted: for publishing it again. */
  bundleIds: string[];
  checkedAt: Date | null;
}

export type MadeState = 'live' | 'deleted' | 'all';

/** The products the app made, by title; `page` counts from 1. */
export async function madeProducts(
  shop: Shop,
  { search, state, page, perPage }: { search: string; state: MadeState; page: number; perPage: number },
): Promise<{ products: MadeProduct[]; total: number }> {
  const where: Prisma.ProductWhereInput = {
    shopId: shop.id,
    ...(state !== 'all' && { state }),
    ...(search !== '' && {
      OR: [
        { title: { contains: search, mode: 'insensitive' } },
        { destination: { equals: search, mode: 'insensitive' } },
        { mappings: { some: { bundle: { code: { contains: search, mode: 'insensitive' } } } } },
      ],
    }),
  };
  const [template, rows, total] = await Promise.all([
    productTemplate(shop),
    db.product.findMany({
      where,
      include: {
        mappings: {
          select: {
            bundle: { select: { withdrawnAt: true } },
            substitutes: { select: { bundle: { select: { withdrawnAt: true } } } },
          },
        },
      },
      orderBy: [{ title: 'asc' }, { id: 'asc' }],
      skip: (page - 1) * perPage,
      take: perPage,
    }),
    db.product.count({ where }),
  ]);
  return {
    total,
    products: rows.map(
      ({ id, productGid, title, shape, destination, state: stored, mappings, written, checkedAt }) => {
        const { kept: seen, bundleIds, owners } = readWritten(written);
        const kept = seen.filter((field) => ownerOf(field, template, owners) !== 'ours');
        return {
          ...{ id, productGid, title, shape, destination, kept, bundleIds, checkedAt },
          state: stored === 'deleted' ? 'deleted' : 'live',
          variants: mappings.length,
          withdrawn: mappings.filter(({ bundle, substitutes }) =>
            [bundle, ...substitutes.map((each) => each.bundle)].every(
              ({ withdrawnAt }) => withdrawnAt !== null,
            ),
          ).length,
        };
      },
    ),
  };
}

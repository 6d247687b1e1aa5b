import { z } from 'zod';
import type { Admin } from './admin.server.ts';
import { operation } from './operation.ts';

/** A variant of the shop as Shopify has it now. */
export interface SeenVariant {
  variantGid: string;
  productGid: string;
  /** "Travel eSIM – Europe / 5 GB": product and, where there are several, variant. */
  title: string;
  /** Of the product, in its address. */
  handle: string;
  /** The values of its options, in order; none for a product's only variant. */
  options: string[];
  sku: string | null;
  /** Decimal text in the shop's currency: "10.50". */
  price: string;
  requiresShipping: boolean;
  isGiftCard: boolean;
}

const FIELDS = `id title sku price selectedOptions { value } inventoryItem { requiresShipping }
  product { id title handle hasOnlyDefaultVariant isGiftCard }`;

const schema = z.object({
  id: z.string(),
  title: z.string(),
  sku: z.string().nullable(),
  price: z.string(),
  selectedOptions: z.array(z.object({ value: z.string() })),
  inventoryItem: z.object({ requiresShipping: z.boolean() }),
  product: z.object({
    id: z.string(),
    title: z.string(),
    handle: z.string(),
    hasOnlyDefaultVariant: z.boolean(),
    isGiftCard: z.boolean(),
  }),
});

const byIds = operation<{ ids: string[] }>()(
  `query VariantsById($ids: [ID!]!) { nodes(ids: $ids) { ... on ProductVariant { ${FIELDS} } } }`,
  z.object({ nodes: z.array(schema.nullable()) }),
);

// Shopify reckons the cost of `nodes` by each node.
const AT_ONCE = 100;

/** The variants of these ids; one that the shop does not have is missing. Throws `ShopifyError`. */
export async function findVariants(admin: Admin, variantGids: string[]): Promise<SeenVariant[]> {
  const found: SeenVariant[] = [];
  for (const ids of chunks([...new Set(variantGids)], AT_ONCE)) {
    const { nodes } = await admin.run(byIds, { ids });
    found.push(...nodes.flatMap((node) => (node ? seen(node) : [])));
  }
  return found;
}

const page = operation<{ query: string | null; first: number; after: string | null }>()(
  `query Variants($query: String, $first: Int!, $after: String) {
    productVariants(query: $query, first: $first, after: $after) {
      nodes { ${FIELDS} } pageInfo { hasNextPage endCursor }
    }
  }`,
  z.object({
    productVariants: z.object({
      nodes: z.array(schema),
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
    }),
  }),
);

/** Some of the shop's variants, and where the next ones begin; null when there are no more. Throws `ShopifyError`. */
export async function variantsPage(
  admin: Admin,
  { query = null, after }: { query?: string | null; after: string | null },
): Promise<{ variants: SeenVariant[]; next: string | null }> {
  const { productVariants: found } = await admin.run(page, { query, first: 250, after });
  return {
    variants: found.nodes.map(seen),
    next: found.pageInfo.hasNextPage ? found.pageInfo.endCursor : null,
  };
}

/**
 * The variants that have one of these SKUs: Shopify's search minds neither letter case nor what stands around a word, so
 * that others may be among them. Throws `ShopifyError`.
 */
export function findVariantsBySku(admin: Admin, skus: string[]): Promise<SeenVariant[]> {
  return searchAll(admin, 'sku', [...new Set(skus)]);
}

/** All variants of the products with these handles. Throws `ShopifyError`. */
export async function findVariantsByHandle(admin: Admin, handles: string[]): Promise<SeenVariant[]> {
  const wanted = new Set(handles);
  const productIds: string[] = [];
  for (const some of chunks([...wanted], SEARCHED_AT_ONCE)) {
    const { products } = await admin.run(byHandle, { query: anyOf('handle', some), first: some.length });
    productIds.push(...products.nodes.map(({ id }) => id.split('/').at(-1) ?? ''));
  }
  const found = await searchAll(admin, 'product_id', productIds);
  return found.filter(({ handle }) => wanted.has(handle));
}

const byHandle = operation<{ query: string; first: number }>()(
  `query ProductsByHandle($query: String!, $first: Int!) { products(query: $query, first: $first) { nodes { id } } }`,
  z.object({ products: z.object({ nodes: z.array(z.object({ id: z.string() })) }) }),
);

const SEARCHED_AT_ONCE = 50;

async function searchAll(admin: Admin, field: string, values: string[]): Promise<SeenVariant[]> {
  const found: SeenVariant[] = [];
  for (const some of chunks(values, SEARCHED_AT_ONCE)) {
    let after: string | null = null;
    do {
      const { variants, next } = await variantsPage(admin, { query: anyOf(field, some), after });
      found.push(...variants);
      after = next;
    } while (after !== null);
  }
  return found;
}

/** `sku:"A" OR sku:"B"`; what stands between the quotes is text, whatever it holds. */
function anyOf(field: string, values: string[]): string {
  return values.map((value) => `${field}:"${value.replace(/[\\"]/g, '\\$&')}"`).join(' OR ');
}

function seen({ product, ...variant }: z.output<typeof schema>): SeenVariant {
  const isOnly = product.hasOnlyDefaultVariant;
  return {
    variantGid: variant.id,
    productGid: product.id,
    title: isOnly ? product.title : `${product.title} – ${variant.title}`,
    handle: product.handle,
    options: isOnly ? [] : variant.selectedOptions.map(({ value }) => value),
    sku: variant.sku === '' ? null : variant.sku,
    price: variant.price,
    requiresShipping: variant.inventoryItem.requiresShipping,
    isGiftCard: product.isGiftCard,
  };
}

function chunks<Item>(items: Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) =>
    items.slice(at * size, (at + 1) * size),
  );
}

import { z } from 'zod';
import type { Admin } from './admin.server.ts';
import { operation } from './operation.ts';

/** The texts of a product that both the app and the merchant write. */
export interface ProductFields {
  title: string;
  /** HTML. */
  description: string;
  seoTitle: string;
  seoDescription: string;
  tags: string[];
  productType: string;
  vendor: string;
}

export interface ProductState {
  fields: ProductFields;
  /** Names, in order. */
  options: string[];
  hasPicture: boolean;
  variants: VariantState[];
}

export interface VariantState {
  variantGid: string;
  /** "1 GB / 7 days": its values, joined. */
  title: string;
  sku: string | null;
  /** One for each option. */
  values: string[];
}

export const PRODUCT_TEXTS = `id title descriptionHtml seo { title description } tags productType vendor`;

export const fieldsSeen = z.object({
  id: z.string(),
  title: z.string(),
  descriptionHtml: z.string(),
  seo: z.object({ title: z.string().nullable(), description: z.string().nullable() }),
  tags: z.array(z.string()),
  productType: z.string(),
  vendor: z.string(),
});

export function fieldsFrom(seen: z.output<typeof fieldsSeen>): ProductFields {
  const { title, descriptionHtml, seo, tags, productType, vendor } = seen;
  return {
    ...{ title, description: descriptionHtml, tags, productType, vendor },
    ...{ seoTitle: seo.title ?? '', seoDescription: seo.description ?? '' },
  };
}

export function fieldsInput(fields: Partial<ProductFields>) {
  const { description, seoTitle, seoDescription, ...rest } = fields;
  const seo = {
    ...(seoTitle !== undefined && { title: seoTitle }),
    ...(seoDescription !== undefined && { description: seoDescription }),
  };
  return {
    ...rest,
    ...(description !== undefined && { descriptionHtml: description }),
    ...(Object.keys(seo).length > 0 && { seo }),
  };
}

const productPage = z.object({
  product: fieldsSeen
    .extend({
      options: z.array(z.object({ name: z.string() })),
      mediaCount: z.object({ count: z.number() }),
      variants: z.object({
        nodes: z.array(
          z.object({
            id: z.string(),
            title: z.string(),
            sku: z.string().nullable(),
            selectedOptions: z.array(z.object({ value: z.string() })),
          }),
        ),
        pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
      }),
    })
    .nullable(),
});

type Page = z.output<typeof productPage>;

const productState = operation<{ id: string; after: string | null }>()(
  `query ProductState($id: ID!, $after: String) {
    product(id: $id) {
      ${PRODUCT_TEXTS}
      options { name }
      mediaCount { count }
      variants(first: 250, after: $after) {
        nodes { id title sku selectedOptions { value } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }`,
  productPage,
);

/** A product with all its variants as Shopify has them now; null when it was deleted. Throws `ShopifyError`. */
export async function readProduct(admin: Admin, productGid: string): Promise<ProductState | null> {
  const variants: VariantState[] = [];
  for (let after: string | null = null; ;) {
    const page = await readPage(admin, productGid, after);
    if (!page) return null;
    variants.push(
      ...page.variants.nodes.map(({ id, title, sku, selectedOptions }) => ({
        ...{ variantGid: id, title, sku, values: selectedOptions.map(({ value }) => value) },
      })),
    );
    const { hasNextPage, endCursor } = page.variants.pageInfo;
    if (!hasNextPage)
      return {
        fields: fieldsFrom(page),
        options: page.options.map(({ name }) => name),
        hasPicture: page.mediaCount.count > 0,
        variants,
      };
    after = endCursor;
  }
}

async function readPage(admin: Admin, id: string, after: string | null): Promise<Page['product']> {
  return (await admin.run(productState, { id, after })).product;
}

const updateProduct = operation<{
  product: Record<string, unknown>;
  media: { originalSource: string; alt: string; mediaContentType: 'IMAGE' }[];
}>()(
  `mutation UpdateProduct($product: ProductUpdateInput!, $media: [CreateMediaInput!]) {
    productUpdate(product: $product, media: $media) {
      product { ${PRODUCT_TEXTS} media(first: 1) { nodes { id } } }
      userErrors { field message }
    }
  }`,
  z.object({
    productUpdate: z.object({
      product: fieldsSeen.extend({
        media: z.object({ nodes: z.array(z.object({ id: z.string() })) }),
      }),
    }),
  }),
);

/** Writes some texts of a product, and adds a picture to those it has; all else stays. Throws `ShopifyError`. */
export async function updateFields(
  admin: Admin,
  productGid: string,
  { fields, picture }: { fields: Partial<ProductFields>; picture: { url: string; alt: string } | null },
): Promise<{ fields: ProductFields; pictureGid: string | null }> {
  const { productUpdate } = await admin.run(updateProduct, {
    product: { id: productGid, ...fieldsInput(fields) },
    media: picture ? [{ originalSource: picture.url, alt: picture.alt, mediaContentType: 'IMAGE' }] : [],
  });
  const { media, ...seen } = productUpdate.product;
  return { fields: fieldsFrom(seen), pictureGid: media.nodes[0]?.id ?? null };
}

const setMetafields = operation<{ metafields: Record<string, string>[] }>()(
  `mutation SetProductMetafields($metafields: [MetafieldsSetInput!]!) {
    metafieldsSet(metafields: $metafields) { userErrors { field message code } }
  }`,
  z.object({ metafieldsSet: z.object({}) }),
);

/** Writes up to 25 metafields of a product; others stay. Throws `ShopifyError`. */
export async function writeMetafields(
  admin: Admin,
  productGid: string,
  metafields: { namespace: string; key: string; type: string; value: string }[],
): Promise<void> {
  await admin.run(setMetafields, {
    metafields: metafields.map((metafield) => ({ ...metafield, ownerId: productGid })),
  });
}

const dropMetafields = operation<{ metafields: { ownerId: string; namespace: string; key: string }[] }>()(
  `mutation DeleteProductMetafields($metafields: [MetafieldIdentifierInput!]!) {
    metafieldsDelete(metafields: $metafields) { userErrors { field message } }
  }`,
  z.object({ metafieldsDelete: z.object({}) }),
);

/** Deletes metafields of a product by their keys; those that are not there are no error. Throws `ShopifyError`. */
export async function deleteMetafields(
  admin: Admin,
  productGid: string,
  { namespace, keys }: { namespace: string; keys: string[] },
): Promise<void> {
  await admin.run(dropMetafields, {
    metafields: keys.map((key) => ({ ownerId: productGid, namespace, key })),
  });
}

import { createHash } from 'node:crypto';
import { connection, cursorOf } from './connection.ts';
import type { PageArgs } from './connection.ts';
import type { Context, View } from './context.ts';
import { toMinor } from './money.ts';
import type { Id, Media, Metafield, Product, Publication, Variant } from './records.ts';
import { isInStock } from './products.ts';
import { gid, idOf } from './records.ts';

export function productView(context: Context, product: Product): View {
  const { shop } = context;
  const prices = [...product.variants].sort(
    (a, b) => toMinor(a.price, shop.currency) - toMinor(b.price, shop.currency),
  );
  const price = (variant: Variant | undefined) => ({
    amount: variant?.price ?? '0.0',
    currencyCode: shop.currency,
  });
  const published = shop.publications.filter(({ id }) => product.publications.includes(id));
  const publication = (of: Publication): View => ({
    isPublished: true,
    publishDate: product.publishedAt ?? product.createdAt,
    publication: publicationView(context, of),
  });
  return {
    __typename: 'Product',
    id: gid('Product', product.id),
    legacyResourceId: String(product.id),
    title: product.title,
    description: product.descriptionHtml
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
    descriptionHtml: product.descriptionHtml,
    handle: product.handle,
    vendor: product.vendor,
    productType: product.productType,
    status: product.status,
    tags: [...product.tags].sort(),
    templateSuffix: product.templateSuffix,
    giftCardTemplateSuffix: null,
    combinedListingRole: null,
    isGiftCard: false,
    requiresSellingPlan: false,
    hasOnlyDefaultVariant: product.variants.length === 1 && product.variants[0]?.title === 'Default Title',
    hasOutOfStockVariants: !product.variants.every(isInStock),
    hasVariantsThatRequiresComponents: false,
    inCollection: false,
    totalInventory: 0,
    tracksInventory: product.variants.some(({ inventoryItem }) => inventoryItem.tracked),
    createdAt: product.createdAt,
    updatedAt: product.updatedAt,
    publishedAt: product.publishedAt,
    defaultCursor: cursorOf(product),
    onlineStoreUrl: published.length > 0 ? `https://${shop.domain}/products/${product.handle}` : null,
    onlineStorePreviewUrl: `https://${shop.domain}/products/${product.handle}`,
    publishedOnPublication: ({ publicationId }: { publicationId: string }) =>
      product.publications.includes(idOf('Publication', publicationId) ?? 0),
    publishedInContext: published.length > 0,
    resourcePublications: (args: PageArgs) => connection(published, args, publication),
    resourcePublicationsV2: (args: PageArgs) => connection(published, args, publication),
    resourcePublicationsCount: { count: published.length, precision: 'EXACT' },
    seo: product.seo ?? { title: null, description: null },
    options: ({ first }: { first?: number | null }) =>
      product.options.slice(0, first ?? undefined).map((option, index) => ({
        __typename: 'ProductOption',
        id: gid('ProductOption', option.id),
        name: option.name,
        position: index + 1,
        values: option.values.map(({ name }) => name),
        optionValues: option.values.map((value) => ({
          __typename: 'ProductOptionValue',
          id: gid('ProductOptionValue', value.id),
          name: value.name,
          hasVariants: true,
          linkedMetafieldValue: null,
        })),
      })),
    variants: (args: PageArgs) =>
      connection(product.variants, args, (each) => variantView(context, product, each)),
    variantsCount: { count: product.variants.length, precision: 'EXACT' },
    priceRangeV2: { minVariantPrice: price(prices[0]), maxVariantPrice: price(prices.at(-1)) },
    media: (args: PageArgs) => connection(product.media, args, (each) => mediaView(product, each)),
    mediaCount: { count: product.media.length, precision: 'EXACT' },
    featuredMedia: product.media[0] ? mediaView(product, product.media[0]) : null,
    ...metafieldsOf(context, gid('Product', product.id), 'PRODUCT'),
  };
}

export function variantView(context: Context, product: Product, variant: Variant): View {
  return {
    __typename: 'ProductVariant',
    id: gid('ProductVariant', variant.id),
    legacyResourceId: String(variant.id),
    title: variant.title,
    displayName: `${product.title} - ${variant.title}`,
    price: variant.price,
    compareAtPrice: variant.compareAtPrice,
    sku: variant.sku,
    barcode: variant.barcode,
    taxable: variant.taxable,
    availableForSale: isInStock(variant),
    inventoryPolicy: variant.inventoryPolicy,
    inventoryQuantity: 0,
    sellableOnlineQuantity: 0,
    requiresComponents: false,
    showUnitPrice: false,
    position: product.variants.indexOf(variant) + 1,
    selectedOptions: variant.selectedOptions,
    createdAt: variant.createdAt,
    updatedAt: variant.updatedAt,
    defaultCursor: cursorOf(variant),
    publishedOnPublication: ({ publicationId }: { publicationId: string }) =>
      product.publications.includes(idOf('Publication', publicationId) ?? 0),
    media: (args: PageArgs) => connection<Media>([], args, (each) => mediaView(product, each)),
    product: () => productView(context, product),
    inventoryItem: () => inventoryItemView(context, variant),
    ...metafieldsOf(context, gid('ProductVariant', variant.id), 'PRODUCTVARIANT'),
  };
}

export function inventoryItemView(context: Context, variant: Variant): View {
  const item = variant.inventoryItem;
  return {
    __typename: 'InventoryItem',
    id: gid('InventoryItem', item.id),
    legacyResourceId: String(item.id),
    sku: variant.sku,
    tracked: item.tracked,
    requiresShipping: item.requiresShipping,
    unitCost: item.cost === null ? null : { amount: item.cost, currencyCode: context.shop.currency },
    countryCodeOfOrigin: null,
    provinceCodeOfOrigin: null,
    harmonizedSystemCode: null,
    inventoryHistoryUrl: null,
    duplicateSkuCount: 0,
    createdAt: variant.createdAt,
    updatedAt: variant.updatedAt,
  };
}

export function publicationView(_context: Context, publication: Publication): View {
  return {
    __typename: 'Publication',
    id: gid('Publication', publication.id),
    name: publication.name,
    autoPublish: false,
    supportsFuturePublishing: publication.name === 'Online Store',
    hasCollection: false,
    catalog: {
      __typename: 'AppCatalog',
      id: `gid://shopify/AppCatalog/${String(publication.id)}`,
      title: publication.name,
      status: 'ACTIVE',
    },
  };
}

export function metafieldView(metafield: Metafield, ownerType: string): View {
  return {
    __typename: 'Metafield',
    id: gid('Metafield', metafield.id),
    legacyResourceId: String(metafield.id),
    namespace: metafield.namespace,
    key: metafield.key,
    type: metafield.type,
    value: metafield.value,
    jsonValue: jsonOf(metafield.value),
    compareDigest: createHash('sha256').update(metafield.value).digest('hex'),
    sizeInBytes: Buffer.byteLength(metafield.value),
    ownerType,
    createdAt: metafield.createdAt,
    updatedAt: metafield.updatedAt,
  };
}

/** The fields `metafield` and `metafields` of an owner. */
export function metafieldsOf({ shop, app }: Context, ownerGid: string, ownerType: string): View {
  const own = shop.metafields.filter((metafield) => metafield.ownerGid === ownerGid);
  return {
    metafield: ({ namespace, key }: { namespace?: string | null; key: string }) => {
      const wanted = namespaceOf(namespace, app.id);
      const found = own.find((metafield) => metafield.namespace === wanted && metafield.key === key);
      return found ? metafieldView(found, ownerType) : null;
    },
    metafields: (args: PageArgs & { namespace?: string | null }) =>
      connection(
        own.filter(({ namespace }) => !args.namespace || namespace === namespaceOf(args.namespace, app.id)),
        args,
        (each) => metafieldView(each, ownerType),
      ),
  };
}

/** Without a namespace, or with one that starts `$app`, Shopify means the app's own. */
export function namespaceOf(namespace: string | null | undefined, appId: Id): string {
  if (!namespace || namespace === '$app') return `app--${String(appId)}`;
  return namespace.replace(/^\$app:/, `app--${String(appId)}--`);
}

function mediaView(product: Product, media: Media): View {
  const image = {
    id: gid('MediaImage', media.id),
    url: media.content ? `https://cdn.shopify.com/s/files/${String(media.id)}.png` : media.url,
    altText: media.alt,
    width: null,
    height: null,
    thumbhash: null,
  };
  return {
    __typename: 'MediaImage',
    id: gid('MediaImage', media.id),
    alt: media.alt,
    mediaContentType: 'IMAGE',
    mimeType: null,
    status: media.status ?? 'READY',
    fileStatus: media.status ?? 'READY',
    image: media.status === 'FAILED' || media.status === 'UPLOADED' ? null : image,
    preview: { status: media.status ?? 'READY', image },
    createdAt: product.createdAt,
    updatedAt: product.updatedAt,
  };
}

function jsonOf(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch (error) {
    if (error instanceof SyntaxError) return value;
    throw error;
  }
}

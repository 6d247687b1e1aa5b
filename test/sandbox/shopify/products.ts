import { decimal } from './money.ts';
import type { Id, Media, Product, Shop, Variant } from './records.ts';
import type { Store } from './store.ts';
import { fail } from './store.ts';

export type ProductDraft = {
  title: string;
  descriptionHtml?: string;
  handle?: string;
  vendor?: string;
  productType?: string;
  tags?: string[];
  status?: Product['status'];
  mediaUrl?: string;
  /** One variant "Default Title" when left out. */
  variants?: VariantDraft[];
  /** Names of the options, in order; "Title" when left out. */
  options?: string[];
  /** Published to the Online Store unless `false`. */
  published?: boolean;
};

export type VariantDraft = {
  price: string;
  sku?: string | null;
  /** One value per option. */
  values?: string[];
  requiresShipping?: boolean;
  tracked?: boolean;
  cost?: string | null;
};

export type ProductActs = {
  createProduct(domain: string, draft: ProductDraft): Product;
  /** The merchant's hand in the admin: changes the named facts, then tells the app (products/update). */
  editProduct(
    domain: string,
    productId: Id,
    changes: Partial<
      Pick<
        Product,
        'descriptionHtml' | 'handle' | 'productType' | 'seo' | 'status' | 'tags' | 'title' | 'vendor'
      >
    >,
  ): Product;
  editVariant(domain: string, variantId: Id, changes: { price?: string; sku?: string | null }): Variant;
  deleteProduct(domain: string, productId: Id): void;
  /** One more variant, by the merchant's hand: one value for each option. */
  addVariant(domain: string, productId: Id, draft: VariantDraft): Variant;
  deleteVariant(domain: string, variantId: Id): void;
  addMedia(domain: string, productId: Id, url: string): Media;
  /** A handle no other product of the shop has, made from the wish. */
  freeHandle(shop: Shop, wish: string, except?: Id): string;
  newMedia(url: string, alt: string): Media;
  /** A product with one default variant, in no sales channel, not yet in the shop's list. */
  newProduct(shop: Shop, title: string, handle: string): Product;
  newVariant(shop: Shop): Variant;
};

export function productActs(store: Store): ProductActs {
  const tell = (shop: Shop, topic: string, productId: Id): void => {
    store.changed();
    store.emit({ shop: shop.domain, topic, about: 'product', productId });
  };
  const product = (shop: Shop, id: Id): Product =>
    store.findProduct(shop, id) ?? fail(`${shop.domain} has no product ${String(id)}.`);

  const freeHandle: ProductActs['freeHandle'] = (shop, wish, except) => {
    const taken = new Set(shop.products.filter(({ id }) => id !== except).map(({ handle }) => handle));
    const base = handleOf(wish);
    if (!taken.has(base)) return base;
    let suffix = 1;
    while (taken.has(`${base}-${String(suffix)}`)) suffix += 1;
    return `${base}-${String(suffix)}`;
  };

  const newMedia: ProductActs['newMedia'] = (url, alt) => ({ id: store.nextId(), url, alt });

  const build = (shop: Shop, draft: ProductDraft): Product => {
    const at = store.now().toISOString();
    const names = draft.options ?? ['Title'];
    const drafts = draft.variants ?? [{ price: '0.00' }];
    const values = drafts.map((variant) => variant.values ?? ['Default Title']);
    const published = draft.published ?? true;
    return {
      id: store.nextId(),
      title: draft.title,
      descriptionHtml: draft.descriptionHtml ?? '',
      handle: freeHandle(shop, draft.handle ?? draft.title),
      vendor: draft.vendor ?? shop.name,
      productType: draft.productType ?? '',
      category: null,
      templateSuffix: null,
      tags: draft.tags ?? [],
      status: draft.status ?? 'ACTIVE',
      options: names.map((name, index) => ({
        id: store.nextId(),
        name,
        values: [...new Set(values.map((row) => row[index] ?? ''))].map((value) => ({
          id: store.nextId(),
          name: value,
        })),
      })),
      variants: drafts.map((variant, index) => newVariant(store, shop, variant, names, values[index] ?? [])),
      publications: published ? shop.publications.slice(0, 1).map(({ id }) => id) : [],
      media: draft.mediaUrl === undefined ? [] : [newMedia(draft.mediaUrl, draft.title)],
      createdAt: at,
      updatedAt: at,
      publishedAt: published ? at : null,
    };
  };

  return {
    freeHandle,
    newMedia,
    newProduct: (shop, title, handle) => build(shop, { title, handle, published: false }),
    newVariant: (shop) => newVariant(store, shop, { price: '0.00' }, [], []),

    createProduct(domain, draft) {
      const shop = store.shop(domain);
      const made = build(shop, draft);
      shop.products.push(made);
      tell(shop, 'products/create', made.id);
      return made;
    },

    editProduct(domain, productId, changes) {
      const shop = store.shop(domain);
      const edited = Object.assign(product(shop, productId), changes, {
        updatedAt: store.now().toISOString(),
      });
      tell(shop, 'products/update', productId);
      return edited;
    },

    editVariant(domain, variantId, changes) {
      const shop = store.shop(domain);
      const { product: owner, variant } =
        store.findVariant(shop, variantId) ?? fail(`${domain} has no variant ${String(variantId)}.`);
      if (changes.price !== undefined) variant.price = decimal(changes.price, shop.currency);
      if (changes.sku !== undefined) variant.sku = changes.sku;
      variant.updatedAt = owner.updatedAt = store.now().toISOString();
      tell(shop, 'products/update', owner.id);
      return variant;
    },

    addVariant(domain, productId, draft) {
      const shop = store.shop(domain);
      const owner = product(shop, productId);
      const names = owner.options.map(({ name }) => name);
      const made = newVariant(store, shop, draft, names, draft.values ?? []);
      owner.variants.push(made);
      for (const { name, value } of made.selectedOptions) {
        const option = owner.options.find((each) => each.name === name);
        if (option && !option.values.some((each) => each.name === value))
          option.values.push({ id: store.nextId(), name: value });
      }
      tell(shop, 'products/update', productId);
      return made;
    },

    deleteVariant(domain, variantId) {
      const shop = store.shop(domain);
      const { product: owner, variant } =
        store.findVariant(shop, variantId) ?? fail(`${domain} has no variant ${String(variantId)}.`);
      owner.variants.splice(owner.variants.indexOf(variant), 1);
      tell(shop, 'products/update', owner.id);
    },

    addMedia(domain, productId, url) {
      const shop = store.shop(domain);
      const made = newMedia(url, 'By the merchant');
      product(shop, productId).media.push(made);
      tell(shop, 'products/update', productId);
      return made;
    },

    deleteProduct(domain, productId) {
      const shop = store.shop(domain);
      shop.products.splice(shop.products.indexOf(product(shop, productId)), 1);
      tell(shop, 'products/delete', productId);
    },
  };
}

/** Seen by a buyer of the Online Store: active and published there. */
export function isOnSale(shop: Shop, product: Product): boolean {
  const onlineStore = shop.publications.find(({ name }) => name === 'Online Store');
  return (
    product.status === 'ACTIVE' && onlineStore !== undefined && product.publications.includes(onlineStore.id)
  );
}

/** Can be bought: not counted, or sold beyond what is there. The sandbox keeps no stock, so what is counted is at none. */
export function isInStock({ inventoryItem, inventoryPolicy }: Variant): boolean {
  return !inventoryItem.tracked || inventoryPolicy === 'CONTINUE';
}

function newVariant(
  store: Store,
  shop: Shop,
  draft: VariantDraft,
  names: string[],
  values: string[],
): Variant {
  const at = store.now().toISOString();
  return {
    id: store.nextId(),
    title: values.join(' / '),
    price: decimal(draft.price, shop.currency),
    compareAtPrice: null,
    sku: draft.sku ?? null,
    barcode: null,
    taxable: true,
    inventoryPolicy: 'DENY',
    selectedOptions: names.map((name, index) => ({ name, value: values[index] ?? '' })),
    inventoryItem: {
      id: store.nextId(),
      requiresShipping: draft.requiresShipping ?? true,
      tracked: draft.tracked ?? false,
      cost: draft.cost === undefined || draft.cost === null ? null : decimal(draft.cost, shop.currency),
    },
    createdAt: at,
    updatedAt: at,
  };
}

function handleOf(title: string): string {
  const plain = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
  return plain === '' ? 'product' : plain;
}

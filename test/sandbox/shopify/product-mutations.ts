import { GraphQLError } from 'graphql';
import type { Context, View } from './context.ts';
import { decimal } from './money.ts';
import { fetchPicture } from './media.ts';
import { inventoryItemView, namespaceOf, productView, variantView } from './product-view.ts';
import type { Id, Media, Product, Variant } from './records.ts';
import { gid, idOf } from './records.ts';
import { shopView } from './shop-view.ts';
import type { WrittenMetafield } from './metafields.ts';
import { writeMetafields } from './metafields.ts';

type Refusal = { field: string[] | null; message: string; code?: string };
type InventoryItemInput = {
  cost?: string | null;
  requiresShipping?: boolean;
  sku?: string | null;
  tracked?: boolean;
};
type OptionValueInput = { name?: string | null; optionId?: string | null; optionName?: string | null };
type VariantInput = {
  id?: string | null;
  optionValues?: OptionValueInput[] | null;
  price?: string | null;
  compareAtPrice?: string | null;
  sku?: string | null;
  barcode?: string | null;
  taxable?: boolean | null;
  inventoryPolicy?: Variant['inventoryPolicy'] | null;
  inventoryItem?: InventoryItemInput | null;
  metafields?: WrittenMetafield[] | null;
};
type MediaInput = { originalSource?: string | null; id?: string | null; alt?: string | null };
type ProductInput = {
  id?: string | null;
  title?: string | null;
  descriptionHtml?: string | null;
  handle?: string | null;
  vendor?: string | null;
  productType?: string | null;
  status?: Product['status'] | null;
  tags?: string[] | null;
  templateSuffix?: string | null;
  productOptions?: { name?: string | null; values?: { name?: string | null }[] | null }[] | null;
  variants?: VariantInput[] | null;
  files?: MediaInput[] | null;
  seo?: { title?: string | null; description?: string | null } | null;
  metafields?: WrittenMetafield[] | null;
};

/** The mutations that touch what the shop sells. Each answers user errors as Shopify does and changes nothing then. */
export const productMutations = {
  productSet(
    {
      input,
      identifier,
      synchronous,
    }: {
      input: ProductInput;
      identifier?: { id?: string; handle?: string } | null;
      synchronous: boolean;
    },
    context: Context,
  ): View {
    const known = findByIdentifier(context, identifier ?? (input.id ? { id: input.id } : null));
    if (known === 'unknown') {
      return {
        product: null,
        userErrors: [refusal(['identifier', 'id'], 'Product does not exist', 'PRODUCT_DOES_NOT_EXIST')],
      };
    }
    const errors = [
      ...identifierErrors(input, identifier),
      ...productErrors(input, known === null, ['input']),
      ...setErrors(context, input, known),
      ...metafieldErrors(context, input.metafields ?? [], ['input', 'metafields']),
    ];
    if (errors.length > 0) return { product: null, userErrors: errors };
    const handle = input.handle ?? identifier?.handle;
    const product = known ?? blank(context, input.title ?? '', handle ?? null);
    if (input.metafields) dropMetafields(context, product, input.metafields);
    writeProduct(context, product, input);
    if (input.productOptions) replaceOptions(context, product, input.productOptions);
    if (input.variants) replaceVariants(context, product, input.variants);
    if (input.files) replaceMedia(context, product, input.files);
    done(context, product, known === null);
    const answer = productView(context, product);
    return synchronous
      ? { product: answer, productSetOperation: null, userErrors: [] }
      : {
          product: null,
          // The sandbox is never slow: the operation is complete when its id is given out.
          productSetOperation: operationView(context, product),
          userErrors: [],
        };
  },

  productCreate(
    {
      product,
      input,
      media,
    }: { product?: ProductInput | null; input?: ProductInput | null; media?: MediaInput[] | null },
    context: Context,
  ): View {
    const wanted = product ?? input ?? {};
    const errors = productErrors(wanted, true, ['product']);
    if (errors.length > 0) return { product: null, shop: shopView(context), userErrors: errors };
    const made = blank(context, wanted.title ?? '', wanted.handle ?? null);
    writeProduct(context, made, wanted);
    if (wanted.productOptions?.length) {
      replaceOptions(context, made, wanted.productOptions);
      replaceVariants(context, made, [
        {
          optionValues: made.options.map(({ name, values }) => ({
            optionName: name,
            name: values[0]?.name ?? '',
          })),
        },
      ]);
    }
    if (media) replaceMedia(context, made, media);
    done(context, made, true);
    return { product: productView(context, made), shop: shopView(context), userErrors: [] };
  },

  productUpdate(
    {
      product,
      input,
      identifier,
      media,
    }: {
      product?: ProductInput | null;
      input?: ProductInput | null;
      identifier?: { id?: string; handle?: string } | null;
      media?: MediaInput[] | null;
    },
    context: Context,
  ): View {
    const wanted = product ?? input ?? {};
    const known = findByIdentifier(context, identifier ?? (wanted.id ? { id: wanted.id } : null));
    if (known === null || known === 'unknown') {
      return { product: null, userErrors: [refusal(['id'], 'Product does not exist')] };
    }
    const errors = productErrors(wanted, false, ['product']);
    if (errors.length > 0) return { product: null, userErrors: errors };
    writeProduct(context, known, wanted);
    if (media) known.media.push(...media.map((each) => newMedia(context, known, each)));
    done(context, known, false);
    return { product: productView(context, known), userErrors: [] };
  },

  productDelete({ input }: { input: { id: string } }, context: Context): View {
    const product = findProduct(context, input.id);
    if (!product)
      return {
        deletedProductId: null,
        shop: shopView(context),
        userErrors: [refusal(['id'], 'Product does not exist')],
      };
    context.state.deleteProduct(context.shop.domain, product.id);
    return { deletedProductId: input.id, shop: shopView(context), userErrors: [] };
  },

  productVariantsBulkCreate(
    { productId, variants, strategy }: { productId: string; variants: VariantInput[]; strategy: string },
    context: Context,
  ): View {
    const product = findProduct(context, productId);
    if (!product) return unknownProduct();
    const errors = [...variantErrors(variants, ['variants']), ...addErrors(product, variants)];
    if (errors.length > 0) return { product: null, productVariants: null, userErrors: errors };
    const lonely = product.variants.length === 1 && product.variants[0]?.title === 'Default Title';
    if (strategy === 'REMOVE_STANDALONE_VARIANT' || (strategy === 'DEFAULT' && lonely)) product.variants = [];
    const made = variants.map((input) => {
      const variant = blankVariant(context);
      writeVariant(context, product, variant, input);
      product.variants.push(variant);
      return variant;
    });
    addMissingOptionValues(context, product);
    done(context, product, false);
    return variantsAnswer(context, product, made);
  },

  productVariantsBulkUpdate(
    {
      productId,
      variants,
      allowPartialUpdates,
    }: { productId: string; variants: VariantInput[]; allowPartialUpdates: boolean },
    context: Context,
  ): View {
    const product = findProduct(context, productId);
    if (!product) return unknownProduct();
    const errors: Refusal[] = [];
    const pairs = variants.flatMap((input, index) => {
      const own = variantErrors([input], ['variants'], index);
      const id = idOf('ProductVariant', input.id ?? '');
      const variant = product.variants.find((each) => each.id === id);
      if (!variant)
        own.push(
          refusal(
            ['variants', String(index), 'id'],
            'Product variant does not exist',
            'PRODUCT_VARIANT_DOES_NOT_EXIST',
          ),
        );
      // The sentence is invented; the shape of the answer is Shopify's.
      if (context.refusesAVariant && index === 0)
        own.push(refusal(['variants', '0', 'price'], 'Price cannot be changed right now', 'INVALID_INPUT'));
      errors.push(...own);
      return variant && own.length === 0 ? [{ input, variant }] : [];
    });
    if (errors.length > 0 && !allowPartialUpdates)
      return { product: null, productVariants: null, userErrors: errors };
    for (const { input, variant } of pairs) writeVariant(context, product, variant, input);
    done(context, product, false);
    return {
      ...variantsAnswer(
        context,
        product,
        pairs.map(({ variant }) => variant),
      ),
      userErrors: errors,
    };
  },

  productVariantsBulkDelete(
    { productId, variantsIds }: { productId: string; variantsIds: string[] },
    context: Context,
  ): View {
    const product = findProduct(context, productId);
    if (!product)
      return {
        product: null,
        userErrors: [refusal(['productId'], 'Product does not exist', 'PRODUCT_DOES_NOT_EXIST')],
      };
    const ids = variantsIds.map((id) => idOf('ProductVariant', id));
    const errors = ids.flatMap((id, index) =>
      product.variants.some((variant) => variant.id === id)
        ? []
        : [
            refusal(
              ['variantsIds', String(index)],
              'At least one variant does not belong to the product',
              'AT_LEAST_ONE_VARIANT_DOES_NOT_BELONG_TO_THE_PRODUCT',
            ),
          ],
    );
    if (errors.length > 0) return { product: null, userErrors: errors };
    product.variants = product.variants.filter(({ id }) => !ids.includes(id));
    done(context, product, false);
    return { product: productView(context, product), userErrors: [] };
  },

  productOptionsReorder(
    { productId, options }: { productId: string; options: OptionOrder[] },
    context: Context,
  ): View {
    const product = findProduct(context, productId);
    if (!product)
      return {
        product: null,
        userErrors: [refusal(['productId'], 'Product does not exist', 'PRODUCT_DOES_NOT_EXIST')],
      };
    const errors = orderErrors(product, options);
    if (errors.length > 0) return { product: null, userErrors: errors };
    const place = <Item extends { id: Id; name: string }>(items: Item[], wanted: Named[], type: OptionType) =>
      wanted.flatMap((named) => items.find((item) => isNamed(item, named, type)) ?? []);
    product.options = place(product.options, options, 'ProductOption');
    product.options.forEach((option, index) => {
      const values = options[index]?.values;
      if (values) option.values = place(option.values, values, 'ProductOptionValue');
    });
    reorderVariants(product);
    done(context, product, false);
    return { product: productView(context, product), userErrors: [] };
  },

  publishablePublish: (args: PublishArgs, context: Context): View => publish(args, context, true),
  publishableUnpublish: (args: PublishArgs, context: Context): View => publish(args, context, false),

  inventoryItemUpdate({ id, input }: { id: string; input: InventoryItemInput }, context: Context): View {
    const wanted = idOf('InventoryItem', id);
    for (const product of context.shop.products) {
      const variant = product.variants.find(({ inventoryItem }) => inventoryItem.id === wanted);
      if (!variant) continue;
      writeInventoryItem(context, variant, input);
      done(context, product, false);
      return { inventoryItem: inventoryItemView(context, variant), userErrors: [] };
    }
    return {
      inventoryItem: null,
      userErrors: [refusal(['id'], "The product couldn't be updated because it does not exist.")],
    };
  },
};

export function operationView(context: Context, product: Product): View {
  return {
    __typename: 'ProductSetOperation',
    id: gid('ProductSetOperation', product.id),
    status: 'COMPLETE',
    product: productView(context, product),
    userErrors: [],
  };
}

export function findByIdentifier(
  { shop, state }: Context,
  identifier: { id?: string; handle?: string } | null,
): Product | 'unknown' | null {
  if (identifier?.id !== undefined)
    return state.findProduct(shop, idOf('Product', identifier.id) ?? 0) ?? 'unknown';
  if (identifier?.handle !== undefined)
    return shop.products.find(({ handle }) => handle === identifier.handle) ?? null;
  if (identifier !== null)
    throw new GraphQLError("The sandbox's Shopify finds products by id or handle only.");
  return null;
}

type OptionType = 'ProductOption' | 'ProductOptionValue';
type Named = { id?: string | null; name?: string | null };
type OptionOrder = Named & { values?: Named[] | null };

function isNamed(item: { id: Id; name: string }, { id, name }: Named, type: OptionType): boolean {
  return id ? gid(type, item.id) === id : item.name === name;
}

/** Every option is named, once; and of an option whose values are named, all of them. */
function orderErrors(product: Product, options: OptionOrder[]): Refusal[] {
  const missing = product.options.filter(
    (option) => options.filter((named) => isNamed(option, named, 'ProductOption')).length !== 1,
  );
  if (missing.length > 0 || options.length !== product.options.length)
    return [refusal(['options'], 'Missing option name', 'MISSING_OPTION_NAME')];
  return options.flatMap(({ values, ...named }, index) => {
    const option = product.options.find((each) => isNamed(each, named, 'ProductOption'));
    if (!values || !option) return [];
    const path = ['options', String(index), 'values'];
    const isKnown = (value: Named) =>
      option.values.some((each) => isNamed(each, value, 'ProductOptionValue'));
    if (!values.every(isKnown))
      return [refusal(path, 'Option value does not exist', 'OPTION_VALUE_DOES_NOT_EXIST')];
    return values.length === option.values.length
      ? []
      : [refusal(path, 'Missing option value', 'MISSING_OPTION_VALUE')];
  });
}

/** Variants stand in the order of their options' values, and are called by them in that order. */
function reorderVariants(product: Product): void {
  const places = product.options.map(({ values }) => new Map(values.map(({ name }, index) => [name, index])));
  for (const variant of product.variants) {
    const chosen = new Map(variant.selectedOptions.map(({ name, value }) => [name, value]));
    variant.selectedOptions = product.options.map(({ name }) => ({ name, value: chosen.get(name) ?? '' }));
    variant.title = titleOf(variant.selectedOptions);
  }
  const rank = ({ selectedOptions }: Variant) =>
    selectedOptions.map(({ value }, index) => places[index]?.get(value) ?? 0);
  product.variants.sort((a, b) => {
    const [ranksA, ranksB] = [rank(a), rank(b)];
    const at = ranksA.findIndex((place, index) => place !== ranksB[index]);
    return at < 0 ? 0 : (ranksA[at] ?? 0) - (ranksB[at] ?? 0);
  });
}

type PublishArgs = { id: string; input: { publicationId?: string | null }[] };

function publish({ id, input }: PublishArgs, context: Context, isOn: boolean): View {
  const { shop } = context;
  const product = findProduct(context, id);
  if (!product)
    return {
      publishable: null,
      shop: shopView(context),
      userErrors: [refusal(['id'], 'Resource does not exist')],
    };
  const ids = input.map(({ publicationId }) => idOf('Publication', publicationId ?? ''));
  const unknown = ids.findIndex((each) => !shop.publications.some((publication) => publication.id === each));
  if (unknown >= 0) {
    const field = ['input', String(unknown), 'publicationId'];
    return {
      publishable: null,
      shop: shopView(context),
      userErrors: [refusal(field, 'Publication does not exist or is not publishable')],
    };
  }
  const wanted = ids.filter((each): each is Id => each !== null);
  product.publications = isOn
    ? [...new Set([...product.publications, ...wanted])]
    : product.publications.filter((each) => !wanted.includes(each));
  product.publishedAt =
    product.publications.length > 0 ? (product.publishedAt ?? context.state.now().toISOString()) : null;
  done(context, product, false);
  return { publishable: productView(context, product), shop: shopView(context), userErrors: [] };
}

function writeProduct(context: Context, product: Product, input: ProductInput): void {
  if (input.title) product.title = input.title;
  if (typeof input.descriptionHtml === 'string') product.descriptionHtml = input.descriptionHtml;
  if (input.handle) product.handle = context.state.freeHandle(context.shop, input.handle, product.id);
  if (typeof input.vendor === 'string') product.vendor = input.vendor;
  if (typeof input.productType === 'string') product.productType = input.productType;
  if (input.status) product.status = input.status;
  if (input.tags) product.tags = tidyTags(input.tags);
  if (input.templateSuffix !== undefined) product.templateSuffix = input.templateSuffix;
  if (input.seo) product.seo = { title: null, description: null, ...product.seo, ...input.seo };
  writeMetafields(context, gid('Product', product.id), input.metafields ?? []);
}

function replaceOptions(
  context: Context,
  product: Product,
  wanted: NonNullable<ProductInput['productOptions']>,
): void {
  product.options = wanted.map(({ name, values }) => {
    const known = product.options.find((option) => option.name === name);
    return {
      id: known?.id ?? context.state.nextId(),
      name: name ?? '',
      values: (values ?? []).map((value) => ({
        id: known?.values.find((each) => each.name === value.name)?.id ?? context.state.nextId(),
        name: value.name ?? '',
      })),
    };
  });
}

/** The list replaces the old one: variants are kept by id, or by having the same option values; the rest are deleted. */
function replaceVariants(context: Context, product: Product, inputs: VariantInput[]): void {
  const old = product.variants;
  product.variants = inputs.map((input) => {
    const id = idOf('ProductVariant', input.id ?? '');
    const wanted = selectedOptions(product, input.optionValues ?? []);
    const known = old.find((variant) =>
      id === null ? titleOf(variant.selectedOptions) === titleOf(wanted) : variant.id === id,
    );
    const variant = known ?? blankVariant(context);
    writeVariant(context, product, variant, input);
    return variant;
  });
  addMissingOptionValues(context, product);
}

function replaceMedia(context: Context, product: Product, files: MediaInput[]): void {
  product.media = files.map((file) => {
    const known = product.media.find(
      ({ id, url }) => url === file.originalSource || gid('MediaImage', id) === file.id,
    );
    return known ?? newMedia(context, product, file);
  });
}

function newMedia(context: Context, product: Product, { originalSource, alt }: MediaInput): Media {
  const media = context.state.newMedia(originalSource ?? '', alt ?? product.title);
  media.status = 'UPLOADED';
  // Later, as Shopify does: the answer does not wait for it.
  setImmediate(() => void fetchPicture(context.state, product, media));
  return media;
}

/** `metafields` of productSet is a list like the others: what is not in it is deleted. */
function dropMetafields({ shop, app }: Context, product: Product, kept: WrittenMetafield[]): void {
  const owner = gid('Product', product.id);
  shop.metafields = shop.metafields.filter(
    ({ ownerGid, namespace, key }) =>
      ownerGid !== owner ||
      kept.some((each) => each.key === key && namespaceOf(each.namespace, app.id) === namespace),
  );
}

function identifierErrors(
  input: ProductInput,
  identifier: { id?: string; handle?: string } | null | undefined,
): Refusal[] {
  if (identifier?.handle === undefined) return [];
  if (!input.handle)
    return [
      refusal(['input', 'handle'], 'The handle is required by the identifier', 'MISSING_FIELD_REQUIRED'),
    ];
  return input.handle === identifier.handle
    ? []
    : [refusal(['input', 'handle'], 'The handle is not the one of the identifier', 'INPUT_MISMATCH')];
}

/** What productVariantsBulkCreate asks for: a value for each option, and not the values of a variant that is there. */
function addErrors(product: Product, inputs: VariantInput[]): Refusal[] {
  const titles = new Set(product.variants.map(({ selectedOptions: options }) => titleOf(options)));
  const errors = inputs.flatMap((input, index) => {
    const path = ['variants', String(index)];
    const values = selectedOptions(product, input.optionValues ?? []);
    if (values.some(({ name }) => !product.options.some((option) => option.name === name)))
      return [refusal(path, 'Option does not exist', 'INVALID_INPUT')];
    if (product.options.some(({ name }) => !values.some((value) => value.name === name)))
      return [refusal(path, 'You need to add option values for all options', 'NEED_TO_ADD_OPTION_VALUES')];
    const title = titleOf(values);
    if (titles.has(title))
      return [refusal(path, `The variant '${title}' already exists.`, 'VARIANT_ALREADY_EXISTS')];
    titles.add(title);
    return [];
  });
  return product.variants.length + inputs.length > 2048
    ? [refusal(['variants'], 'Product cannot have more than 2048 variants', 'INVALID'), ...errors]
    : errors;
}

function writeVariant(context: Context, product: Product, variant: Variant, input: VariantInput): void {
  const { currency } = context.shop;
  if (input.optionValues) variant.selectedOptions = selectedOptions(product, input.optionValues);
  if (variant.selectedOptions.length === 0) {
    variant.selectedOptions = product.options.map(({ name, values }) => ({
      name,
      value: values[0]?.name ?? '',
    }));
  }
  variant.title = titleOf(variant.selectedOptions);
  if (input.price) variant.price = decimal(input.price, currency);
  if (input.compareAtPrice !== undefined) {
    variant.compareAtPrice = input.compareAtPrice === null ? null : decimal(input.compareAtPrice, currency);
  }
  if (input.sku !== undefined) variant.sku = input.sku;
  if (input.barcode !== undefined) variant.barcode = input.barcode;
  if (typeof input.taxable === 'boolean') variant.taxable = input.taxable;
  if (input.inventoryPolicy) variant.inventoryPolicy = input.inventoryPolicy;
  if (input.inventoryItem) writeInventoryItem(context, variant, input.inventoryItem);
  variant.updatedAt = context.state.now().toISOString();
  writeMetafields(context, gid('ProductVariant', variant.id), input.metafields ?? []);
  addMissingOptionValues(context, product);
}

function writeInventoryItem(context: Context, variant: Variant, input: InventoryItemInput): void {
  const item = variant.inventoryItem;
  if (input.cost !== undefined)
    item.cost = input.cost === null ? null : decimal(input.cost, context.shop.currency);
  if (typeof input.requiresShipping === 'boolean') item.requiresShipping = input.requiresShipping;
  if (typeof input.tracked === 'boolean') item.tracked = input.tracked;
  if (input.sku !== undefined) variant.sku = input.sku;
}

function selectedOptions(product: Product, values: OptionValueInput[]): Variant['selectedOptions'] {
  return values.map(({ name, optionId, optionName }) => ({
    name: optionName ?? product.options.find(({ id }) => gid('ProductOption', id) === optionId)?.name ?? '',
    value: name ?? '',
  }));
}

function addMissingOptionValues(context: Context, product: Product): void {
  for (const { name, value } of product.variants.flatMap((variant) => variant.selectedOptions)) {
    const option = product.options.find((each) => each.name === name);
    if (option && !option.values.some((each) => each.name === value))
      option.values.push({ id: context.state.nextId(), name: value });
  }
}

function productErrors(input: ProductInput, isNew: boolean, path: string[]): Refusal[] {
  const errors: Refusal[] = [];
  if (input.title === '' || (isNew && !input.title))
    errors.push(refusal([...path, 'title'], "Title can't be blank", 'INVALID_INPUT'));
  if ((input.title ?? '').length > 255)
    errors.push(
      refusal([...path, 'title'], 'Title is too long (maximum is 255 characters)', 'INVALID_INPUT'),
    );
  if ((input.tags ?? []).length > 250)
    errors.push(refusal([...path, 'tags'], 'Product tags cannot be more than 250', 'INVALID_INPUT'));
  return errors;
}

/** What productSet alone asks for: options and variants come together and fit each other. */
function setErrors({ shop }: Context, input: ProductInput, known: Product | null): Refusal[] {
  const errors = variantErrors(input.variants ?? [], ['input', 'variants']);
  if (input.productOptions && !input.variants) {
    errors.push(
      refusal(
        ['input', 'variants'],
        'Variants input is required when updating product options',
        'VARIANTS_INPUT_MISSING',
      ),
    );
  }
  if (input.variants && !input.productOptions && known === null) {
    errors.push(
      refusal(
        ['input', 'productOptions'],
        'Product options input is required when updating variants',
        'PRODUCT_OPTIONS_INPUT_MISSING',
      ),
    );
  }
  const options = input.productOptions ?? known?.options ?? [];
  const seen = new Set<string>();
  for (const [index, variant] of (input.variants ?? []).entries()) {
    const path = ['input', 'variants', String(index)];
    const values = variant.optionValues ?? [];
    const stray = values.find(
      ({ optionName }) => optionName && !options.some(({ name }) => name === optionName),
    );
    if (stray)
      errors.push(
        refusal(
          [...path, 'optionValues'],
          `The option "${stray.optionName ?? ''}" does not exist`,
          'OPTION_DOES_NOT_EXIST',
        ),
      );
    const title = values.map(({ name }) => name ?? '').join(' / ');
    if (seen.has(title))
      errors.push(refusal(path, `The variant '${title}' already exists.`, 'INVALID_VARIANT'));
    seen.add(title);
    const id = idOf('ProductVariant', variant.id ?? '');
    if (variant.id && !known?.variants.some((each) => each.id === id)) {
      errors.push(
        refusal([...path, 'id'], 'Product variant does not exist', 'PRODUCT_VARIANT_DOES_NOT_EXIST'),
      );
    }
  }
  if ((input.variants ?? []).length > 2048)
    errors.push(refusal(['input', 'variants'], 'Variants are over the limit of 2048', 'VARIANTS_OVER_LIMIT'));
  if (input.handle && shop.products.some(({ handle, id }) => handle === input.handle && id !== known?.id)) {
    errors.push(
      refusal(
        ['input', 'handle'],
        `Handle '${input.handle}' already in use. Please provide a new handle.`,
        'HANDLE_NOT_UNIQUE',
      ),
    );
  }
  return errors;
}

/** A metafield must be of its definition's type, and a list holds 128 values at most. */
function metafieldErrors({ shop, app }: Context, wanted: WrittenMetafield[], path: string[]): Refusal[] {
  return wanted.flatMap(({ namespace, key, type, value }, index) => {
    const definition = shop.metafieldDefinitions.find(
      (each) => each.namespace === namespaceOf(namespace, app.id) && each.key === key,
    );
    const at = [...path, String(index)];
    const actual = type ?? definition?.type;
    if (actual === undefined) return [refusal(at, "Type can't be blank", 'INVALID_METAFIELD')];
    if (definition && definition.type !== actual)
      return [refusal(at, `Type must be ${definition.type}`, 'INVALID_METAFIELD')];
    if (!actual.startsWith('list.')) return [];
    const list = listIn(value ?? '');
    return list === null || list.length > 128
      ? [refusal(at, 'Value is no list of up to 128 values', 'INVALID_METAFIELD')]
      : [];
  });
}

function listIn(value: string): unknown[] | null {
  try {
    const list: unknown = JSON.parse(value);
    return Array.isArray(list) ? list : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function variantErrors(inputs: VariantInput[], path: string[], from = 0): Refusal[] {
  return inputs.flatMap((input, index) =>
    input.price && Number(input.price) < 0
      ? [
          refusal(
            [...path, String(from + index), 'price'],
            'Price must be greater than or equal to 0',
            path.includes('input') ? 'INVALID_VARIANT' : 'GREATER_THAN_OR_EQUAL_TO',
          ),
        ]
      : [],
  );
}

function blank({ shop, state }: Context, title: string, handle: string | null): Product {
  // Products made through the API are in no sales channel until published.
  return state.newProduct(shop, title, handle ?? title);
}

function blankVariant({ shop, state }: Context): Variant {
  return state.newVariant(shop);
}

function done({ shop, state }: Context, product: Product, isNew: boolean): void {
  product.updatedAt = state.now().toISOString();
  if (isNew) shop.products.push(product);
  state.changed();
  state.emit({
    shop: shop.domain,
    topic: isNew ? 'products/create' : 'products/update',
    about: 'product',
    productId: product.id,
  });
}

function findProduct({ shop, state }: Context, id: string): Product | null {
  return state.findProduct(shop, idOf('Product', id) ?? 0);
}

function variantsAnswer(context: Context, product: Product, variants: Variant[]): View {
  return {
    product: productView(context, product),
    productVariants: variants.map((variant) => variantView(context, product, variant)),
    userErrors: [],
  };
}

function unknownProduct(): View {
  return {
    product: null,
    productVariants: null,
    userErrors: [refusal(['productId'], 'Product does not exist', 'PRODUCT_DOES_NOT_EXIST')],
  };
}

export function tidyTags(tags: string[]): string[] {
  return [
    ...new Set(
      tags
        .flatMap((tag) => tag.split(','))
        .map((tag) => tag.trim())
        .filter((tag) => tag !== ''),
    ),
  ];
}

function titleOf(options: Variant['selectedOptions']): string {
  return options.map(({ value }) => value).join(' / ');
}

function refusal(field: string[] | null, message: string, code?: string): Refusal {
  return code === undefined ? { field, message } : { field, message, code };
}

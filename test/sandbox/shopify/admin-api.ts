import { connection } from './connection.ts';
import type { PageArgs } from './connection.ts';
import type { Context, View } from './context.ts';
import {
  metafieldView,
  inventoryItemView,
  namespaceOf,
  productView,
  publicationView,
  variantView,
} from './product-view.ts';
import { writeMetafields } from './metafields.ts';
import type { WrittenMetafield } from './metafields.ts';
import { toMinor } from './money.ts';
import { orderMutations, touch } from './order-mutations.ts';
import {
  customerView,
  fulfillmentOrderView,
  fulfillmentView,
  lineView,
  orderView,
  wholeSecond,
} from './order-view.ts';
import { totalOf } from './orders.ts';
import { findByIdentifier, operationView, productMutations, tidyTags } from './product-mutations.ts';
import type { GidType, MetafieldDefinition, Order, Product, Variant } from './records.ts';
import { gid, idOf } from './records.ts';
import { covers } from './scopes.ts';
import type { Filters } from './search.ts';
import { matches } from './search.ts';
import { appView, installationView, shopView, subscriptionView } from './shop-view.ts';
import { accessDenied } from './schema.ts';

type SearchArgs = PageArgs & { query?: string | null; sortKey?: string | null };

/** Every query and mutation the sandbox's Shopify answers. */
export const adminApi: { QueryRoot: Record<string, unknown>; Mutation: Record<string, unknown> } = {
  QueryRoot: {
    shop: (_args: unknown, context: Context) => shopView(context),
    app: (_args: unknown, context: Context) => appView(context),
    currentAppInstallation: (_args: unknown, context: Context) => installationView(context),
    appInstallation: (_args: unknown, context: Context) => installationView(context),
    node: ({ id }: { id: string }, context: Context) => node(context, id),
    nodes: ({ ids }: { ids: string[] }, context: Context) => ids.map((id) => node(context, id)),
    product: byId('Product'),
    productVariant: byId('ProductVariant'),
    inventoryItem: byId('InventoryItem'),
    order: byId('Order'),
    fulfillmentOrder: byId('FulfillmentOrder'),
    productOperation: byId('ProductSetOperation'),
    productByIdentifier: (
      { identifier }: { identifier: { id?: string; handle?: string } },
      context: Context,
    ) => {
      const found = findByIdentifier(context, identifier);
      return found === null || found === 'unknown' ? null : productView(context, found);
    },
    publications: (args: PageArgs, context: Context) =>
      connection(context.shop.publications, args, (each) => publicationView(context, each)),
    products: (args: SearchArgs, context: Context) =>
      connection(
        sorted(context.shop.products.filter(matches(args.query, productFilters)), args.sortKey, productSorts),
        args,
        (each) => productView(context, each),
      ),
    productVariants: (args: SearchArgs, context: Context) => {
      const owners = new Map<Variant, Product>(
        context.shop.products.flatMap((product) =>
          product.variants.map((variant): [Variant, Product] => [variant, product]),
        ),
      );
      const filters: Filters<Variant> = {
        id: ({ id }) => id,
        sku: ({ sku }) => sku,
        title: ({ title }) => title,
        product_id: (variant) => owners.get(variant)?.id ?? null,
        updated_at: ({ updatedAt }) => updatedAt,
      };
      return connection([...owners.keys()].filter(matches(args.query, filters)), args, (each) => {
        const owner = owners.get(each);
        return owner ? variantView(context, owner, each) : null;
      });
    },
    orders: (args: SearchArgs, context: Context) => {
      // Without read_all_orders an app sees the orders of the last 60 days.
      const since = context.state.now().getTime() - 60 * 86_400_000;
      const visible = context.shop.orders.filter(
        ({ createdAt }) => covers(context.scopes, 'read_all_orders') || Date.parse(createdAt) >= since,
      );
      return connection(
        sorted(visible.filter(matches(args.query, orderFilters)), args.sortKey, orderSorts),
        args,
        (each) => orderView(context, each),
        sortedBy(args.sortKey, orderSorts),
      );
    },
    webhookSubscriptions: (
      args: PageArgs & { topics?: string[] | null; uri?: string | null },
      context: Context,
    ) =>
      connection(
        context.shop.webhookSubscriptions.filter(
          ({ topic, uri }) =>
            (!args.topics?.length || args.topics.includes(topic)) && (!args.uri || args.uri === uri),
        ),
        args,
        subscriptionView,
      ),
  },

  Mutation: {
    ...productMutations,
    ...orderMutations,

    tagsAdd: (args: TagArgs, context: Context) =>
      changeTags(args, context, (old, given) => tidyTags([...old, ...given])),
    tagsRemove: (args: TagArgs, context: Context) =>
      changeTags(args, context, (old, given) => old.filter((tag) => !given.includes(tag))),

    metafieldsSet(
      { metafields }: { metafields: (WrittenMetafield & { ownerId: string })[] },
      context: Context,
    ): View {
      if (metafields.length > 25) {
        const message = 'Exceeded the maximum metafields input limit of 25.';
        return {
          metafields: null,
          userErrors: [{ field: ['metafields'], message, code: 'LESS_THAN_OR_EQUAL_TO', elementIndex: null }],
        };
      }
      const errors = metafields.flatMap(({ ownerId, value, type, namespace, key }, index) => {
        requireWrite(context, ownerId, 'metafieldsSet');
        const at = ['metafields', String(index)];
        if (!node(context, ownerId))
          return [
            {
              field: [...at, 'ownerId'],
              message: 'Owner does not exist.',
              code: 'INVALID',
              elementIndex: index,
            },
          ];
        if (!value)
          return [
            { field: [...at, 'value'], message: "Value can't be blank.", code: 'BLANK', elementIndex: index },
          ];
        // 16 KB since 2026-04.
        if (Buffer.byteLength(value) > 16_384) {
          return [
            {
              field: [...at, 'value'],
              message: 'Value is too large.',
              code: 'TOO_LONG',
              elementIndex: index,
            },
          ];
        }
        const full = namespaceOf(namespace, context.app.id);
        const isKnown =
          context.shop.metafieldDefinitions.some((each) => each.namespace === full && each.key === key) ||
          context.shop.metafields.some(
            (each) => each.ownerGid === ownerId && each.namespace === full && each.key === key,
          );
        if (!type && !isKnown)
          return [
            { field: [...at, 'type'], message: "Type can't be blank", code: 'BLANK', elementIndex: index },
          ];
        return [];
      });
      if (errors.length > 0) return { metafields: null, userErrors: errors };
      const written = metafields.flatMap((each) =>
        writeMetafields(context, each.ownerId, [each]).map((made) =>
          metafieldView(made, ownerType(each.ownerId)),
        ),
      );
      context.state.changed();
      return { metafields: written, userErrors: [] };
    },

    /** One that is not there is no error, and null in the answer. */
    metafieldsDelete(
      { metafields }: { metafields: { ownerId: string; namespace: string; key: string }[] },
      context: Context,
    ): View {
      const { shop, state, app } = context;
      for (const { ownerId } of metafields) requireWrite(context, ownerId, 'metafieldsDelete');
      const deletedMetafields = metafields.map(({ ownerId, namespace, key }) => {
        const full = namespaceOf(namespace, app.id);
        const left = shop.metafields.filter(
          (each) => each.ownerGid !== ownerId || each.namespace !== full || each.key !== key,
        );
        const isFound = left.length < shop.metafields.length;
        shop.metafields = left;
        return isFound ? { ownerId, namespace: full, key } : null;
      });
      state.changed();
      return { deletedMetafields, userErrors: [] };
    },

    metafieldDefinitionCreate(
      {
        definition,
      }: {
        definition: { key: string; name: string; namespace?: string | null; ownerType: string; type: string };
      },
      context: Context,
    ): View {
      const { shop, state } = context;
      const namespace = namespaceOf(definition.namespace, context.app.id);
      const isTaken = shop.metafieldDefinitions.some(
        (each) =>
          each.namespace === namespace &&
          each.key === definition.key &&
          each.ownerType === definition.ownerType,
      );
      if (isTaken) {
        const message = `Key is in use for ${definition.ownerType} metafields on the '${namespace}' namespace.`;
        return {
          createdDefinition: null,
          userErrors: [{ field: ['definition', 'key'], message, code: 'TAKEN' }],
        };
      }
      const { key, name, ownerType: owner, type } = definition;
      const made: MetafieldDefinition = { id: state.nextId(), key, name, namespace, ownerType: owner, type };
      shop.metafieldDefinitions.push(made);
      state.changed();
      return { createdDefinition: definitionView(made), userErrors: [] };
    },

    webhookSubscriptionCreate(
      {
        topic,
        webhookSubscription,
      }: { topic: string; webhookSubscription: { uri?: string | null; callbackUrl?: string | null } },
      { shop, state }: Context,
    ): View {
      const uri = webhookSubscription.uri ?? webhookSubscription.callbackUrl ?? '';
      const refuse = (message: string): View => ({
        webhookSubscription: null,
        userErrors: [{ field: ['webhookSubscription', 'callbackUrl'], message }],
      });
      if (uri === '') return refuse("Address can't be blank");
      if (shop.webhookSubscriptions.some((each) => each.topic === topic && each.uri === uri)) {
        return refuse('Address for this topic has already been taken');
      }
      const made = { id: state.nextId(), topic, uri, createdAt: state.now().toISOString() };
      shop.webhookSubscriptions.push(made);
      state.changed();
      return { webhookSubscription: subscriptionView(made), userErrors: [] };
    },

    webhookSubscriptionDelete({ id }: { id: string }, { shop, state }: Context): View {
      const wanted = idOf('WebhookSubscription', id);
      const at = shop.webhookSubscriptions.findIndex((each) => each.id === wanted);
      if (at < 0) {
        return {
          deletedWebhookSubscriptionId: null,
          userErrors: [{ field: ['id'], message: 'Webhook subscription does not exist' }],
        };
      }
      shop.webhookSubscriptions.splice(at, 1);
      state.changed();
      return { deletedWebhookSubscriptionId: id, userErrors: [] };
    },
  },
};

const orderFilters: Filters<Order> = {
  id: ({ id }) => id,
  name: ({ name }) => [name, name.slice(1)],
  created_at: ({ createdAt }) => createdAt,
  updated_at: ({ updatedAt }) => wholeSecond(updatedAt),
  processed_at: ({ processedAt }) => processedAt,
  financial_status: ({ financialStatus }) => ['any', financialStatus],
  status: (order) => [
    'any',
    order.cancelledAt !== null ? 'cancelled' : order.closedAt === null ? 'open' : 'closed',
  ],
  tag: ({ tags }) => tags,
  test: ({ test }) => test,
  email: ({ email }) => email,
  customer_id: ({ customerId }) => customerId,
  source_name: ({ sourceName }) => sourceName,
  confirmation_number: ({ confirmationNumber }) => confirmationNumber,
  fulfillment_status: ({ fulfillmentOrders }) =>
    fulfillmentOrders.every(({ status }) => status === 'CLOSED')
      ? ['shipped', 'fulfilled']
      : ['unshipped', 'unfulfilled'],
};

const productFilters: Filters<Product> = {
  id: ({ id }) => id,
  title: ({ title }) => title,
  handle: ({ handle }) => handle,
  status: ({ status }) => status,
  tag: ({ tags }) => tags,
  vendor: ({ vendor }) => vendor,
  product_type: ({ productType }) => productType,
  sku: ({ variants }) => variants.map(({ sku }) => sku ?? ''),
  created_at: ({ createdAt }) => createdAt,
  updated_at: ({ updatedAt }) => updatedAt,
};

type Sorts<Item> = Record<string, (item: Item) => number | string>;

const orderSorts: Sorts<Order> = {
  CREATED_AT: ({ createdAt }) => createdAt,
  ID: ({ id }) => id,
  ORDER_NUMBER: ({ number }) => number,
  PROCESSED_AT: ({ processedAt }) => processedAt,
  TOTAL_PRICE: (order) => toMinor(totalOf(order), order.currency),
  UPDATED_AT: ({ updatedAt }) => wholeSecond(updatedAt),
};

const productSorts: Sorts<Product> = {
  CREATED_AT: ({ createdAt }) => createdAt,
  ID: ({ id }) => id,
  TITLE: ({ title }) => title,
  UPDATED_AT: ({ updatedAt }) => updatedAt,
};

/** Equal keys keep the order of their ids, so that pages neither repeat nor skip. */
function sorted<Item extends { id: number }>(
  items: Item[],
  sortKey: string | null | undefined,
  sorts: Sorts<Item>,
): Item[] {
  const key = sortedBy(sortKey, sorts);
  return [...items].sort((a, b) => {
    const [left, right] = [key(a), key(b)];
    return left < right ? -1 : left > right ? 1 : a.id - b.id;
  });
}

function sortedBy<Item>(
  sortKey: string | null | undefined,
  sorts: Sorts<Item>,
): (item: Item) => number | string {
  const key = sorts[sortKey ?? 'ID'];
  if (!key) throw new Error(`The sandbox's Shopify does not sort by ${sortKey ?? ''}.`);
  return key;
}

function byId(type: GidType) {
  return ({ id }: { id: string }, context: Context): View | null =>
    idOf(type, id) === null ? null : node(context, id);
}

function node(context: Context, globalId: string): View | null {
  const { shop, state } = context;
  const [, type = '', number = ''] = /^gid:\/\/shopify\/(\w+)\/(\d+)/.exec(globalId) ?? [];
  const id = Number(number);
  switch (type) {
    case 'Shop':
      return id === shop.id ? shopView(context) : null;
    case 'App':
      return appView(context);
    case 'AppInstallation':
      return installationView(context);
    case 'Product': {
      const product = state.findProduct(shop, id);
      return product ? productView(context, product) : null;
    }
    case 'ProductSetOperation': {
      const product = state.findProduct(shop, id);
      return product ? operationView(context, product) : null;
    }
    case 'ProductVariant': {
      const found = state.findVariant(shop, id);
      return found ? variantView(context, found.product, found.variant) : null;
    }
    case 'InventoryItem': {
      const variant = shop.products
        .flatMap(({ variants }) => variants)
        .find(({ inventoryItem }) => inventoryItem.id === id);
      return variant ? inventoryItemView(context, variant) : null;
    }
    case 'Publication': {
      const publication = shop.publications.find((each) => each.id === id);
      return publication ? publicationView(context, publication) : null;
    }
    case 'Order': {
      const order = state.findOrder(shop, id);
      return order ? orderView(context, order) : null;
    }
    case 'LineItem': {
      const order = shop.orders.find(({ lines }) => lines.some((line) => line.id === id));
      const line = order?.lines.find((each) => each.id === id);
      return order && line ? lineView(context, order, line) : null;
    }
    case 'FulfillmentOrder': {
      const found = state.findFulfillmentOrder(shop, id);
      return found && covers(context.scopes, 'read_merchant_managed_fulfillment_orders')
        ? fulfillmentOrderView(context, found.order, found.fulfillmentOrder)
        : null;
    }
    case 'Fulfillment': {
      const order = shop.orders.find(({ fulfillments }) => fulfillments.some((each) => each.id === id));
      const fulfillment = order?.fulfillments.find((each) => each.id === id);
      return order && fulfillment ? fulfillmentView(context, order, fulfillment) : null;
    }
    case 'Customer': {
      const customer = state.findCustomer(shop, id);
      return customer ? customerView(context, customer) : null;
    }
    case 'Metafield': {
      const metafield = shop.metafields.find((each) => each.id === id);
      return metafield ? metafieldView(metafield, ownerType(metafield.ownerGid)) : null;
    }
    case 'MetafieldDefinition': {
      const definition = shop.metafieldDefinitions.find((each) => each.id === id);
      return definition ? definitionView(definition) : null;
    }
    case 'WebhookSubscription': {
      const subscription = shop.webhookSubscriptions.find((each) => each.id === id);
      return subscription ? subscriptionView(subscription) : null;
    }
    default:
      return null;
  }
}

type TagArgs = { id: string; tags: string[] };

function changeTags(
  { id, tags }: TagArgs,
  context: Context,
  change: (old: string[], given: string[]) => string[],
): View {
  requireWrite(context, id, 'tagsAdd');
  const { shop, state } = context;
  const order = state.findOrder(shop, idOf('Order', id) ?? 0);
  const product = state.findProduct(shop, idOf('Product', id) ?? 0);
  const given = tidyTags(tags);
  if (given.some((tag) => tag.length > 255))
    return { node: null, userErrors: [{ field: ['tags'], message: 'Tag is too long' }] };
  if (order) {
    order.tags = change(order.tags, given);
    touch(context, order);
    return { node: orderView(context, order), userErrors: [] };
  }
  if (product) {
    state.editProduct(shop.domain, product.id, { tags: change(product.tags, given) });
    return { node: productView(context, product), userErrors: [] };
  }
  return { node: null, userErrors: [{ field: ['id'], message: 'The resource could not be found.' }] };
}

/** Tags and metafields need what changing their owner needs. */
function requireWrite(context: Context, owner: string, field: string): void {
  const scope = owner.includes('/Order/')
    ? 'write_orders'
    : /\/Product(Variant)?\//.test(owner)
      ? 'write_products'
      : owner.includes('/Customer/')
        ? 'write_customers'
        : null;
  if (scope !== null && !context.scopes.has(scope)) throw accessDenied(field, `\`${scope}\` access scope.`);
}

function ownerType(ownerGid: string): string {
  const type = ownerGid.split('/')[3] ?? '';
  return type === 'AppInstallation' ? 'API_PERMISSION' : type.toUpperCase();
}

function definitionView(definition: MetafieldDefinition): View {
  return {
    __typename: 'MetafieldDefinition',
    id: gid('MetafieldDefinition', definition.id),
    key: definition.key,
    name: definition.name,
    namespace: definition.namespace,
    ownerType: definition.ownerType,
    description: null,
    metafieldsCount: 0,
    pinnedPosition: null,
    useAsCollectionCondition: false,
    validationStatus: 'ALL_VALID',
    type: { category: 'TEXT', name: definition.type },
  };
}

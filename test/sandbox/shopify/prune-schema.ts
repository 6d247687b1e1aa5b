/**
 * Writes `admin-2026-10.graphql`: the part of Shopify's real Admin API schema that the sandbox serves and the
 * app's documents are checked against. For developers, when the app needs a type that is not there yet:
 *
 *   node test/sandbox/shopify/prune-schema.ts <introspection.json[.gz]>
 *
 * The introspection comes from the npm package @shopify/dev-mcp (ISC), file `dist/data/admin_2026-10.json.gz`;
 * beside the standard answer it says which access scopes a field needs and whether it is protected customer data.
 * What is kept is kept as it is: types, nullability, defaults and enum values are Shopify's.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { ConstDirectiveNode, DocumentNode, IntrospectionQuery } from 'graphql';
import { Kind, assertValidSchema, buildClientSchema, parse, print, printSchema, visit } from 'graphql';

const rootFields = {
  QueryRoot: `app appInstallation currentAppInstallation fulfillmentOrder inventoryItem node nodes order orders product
    productByIdentifier productOperation productVariant productVariants products publications shop webhookSubscriptions`,
  Mutation: `fulfillmentCreate fulfillmentOrderHold fulfillmentOrderReleaseHold inventoryItemUpdate
    metafieldDefinitionCreate metafieldsDelete metafieldsSet orderCancel orderUpdate productCreate productDelete
    productOptionsReorder productSet productUpdate
    productVariantsBulkCreate productVariantsBulkDelete productVariantsBulkUpdate publishablePublish publishableUnpublish
    refundCreate tagsAdd tagsRemove webhookSubscriptionCreate webhookSubscriptionDelete`,
};

/** Object types and the fields of theirs that lead to other objects. Scalars and enums come along unless deprecated. */
const objectFields: Record<string, string> = {
  ...rootFields,
  App: 'availableAccessScopes installation requestedAccessScopes',
  AppCatalog: '',
  AppInstallation: 'accessScopes app metafield',
  Customer: 'defaultEmailAddress',
  DeliveryMethod: '',
  Domain: 'localization',
  DomainLocalization: '',
  Fulfillment: 'fulfillmentLineItems fulfillmentOrders order trackingInfo',
  FulfillmentHold: '',
  FulfillmentLineItem: 'lineItem',
  FulfillmentOrder: 'deliveryMethod fulfillmentHolds fulfillments lineItems order supportedActions',
  FulfillmentOrderLineItem: 'lineItem variant',
  FulfillmentOrderSupportedAction: '',
  InventoryItem: 'unitCost',
  LineItem: `customAttributes discountedTotalSet discountedUnitPriceAfterAllDiscountsSet discountedUnitPriceSet
    originalTotalSet originalUnitPriceSet product totalDiscountSet variant`,
  MediaImage: 'image preview',
  MediaPreviewImage: 'image',
  Metafield: '',
  MetafieldDefinition: 'type',
  MetafieldIdentifier: '',
  MoneyBag: 'presentmentMoney shopMoney',
  Order: `currentSubtotalPriceSet currentTotalPriceSet customAttributes customer disputes fulfillmentOrders fulfillments
    fulfillmentsCount lineItems metafield metafields netPaymentSet refunds risk subtotalPriceSet suggestedRefund
    totalDiscountsSet totalOutstandingSet totalPriceSet totalReceivedSet totalRefundedSet totalTaxSet transactions`,
  OrderDisputeSummary: '',
  OrderRiskAssessment: 'facts provider',
  OrderRiskSummary: 'assessments',
  OrderTransaction: 'amountSet parentTransaction',
  Product: `featuredMedia media mediaCount metafield metafields options priceRangeV2 resourcePublications
    resourcePublicationsCount resourcePublicationsV2 seo variants variantsCount`,
  ProductDeleteOperation: 'userErrors',
  ProductOption: 'optionValues',
  ProductPriceRangeV2: 'maxVariantPrice minVariantPrice',
  ProductSetOperation: 'product userErrors',
  ProductVariant: 'inventoryItem media metafield metafields product selectedOptions',
  // Deprecated, and still what everyone reads to find the Online Store.
  Publication: 'catalog name',
  Refund: 'order refundLineItems totalRefundedSet transactions',
  RefundLineItem: 'lineItem priceSet subtotalSet',
  ResourcePublication: 'publication',
  ResourcePublicationV2: 'publication',
  Shop: 'metafield metafields plan primaryDomain',
  SuggestedOrderTransaction: 'amountSet maximumRefundableSet parentTransaction',
  SuggestedRefund: 'amountSet maximumRefundableSet subtotalSet suggestedTransactions',
  WebhookSubscription: 'apiVersion',
};

/** Interfaces and the fields of theirs that every kept object has. */
const interfacesKept: Record<string, string[]> = {
  Catalog: ['id', 'status', 'title'],
  DisplayableError: ['field', 'message'],
  LegacyInteroperability: ['legacyResourceId'],
  Media: ['alt', 'id', 'mediaContentType', 'preview', 'status'],
  Node: ['id'],
  ProductOperation: ['status'],
  Publishable: ['publishedOnPublication'],
};

type TypeRef = { kind: string; name: string | null; ofType: TypeRef | null };
type Field = {
  name: string;
  args: { type: TypeRef }[];
  type: TypeRef;
  isDeprecated: boolean;
  isProtected: boolean;
  protectedSubject: string | null;
  requiredAccess: string | null;
};
type Type = {
  kind: string;
  name: string;
  requiredAccess: string | null;
  fields: Field[] | null;
  inputFields: { type: TypeRef }[] | null;
  interfaces: TypeRef[] | null;
  possibleTypes: TypeRef[] | null;
};

const [source] = process.argv.slice(2);
if (source === undefined)
  throw new Error('Name the introspection file: node prune-schema.ts <introspection.json[.gz]>');

const bytes = readFileSync(source);
// The shape is Shopify's own introspection, described by the types above.
const { data } = JSON.parse((source.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')) as {
  data: { __schema: { types: Type[] } };
};
const original = new Map(data.__schema.types.map((type) => [type.name, type]));
const kept = prune();
const pruned = buildClientSchema({
  // buildClientSchema() checks the shape itself.
  __schema: { ...data.__schema, types: [...kept.values()] },
} as unknown as IntrospectionQuery);
assertValidSchema(pruned);

const notice = `# The part of Shopify's Admin API 2026-10 that this app and its sandbox use. Written by prune-schema.ts; do not edit.
# From the introspection in @shopify/dev-mcp (ISC licence, Copyright Shopify Inc.), descriptions left out.
directive @access(requires: String!) on FIELD_DEFINITION | OBJECT | INTERFACE
directive @protected(subject: String!) on FIELD_DEFINITION

`;
const text = notice + print(annotate(parse(printSchema(pruned)))) + '\n';
writeFileSync(new URL('admin-2026-10.graphql', import.meta.url), text);
console.log(`${String(kept.size)} types, ${String(Math.round(text.length / 1024))} KB`);

function prune(): Map<string, Type> {
  const result = new Map<string, Type>();
  const queue = [...Object.keys(objectFields), 'Node', 'WebhookSubscriptionTopic', 'DisplayableError'];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const type = original.get(name);
    if (type === undefined) throw new Error(`The schema has no type ${name}.`);
    if (result.has(name)) continue;
    const fields = type.fields?.filter((field) => isKept(type, field)) ?? null;
    result.set(name, { ...type, fields });
    for (const field of fields ?? []) {
      queue.push(named(field.type), ...field.args.map((arg) => named(arg.type)));
    }
    queue.push(...(type.inputFields ?? []).map((field) => named(field.type)));
    for (const { name: parent } of type.interfaces ?? []) {
      if (parent !== null && parent in interfacesKept) queue.push(parent);
    }
  }
  return withoutDangling(result);
}

function isKept(type: Type, field: Field): boolean {
  if (type.name in interfacesKept) return (interfacesKept[type.name] ?? []).includes(field.name);
  const listed = objectFields[type.name];
  if (listed !== undefined && words(listed).includes(field.name)) return true;
  if (type.name in rootFields) return false;
  const target = original.get(named(field.type));
  const isLeaf = target?.kind === 'SCALAR' || target?.kind === 'ENUM';
  if (isLeaf) return !field.isDeprecated;
  if (listed !== undefined) return false;
  // Connections, edges and the answers of mutations lead on to whatever is kept; other small objects do not.
  return /(Connection|Edge|Payload|Operation)$/.test(type.name) && isReachable(named(field.type));
}

function isReachable(name: string): boolean {
  return (
    name in objectFields || name in interfacesKept || /(Edge|Error|PageInfo|Job|ProductOption)$/.test(name)
  );
}

/** The lists of who implements what shrink to what is kept. */
function withoutDangling(types: Map<string, Type>): Map<string, Type> {
  const remaining = (refs: TypeRef[] | null): TypeRef[] | null =>
    refs?.filter(({ name }) => name !== null && types.has(name)) ?? null;
  return new Map(
    [...types].map(([name, type]) => [
      name,
      { ...type, interfaces: remaining(type.interfaces), possibleTypes: remaining(type.possibleTypes) },
    ]),
  );
}

function annotate(document: DocumentNode): DocumentNode {
  let current: Type | undefined;
  const enter = (node: { name: { value: string } }): void => {
    current = kept.get(node.name.value);
  };
  const own = <Node extends { name: { value: string }; directives?: readonly ConstDirectiveNode[] }>(
    node: Node,
  ): Node => {
    const requires = kept.get(node.name.value)?.requiredAccess;
    return requires
      ? { ...node, directives: [...(node.directives ?? []), directive('access', 'requires', requires)] }
      : node;
  };
  return visit(
    visit(document, {
      StringValue: (_node, key) => (key === 'description' ? null : undefined),
      Directive: (node) => (node.name.value === 'deprecated' ? { ...node, arguments: [] } : node),
    }),
    {
      ObjectTypeDefinition: { enter, leave: own },
      InterfaceTypeDefinition: { enter, leave: own },
      FieldDefinition: (node) => {
        const field = current?.fields?.find(({ name }) => name === node.name.value);
        const added = [
          ...(field?.requiredAccess ? [directive('access', 'requires', field.requiredAccess)] : []),
          ...(field?.isProtected
            ? [directive('protected', 'subject', field.protectedSubject ?? 'customer')]
            : []),
        ];
        return { ...node, directives: [...(node.directives ?? []), ...added] };
      },
    },
  );
}

function directive(name: string, argument: string, value: string): ConstDirectiveNode {
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: name },
    arguments: [
      {
        kind: Kind.ARGUMENT,
        name: { kind: Kind.NAME, value: argument },
        value: { kind: Kind.STRING, value: value.replace(/\s+/g, ' ').trim() },
      },
    ],
  };
}

function named(type: TypeRef): string {
  if (type.ofType) return named(type.ofType);
  if (type.name === null) throw new Error('A type without a name.');
  return type.name;
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

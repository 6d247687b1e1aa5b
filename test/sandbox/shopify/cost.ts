import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLField,
  GraphQLOutputType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionSetNode,
  ValueNode,
} from 'graphql';
import {
  Kind,
  OperationTypeNode,
  getArgumentValues,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
} from 'graphql';

type Variables = Readonly<Record<string, unknown>>;

/**
 * What Shopify would reckon a document to cost before running it: scalars 0, objects 1, mutations 10, connections by
 * the number of objects asked for. Shopify does not publish the last rule; it grows slowly, and the logarithm below
 * fits the figures developers report (`product { variants(first: 250) { nodes { inventoryItem { id } } } }` is 25).
 */
export function requestedCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): number {
  const fragments = new Map(
    document.definitions
      .filter(
        (definition): definition is FragmentDefinitionNode => definition.kind === Kind.FRAGMENT_DEFINITION,
      )
      .map((definition) => [definition.name.value, definition]),
  );

  const selections = (set: SelectionSetNode, parent: GraphQLOutputType): number => {
    const type = getNamedType(parent);
    const own = isObjectType(type) || isInterfaceType(type) ? type.getFields() : {};
    let total = 0;
    let dearest = 0;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const field = own[selection.name.value];
        if (!field || !selection.selectionSet) continue;
        const target = getNamedType(field.type);
        if (!isCompositeType(target)) continue;
        const inside = selections(selection.selectionSet, target);
        if (target.name.endsWith('Connection')) {
          const asked = size(selection.arguments ?? [], variables);
          total += 2 + Math.floor(inside * Math.max(1, 2 * Math.log(asked)));
        } else if (type.name === 'Mutation') {
          total += mutationCost(field, selection, variables) + inside;
        } else if (/^(PageInfo|UserError)$|Edge$|UserError$/.test(target.name)) {
          total += inside;
        } else {
          total += 1 + inside;
        }
        continue;
      }
      const [inner, condition] =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? [
              fragments.get(selection.name.value)?.selectionSet,
              fragments.get(selection.name.value)?.typeCondition.name.value,
            ]
          : [selection.selectionSet, selection.typeCondition?.name.value];
      const target = condition === undefined ? type : schema.getType(condition);
      if (!inner || !isCompositeType(target)) continue;
      const cost = selections(inner, target);
      // Only one of the fragments on different types of an interface can apply.
      if (isObjectType(type) || target === type) total += cost;
      else dearest = Math.max(dearest, cost);
    }
    return total + dearest;
  };

  const root =
    operation.operation === OperationTypeNode.MUTATION ? schema.getMutationType() : schema.getQueryType();
  return root ? selections(operation.selectionSet, root) : 0;
}

/**
 * Ten points, and what the work is: Shopify publishes the points of a variant, a metafield and a file for productSet; for
 * its relatives it says only that they are reckoned alike, which is assumed to mean with the same figures.
 */
function mutationCost(field: GraphQLField<unknown, unknown>, node: FieldNode, variables: Variables): number {
  if (!reckoned.has(field.name)) return 10;
  const given = getArgumentValues(field, node, variables);
  // The arguments fit the schema: the document was validated against it.
  const bodies = [given['input'], given['product'], given].map((body) => Object(body) as Work);
  const variants = bodies.flatMap((body) => body.variants ?? []);
  const metafields = [...bodies, ...variants].flatMap((each) => each.metafields ?? []);
  const files = bodies.flatMap((body) => [...(body.files ?? []), ...(body.media ?? [])]);
  return Math.ceil(10 + variants.length * 0.2 + metafields.length * 0.4 + files.length * 1.9);
}

const reckoned = new Set([
  'productSet',
  'productCreate',
  'productUpdate',
  'productVariantsBulkCreate',
  'productVariantsBulkUpdate',
]);

type Work = {
  variants?: { metafields?: readonly object[] | null }[] | null;
  metafields?: readonly object[] | null;
  files?: readonly object[] | null;
  media?: readonly object[] | null;
};

/** What a query turned out to cost: the objects that were really there. */
export function actualCost(data: unknown): number {
  const objects = (value: unknown): number => {
    if (Array.isArray(value)) return value.reduce((total: number, each) => total + objects(each), 0);
    if (value === null || typeof value !== 'object') return 0;
    return 1 + Object.values(value).reduce((total: number, each) => total + objects(each), 0);
  };
  return Math.max(0, objects(data) - 1);
}

export type Bucket = {
  /** Takes `cost` points if they are there. */
  take(cost: number): boolean;
  giveBack(points: number): void;
  empty(): void;
  status(): { maximumAvailable: number; currentlyAvailable: number; restoreRate: number };
};

/** Shopify's leaky bucket of one app in one shop: 2,000 points, 100 come back every second. */
export function openBucket(now: () => Date, maximum = 2000, restoreRate = 100): Bucket {
  let available = maximum;
  let at = now().getTime();
  const refill = (): void => {
    const moment = now().getTime();
    // A clock that is set back fills nothing, and empties nothing either.
    available = Math.min(maximum, available + (Math.max(0, moment - at) / 1000) * restoreRate);
    at = moment;
  };
  return {
    take(cost) {
      refill();
      if (cost > available) return false;
      available -= cost;
      return true;
    },
    giveBack(points) {
      refill();
      available = Math.min(maximum, available + points);
    },
    empty() {
      refill();
      available = 0;
    },
    status() {
      refill();
      return { maximumAvailable: maximum, currentlyAvailable: Math.floor(available), restoreRate };
    },
  };
}

function size(args: readonly { name: { value: string }; value: ValueNode }[], variables: Variables): number {
  const asked = args.find(({ name }) => name.value === 'first' || name.value === 'last')?.value;
  if (asked?.kind === Kind.INT) return Math.max(1, Number(asked.value));
  if (asked?.kind === Kind.VARIABLE) return Math.max(1, Number(variables[asked.name.value] ?? 1));
  return 1;
}

import { readFileSync } from 'node:fs';
import type { GraphQLFieldResolver, GraphQLObjectType, GraphQLOutputType, GraphQLSchema } from 'graphql';
import {
  GraphQLError,
  buildSchema,
  defaultFieldResolver,
  getNamedType,
  isNullableType,
  isObjectType,
} from 'graphql';
import type { Context } from './context.ts';
import { satisfies } from './scopes.ts';

/** The SDL as committed, with `@access` and `@protected`: what the app's documents are checked against. */
export const schemaText = readFileSync(new URL('admin-2026-10.graphql', import.meta.url), 'utf8');

/** Fields that leave out what the app may not see instead of refusing. */
const filtered = new Set(['FulfillmentOrderConnection']);

/**
 * The executable schema. Around every field: refused without its scope, empty when it is customer data the app is not
 * approved for, and a clear error for a field the sandbox has no answer for (better than a made-up null).
 */
export function adminSchema(roots: Record<string, Record<string, unknown>>): GraphQLSchema {
  const schema = buildSchema(schemaText);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const answer = resolver(type, field.name, roots[type.name]);
      // What is inside a connection was asked for with the connection.
      const isWrapped = /(Connection|Edge)$/.test(type.name);
      const requires = isWrapped
        ? null
        : (accessOf(field.astNode?.directives) ?? accessOfType(schema, field.type));
      const kind = type === schema.getMutationType() ? 'mutation' : 'query';
      const hides =
        field.astNode?.directives?.some(({ name }) => name.value === 'protected') &&
        isNullableType(field.type);
      field.resolve = (source, args, context: Context, info) => {
        if (requires !== null && !satisfies(context.scopes, requires, kind))
          throw accessDenied(field.name, requires);
        if (hides && context.hidesCustomerData) throw notApproved(field.name);
        return answer(source, args, context, info);
      };
    }
  }
  return schema;
}

function resolver(
  type: GraphQLObjectType,
  name: string,
  root: Record<string, unknown> | undefined,
): GraphQLFieldResolver<unknown, Context> {
  if (root) {
    const act = root[name];
    if (typeof act !== 'function') return () => unanswered(type.name, name);
    // Root functions are written with the arguments of their field in the schema.
    return (_source, args, context, info) => (act as (...args: unknown[]) => unknown)(args, context, info);
  }
  return (source, args, context, info) => {
    const value: unknown = defaultFieldResolver(source, args, context, info);
    return value === undefined ? unanswered(type.name, name) : value;
  };
}

function unanswered(type: string, field: string): never {
  throw new GraphQLError(`The sandbox's Shopify has no answer for ${type}.${field} yet.`);
}

export function accessDenied(field: string, requires: string): GraphQLError {
  return new GraphQLError(`Access denied for ${field} field. Required access: ${requires}`, {
    extensions: {
      code: 'ACCESS_DENIED',
      documentation: 'https://shopify.dev/api/usage/access-scopes',
      requiredAccess: requires,
    },
  });
}

/** The field is null and the rest is answered; the wording is as developers report it. */
function notApproved(field: string): GraphQLError {
  const documentation = 'https://shopify.dev/docs/apps/launch/protected-customer-data';
  return new GraphQLError(
    `This app is not approved to use the ${field} field. See ${documentation} for more details.`,
    { extensions: { code: 'ACCESS_DENIED', documentation } },
  );
}

type Directives = readonly {
  name: { value: string };
  arguments?: readonly { value: unknown }[] | undefined;
}[];

function accessOf(directives: Directives | undefined): string | null {
  const value = directives?.find(({ name }) => name.value === 'access')?.arguments?.[0]?.value;
  return value !== null && typeof value === 'object' && 'value' in value ? String(value.value) : null;
}

/** A field needs what its object needs; a connection what its nodes need. */
function accessOfType(schema: GraphQLSchema, output: GraphQLOutputType): string | null {
  const type = getNamedType(output);
  if (filtered.has(type.name)) return null;
  const target = schema.getType(type.name.replace(/Connection$/, '')) ?? type;
  return isObjectType(target) ? accessOf(target.astNode?.directives) : null;
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  getNamedType,
  Kind,
  parse,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
  type DirectiveNode,
} from 'graphql';
import { expect, test } from 'vitest';

// Every document the app sends, held against Shopify's published schema of the version the app asks for
// (test/sandbox/shopify/admin-2026-10.graphql: the real one, pruned, with the scopes and the protected fields it names).
const schema = buildSchema(
  readFileSync(join(import.meta.dirname, 'sandbox/shopify/admin-2026-10.graphql'), 'utf8'),
);
const documents = documentsOf(join(import.meta.dirname, '../app/shopify'));
const toml = readFileSync(join(import.meta.dirname, '../shopify.app.toml'), 'utf8');
const asked = /scopes = "([^"]+)"/.exec(toml)?.[1]?.split(',') ?? [];

test('every document is valid against the real schema', () => {
  expect(documents.length).toBeGreaterThan(8);
  for (const { name, text } of documents)
    expect(validate(schema, parse(text)).map(({ message }) => `${name}: ${message}`)).toEqual([]);
});

test('the scopes asked cover what is used, and none could be left out', () => {
  const needs = documents.flatMap(({ text }) => scopesOf(text));
  const uncovered = (scopes: string[]) =>
    needs.filter((alternatives) => !alternatives.some((scope) => covers(scopes, scope)));
  expect(uncovered(asked)).toEqual([]);
  for (const scope of asked)
    expect(uncovered(asked.filter((other) => other !== scope)), `without ${scope}`).not.toEqual([]);
});

test('the protected customer data the app reads is the e-mail address and the name, and nothing else', () => {
  const fields = documents.flatMap(({ text }) => protectedFieldsOf(text));
  expect([...new Set(fields)].sort()).toEqual(['Customer.firstName', 'Customer.lastName', 'Order.email']);
});

/** For each field and type used, the scopes of which one is enough. */
function scopesOf(text: string): string[][] {
  const needs: string[][] = [];
  const types = new TypeInfo(schema);
  visit(
    parse(text),
    visitWithTypeInfo(types, {
      Field: () => {
        const kind = types.getParentType() === schema.getMutationType() ? 'write' : 'read';
        const field = types.getFieldDef();
        const type = getNamedType(types.getType());
        // The schema leaves these to the access of their owner: we tag orders, and delete metafields of products.
        if (field?.name === 'tagsAdd') needs.push(['write_orders']);
        if (field?.name === 'metafieldsDelete') needs.push(['write_products']);
        for (const directives of [
          field?.astNode?.directives,
          type?.astNode && 'directives' in type.astNode ? type.astNode.directives : [],
        ]) {
          const words = argumentOf(directives, 'access', 'requires')?.split('Also:')[0] ?? '';
          const named = [...words.matchAll(/`([a-z_]+)`/g)].map(([, scope = '']) =>
            /^(read|write)_/.test(scope) ? scope : `${kind}_${scope}`,
          );
          if (named.length > 0) needs.push(named);
        }
      },
    }),
  );
  return needs;
}

function protectedFieldsOf(text: string): string[] {
  const found: string[] = [];
  const types = new TypeInfo(schema);
  visit(
    parse(text),
    visitWithTypeInfo(types, {
      Field: () => {
        const field = types.getFieldDef();
        if (argumentOf(field?.astNode?.directives, 'protected', 'subject') !== null) {
          found.push(`${types.getParentType()?.name ?? ''}.${field?.name ?? ''}`);
        }
      },
    }),
  );
  return found;
}

function covers(granted: string[], scope: string): boolean {
  return granted.includes(scope) || granted.includes(scope.replace(/^read_/, 'write_'));
}

function argumentOf(
  directives: readonly DirectiveNode[] | undefined,
  name: string,
  argument: string,
): string | null {
  const directive = directives?.find((candidate) => candidate.name.value === name);
  const value = directive?.arguments?.find((candidate) => candidate.name.value === argument)?.value;
  return value?.kind === Kind.STRING ? value.value : null;
}

/** The texts behind `operation(…)(`…`)`, read from the sources: running them would need a database. */
function documentsOf(folder: string): { name: string; text: string }[] {
  const sources = readdirSync(folder)
    .filter((file) => file.endsWith('.server.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8'));
  const fragments = new Map(
    sources.flatMap((source) =>
      [...source.matchAll(/const (\w+) = `([^`]+)`/g)].map(
        ([, name = '', text = '']) => [name, text] as const,
      ),
    ),
  );
  return sources.flatMap((source) =>
    [...source.matchAll(/`\s*((?:query|mutation) (\w+)[^`]*)`/g)].map(([, text = '', name = '']) => ({
      name,
      text: text.replace(/\$\{(\w+)\}/g, (_, fragment: string) => fragments.get(fragment) ?? ''),
    })),
  );
}

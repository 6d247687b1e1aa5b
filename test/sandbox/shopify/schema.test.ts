import { readFileSync } from 'node:fs';
import { buildSchema, getNamedType, isInputObjectType, isObjectType, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { adminApi } from './admin-api.ts';
import { adminSchema, schemaText } from './schema.ts';

const schema = buildSchema(schemaText);

function access(name: string, field?: string): string {
  const type = schema.getType(name);
  if (!isObjectType(type)) return '';
  const node = field === undefined ? type.astNode : type.getFields()[field]?.astNode;
  const value = node?.directives?.find((each) => each.name.value === 'access')?.arguments?.[0]?.value;
  return value && 'value' in value ? String(value.value) : '';
}

describe('the pruned schema', () => {
  test('keeps what Shopify says about access and protected data', () => {
    expect(access('Mutation', 'productSet')).toContain('`write_products`');
    expect(access('Mutation', 'fulfillmentCreate')).toContain('`write_merchant_managed_fulfillment_orders`');
    expect(access('Order')).toContain('`read_orders`');
    expect(access('QueryRoot', 'publications')).toContain('`read_publications`');
    expect(schemaText).toMatch(/^ {2}email: String @protected\(subject: "customer"\)$/m);
  });

  test('keeps required things required and defaults as they are', () => {
    const set = schema.getMutationType()?.getFields()['productSet'];
    expect(set?.args.find(({ name }) => name === 'synchronous')?.defaultValue).toBe(true);
    expect(String(set?.args.find(({ name }) => name === 'input')?.type)).toBe('ProductSetInput!');
    const variant = schema.getType('ProductVariantSetInput');
    expect(isInputObjectType(variant) && String(variant.getFields()['optionValues']?.type)).toBe(
      '[VariantOptionValueInput!]!',
    );
  });

  test('has the topics the app listens to', () => {
    const topics = schemaText.slice(schemaText.indexOf('enum WebhookSubscriptionTopic'));
    for (const topic of [
      'ORDERS_PAID',
      'ORDERS_CANCELLED',
      'REFUNDS_CREATE',
      'ORDERS_RISK_ASSESSMENT_CHANGED',
      'APP_UNINSTALLED',
    ]) {
      expect(topics).toContain(`  ${topic}\n`);
    }
  });

  test('refuses what the real schema does not have', () => {
    const wrong = validate(schema, parse('{ order(id: "gid://shopify/Order/1") { id esims } }'));
    expect(wrong[0]?.message).toContain('Cannot query field "esims"');
  });

  test('has an answer for every root field', () => {
    const roots = [
      [schema.getQueryType(), adminApi.QueryRoot],
      [schema.getMutationType(), adminApi.Mutation],
    ] as const;
    for (const [type, answers] of roots) {
      expect(Object.keys(type?.getFields() ?? {}).sort()).toEqual(Object.keys(answers).sort());
    }
    expect(adminSchema(adminApi).getQueryType()).toBeTruthy();
  });

  test('points nowhere outside itself and stays small', () => {
    for (const type of Object.values(schema.getTypeMap())) {
      if (!isObjectType(type)) continue;
      for (const field of Object.values(type.getFields()))
        expect(schema.getType(getNamedType(field.type).name)).toBeTruthy();
    }
    expect(readFileSync(new URL('admin-2026-10.graphql', import.meta.url)).length).toBeLessThan(150_000);
  });
});

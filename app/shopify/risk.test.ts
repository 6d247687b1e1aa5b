import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, isEnumType } from 'graphql';
import { expect, test } from 'vitest';
import { riskOf } from './risk.ts';

const schema = buildSchema(
  readFileSync(join(import.meta.dirname, '../../test/sandbox/shopify/admin-2026-10.graphql'), 'utf8'),
);

test("each of Shopify's recommendations is a risk of its own", () => {
  const words = schema.getType('OrderRiskRecommendationResult');
  if (!isEnumType(words)) throw new Error('the schema has no recommendations');
  expect(Object.fromEntries(words.getValues().map(({ name }) => [name, riskOf(name)]))).toEqual({
    NONE: 'none',
    ACCEPT: 'low',
    INVESTIGATE: 'medium',
    CANCEL: 'high',
  });
});

test('no judgement is no risk, and a word nobody knows is not taken for harmless', () => {
  expect(riskOf(null)).toBe('none');
  expect(riskOf('ESCALATE')).toBe('medium');
  expect(riskOf('')).toBe('medium');
});

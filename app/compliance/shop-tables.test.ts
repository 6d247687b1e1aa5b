import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { shopTables } from './shop-tables.ts';

const schema = readFileSync(join(import.meta.dirname, '../../prisma/schema.prisma'), 'utf8');
const models = [...schema.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)].map(([, name = '', body = '']) => ({
  name,
  isOfShop: /^ {2}shopId\s/m.test(body),
  isOfAccount: /^ {2}accountId\s/m.test(body),
  isOfDomain: /^ {2}(shopDomain|shop)\s+String/m.test(body),
  pointsAt: [...body.matchAll(/^ {2}\w+\s+(\w+)\??\s+@relation\(fields/gm)].map(([, to = '']) => to),
}));

test('no table with rows of a shop is left when the shop is erased', () => {
  expect([...shopTables].sort()).toEqual(
    models
      .filter(({ isOfShop }) => isOfShop)
      .map(({ name }) => name)
      .sort(),
  );
});

test('what is found by an account or a domain alone is named where a shop is erased', () => {
  const rest = models.filter(({ name, isOfShop, isOfAccount, isOfDomain }) => {
    return !isOfShop && !shopTables.includes(name) && (isOfAccount || isOfDomain);
  });
  expect(rest.map(({ name }) => name).sort()).toEqual([
    'BuyingPace',
    'ComplianceRequest',
    'Notification',
    'Session',
  ]);
});

test('a table goes before what it points at', () => {
  for (const { name, pointsAt } of models.filter(({ isOfShop }) => isOfShop))
    for (const target of pointsAt.filter((each) => each !== 'Shop'))
      expect(shopTables.indexOf(name), `${name} before ${target}`).toBeLessThan(shopTables.indexOf(target));
});

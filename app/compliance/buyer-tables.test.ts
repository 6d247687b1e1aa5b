import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buyerTables } from './buyer-tables.ts';

const schema = readFileSync(join(import.meta.dirname, '../../prisma/schema.prisma'), 'utf8');
const models = [...schema.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)].map(([, name = '', body = '']) => ({
  name,
  names: (column: string) => new RegExp(`^ {2}${column}\\s`, 'm').test(body),
  goesWithEsim: /^ {2}\w+\s+Esim\s+@relation\(.*onDelete: Cascade\)/m.test(body),
}));

test('no table with rows of an eSIM is left when its buyer is erased', () => {
  const kept = [
    'BalanceEntry', // the money, which names the eSIM no more
    'PurchaseAttempt', // what was bought; the eSIM it names is no more
  ];
  const found = models.filter(({ names, goesWithEsim }) => names('esimId') && !goesWithEsim);
  expect([...buyerTables.ofEsim, ...kept].sort()).toEqual(found.map(({ name }) => name).sort());
  expect(models.filter(({ goesWithEsim }) => goesWithEsim).map(({ name }) => name)).toContain('EsimEvent');
});

test('no table with rows of an order is left when its buyer is erased, but what the books need', () => {
  const kept = [
    ...['BalanceEntry', 'OrderDispute', 'Unit'], // without the notes of people
    ...['OrderEvent', 'ShopRefund'], // what was done and by whom of the staff
    'Esim', // goes by its own id
  ];
  const found = models.filter(({ names }) => names('orderId'));
  expect([...buyerTables.ofOrder, ...kept].sort()).toEqual(found.map(({ name }) => name).sort());
});

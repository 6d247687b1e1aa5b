import { parse } from 'csv-parse/sync';
import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bundleCsv } from './bundle-csv.ts';
import type { ListedBundle } from './queries.server.ts';

const bundle: ListedBundle = {
  ...{
    id: 'id',
    accountId: 'account',
    code: 'esim_1GB_7D_FR_V2',
    description: 'eSIM, 1GB, 7 Days, France, V2',
  },
  ...{
    kind: 'country',
    destination: 'FR',
    countries: ['FR'],
    region: null,
    dataBytes: 1_000_000_000n,
    days: 7,
  },
  ...{
    groups: ['Standard Fixed'],
    speeds: ['4G', '5G'],
    imageUrl: null,
    withdrawnAt: null,
    isConnected: true,
  },
  ...{ cost: { amount: new Decimal('1.2345'), currency: 'USD' }, mappings: [] },
};
const csv = (bundles: ListedBundle[], isFirst = true) =>
  bundleCsv(bundles, { isFirst, locale: 'de', accountNames: new Map([['account', 'eSIM Go']]) });
const read = (text: string) => parse<Record<string, string>>(text, { columns: true, bom: true });

test('a spreadsheet reads the same bundle', () => {
  expect(read(csv([bundle]))).toEqual([
    {
      ...{ Supplier: 'eSIM Go', Code: 'esim_1GB_7D_FR_V2', Description: 'eSIM, 1GB, 7 Days, France, V2' },
      ...{ 'Kind of destination': 'One country', Region: '', Countries: 'Frankreich', 'Country codes': 'FR' },
      ...{
        'Data in GB': '1',
        Days: '7',
        Speeds: '4G, 5G',
        Groups: 'Standard Fixed',
        Cost: '1.2345',
        Currency: 'USD',
      },
      ...{ 'Cost per GB': '1.2345', 'In your shop': 'no', Withdrawn: '' },
    },
  ]);
});

test('headings stand once, above the first lines, also when there are none below', () => {
  expect(read(csv([bundle]) + csv([bundle], false))).toHaveLength(2);
  expect(csv([])).toMatch(/^\uFEFFSupplier,Code,.*\r\n$/);
});

test('no cell of a supplier is computed by a spreadsheet, and quotes and line breaks break no line', () => {
  const nasty = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .tuple(fc.constantFrom('=', '+', '-', '@', '\t', '\r', '"', ',', '\n'), fc.string())
      .map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(nasty, nasty, (code, description) => {
      const [row] = read(csv([{ ...bundle, code, description }]));
      for (const [cell, given] of [
        [row?.['Code'], code],
        [row?.['Description'], description],
      ] as const) {
        expect(cell).not.toMatch(/^[=+\-@\t\r]/);
        expect([given, `'${given}`]).toContain(cell);
      }
    }),
  );
});

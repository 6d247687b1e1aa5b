import { parse } from 'csv-parse/sync';
import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bundleCsv } from './bundle-csv.ts';
import type { BundleDetails } from './queries.server.ts';

const bundle: BundleDetails = {
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
  ...{ supplier: 'eSIM Go', roaming: [], fairUse: null, autostart: true, allowances: [] },
};
const csv = (bundles: BundleDetails[], isFirst = true) => bundleCsv(bundles, { isFirst, locale: 'de' });
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
      ...{ 'Reached by roaming': '', 'Fair use': '', 'Validity begins': 'first use' },
      ...{ 'Call minutes': '', 'Text messages': '' },
      ...{ 'Cost per GB': '1.2345', 'Cost per day': '0.1764', 'In your shop': 'no', Withdrawn: '' },
    },
  ]);
});

test('whatever else the supplier says of a bundle is there, and how the shop sells it', () => {
  const mapping = {
    ...{ variantGid: 'v', productGid: 'p', productTitle: 'France', priceMinor: null, currency: null },
    stopped: null,
  };
  const [line] = read(
    csv([
      {
        ...bundle,
        ...{ dataBytes: null, fairUse: '2 GB a day, then slow', countries: ['DE', 'FR'], roaming: ['FR'] },
        ...{ autostart: false, region: 'Europe' },
        allowances: [
          { kind: 'voice', amount: 60 },
          { kind: 'voice', amount: 30 },
          { kind: 'sms', amount: null },
        ],
        mappings: [
          { ...mapping, origin: 'mapped' },
          { ...mapping, origin: 'published' },
        ],
      },
    ]),
  );
  expect(line).toMatchObject({
    ...{ 'Data in GB': 'unlimited', 'Fair use': '2 GB a day, then slow', 'Reached by roaming': 'Frankreich' },
    ...{ 'Validity begins': 'purchase', 'Call minutes': '90', 'Text messages': 'unlimited' },
    ...{ 'Cost per GB': '', 'In your shop': 'published and mapped' },
  });
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

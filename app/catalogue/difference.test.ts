import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ProviderBundle } from '../providers/contract.ts';
import { changesBetween, keep } from './difference.ts';

const france: ProviderBundle = {
  ...{ code: 'esim_1GB_7D_FR_V2', description: 'eSIM, 1GB, 7 Days, France', countries: ['FR'], roaming: [] },
  ...{ region: null, dataBytes: 1_000_000_000n, fairUse: null, days: 7, speeds: ['4G'], groups: ['Fixed'] },
  ...{ autostart: true, allowances: [], imageUrl: null },
  cost: { amount: new Decimal('1.20'), currency: 'USD' },
};
const changes = (now: Partial<ProviderBundle>) => changesBetween(keep(france), keep({ ...france, ...now }));

test('a change is told by field, with what it was and what it is', () => {
  expect(changes({})).toEqual([]);
  expect(changes({ cost: { amount: new Decimal('1.2000'), currency: 'USD' } })).toEqual([]);
  expect(changes({ days: 30, cost: { amount: new Decimal('1.5'), currency: 'USD' } })).toEqual([
    {
      field: 'cost',
      old: { amount: '1.2', currency: 'USD' },
      new: { amount: '1.5', currency: 'USD' },
    },
    { field: 'days', old: 7, new: 30 },
  ]);
  expect(changes({ countries: ['DE', 'FR'], region: 'Europe' }).map(({ field }) => field)).toEqual([
    'countries',
    'region',
  ]);
  expect(changes({ dataBytes: null, fairUse: '1 GB a day' }).map(({ field }) => field)).toEqual([
    'dataBytes',
    'fairUse',
  ]);
});

test('whatever text a supplier sends can be stored, and is compared as it is stored', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const { description } = keep({ ...france, description: `${text}\0\ud800` });
      expect(description).not.toContain('\0');
      expect(() => encodeURIComponent(description)).not.toThrow();
      expect(changes({ description }).length).toBe(description === france.description ? 0 : 1);
    }),
  );
});

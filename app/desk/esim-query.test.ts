import fc from 'fast-check';
import { expect, test } from 'vitest';
import { esimStatuses } from '../esims/status.ts';
import {
  concerns,
  esimQuery,
  esimSorts,
  fromItsBeginning,
  isNarrowed,
  readEsimQuery,
  writeEsimQuery,
  type EsimQuery,
} from './esim-query.ts';

const someOf = <Item>(items: readonly Item[]) => fc.uniqueArray(fc.constantFrom(...items));
const id = fc.option(fc.uuid(), { nil: null });
const anyQuery: fc.Arbitrary<EsimQuery> = fc.record({
  concern: fc.option(fc.constantFrom(...concerns), { nil: null }),
  status: someOf(esimStatuses),
  destination: someOf(['FR', 'europe-plus', 'global']),
  account: fc.uniqueArray(fc.uuid(), { maxLength: 3 }),
  sort: fc.constantFrom(...esimSorts),
  order: fc.constantFrom('asc', 'desc'),
  after: id,
  before: id,
});

test('an address asks again for what was asked', () => {
  fc.assert(
    fc.property(anyQuery, (query) => {
      expect(readEsimQuery(writeEsimQuery(query))).toEqual(query);
    }),
  );
});

test('whatever stands in an address, a list can be shown', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom('status', 'after', 'sort', 'account', 'x'), fc.string())),
      (pairs) => {
        const query = readEsimQuery(new URLSearchParams(pairs));
        expect(esimSorts).toContain(query.sort);
      },
    ),
  );
  expect(readEsimQuery(new URLSearchParams('status=lost&status=new&concern=none&after=1'))).toEqual(
    esimQuery({ status: ['new'] }),
  );
});

test('another order or page leaves nothing out, a filter does', () => {
  expect(isNarrowed(esimQuery({ sort: 'end', order: 'asc', after: crypto.randomUUID() }))).toBe(false);
  expect(isNarrowed(esimQuery({ concern: 'expiring' }))).toBe(true);
  expect(fromItsBeginning(esimQuery({ after: crypto.randomUUID() }))).toEqual(esimQuery({}));
});

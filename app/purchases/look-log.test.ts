import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLog, withLook, type Found, type Looked } from './look-log.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 10, minute));
const nothing: Found = { what: 'orders', fits: 0, foreign: 0 };
const down: Found = { what: 'problem', kind: 'down' };

test('looks that found the same are told as one, from the first to the last', () => {
  const found = [nothing, nothing, down, nothing];
  const log = found.reduce<Looked[]>((sum, each, minute) => withLook(sum, each, at(minute)), []);
  expect(log).toEqual([
    { from: at(0).toISOString(), until: at(1).toISOString(), times: 2, found: nothing },
    { from: at(2).toISOString(), until: at(2).toISOString(), times: 1, found: down },
    { from: at(3).toISOString(), until: at(3).toISOString(), times: 1, found: nothing },
  ]);
});

const anyFound: fc.Arbitrary<Found> = fc.oneof(
  fc.record({ what: fc.constant('orders' as const), fits: fc.nat(2), foreign: fc.nat(2) }),
  fc.record({ what: fc.constant('esims' as const), listed: fc.nat(2), of: fc.constant(2) }),
  fc.constant(down),
);

// The database gives the keys of an object back in its own order.
const otherOrder = ['of', 'kind', 'listed', 'foreign', 'fits', 'what', 'found', 'times', 'until', 'from'];

test('what is kept is read as it was, does not grow for ever, and forgets no look before it has to', () => {
  fc.assert(
    fc.property(fc.array(anyFound, { maxLength: 100 }), (found) => {
      const kept = (log: Looked[]): unknown => JSON.parse(JSON.stringify(log, otherOrder));
      const log = found.reduce<Looked[]>(
        (sum, each, minute) => withLook(readLog(kept(sum)), each, at(minute)),
        [],
      );
      expect(readLog(kept(log))).toEqual(log);
      expect(log.length).toBeLessThanOrEqual(40);
      const looks = log.reduce((sum, { times }) => sum + times, 0);
      if (log.length < 40) expect(looks).toBe(found.length);
      expect(log.at(-1)?.found).toEqual(found.at(-1));
    }),
  );
});

test('a look that only a newer version knows is left out', () => {
  const known = { from: 'a', until: 'b', times: 1, found: nothing };
  expect(readLog([{ ...known, found: { what: 'invoices' } }, known])).toEqual([known]);
});

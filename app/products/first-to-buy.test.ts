import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFraction } from '../platform/fraction.ts';
import { choices, firstToBuy, obstacleOf, type Candidate } from './first-to-buy.ts';

const candidate: fc.Arbitrary<Candidate> = fc.record({
  bundleId: fc.uuid(),
  accountId: fc.uuid(),
  supplier: fc.string(),
  code: fc.string(),
  isWithdrawn: fc.boolean(),
  accountState: fc.constantFrom('active', 'key-refused', 'disconnected'),
  isDown: fc.boolean(),
  cost: fc.option(fc.nat(5).map((cents) => ({ top: BigInt(cents), bottom: 100n }))),
  hasStock: fc.boolean(),
});
const list = fc.array(candidate, { minLength: 1, maxLength: 6 });

test('the first bundle that can be bought is chosen, whatever stands behind it', () => {
  fc.assert(
    fc.property(list, (list) => {
      const choice = firstToBuy(list, 'order');
      const buyable = list.filter((each) => obstacleOf(each) === null);
      // A supplier that does not answer now will: it is waited for rather than one that is gone.
      const silent = list.filter((each) => obstacleOf(each) === 'supplier-down');
      expect(choice?.chosen).toBe(buyable[0] ?? silent[0] ?? list[0]);
      // Said exactly when another one than the first is bought, with the first one's own obstacle.
      const [first] = list;
      expect(choice?.instead).toEqual(
        first && choice?.chosen !== first ? { code: first.code, why: obstacleOf(first) } : null,
      );
    }),
  );
});

test('of those that can be bought the cheapest is chosen, or one that is paid for; of equals the first', () => {
  const sold = (code: string, cost: string | null, hasStock = false): Candidate => ({
    ...{ bundleId: code, accountId: code, supplier: code, code, isWithdrawn: false, accountState: 'active' },
    ...{ isDown: false, hasStock, cost: cost === null ? null : readFraction(cost) },
  });
  const shelf = [
    sold('dear', '2.5'),
    sold('unknown', null, true),
    sold('cheap', '2.10'),
    sold('same', '2.1'),
  ];
  expect(firstToBuy(shelf, 'cost')).toMatchObject({
    chosen: { code: 'cheap' },
    instead: { code: 'dear', why: 'cost' },
  });
  expect(firstToBuy(shelf, 'stock')).toMatchObject({
    chosen: { code: 'unknown' },
    instead: { code: 'dear', why: 'stock' },
  });
  const withdrawn = shelf.map((each) => ({ ...each, isWithdrawn: each.code === 'cheap' }));
  expect(firstToBuy(withdrawn, 'cost')?.chosen.code).toBe('same');
});

test('no rule of choosing buys what cannot be bought while something can', () => {
  fc.assert(
    fc.property(list, fc.constantFrom(...choices), (list, choosing) => {
      const chosen = firstToBuy(list, choosing)?.chosen;
      const canBuy = list.some((each) => obstacleOf(each) === null);
      if (chosen && canBuy) expect(obstacleOf(chosen)).toBeNull();
    }),
  );
});

test('of nothing, nothing is chosen', () => {
  expect(firstToBuy([], 'order')).toBeNull();
});

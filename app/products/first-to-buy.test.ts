import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstToBuy, obstacleOf, type Candidate } from './first-to-buy.ts';

const candidate: fc.Arbitrary<Candidate> = fc.record({
  bundleId: fc.uuid(),
  accountId: fc.uuid(),
  code: fc.string(),
  isWithdrawn: fc.boolean(),
  accountState: fc.constantFrom('active', 'key-refused', 'disconnected'),
});

test('the first bundle that can be bought is chosen, whatever stands behind it', () => {
  fc.assert(
    fc.property(fc.array(candidate, { minLength: 1, maxLength: 6 }), (list) => {
      const choice = firstToBuy(list);
      const buyable = list.filter((each) => obstacleOf(each) === null);
      expect(choice?.chosen).toBe(buyable[0] ?? list[0]);
      // Said exactly when another one than the first is bought, with the first one's own obstacle.
      const [first] = list;
      expect(choice?.instead).toEqual(
        first && choice?.chosen !== first ? { code: first.code, why: obstacleOf(first) } : null,
      );
    }),
  );
});

test('of nothing, nothing is chosen', () => {
  expect(firstToBuy([])).toBeNull();
});

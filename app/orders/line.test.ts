import { expect, test } from 'vitest';
import { canMove, isUnitState, orderState, transitions, type UnitState } from './line.ts';

const states = Object.keys(transitions) as UnitState[]; // the table's own keys

test('what was bought is never bought again, but where a person replaces what was sent', () => {
  expect(transitions.bought).toEqual(['delivered', 'parked']);
  expect(transitions.delivered).toEqual(['paid', 'cancelled']);
  expect(transitions.cancelled).toEqual([]);
  for (const to of ['paid', 'held', 'buying'] as const) expect(canMove('preparing', to), to).toBe(false);
  expect(canMove('parked', 'buying')).toBe(false);
});

test('every state can be reached from paid and can come to an end', () => {
  for (const state of states.filter((each) => each !== 'paid'))
    expect(
      states.some((from) => canMove(from, state)),
      state,
    ).toBe(true);
  for (const state of states)
    expect(transitions[state].length > 0 || state === 'delivered' || state === 'cancelled', state).toBe(true);
});

test('names that objects have anyway are no states', () => {
  for (const name of ['toString', '__proto__', 'constructor', '', 'PAID'])
    expect(isUnitState(name)).toBe(false);
});

test('an order tells the most pressing of its units', () => {
  expect(orderState([])).toBe('none');
  expect(orderState(['delivered', 'held', 'paid'])).toBe('attention');
  expect(orderState(['delivered', 'bought'])).toBe('preparing');
  expect(orderState(['delivered', 'cancelled'])).toBe('delivered');
  expect(orderState(['cancelled', 'cancelled'])).toBe('cancelled');
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { guard, risks, type Guards, type OrderFacts } from './guards.ts';

const paidAt = new Date('2026-11-21T12:00:00Z');
const later = (minutes: number) => new Date(paidAt.getTime() + minutes * 60_000);
const order: OrderFacts = { test: false, risk: 'none', paidAt, esims: 1 };
const guards: Guards = { riskHold: 'high', buyDelayMinutes: 0, mostPerOrder: null, buyTestOrders: false };

test('an order without a sign of trouble goes ahead', () => {
  expect(guard(order, guards, paidAt)).toBeNull();
});

test('each guard gives its reason, and none when it is off', () => {
  expect(guard({ ...order, test: true }, guards, paidAt)?.reason).toBe('test-order');
  expect(guard({ ...order, test: true }, { ...guards, buyTestOrders: true }, paidAt)).toBeNull();
  expect(guard({ ...order, esims: 6 }, { ...guards, mostPerOrder: 5 }, paidAt)?.reason).toBe('quantity');
  expect(guard({ ...order, esims: 5 }, { ...guards, mostPerOrder: 5 }, paidAt)).toBeNull();
  expect(guard({ ...order, risk: 'medium' }, guards, paidAt)).toBeNull();
  expect(guard({ ...order, risk: 'medium' }, { ...guards, riskHold: 'medium' }, paidAt)?.reason).toBe('risk');
  expect(guard({ ...order, risk: 'high' }, { ...guards, riskHold: 'off' }, paidAt)).toBeNull();
});

test('the delay ends at its minute, counted from the payment', () => {
  const patient = { ...guards, buyDelayMinutes: 30 };
  expect(guard(order, patient, later(29))).toEqual({ reason: 'delay', until: later(30) });
  expect(guard(order, patient, later(30))).toBeNull();
});

test('more risk never lets an order through that less risk held', () => {
  const risk = fc.constantFrom(...risks);
  const riskHold = fc.constantFrom('off' as const, 'medium' as const, 'high' as const);
  fc.assert(
    fc.property(risk, risk, riskHold, (a, b, hold) => {
      const [less, more] = [a, b].sort((x, y) => risks.indexOf(x) - risks.indexOf(y));
      const heldAt = (r: typeof a) =>
        guard({ ...order, risk: r }, { ...guards, riskHold: hold }, paidAt) !== null;
      expect(heldAt(less ?? 'none') && !heldAt(more ?? 'none')).toBe(false);
    }),
  );
});

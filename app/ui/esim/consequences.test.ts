import { Decimal } from 'decimal.js';
import { expect, test } from 'vitest';
import { countSms } from '../../desk/sms.ts';
import { displayFor } from '../display.ts';
import { revokeView } from './revoke-view.ts';
import { smsCountLine } from './sms-words.ts';
import { choiceView, topUpView } from './top-up-view.ts';

const show = displayFor({ locale: 'en', timezone: 'UTC' });

test('before a bundle is taken back, what comes back is said to the cent, or that nothing does', () => {
  const look = { status: 'offered' as const, takesEsim: false, mark: 'x' };
  const back = (terms: Pick<Parameters<typeof revokeView>[0], 'refundTo' | 'amount' | 'currency'>) =>
    revokeView({ ...look, ...terms }, show).back;
  expect(back({ refundTo: 'balance', amount: '2.35', currency: 'USD' })).toBe(
    'The supplier pays $2.35 back to your balance.',
  );
  expect(back({ refundTo: 'balance', amount: null, currency: null })).toMatch(/its price back/);
  expect(back({ refundTo: 'stock', amount: null, currency: null })).toMatch(/back to your stock/);
  expect(back({ refundTo: 'nothing', amount: null, currency: null })).toMatch(/^Nothing comes back/);
});

test('a top-up that the balance does not cover cannot be pressed', () => {
  const look = { status: 'offered' as const, bundleCode: 'x', currency: 'USD', left: null, mark: 'x' };
  const view = (balanceBefore: string | null, balanceAfter: string | null) =>
    topUpView({ ...look, cost: '2.3456', balanceBefore, balanceAfter }, { bundleId: 'x', show });
  expect(view('10', '7.6544')).toMatchObject({ before: '$10.00', isTooDear: false });
  expect(view('2.3456', '0').isTooDear).toBe(false);
  expect(view('1', '-1.3456').isTooDear).toBe(true);
  expect(view(null, null)).toMatchObject({ before: null, after: null, isTooDear: false });
});

test('before more of the same is bought, what is left of it is said', () => {
  const offer = { status: 'offered' as const, bundleCode: 'x', currency: 'USD', mark: 'x' };
  const left = (bytes: bigint | null, endsAt: Date | null) =>
    topUpView(
      { ...offer, cost: '2', balanceBefore: null, balanceAfter: null, left: { bytes, endsAt } },
      { bundleId: 'x', show },
    ).left;
  expect(left(400_000_000n, new Date('2026-12-03T10:00:00Z'))).toMatch(
    /^It still has 400 MB of the same bundle, until .*2026\.$/,
  );
  expect(left(null, null)).toBe('It still has unlimited data of the same bundle.');
});

test('kinds of unlimited are told apart where one is chosen', () => {
  const bundle = { id: 'x', code: 'x', description: '', dataBytes: null, days: 7 };
  const cost = { amount: new Decimal('9.4'), currency: 'USD' };
  expect(choiceView({ ...bundle, groups: ['Standard Unlimited Lite'], cost }, show).label).toBe(
    'Unlimited Lite, 7 days: $9.40',
  );
});

test('whoever writes a text reads how long it may be, and which character shortens it', () => {
  expect(smsCountLine(countSms('Hello'))).toBe('5 of 160 characters.');
  expect(smsCountLine(countSms('It’s'))).toMatch(/^4 of 70 characters: with “’”/);
});

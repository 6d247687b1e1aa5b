import { expect, test } from 'vitest';
import { DAY, HOUR, MINUTE } from '../platform/time.ts';
import { compareAlerts, isToBeMailed, wantedAlerts, type Facts } from './alerts.ts';
import { alertText } from './alert-text.ts';

const now = new Date('2026-11-21T12:00:00Z');
const ago = (ms: number) => new Date(now.getTime() - ms);
const account = {
  ...{
    id: 'account',
    label: 'eSIM Go',
    isRefused: false,
    waitingForFunds: 0,
    lowBalance: null,
    orphans: 0,
    isStopped: false,
  },
};
const calm: Facts = {
  ...{ now, accounts: [account], parkedSince: [], recovered: null, resubscribed: 0 },
  ...{ ordersDenied: false, signedOut: false, stuckSince: [], failedMails: 0, failedFulfilments: 0 },
};
const kinds = (facts: Partial<Facts>) => wantedAlerts({ ...calm, ...facts }).map(({ kind }) => kind);

test('a shop where all goes well is told nothing', () => {
  expect(wantedAlerts(calm)).toEqual([]);
});

test('each cause is one alert, however many orders wait for it', () => {
  expect(kinds({ accounts: [{ ...account, isRefused: true }] })).toEqual(['key-refused']);
  expect(wantedAlerts({ ...calm, accounts: [{ ...account, waitingForFunds: 40 }] })).toMatchObject([
    { kind: 'funds', subject: 'account', detail: { supplier: 'eSIM Go', esims: 40 } },
  ]);
  const lowBalance = { balance: '$12.30', line: '$50.00' };
  const [low] = wantedAlerts({ ...calm, accounts: [{ ...account, lowBalance }] });
  expect(low).toMatchObject({ kind: 'balance-low', subject: 'account', isMailed: true });
  expect(low && alertText(low.kind, low.detail).title).toBe('$12.30 left at eSIM Go');
  const [said] = wantedAlerts({ ...calm, accounts: [{ ...account, lowBalance: { balance: '$12.30' } }] });
  expect(said && alertText(said.kind, said.detail).sentence).toMatch(/^eSIM Go called to say/);
  expect(kinds({ accounts: [{ ...account, orphans: 2 }], failedMails: 3, failedFulfilments: 1 })).toEqual([
    'orphan',
    'mail-failed',
    'fulfilment-failed',
  ]);
  expect(kinds({ resubscribed: 4 })).toEqual(['webhooks-missing']);
  expect(kinds({ ordersDenied: true })).toEqual(['orders-denied']);
  // What waits for Shopify to let the app in is no second matter.
  expect(kinds({ signedOut: true, stuckSince: [now] })).toEqual(['signed-out']);
});

test('what is parked is shown after a quarter of an hour, and mailed after an hour', () => {
  expect(wantedAlerts({ ...calm, parkedSince: [ago(14 * MINUTE)] })).toEqual([]);
  expect(wantedAlerts({ ...calm, parkedSince: [ago(16 * MINUTE), now] })).toMatchObject([
    { kind: 'parked', detail: { esims: 2 }, isMailed: false },
  ]);
  expect(wantedAlerts({ ...calm, parkedSince: [ago(HOUR + MINUTE)] })).toMatchObject([{ isMailed: true }]);
});

test('a message of Shopify that cannot be worked on is shown, and mailed after an hour', () => {
  expect(wantedAlerts({ ...calm, stuckSince: [ago(20 * MINUTE)] })).toMatchObject([
    { kind: 'messages-stuck', detail: { messages: 1 }, isMailed: false },
  ]);
  expect(wantedAlerts({ ...calm, stuckSince: [now, ago(HOUR + MINUTE)] })).toMatchObject([
    { detail: { messages: 2 }, isMailed: true },
  ]);
});

test('a restored database is told of while buying is stopped, and for a day when purchases were found', () => {
  expect(kinds({ accounts: [{ ...account, isStopped: true }] })).toEqual(['database-restored']);
  expect(kinds({ recovered: { found: 3, parked: 1 } })).toEqual(['database-restored']);
  expect(kinds({ recovered: { found: 0, parked: 0 } })).toEqual([]);
});

test('an alert ends with its cause, and one that goes on is not raised again', () => {
  const open = [
    { id: '1', kind: 'key-refused', subject: 'account', raisedAt: now, mailedAt: now, mailTries: 1 },
    { id: '2', kind: 'parked', subject: '', raisedAt: now, mailedAt: null, mailTries: 0 },
  ];
  const wanted = wantedAlerts({ ...calm, accounts: [{ ...account, isRefused: true, orphans: 1 }] });
  const { raise, goOn, settle } = compareAlerts(wanted, open);
  expect(raise.map(({ kind }) => kind)).toEqual(['orphan']);
  expect(goOn.map(({ alert }) => alert.id)).toEqual(['1']);
  expect(settle.map(({ id }) => id)).toEqual(['2']);
});

test('an alert is mailed once, not again within a day of the last of its kind, and later and later after failures', () => {
  const [wanted] = wantedAlerts({ ...calm, failedMails: 1 });
  if (!wanted) throw new Error('nothing is wanted');
  const open = {
    ...{ id: '1', kind: 'mail-failed', subject: '', raisedAt: ago(MINUTE), mailedAt: null, mailTries: 0 },
  };
  const at = { now, lastMailedAt: null };
  expect(isToBeMailed(wanted, open, at)).toBe(true);
  expect(isToBeMailed({ ...wanted, isMailed: false }, open, at)).toBe(false);
  expect(isToBeMailed(wanted, { ...open, mailedAt: now }, at)).toBe(false);
  expect(isToBeMailed(wanted, open, { now, lastMailedAt: ago(DAY - MINUTE) })).toBe(false);
  expect(isToBeMailed(wanted, open, { now, lastMailedAt: ago(DAY + MINUTE) })).toBe(true);
  expect(isToBeMailed(wanted, { ...open, mailTries: 2 }, at)).toBe(false);
  expect(isToBeMailed(wanted, { ...open, mailTries: 2, raisedAt: ago(4 * MINUTE) }, at)).toBe(true);
});

test('every alert says what happened and what to do', () => {
  const all = wantedAlerts({
    ...calm,
    accounts: [{ ...account, isRefused: true, waitingForFunds: 1, orphans: 2, isStopped: true }],
    parkedSince: [ago(2 * HOUR)],
    ...{ resubscribed: 1, failedMails: 1, failedFulfilments: 1 },
  });
  expect(new Set(all.map(({ kind }) => kind)).size).toBe(8);
  for (const { kind, detail } of all) {
    const { title, sentence, nextStep, page } = alertText(kind, detail);
    for (const text of [title, sentence, nextStep]) expect(text).not.toMatch(/undefined|null|NaN/);
    expect(page).toMatch(/^\/app/);
  }
});

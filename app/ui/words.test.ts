import { expect, test } from 'vitest';
import { transitions } from '../orders/line.ts';
import { attentionItems } from './attention-words.ts';
import { eventText } from './event-words.ts';
import { privacyText, privacyTopics } from './privacy-words.ts';
import { problems, problemText } from './problem-words.ts';
import { reasons, reasonText } from './reason-words.ts';
import { orderStateWords, unitStateWords } from './state-badge.tsx';

test('every failure says what happened and what to do next', () => {
  for (const [side, texts] of Object.entries(problems)) {
    for (const [kind, { title, whatNext }] of Object.entries(texts)) {
      expect(title, `${side} ${kind}`).not.toMatch(/\.$/);
      expect(whatNext, `${side} ${kind}`).toMatch(/\.$/);
    }
  }
});

test('a failure this version does not know still gets words', () => {
  expect(problemText('from-the-future').title).toBe('Something went wrong');
  expect(problemText('constructor', 'mail').title).toBe('Something went wrong');
  expect(reasonText('toString').nextStep).toMatch(/\.$/);
  expect(reasonText(null).sentence).toMatch(/\.$/);
  expect(privacyText('customers/unheard_of').title).toBe('A privacy request');
  expect(eventText('order.teleported', {})).toBeNull();
});

test('only a lost answer leaves open whether something was bought', () => {
  const certain = Object.entries(problems.supplier).filter(([, { whatNext }]) =>
    whatNext.startsWith('Nothing was bought.'),
  );
  expect(certain.map(([kind]) => kind).sort()).toEqual([
    'credentials',
    'down',
    'funds',
    'rate-limited',
    'rejected',
  ]);
  expect(problems.supplier['unknown-outcome'].whatNext).toContain('may have been bought');
});

test('every state of an eSIM and of an order has its own words', () => {
  const labels = Object.values(unitStateWords).map(({ label }) => label);
  expect(Object.keys(unitStateWords).sort()).toEqual(Object.keys(transitions).sort());
  expect(new Set(labels).size).toBe(labels.length);
  expect(Object.keys(orderStateWords)).toHaveLength(6);
});

test('a reason names what helps, and its link leads into the app', () => {
  for (const { short, sentence, nextStep, link } of Object.values(reasons)) {
    expect(short).not.toMatch(/\.$/);
    expect(sentence).toMatch(/\.$/);
    expect(nextStep).toMatch(/\.$/);
    if (link) expect(link.url).toMatch(/^\/app\//);
  }
});

test('the privacy topics of Shopify are all worded', () => {
  expect(Object.keys(privacyTopics)).toEqual(['customers/data_request', 'customers/redact', 'shop/redact']);
});

test('the timeline tells a refusal with its reason', () => {
  expect(eventText('purchase.refused', { reason: 'funds' })).toBe('Nothing was bought: balance too low');
  expect(eventText('mail.failed', { reason: 'refused' })).toBe(
    'E-mail not sent: the mail service refused the address',
  );
  expect(eventText('purchase.sent', { supplier: 'eSIM Go', bundle: 'x' })).toBe('Ordered from eSIM Go');
  expect(eventText('unit.held', 'not an object')).toMatch(/^Put on hold/);
});

test('the timeline says which member of staff decided', () => {
  expect(eventText('unit.released', { by: 'staff 12345' })).toBe('Released from hold, by staff 12345');
  expect(eventText('unit.released', {})).toBe('Released from hold');
  expect(eventText('unit.released', { as: 'settings', by: 'staff 12345' })).toBe(
    'Released from hold, since what stops an order was changed in the settings, by staff 12345',
  );
});

const nothing = {
  ...{ unclaimed: 0, refunded: 0, disputes: 0, failedRefunds: 0 },
  ...{ withoutSupplier: 0, failedMails: 0, failedFulfilments: 0 },
};

test('a shop where all is well has nothing that needs the merchant', () => {
  const orders = { ...nothing, waiting: [] };
  expect(attentionItems({ orders, refusedKeys: [], requestsNearDue: 0, down: [] })).toEqual([]);
});

test('a test order waits for nobody, a lost answer does', () => {
  const waiting = [
    { state: 'parked', reason: 'no-such-order', count: 1 },
    { state: 'held', reason: 'test-order', count: 4 },
  ];
  const orders = { ...nothing, waiting, unclaimed: 1, withoutSupplier: 2, failedMails: 1 };
  expect(
    attentionItems({
      orders,
      refusedKeys: [{ label: 'eSIM Go', sells: true }],
      requestsNearDue: 3,
      down: [],
    }).map(({ text }) => text),
  ).toEqual([
    'eSIM Go refused the key',
    '1 eSIM: answer lost, no purchase found',
    '1 purchase: bought, belongs to no order',
    '2 paid eSIMs: supplier disconnected',
    '1 e-mail could not be sent',
    '3 privacy requests due within a week',
  ]);
});

import { expect, test } from 'vitest';
import { failpoints, parseFailpoint } from './failpoint.ts';

test('a failpoint names a place, what happens there and when', () => {
  expect(parseFailpoint('mail.sent:kill')).toEqual({ name: 'mail.sent', act: 'kill', nth: 1 });
  expect(parseFailpoint('buy.answer-read:stop:3')).toEqual({ name: 'buy.answer-read', act: 'stop', nth: 3 });
  for (const name of failpoints) expect(parseFailpoint(`${name}:throw`)?.name).toBe(name);
});

test('a place that is not there, another act and a count that never comes are refused', () => {
  for (const text of [
    'mail.gone:kill',
    'mail.sent',
    'mail.sent:hang',
    'mail.sent:kill:0',
    ' mail.sent:kill',
  ]) {
    expect(parseFailpoint(text), text).toBeNull();
  }
});

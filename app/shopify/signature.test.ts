import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { isSigned, secretBehind } from './signature.ts';

const body = Buffer.from('{"id":1}');
const sign = (secret: string) => createHmac('sha256', secret).update(body).digest();

test('only the signature of these bytes under this secret holds, and nothing else makes it throw', () => {
  expect(isSigned(body, ['secret'], sign('secret').toString('base64'))).toBe(true);
  const wrong = [
    '',
    '=',
    'é',
    'A'.repeat(44),
    sign('other').toString('base64'),
    sign('secret').subarray(1).toString('base64'),
    sign('secret').toString('hex'),
    'x'.repeat(100_000),
  ];
  for (const given of wrong) expect(isSigned(body, ['secret', 'previous'], given)).toBe(false);
  expect(isSigned(Buffer.from('{"id":2}'), ['secret'], sign('secret').toString('base64'))).toBe(false);
  expect(isSigned(body, [], sign('').toString('base64'))).toBe(false);
});

test('during a rotation the new secret and the one before it hold, and it is known which', () => {
  const secrets = ['new', 'previous'];
  expect(secretBehind(body, secrets, sign('new').toString('base64'))).toBe('new');
  expect(secretBehind(body, secrets, sign('previous').toString('base64url'))).toBe('previous');
  expect(secretBehind(body, secrets, sign('older').toString('base64'))).toBeNull();
});

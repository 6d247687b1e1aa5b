import { beforeAll, expect, test } from 'vitest';
import type { config as Config } from './config.server.ts';
import type * as Secrets from './secrets.server.ts';

const key = (fill: number) => Buffer.alloc(32, fill).toString('base64');
let secrets: typeof Secrets;
let config: typeof Config;

beforeAll(async () => {
  Object.assign(process.env, {
    ...{
      SHOPIFY_API_KEY: 'key',
      SHOPIFY_API_SECRET: 'secret',
      SHOPIFY_APP_URL: 'http://127.0.0.1',
      RESEND_API_KEY: 're_1',
    },
    ...{ MAIL_FROM: 'esim@shop.example', ENCRYPTION_KEYS: `k1:${key(1)}`, BLIND_INDEX_KEY: key(9) },
  });
  // Settings are read at import.
  ({ config } = await import('./config.server.ts'));
  secrets = await import('./secrets.server.ts');
});

const withKeys = <Result>(keys: [string, string][], act: () => Result): Result => {
  const before = config.ENCRYPTION_KEYS;
  Object.assign(config, { ENCRYPTION_KEYS: keys });
  try {
    return act();
  } finally {
    Object.assign(config, { ENCRYPTION_KEYS: before });
  }
};
const place = { table: 'Esim', column: 'secret', shopId: 'shop', rowId: 'row' };

test('what was sealed opens again, and two seals of one text differ', () => {
  for (const text of ['', 'LPA:1$rsp.example$K2-ABC', '日本 ✓', 'x'.repeat(100_000)]) {
    expect(secrets.unseal(secrets.seal(text, place), place)).toBe(text);
  }
  expect(secrets.seal('same', place)).not.toBe(secrets.seal('same', place));
});

test('a ciphertext copied to another shop, row, column or table does not open', () => {
  const sealed = secrets.seal('secret', place);
  for (const other of [{ shopId: 'other' }, { rowId: 'other' }, { column: 'to' }, { table: 'Delivery' }]) {
    expect(() => secrets.unseal(sealed, { ...place, ...other })).toThrow();
  }
});

test('a ciphertext of which any character was changed or taken away does not open', () => {
  const sealed = secrets.seal('secret', place);
  for (let position = 0; position < sealed.length; position++) {
    const other = sealed[position] === 'A' ? 'Q' : 'A';
    const changed = sealed.slice(0, position) + other + sealed.slice(position + 1);
    // The last character of a base64url part may hold bits that are not used.
    const isSame = changed
      .split('.')
      .every((part, index) =>
        Buffer.from(part, 'base64url').equals(Buffer.from(sealed.split('.')[index] ?? '', 'base64url')),
      );
    if (!isSame || position < 5)
      expect(() => secrets.unseal(changed, place), `position ${String(position)}`).toThrow();
    expect(() => secrets.unseal(sealed.slice(0, position), place)).toThrow();
  }
  // A short tag would be guessed in no time.
  const parts = sealed.split('.');
  const shortTag = [
    ...parts.slice(0, 4),
    Buffer.from(parts[4] ?? '', 'base64url')
      .subarray(0, 4)
      .toString('base64url'),
  ].join('.');
  expect(() => secrets.unseal(shortTag, place)).toThrow();
});

test('a new key seals, the old one still opens, and a text without its key does not open', () => {
  const old = secrets.seal('secret', place);
  const rotated: [string, string][] = [
    ['k2', key(2)],
    ['k1', key(1)],
  ];
  expect(withKeys(rotated, () => secrets.unseal(old, place))).toBe('secret');
  expect(withKeys(rotated, () => secrets.seal('secret', place))).toMatch(/^v1\.k2\./);
  expect(() => withKeys([['k2', key(2)]], () => secrets.unseal(old, place))).toThrow(
    /ENCRYPTION_KEYS holds no key/,
  );
  expect(() => withKeys([['k1', key(2)]], () => secrets.unseal(old, place))).toThrow();
});

test('an error about a ciphertext quotes neither the text nor the ciphertext', () => {
  const sealed = secrets.seal('secret', place);
  for (const wrong of ['secret', sealed.replace('v1.', 'v2.'), sealed.replace('.k1.', '.k9.')]) {
    const attempt = () => secrets.unseal(wrong, place);
    expect(attempt).toThrow(/Esim\.secret of row row/);
    expect(attempt).not.toThrow(sealed.split('.')[3] ?? '');
  }
});

test('a blind index is the same for the same value, and another for another purpose', () => {
  expect(secrets.blindIndex('iccid', '8944')).toBe(secrets.blindIndex('iccid', '8944'));
  expect(secrets.blindIndex('iccid', '8944')).not.toBe(secrets.blindIndex('checkout-token', '8944'));
  expect(secrets.blindIndex('iccid', '8944')).toMatch(/^[\w-]{43}$/);
  expect(secrets.newToken().token).toMatch(/^[\w-]{43}$/);
  const { token, tokenHash } = secrets.newToken();
  expect(secrets.hashToken(token)).toBe(tokenHash);
});

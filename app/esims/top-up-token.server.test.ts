import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type * as Tokens from './top-up-token.server.ts';

const key = (fill: number) => Buffer.alloc(32, fill).toString('base64');
const esim = { id: randomUUID(), shopId: randomUUID() };
let tokens: typeof Tokens;
let token: string;

beforeAll(async () => {
  Object.assign(process.env, {
    ...{ SHOPIFY_API_KEY: 'key', SHOPIFY_API_SECRET: 'secret', SHOPIFY_APP_URL: 'http://127.0.0.1' },
    ...{ RESEND_API_KEY: 're_1', MAIL_FROM: 'esim@shop.example' },
    ...{ ENCRYPTION_KEYS: `k1:${key(1)}`, BLIND_INDEX_KEY: key(9) },
  });
  // Settings are read at import.
  tokens = await import('./top-up-token.server.ts');
  token = tokens.topUpToken(esim);
});

test('a token names its eSIM to its own shop alone, and is the same each time', () => {
  expect(tokens.namedByToken(esim.shopId, token)).toBe(esim.id);
  expect(tokens.topUpToken({ ...esim })).toBe(token);
  expect(tokens.namedByToken(randomUUID(), token)).toBeNull();
});

test('nothing else names an eSIM', () => {
  const other = token.replace(esim.id, randomUUID());
  for (const forged of ['', esim.id, `${esim.id}.`, other, `${token}A`, ` ${token}`, token.toUpperCase()])
    expect(tokens.namedByToken(esim.shopId, forged)).toBeNull();
  fc.assert(
    fc.property(fc.nat(token.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, letter) => {
      const changed = token.slice(0, at) + letter + token.slice(at + 1);
      expect(tokens.namedByToken(esim.shopId, changed)).toBe(changed === token ? esim.id : null);
    }),
  );
});

import { expect, test } from 'vitest';
import { ConfigError, parseConfig } from './config.ts';

const key = Buffer.alloc(32, 7).toString('base64');
const complete = {
  SHOPIFY_API_KEY: 'id',
  SHOPIFY_API_SECRET: 'secret',
  SHOPIFY_APP_URL: 'https://esim.example/',
  ENCRYPTION_KEYS: `new:${key}, old:${key}`,
  BLIND_INDEX_KEY: key,
  RESEND_API_KEY: 're_1',
  MAIL_FROM: 'Shop <esim@shop.example>',
};

test('a complete environment is read with its defaults', () => {
  const config = parseConfig(complete);
  expect(config).toMatchObject({ PORT: 3000, SHOPIFY_APP_URL: 'https://esim.example', SWEEP_SECONDS: 10 });
  expect(config.ENCRYPTION_KEYS.map(([id]) => id)).toEqual(['new', 'old']);
  expect(config.DATABASE_URL).toBeUndefined();
});

test('what is missing is named with where to get it, and no value is repeated', () => {
  const attempt = () => parseConfig({ ...complete, RESEND_API_KEY: '', ENCRYPTION_KEYS: 'k1:tooshort' });
  expect(attempt).toThrow(ConfigError);
  expect(attempt).toThrow(/RESEND_API_KEY is missing: an API key of resend\.com/);
  expect(attempt).toThrow(/ENCRYPTION_KEYS is not usable/);
  expect(attempt).not.toThrow(/tooshort/);
});

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { expect, test } from 'vitest';
import { ConfigError, parseConfig } from '../app/platform/config.ts';
import { root } from './build.ts';

const example = readFileSync(join(root, '.env.example'), 'utf8');
const source = readFileSync(join(root, 'app/platform/config.ts'), 'utf8');
const names = [...source.matchAll(/^ {2}([A-Z][A-Z_]+): \[/gm)].map(([, name = '']) => name).sort();
const key = Buffer.alloc(32, 7).toString('base64');

test('the example names every setting once, and no other', () => {
  const named = [...example.matchAll(/^(?:# )?([A-Z][A-Z_]+)=/gm)].map(([, name = '']) => name).sort();
  expect(named).toEqual(names);
});

test('every setting of the example has a comment above it', () => {
  const bare = example.split('\n\n').filter((block) => /^(# )?[A-Z_]+=/.test(block));
  expect(bare).toEqual([]);
});

test('the app takes the example once the placeholders are replaced, and not before', () => {
  expect(() => parseConfig(parseEnv(example))).toThrow(ConfigError);
  const filledIn = example
    .replace('replace-with-your-client-id', 'id')
    .replace('replace-with-your-client-secret', 'secret')
    .replaceAll('replace-with-32-random-bytes-in-base64', key)
    .replace('replace-with-your-resend-key', 're_1');
  expect(parseConfig(parseEnv(filledIn))).toMatchObject({ MAIL_FROM: 'Roam Shop <esim@shop.example>' });
});

test('what the example shows as a default is the default', () => {
  const required = { ENCRYPTION_KEYS: `k1:${key}`, BLIND_INDEX_KEY: key };
  const uncommented = parseEnv(example.replaceAll(/^# (?=[A-Z][A-Z_]+=)/gm, ''));
  const { DATABASE_URL, SHOPIFY_API_SECRET_PREVIOUS, ...shown } = parseConfig({
    ...uncommented,
    ...required,
  });
  expect(DATABASE_URL).toMatch(/^postgresql:/);
  expect(SHOPIFY_API_SECRET_PREVIOUS).toBeTruthy();
  expect(shown).toEqual(parseConfig({ ...parseEnv(example), ...required }));
});

test.runIf(existsSync(join(root, 'README.md')))('the README speaks of no setting that is not there', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const spoken = [
    ...readme.matchAll(
      /`((?:SHOPIFY|RESEND|ESIM_GO|DATABASE|DATA|ENCRYPTION|BLIND|MAIL|LISTEN|SWEEP|LOG)_[A-Z_]+)`/g,
    ),
  ];
  expect(spoken.map(([, name = '']) => name).filter((name) => !names.includes(name))).toEqual([]);
});

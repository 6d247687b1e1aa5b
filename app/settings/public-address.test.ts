import { expect, test } from 'vitest';
import { isPublicAddress } from './public-address.ts';

test.each([
  'https://merchant.example.com',
  'https://api.example.com/base/',
  'https://xn--bcher-kva.example:8443',
])('%j may be asked', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each([
  '',
  'merchant.example.com',
  'http://merchant.example.com',
  'https://localhost',
  'https://database',
  'https://10.0.0.1',
  'https://0x7f000001',
  'https://2130706433',
  'https://[::1]',
  'https://metadata.google.internal',
  'https://printer.local',
  'https://user:word@example.com',
  'https://example.com/?a=b',
  'ftp://example.com',
])('%j may not', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

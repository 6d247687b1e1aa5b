import { expect, test } from 'vitest';
import { maskEmail } from './email.ts';

test.each([
  ['anna@example.com', 'a•••@example.com'],
  ['a@b.co', 'a•••@b.co'],
  ['"odd@quoted"@example.com', '"•••@example.com'],
  ['😀smile@example.com', '😀•••@example.com'],
  ['nonsense', '•••'],
  ['@example.com', '•••'],
])('%s is shown as %s', (email, masked) => {
  expect(maskEmail(email)).toBe(masked);
});

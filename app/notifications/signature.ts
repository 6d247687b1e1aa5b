import { createHmac, timingSafeEqual } from 'node:crypto';

/** Whether `given` is base64 HMAC-SHA256 of the raw body under the secret. Constant in time; never throws. */
export function isSigned(rawBody: Uint8Array, secret: string, given: string): boolean {
  const expected = createHmac('sha256', secret).update(rawBody).digest();
  const received = Buffer.from(given, 'base64');
  // timingSafeEqual throws on unequal lengths, and the length of a digest is no secret.
  return received.length === expected.length && timingSafeEqual(received, expected);
}

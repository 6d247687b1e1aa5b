import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Whether `given` is base64 HMAC-SHA256 of the bytes under one of the secrets: Shopify goes on signing with the old one
 * while a new one is brought in. Constant in time for each secret; never throws.
 */
export function isSigned(bytes: Uint8Array, secrets: readonly string[], given: string): boolean {
  return secretBehind(bytes, secrets, given) !== null;
}

/** The first of the secrets that made the signature, or null. */
export function secretBehind(bytes: Uint8Array, secrets: readonly string[], given: string): string | null {
  const received = Buffer.from(given, 'base64');
  const made = secrets.find((secret) => {
    const expected = createHmac('sha256', secret).update(bytes).digest();
    // timingSafeEqual throws on unequal lengths, and the length of a digest is no secret.
    return received.length === expected.length && timingSafeEqual(received, expected);
  });
  return made ?? null;
}

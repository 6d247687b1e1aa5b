import { createHmac, timingSafeEqual } from 'node:crypto';

/** Whether a text is the HMAC-SHA256 of the raw bytes, in base64 or hex. */
export function isSignature(given: string | null, rawBody: Uint8Array, key: string): boolean {
  if (given === null || key === '') return false;
  const proof = createHmac('sha256', key).update(rawBody).digest();
  const text = given.trim();
  const inBase64 = isSame(text, proof.toString('base64'));
  const inHex = isSame(text.toLowerCase(), proof.toString('hex'));
  return inBase64 || inHex;
}

/** In constant time: how long it takes tells nothing of how much is right. */
export function isSame(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}

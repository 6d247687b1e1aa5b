export type Device = 'apple' | 'android' | 'unknown';

/** Which phone this page is open on; `unknown` on a computer, where the QR code is the better way anyway. */
export function thisDevice(): Device {
  // Extensions run in a worker; that it has a `navigator` is the browser's habit, not Shopify's promise.
  return 'navigator' in globalThis ? deviceOf(globalThis.navigator.userAgent) : 'unknown';
}

export function deviceOf(userAgent: string): Device {
  if (/iPhone|iPad|iPod/.test(userAgent)) return 'apple';
  if (userAgent.includes('Android')) return 'android';
  return 'unknown';
}

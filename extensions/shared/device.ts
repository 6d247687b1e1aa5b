export type Device = 'apple' | 'android' | 'unknown';

/** Which phone this page is open on; `unknown` on a computer, where the QR code is the better way anyway. */
export function deviceOf(userAgent: string): Device {
  if (/iPhone|iPad|iPod/.test(userAgent)) return 'apple';
  if (userAgent.includes('Android')) return 'android';
  return 'unknown';
}

import { parseIccid } from './iccid.ts';

/** What a phone needs to fetch its profile. The written form is "LPA:1$host$matchingId" (GSMA SGP.22, 4.1). */
export interface ActivationCode {
  /** Host name without a scheme. */
  smdpAddress: string;
  matchingId: string;
}

/**
 * The text of the QR code. Throws `RangeError` for a part that would break the format, without repeating it: it
 * is a bearer secret.
 */
export function activationCode({ smdpAddress, matchingId }: ActivationCode): string {
  if (!isHost(smdpAddress) || !isPart(matchingId))
    throw new RangeError('not the parts of an activation code');
  return `LPA:1$${smdpAddress}$${matchingId}`;
}

/** Null for anything that is not an activation code. Fields after the matching ID (OID, confirmation) are let go. */
export function parseActivationCode(text: string): ActivationCode | null {
  const [format, smdpAddress = '', matchingId = ''] = text.trim().split('$');
  if (!/^LPA:1$/i.test(format ?? '') || !isHost(smdpAddress) || !isPart(matchingId)) return null;
  return { smdpAddress, matchingId };
}

/** Opens the installer on an iPhone with iOS 17.4 or later; not inside the web view of a mail app. */
export function appleInstallUrl(code: ActivationCode): string {
  return oneTap('https://esimsetup.apple.com/esim_qrcode_provisioning', code);
}

/** The same for Android. Suppliers hand it out, Google does not document it: show QR and codes beside it. */
export function androidInstallUrl(code: ActivationCode): string {
  return oneTap('https://esimsetup.android.com/esim_qrcode_provisioning', code);
}

/** Whether this is an ICCID as `parseIccid` writes it. */
export function isIccid(text: string): boolean {
  return parseIccid(text) === text;
}

function oneTap(page: string, code: ActivationCode): string {
  return `${page}?carddata=${encodeURIComponent(activationCode(code))}`;
}

// A scheme, a slash or a space in an address makes a QR code that no phone can use.
function isHost(text: string): boolean {
  return /^[a-z0-9]([\w.-]*[a-z0-9])?(:\d{1,5})?$/i.test(text);
}

// "$" separates the fields; a space or a control character means that something was cut or glued together.
function isPart(text: string): boolean {
  return /^[!-#%-~]+$/.test(text);
}

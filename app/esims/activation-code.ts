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
  if (!isPart(smdpAddress) || !isPart(matchingId))
    throw new RangeError('not the parts of an activation code');
  return `LPA:1$${smdpAddress}$${matchingId}`;
}

/** Null for anything that is not an activation code. Fields after the matching ID (OID, confirmation) are let go. */
export function parseActivationCode(text: string): ActivationCode | null {
  const [format, smdpAddress = '', matchingId = ''] = text.trim().split('$');
  if (!/^LPA:1$/i.test(format ?? '') || !isPart(smdpAddress) || !isPart(matchingId)) return null;
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

/** 18 to 22 digits whose last is the Luhn check digit (ITU-T E.118); most suppliers' have 19 or 20. */
export function isIccid(text: string): boolean {
  return /^\d{18,22}$/.test(text) && luhnSum(text) % 10 === 0;
}

function oneTap(page: string, code: ActivationCode): string {
  return `${page}?carddata=${encodeURIComponent(activationCode(code))}`;
}

// "$" separates the fields; a space or a control character means that something was cut or glued together.
function isPart(text: string): boolean {
  return /^[!-#%-~]+$/.test(text);
}

function luhnSum(digits: string): number {
  return Array.from(digits)
    .reverse()
    .reduce((sum, digit, place) => {
      const value = Number(digit) * (place % 2 === 0 ? 1 : 2);
      return sum + (value > 9 ? value - 9 : value);
    }, 0);
}

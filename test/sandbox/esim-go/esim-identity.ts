import { randomInt } from 'node:crypto';

const CAPITALS_AND_DIGITS = 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789';

/** 19 digits with the check digit at the end, for an eSIM nobody has. */
export function randomIccid(): string {
  const body = `894450${randomText('0123456789', 12)}`;
  return body + luhnDigit(body);
}

/** The same with another check digit, as if a digit had been lost on the way. */
export function misprinted(iccid: string): string {
  return iccid.slice(0, -1) + String((Number(iccid.at(-1)) + 1) % 10);
}

/** `JQ-1A2B3C-ABCDEPFX`, the form the vendor's examples have. */
export function randomMatchingId(): string {
  return [2, 6, 8].map((length) => randomText(CAPITALS_AND_DIGITS, length)).join('-');
}

export function randomDigits(length: number): string {
  return randomText('0123456789', length);
}

export function luhnDigit(digits: string): string {
  let sum = 0;
  Array.from(digits)
    .reverse()
    .forEach((digit, index) => {
      const doubled = Number(digit) * (index % 2 === 0 ? 2 : 1);
      sum += doubled > 9 ? doubled - 9 : doubled;
    });
  return String((10 - (sum % 10)) % 10);
}

function randomText(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}

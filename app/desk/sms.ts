/** What a text message is counted by. One outside the short alphabet makes all of it Unicode. */
export type SmsAlphabet = 'gsm-7' | 'unicode';

export interface SmsCount {
  alphabet: SmsAlphabet;
  /** As the network counts: a character of the extension table is two, an emoji is two or more in Unicode. */
  units: number;
  /** How many units one message holds. */
  most: 160 | 70;
  /** The first character that is not in the short alphabet; null when all are. */
  because: string | null;
}

/**
 * How long a text message is for the network. In the short alphabet of GSM 03.38 a message holds 160 septets; one
 * character outside it (a Cyrillic letter, an emoji, a curly quote) turns it into UCS-2, which holds 70.
 */
export function countSms(text: string): SmsCount {
  const characters = Array.from(text);
  const because = characters.find((each) => !basic.has(each) && !extension.has(each)) ?? null;
  if (because !== null) return { alphabet: 'unicode', units: text.length, most: 70, because };
  const units = characters.reduce((sum, each) => sum + (extension.has(each) ? 2 : 1), 0);
  return { alphabet: 'gsm-7', units, most: 160, because };
}

/** Whether it goes as one message: the supplier takes no longer one, and counts 160 characters itself. */
export function fitsOneSms(text: string): boolean {
  const { units, most } = countSms(text);
  return units >= 1 && units <= most;
}

// 3GPP TS 23.038: the default alphabet, and its extension table, whose characters take an escape before them.
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
    '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const extension = new Set('\f^{}\\[~]|€');

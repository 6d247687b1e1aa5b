import { parseActivationCode } from '../esims/activation-code.ts';
import { nameWords } from '../orders/name-words.ts';

/** All that a typed text may mean; what it cannot mean is null, or empty. */
export interface SearchTerms {
  /** Digits of a whole ICCID, right or not. */
  iccid: string | null;
  /** The last digits of one: 4 to 17. */
  ending: string | null;
  /** As Shopify may have written it: "#1001" for 1001. */
  orderNames: string[];
  email: string | null;
  /** Words of a person's name, as orders are found by. */
  nameWords: string[];
  matchingId: string | null;
  /** The supplier's, of an order. */
  reference: string | null;
}

/** Longer than an activation code with everything in it. */
export const MOST_TYPED = 300;

/** What somebody may be looking for. Spaces, dashes and dots between digits are how people copy them. */
export function searchTerms(typed: string): SearchTerms {
  // PostgreSQL's text holds no NUL.
  const text = typed.replaceAll('\0', '').trim().slice(0, MOST_TYPED);
  const digits = text
    .replace(/^[…*.\s]+/, '')
    .replace(/[\s.\-–]/g, '')
    .replace(/^(\d{19})F$/i, '$1');
  const isNumber = /^\d{4,22}$/.test(digits);
  const code = parseActivationCode(text);
  const isOneWord = /^\S{4,100}$/.test(text) && !code;
  const isEmail = /^[^\s@]+@[^\s@]+$/.test(text);
  const words = nameWords(text);
  return {
    iccid: isNumber && digits.length >= 18 ? digits : null,
    ending: isNumber && digits.length < 18 ? digits : null,
    orderNames: text === '' || text.length > 40 || isEmail || code ? [] : orderNames(text),
    email: isEmail ? text : null,
    nameWords:
      !isEmail && !code && words.length > 0 && words.every((word) => /\p{L}/u.test(word)) ? words : [],
    matchingId: code?.matchingId ?? (isOneWord && !isEmail ? text : null),
    reference: isOneWord && !isEmail ? text : null,
  };
}

function orderNames(text: string): string[] {
  const bare = text.replace(/^#\s*/, '');
  return [...new Set([text, bare, `#${bare}`, bare.toUpperCase(), `#${bare.toUpperCase()}`])];
}

import { createHash } from 'node:crypto';

/** One of the rows, as its traveller, its buyer and its supplier know it. */
export interface DeskRow {
  esimId: string;
  iccid: string;
  matchingId: string;
  orderName: string;
  email: string;
  customer: string;
  reference: string;
}

/** A number means the same row every time. */
export function rowOf(number: number): DeskRow {
  const body = `8943108165${String(number).padStart(8, '0')}`;
  return {
    esimId: uuid(`esim ${String(number)}`),
    iccid: `${body}${checkDigit(body)}`,
    matchingId: `JQ-${number.toString(36).toUpperCase().padStart(8, '0')}-K7`,
    orderName: `#${String(1000 + number)}`,
    // Some buy again.
    email: `traveller.${String(number % 400_000)}@example.com`,
    customer: `${firstNames[number % firstNames.length] ?? ''} ${lastNames[number % lastNames.length] ?? ''}`,
    // Two eSIMs of a purchase.
    reference: uuid(`purchase ${String(Math.floor(number / 2))}`),
  };
}

// Numbers without a common divisor: each pair of names comes once in 251,003.
const firstNames = madeUp('Ka', 251);
const lastNames = madeUp('Mor', 1_000 + 1);

function madeUp(beginning: string, count: number): string[] {
  const syllables = ['na', 'ri', 'to', 'le', 'su', 'mi', 'do', 'va', 'pe', 'lo'];
  return Array.from(
    { length: count },
    (_, index) =>
      beginning +
      String(index)
        .padStart(3, '0')
        .replace(/\d/g, (digit) => syllables[Number(digit)] ?? ''),
  );
}

/** Of the order that the eSIM was bought with. */
export const orderIdOf = (number: number) => uuid(`order ${String(number)}`);

/** Without an order in it, as the ids of the app. */
function uuid(of: string): string {
  const hex = createHash('md5').update(of).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** After Luhn, as the last digit of every ICCID is. */
function checkDigit(body: string): string {
  const sum = body
    .split('')
    .reverse()
    .reduce((before, digit, place) => {
      const value = Number(digit) * (place % 2 === 0 ? 2 : 1);
      return before + (value > 9 ? value - 9 : value);
    }, 0);
  return String((10 - (sum % 10)) % 10);
}

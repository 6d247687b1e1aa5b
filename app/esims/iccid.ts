/**
 * An ICCID as its digits (ITU-T E.118): 19 or 20 of them, telecom's 89 in front, the Luhn check digit at the end. Null
 * for anything else. Spaces and the filler "F" of a 19-digit number are let go.
 *
 * Strict on purpose. A wrong check digit means that a digit was lost on the way, mostly to a JSON number, and then
 * nobody can say whose profile it is (one rounded number in ten keeps a right digit by chance). Both real ICCIDs in eSIM Go's documents keep to it. Some networks' 20 digits do
 * not (they are older than the rule), and an order of those waits for a person: better than a stranger's code.
 */
export function parseIccid(text: string): string | null {
  const digits = text.replace(/\s/g, '').replace(/^(\d{19})F$/i, '$1');
  return /^89\d{17,18}$/.test(digits) && luhnSum(digits) % 10 === 0 ? digits : null;
}

/**
 * An ICCID that a person typed, to ask suppliers with: the same, or 20 digits without a check digit, as some networks issue
 * them. Dashes and dots are let go too. What no account has is refused by its supplier, so a slip finds nothing.
 */
export function parseTypedIccid(text: string): string | null {
  const bare = text.replace(/[-–.]/g, '');
  return parseIccid(bare) ?? /^89\d{18}$/.exec(bare.replace(/\s/g, ''))?.[0] ?? null;
}

function luhnSum(digits: string): number {
  return Array.from(digits)
    .reverse()
    .reduce((sum, digit, place) => {
      const value = Number(digit) * (place % 2 === 0 ? 1 : 2);
      return sum + (value > 9 ? value - 9 : value);
    }, 0);
}

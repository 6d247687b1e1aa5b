/** An exact number, `top / bottom`. `bottom` is positive; nothing is ever reduced or rounded on the way. */
export interface Fraction {
  top: bigint;
  bottom: bigint;
}

/** Reads a plain decimal text such as "1.2311" or "-0.5". Null for anything else. */
export function readFraction(text: string): Fraction | null {
  const parts = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!parts) return null;
  const [, sign = '', whole = '0', places = ''] = parts;
  const top = BigInt(whole + places);
  return { top: sign === '-' ? -top : top, bottom: 10n ** BigInt(places.length) };
}

export const whole = (number: number | bigint): Fraction => ({ top: BigInt(number), bottom: 1n });

export function plus(a: Fraction, b: Fraction): Fraction {
  if (a.bottom === b.bottom) return { top: a.top + b.top, bottom: a.bottom };
  return { top: a.top * b.bottom + b.top * a.bottom, bottom: a.bottom * b.bottom };
}

export function minus(a: Fraction, b: Fraction): Fraction {
  return plus(a, { top: -b.top, bottom: b.bottom });
}

export function times(a: Fraction, b: Fraction): Fraction {
  return { top: a.top * b.top, bottom: a.bottom * b.bottom };
}

/** Throws a RangeError for a division by nothing. */
export function over(a: Fraction, b: Fraction): Fraction {
  if (b.top === 0n) throw new RangeError('division by nothing');
  const sign = b.top < 0n ? -1n : 1n;
  return { top: sign * a.top * b.bottom, bottom: sign * a.bottom * b.top };
}

/** Below, at or above zero when a is less than, equal to or more than b. */
export function compare(a: Fraction, b: Fraction): number {
  const [left, right] = [a.top * b.bottom, b.top * a.bottom];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The next whole number above, or the number itself. */
export function ceil({ top, bottom }: Fraction): bigint {
  const cut = top / bottom;
  return top > cut * bottom ? cut + 1n : cut;
}

/** The next whole number below, or the number itself. */
export const floor = ({ top, bottom }: Fraction): bigint => -ceil({ top: -top, bottom });

import { minorDigits } from '../platform/money.ts';

/** What a price ends in. `none` keeps the currency's smallest coin. */
export const roundings = ['none', 'whole', '.99', '.49'] as const;
export type Rounding = (typeof roundings)[number];

export function isRounding(text: string): text is Rounding {
  return (roundings as readonly string[]).includes(text);
}

/** The prices of a kind in a currency, in minor units: every `step` above `ending`. */
export interface Grid {
  step: number;
  ending: number;
}

export function gridOf(rounding: Rounding, currency: string): Grid {
  const digits = minorDigits(currency);
  const whole = 10 ** digits;
  switch (rounding) {
    case 'none':
      return { step: 1, ending: 0 };
    case 'whole':
      return { step: whole, ending: 0 };
    case '.99':
    case '.49': {
      const hundredths = Number(rounding.slice(1));
      // Yen have no hundredths: there, the last two figures of the price take their place (¥1,099).
      if (digits === 0) return { step: 100, ending: hundredths };
      return { step: whole, ending: (whole / 100) * hundredths };
    }
    default:
      return rounding satisfies never;
  }
}

/** The first price of the grid that is not below. Whole numbers in, whole numbers out. */
export function roundUp({ step, ending }: Grid, minor: number): number {
  if (minor <= ending) return ending;
  const beyond = (minor - ending) % step;
  return beyond === 0 ? minor : minor - beyond + step;
}

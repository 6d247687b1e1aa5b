import { minorDigits } from '../platform/money.ts';
import type { NotWritten } from './price-task.ts';
import type { Method, Scope } from './price-rule.ts';
import type { Lift, PriceRefusal } from './pricing.ts';
import type { Rounding } from './rounding.ts';

export const scopeWords: Record<Scope, string> = {
  everything: 'Everything',
  supplier: 'Supplier',
  group: 'Group',
  region: 'Region',
  country: 'Country',
  bundle: 'One bundle',
};

/** What is asked of somebody who named nothing. */
export const chooseWords: Record<Scope, string> = {
  everything: '',
  supplier: 'Choose a supplier.',
  group: 'Choose a group.',
  region: 'Choose a region.',
  country: 'Choose a country.',
  bundle: 'Enter the code of a bundle.',
};

export const methodWords: Record<Method['method'], string> = {
  percent: 'Cost plus a percentage',
  fixed: 'Cost plus an amount',
  tiers: 'A percentage by cost',
  final: 'This price',
};

/** "Cost + 40%", "Up to 5.00 USD: cost + 60%, above: cost + 30%". */
export function describeMethod(method: Method, currency: string): string {
  switch (method.method) {
    case 'percent':
      return `Cost + ${method.percent}%`;
    case 'fixed':
      return `Cost + ${amount(method.amount, currency)}`;
    case 'final':
      return amount(method.price, currency);
    case 'tiers':
      return method.bands
        .map(({ upTo, percent }) => {
          const place = upTo === null ? 'above' : `up to ${amount(upTo, currency)}`;
          return `${place}: cost + ${percent}%`;
        })
        .join(', ');
    default:
      return method satisfies never;
  }
}

const amount = (text: string, currency: string) =>
  `${Number(text).toFixed(minorDigits(currency))} ${currency}`;

export const roundingWords: Record<Rounding, string> = {
  none: 'The smallest coin',
  whole: 'A whole amount, such as 13.00',
  '.99': 'An amount that ends in .99, such as 12.99',
  '.49': 'An amount that ends in .49, such as 12.49',
};

/** What moved a price away from its rule's; `above` is the title of what would have cost more. */
export function liftWords(lift: Lift, above: string | undefined): string {
  if (lift.step === 'floor') return 'raised to the floor';
  return `raised by the ladder above ${above ?? 'another bundle'}`;
}

/** Why there is no price, in a few words; `refusal-words.ts` says what to do. */
export const noPriceWords: Record<PriceRefusal, string> = {
  'no-cost': 'No cost',
  'no-rate': 'No exchange rate',
  'too-high': 'Too high',
  'no-floor': 'Fee and margin take all of it',
};

export const notWrittenWords: Record<NotWritten, string> = {
  'changed-in-shopify':
    'Somebody changed the price in Shopify. Choose it in the preview to give that price up.',
  locked: 'The price was locked meanwhile.',
  gone: 'Shopify has no such variant any more.',
  shopify: 'Shopify did not accept the price.',
};

export const startRefusals = {
  'nothing-to-do': 'No price would change.',
  'looks-different':
    'Costs, rates or rules changed since you looked. Nothing was applied: look at the new prices below first.',
};

import { z } from 'zod';
import { minorDigits } from '../platform/money.ts';
import { scopes } from './price-rule.ts';
import { roundings } from './rounding.ts';

const PERCENT = 'Enter a number from 0 to 1000, such as 40 or 37.5.';

/** A percentage as it is typed, "40" or "37.5", as decimal text. */
export const percentText = (below = 'It cannot be negative: you would sell below your cost.') =>
  z
    .string()
    .trim()
    .refine((text) => !text.startsWith('-'), below)
    .refine((text) => /^\d{1,4}(\.\d{1,2})?$/.test(text) && Number(text) <= 1000, PERCENT);

/** An amount of a currency with no more digits than it has, as decimal text. */
export function amountText(currency: string) {
  const digits = minorDigits(currency);
  const shape = digits === 0 ? /^\d{1,9}$/ : new RegExp(`^\\d{1,7}(\\.\\d{1,${String(digits)}})?$`);
  const example = digits === 0 ? '250' : (2.5).toFixed(digits);
  return z.string().trim().regex(shape, `Enter an amount of ${currency} such as ${example}.`);
}

const isMore = (text: string) => /[1-9]/.test(text);
const texts = z.preprocess(
  (value: unknown): unknown => (value === undefined ? [] : Array.isArray(value) ? value : [value]),
  z.array(z.string()),
);

/** The form of one rule, in a shop of this currency. */
export function ruleForm(currency: string) {
  const amount = amountText(currency);
  const head = {
    scope: z.enum(scopes),
    /** What the scope names; for a bundle its code. */
    scopeValue: z.string().trim().max(200).default(''),
    priority: z
      .string()
      .trim()
      .regex(/^\d{1,3}$/, 'Enter a whole number from 0 to 999.')
      .transform(Number),
  };
  const tiers = z
    .object({ ...head, method: z.literal('tiers'), upTo: texts, percent: texts })
    .transform(({ upTo, percent, ...rest }, context) => {
      const bands = percent.map((text, index) => ({ upTo: upTo[index] ?? '', percent: text }));
      const problem = bandsProblem(bands, currency);
      if (problem !== null) context.addIssue({ code: 'custom', path: ['percent'], message: problem });
      return {
        ...rest,
        bands: bands.map((band) => ({ ...band, upTo: band.upTo === '' ? null : band.upTo })),
      };
    });
  return z.discriminatedUnion('method', [
    z.object({ ...head, method: z.literal('percent'), percent: percentText() }),
    z.object({ ...head, method: z.literal('fixed'), amount }),
    z.object({
      ...head,
      method: z.literal('final'),
      price: amount.refine(isMore, 'A price must be more than nothing.'),
    }),
    tiers,
  ]);
}
export type RuleInput = z.output<ReturnType<typeof ruleForm>>;

function bandsProblem(bands: { upTo: string; percent: string }[], currency: string): string | null {
  if (bands.length < 2 || bands.length > 20) return 'Enter from 2 to 20 bands.';
  for (const [index, { upTo, percent }] of bands.entries()) {
    const wrong = percentText().safeParse(percent).error?.issues[0]?.message;
    if (wrong !== undefined) return wrong;
    const isLast = index === bands.length - 1;
    if (isLast !== (upTo === '')) return 'Every band but the last ends at a cost; the last is for all above.';
    const amount = amountText(currency).safeParse(upTo);
    if (!isLast && amount.error) return amount.error.issues[0]?.message ?? '';
    const before = bands[index - 1]?.upTo;
    if (!isLast && before !== undefined && Number(upTo) <= Number(before))
      return 'Each band ends at a higher cost than the one before.';
  }
  return null;
}

/** The form of how all prices are made. `rate USD` and so on are the fixed rates. */
export function settingsForm(currency: string) {
  const amount = amountText(currency);
  const on = z.enum(['on', '']).transform((value) => value === 'on');
  return z
    .looseObject({
      rounding: z.enum(roundings),
      feePercent: percentText('A fee cannot be negative.'),
      feeFixed: amount,
      minMarginPercent: percentText('A margin cannot be negative.'),
      minMargin: amount,
      ...{ ladder: on, repriceBySelf: on },
      approveAbove: percentText('Enter 0 or more.'),
      rateSource: z.enum(['ecb', 'fixed']),
    })
    .refine(({ feePercent, minMarginPercent }) => Number(feePercent) + Number(minMarginPercent) < 100, {
      path: ['minMarginPercent'],
      message: 'Fee and margin together must leave something for the cost: less than 100 % of the price.',
    })
    .transform((input, context) => ({ ...input, fixedRates: fixedRatesOf(input, context) }));
}
export type SettingsInput = z.output<ReturnType<typeof settingsForm>>;

const rateText = z
  .string()
  .trim()
  .regex(/^\d{1,7}(\.\d{1,9})?$/, 'Enter a rate such as 0.92.')
  .refine(isMore, 'A rate must be more than nothing.');

function fixedRatesOf(input: Record<string, unknown>, context: z.RefinementCtx): Record<string, string> {
  const rates: Record<string, string> = {};
  for (const [name, value] of Object.entries(input)) {
    const [, currency] = /^rate ([A-Z]{3})$/.exec(name) ?? [];
    if (currency === undefined || value === '') continue;
    const rate = rateText.safeParse(value);
    if (rate.success) rates[currency] = rate.data;
    else context.addIssue({ code: 'custom', path: [name], message: rate.error.issues[0]?.message ?? '' });
  }
  return rates;
}

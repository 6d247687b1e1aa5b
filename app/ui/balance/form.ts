import { Decimal } from 'decimal.js';
import { z } from 'zod';
import { adjustable } from '../../balance/adjustable.ts';

const accountId = z.string().max(64);
const clickId = z.uuid();
const AMOUNT = 'Enter an amount such as 25 or 25.50, with a minus for what went.';
const LINE = 'Enter an amount such as 50 or 50.25, or leave it empty.';

/** What the balance page posts. */
export const MoneyForm = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('refresh'), accountId }),
  z.object({ intent: z.literal('compare'), accountId }),
  z.object({
    ...{ intent: z.literal('alert-line'), accountId },
    alertBelow: z
      .string()
      .trim()
      .regex(/^(\d{1,9}(\.\d{1,2})?)?$/, LINE)
      .transform((text) => (text === '' ? null : new Decimal(text))),
  }),
  z.object({
    ...{ intent: z.literal('adjust'), accountId, clickId },
    kind: z.enum(adjustable),
    amount: z
      .string()
      .trim()
      .regex(/^[-+]?\d{1,9}(\.\d{1,12})?$/, AMOUNT)
      .transform((text) => new Decimal(text))
      .refine((amount) => !amount.isZero(), 'Enter an amount other than 0.'),
    note: z.string().trim().min(3, 'Say in a few words what it was.').max(500, 'Use at most 500 characters.'),
  }),
  z
    .object({
      ...{ intent: z.literal('charge'), accountId, clickId },
      amount: z
        .string()
        .trim()
        .regex(/^\d{1,6}$/, 'Enter a whole amount, such as 1000.')
        .transform(Number),
      confirm: z.string().trim(),
    })
    .refine(({ amount, confirm }) => confirm === String(amount), {
      path: ['confirm'],
      message: 'Type the same amount once more.',
    }),
  z.object({
    ...{ intent: z.literal('decide-charge'), accountId, actionId: z.uuid() },
    happened: z.enum(['yes', 'no']).transform((word) => word === 'yes'),
  }),
]);

import { z } from 'zod';
import {
  decimal,
  listOf,
  optionalDecimal,
  optionalText,
  text,
  toBytes,
  toInstant,
} from '../../../app/providers/lenient.ts';

export const Money = z.object({ amount: decimal, currency: text });
export const Price = z
  .object({ price: Money })
  .transform(({ price: total }) => ({ status: 'accepted' as const, total }));
const instant = text.transform((value) => toInstant(value)).pipe(z.date());
export const Sim = z.object({
  ...{ iccid: text, server: text, code: text, state: text, installed: optionalText },
  ...{ plan: text, sale: text, use: text, megabytes: optionalDecimal, used: decimal },
});
export const Sale = z.object({
  ...{ number: text, at: instant, plan: text, count: decimal, whole: z.boolean(), price: Money },
  sims: z.array(Sim),
});
export const Sales = z.object({ sales: z.array(Sale) });
const Plan = z
  .object({
    ...{ id: text, name: text, countries: z.array(text), region: optionalText },
    ...{ megabytes: optionalDecimal, days: decimal, price: Money },
  })
  .transform(({ id, name, megabytes, days, price, ...place }) => ({
    ...{
      ...place,
      code: id,
      description: name,
      dataBytes: bytes(megabytes),
      days: days.toNumber(),
      cost: price,
    },
    ...{
      roaming: [],
      fairUse: null,
      speeds: [],
      groups: [],
      autostart: true,
      allowances: [],
      imageUrl: null,
    },
  }));
export const Plans = z.object({ plans: listOf(Plan), count: decimal });

export const bytes = (megabytes: z.infer<typeof optionalDecimal>) => toBytes(megabytes?.times(1e6) ?? null);

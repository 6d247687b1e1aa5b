import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import { DAY } from '../platform/time.ts';
import type { EuroRates } from './rates.ts';

/**
 * Reads the daily feed of the European Central Bank. Null for whatever is no such feed: another document, half of one,
 * no rate, a rate that is none, or a day that has not come yet.
 */
export function readFeed(xml: string, now: Date): EuroRates | null {
  const parsed = envelope.safeParse(parse(xml));
  if (!parsed.success) return null;
  const { time, Cube: rates } = parsed.data.Envelope.Cube.Cube;
  const day = new Date(`${time}T00:00:00Z`);
  // The bank's clock may be ahead of ours by some hours.
  if (Number.isNaN(day.getTime()) || day.getTime() > now.getTime() + DAY) return null;
  const perEuro = new Map(rates.map(({ currency, rate }) => [currency, rate]));
  return perEuro.size === rates.length ? { day, perEuro } : null;
}

const envelope = z.object({
  Envelope: z.object({
    Cube: z.object({
      Cube: z.object({
        time: z.string().regex(/^\d{4}-\d\d-\d\d$/),
        Cube: z
          .array(
            z.object({
              currency: z.string().regex(/^[A-Z]{3}$/),
              // Neither zero nor more digits than any currency needs.
              rate: z.string().regex(/^(?=.*[1-9])\d{1,9}(\.\d{1,9})?$/),
            }),
          )
          .min(1)
          .max(500),
      }),
    }),
  }),
});

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseAttributeValue: false,
  removeNSPrefix: true,
  // The feed defines none, and one that refers to itself grows without end.
  processEntities: false,
  isArray: (_name, path) => path === 'Envelope.Cube.Cube.Cube',
});

function parse(xml: string): unknown {
  // Half a feed parses too, as a feed of fewer rates.
  if (!/<\/(\w+:)?Envelope>\s*$/.test(xml)) return null;
  try {
    return parser.parse(xml);
  } catch {
    // Not XML: the parser tells it by throwing plain errors.
    return null;
  }
}

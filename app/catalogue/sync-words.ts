import type { Cost } from '../platform/money.ts';
import { Decimal } from 'decimal.js';
import { z } from 'zod';
import { countryName, dataLabel, daysLabel } from './bundle.ts';
import type { Change } from './difference.ts';
import type { LeftOut } from './sync-items.ts';

/** "Cost", "$1.20", "$1.50". */
export interface ChangeText {
  field: string;
  old: string;
  new: string;
}

/** A change in words. What was stored may be of an older version of the app: what cannot be read is a dash. */
export function changeText({ field, ...change }: Change, show: Show): ChangeText {
  const { label, text } = words[field];
  return { field: label, old: text(change.old, show), new: text(change.new, show) };
}

/** What a sync found, in a few words; empty while it found nothing. */
export function countsText(counts: Record<string, number>): string {
  return parts
    .flatMap(([name, word]) => {
      const count = counts[name] ?? 0;
      return count > 0 ? [`${count.toLocaleString('en')} ${word}`] : [];
    })
    .join(', ');
}

/** "2,297 bundles, 3 new, 1 withdrawn". */
export function importedText(counts: Record<string, number>): string {
  const bundles = `${(counts['bundles'] ?? 0).toLocaleString('en')} bundles`;
  return [bundles, countsText(counts)].filter((text) => text !== '').join(', ');
}

const parts: [count: string, word: string][] = [
  ['created', 'new'],
  ['changed', 'changed'],
  ['withdrawn', 'withdrawn'],
  ['returned', 'back again'],
  ['leftOut', 'left out'],
];

/** Why a line of the supplier's list is no bundle of the catalogue. */
export const leftOutWords: Record<LeftOut['reason'], string> = {
  'no-price': 'No price, or a price of nothing. A bundle you have already stays as it is.',
  'no-days': 'No number of days it is good for.',
  unreadable: 'It could not be read.',
};

/** How the viewer reads costs, and the names of places. */
interface Show {
  cost: (cost: Cost) => string;
  locale: string;
}

type Words = (value: unknown, show: Show) => string;

/** Reads the value, or says a dash. */
function read<T>(schema: z.ZodType<T>, words: (value: T, show: Show) => string): Words {
  return (value, show) => {
    const found = schema.safeParse(value);
    return found.success ? words(found.data, show) : '–';
  };
}

const text = read(z.string(), (value) => value);
const list = read(z.array(z.string()), (values) => values.join(', ') || 'none');
const places = read(
  z.array(z.string()),
  (codes, { locale }) => codes.map((code) => countryName(code, locale)).join(', ') || 'none',
);

const words: Record<Change['field'], { label: string; text: Words }> = {
  cost: {
    label: 'Cost',
    text: read(z.object({ amount: z.string(), currency: z.string() }), ({ amount, currency }, { cost }) =>
      cost({ amount: new Decimal(amount), currency }),
    ),
  },
  dataBytes: {
    label: 'Data',
    text: read(z.string().nullable(), (bytes) =>
      dataLabel({ dataBytes: bytes === null ? null : BigInt(bytes), groups: [] }),
    ),
  },
  fairUse: { label: 'Fair use', text },
  days: { label: 'Validity', text: read(z.number(), daysLabel) },
  countries: { label: 'Countries', text: places },
  roaming: { label: 'Roaming in', text: places },
  region: { label: 'Region', text },
  speeds: { label: 'Speeds', text: list },
  groups: { label: 'Groups', text: list },
  allowances: {
    label: 'Calls and messages',
    text: read(
      z.array(z.object({ kind: z.enum(['voice', 'sms']), amount: z.number().nullable() })),
      (allowances) => allowances.map(allowanceText).join(', ') || 'none',
    ),
  },
  autostart: { label: 'Starts by itself', text: read(z.boolean(), (on) => (on ? 'yes' : 'no')) },
  description: { label: 'Description', text },
  imageUrl: { label: 'Picture', text: read(z.string(), () => 'another picture') },
};

/** "120 minutes", "unlimited messages". */
export function allowanceText({ kind, amount }: { kind: 'voice' | 'sms'; amount: number | null }): string {
  const unit = kind === 'voice' ? 'minutes' : 'messages';
  return `${amount === null ? 'unlimited' : amount.toLocaleString('en')} ${unit}`;
}

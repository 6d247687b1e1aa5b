import { Card, DataTable, Text } from '@shopify/polaris';
import { Decimal } from 'decimal.js';
import { z } from 'zod';
import { formatCost, formatMoney } from '../platform/money.ts';
import { priceFor, type Rounding } from './pricing.ts';
import { refusalWords } from './refusal-words.ts';

/** A markup as it is typed, in percent: "40", "37.5". */
export const markupPercent = z
  .string()
  .trim()
  .regex(/^\d{1,4}(\.\d{1,2})?$/, 'Enter a number such as 40 or 37.5.')
  .refine((text) => Number(text) <= 1000, 'Enter at most 1000.');

interface Props {
  draft: { markupPercent: string; rounding: Rounding };
  currency: string;
  locale: string;
  /** `cost.amount` is a decimal text. */
  examples: { id: string; title: string; cost: { amount: string; currency: string } }[];
}

/** What a rule that is not saved yet would make of some bundles. */
export function PricePreview({ draft, currency, locale, examples }: Props) {
  const markup = markupPercent.safeParse(draft.markupPercent);
  if (examples.length === 0) {
    return (
      <Card>
        <Text as="p" tone="subdued">
          Import a catalogue to see examples.
        </Text>
      </Card>
    );
  }
  const rule = {
    markupPercent: new Decimal(markup.success ? markup.data : 0),
    rounding: draft.rounding,
    currency,
  };
  const rows = examples.map(({ title, cost }) => {
    const exact = { amount: new Decimal(cost.amount), currency: cost.currency };
    const priced = priceFor(rule, exact);
    const price = !markup.success
      ? '–'
      : priced.status === 'priced'
        ? formatMoney(priced.price, locale)
        : refusalWords[priced.reason];
    return [title, formatCost(exact, locale), price];
  });
  return (
    <Card padding="0">
      <DataTable
        columnContentTypes={['text', 'numeric', 'numeric']}
        headings={['Bundle', 'Cost', 'Price']}
        rows={rows}
      />
    </Card>
  );
}

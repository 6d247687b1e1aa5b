import { useSearchParams } from '@remix-run/react';
import { InlineGrid, Select } from '@shopify/polaris';
import type { Period, PeriodName } from '../balance/period.ts';
import { DayField } from './day-field.tsx';
import { Inset } from './inset.tsx';

const options: { value: PeriodName; label: string }[] = [
  { value: 'today', label: 'Today' },
  { value: '7', label: 'Last 7 days' },
  { value: '30', label: 'Last 30 days' },
  { value: '90', label: 'Last 90 days' },
  { value: 'custom', label: 'From … until …' },
];

/** Chooses the days that a page is about. They stand in the address. */
export function PeriodPicker({ period }: { period: Period }) {
  const [, setParams] = useSearchParams();
  const go = (changes: Partial<Period>) => {
    const { name, from, until } = { ...period, ...changes };
    setParams(
      (before) => {
        const asked = new URLSearchParams(before);
        for (const old of ['period', 'from', 'until', 'after', 'before']) asked.delete(old);
        asked.set('period', name);
        if (name === 'custom') {
          asked.set('from', from);
          asked.set('until', until);
        }
        return asked;
      },
      { preventScrollReset: true },
    );
  };
  return (
    <Inset>
      <InlineGrid columns={{ xs: 1, sm: 3 }} gap="300">
        <Select
          label="Period"
          options={options}
          value={period.name}
          onChange={(value) => {
            const chosen = options.find((option) => option.value === value);
            if (chosen) go({ name: chosen.value });
          }}
        />
        {period.name === 'custom' && (
          <>
            <DayField
              label="From"
              value={period.from}
              onChange={(from) => {
                if (from !== '') go({ from, until: from > period.until ? from : period.until });
              }}
            />
            <DayField
              label="Until"
              value={period.until}
              onChange={(until) => {
                if (until !== '') go({ until, from: until < period.from ? until : period.from });
              }}
              helpText="At most a year is shown."
            />
          </>
        )}
      </InlineGrid>
    </Inset>
  );
}

import { BlockStack, Card, InlineGrid, InlineStack, Link, Text } from '@shopify/polaris';
import { Chart } from '../chart.tsx';
import { Inset } from '../inset.tsx';
import type { FiguresView } from './view.ts';

/** One figure with its name. */
export function Figure({
  label,
  value,
  note = null,
}: {
  label: string;
  value: string;
  note?: string | null;
}) {
  return (
    <Card>
      <BlockStack gap="100">
        <Text as="h2" variant="bodyMd" tone="subdued">
          {label}
        </Text>
        <Text as="p" variant="headingLg">
          {value}
        </Text>
        {note !== null && (
          <Text as="p" variant="bodySm" tone="subdued">
            {note}
          </Text>
        )}
      </BlockStack>
    </Card>
  );
}

/** What the shop sold in a period, what it cost, and what is left. */
export function PeriodFigures({ figures, marginUrl }: { figures: FiguresView; marginUrl: string }) {
  const { sales, cost, margin, marginShare, sold, installed, installedNote, notes, chart } = figures;
  return (
    <BlockStack gap="400">
      <InlineGrid columns={{ xs: 2, lg: 5 }} gap="400">
        <Figure label="Sales" value={sales} />
        <Figure label="Cost" value={cost} />
        <Figure
          label="Margin"
          value={margin ?? 'Not known'}
          note={marginShare && `${marginShare} of sales`}
        />
        <Figure label="eSIMs sold" value={sold} />
        <Figure label="Installed" value={installed ?? '–'} note={installed && installedNote} />
      </InlineGrid>
      {notes.map((note) => (
        <Inset key={note}>
          <Text as="p" tone="subdued">
            {note}
          </Text>
        </Inset>
      ))}
      <InlineGrid columns={{ xs: 1, lg: ['twoThirds', 'oneThird'] }} gap="400">
        <Card>
          {chart ? (
            <Chart
              title="Sales and cost by day"
              summary="A sale counts on the day on which its eSIM was bought. Refunded pieces and tests are left out."
              data={chart}
            />
          ) : (
            <Text as="p" tone="subdued">
              Nothing was sold in this period.
            </Text>
          )}
        </Card>
        <TopPlaces places={figures.places} marginUrl={marginUrl} />
      </InlineGrid>
    </BlockStack>
  );
}

function TopPlaces({ places, marginUrl }: { places: FiguresView['places']; marginUrl: string }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Top destinations
        </Text>
        {places.length === 0 && (
          <Text as="p" tone="subdued">
            None yet in this period.
          </Text>
        )}
        {places.map(({ destination, name, sold, sales }) => (
          <InlineStack key={destination} align="space-between" gap="200">
            <Text as="span">{name}</Text>
            <Text as="span" tone="subdued" numeric>
              {sold} · {sales}
            </Text>
          </InlineStack>
        ))}
        <Link url={marginUrl}>Margin by destination and order</Link>
      </BlockStack>
    </Card>
  );
}

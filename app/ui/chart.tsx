import { BlockStack, Box, Button, DataTable, InlineStack, SkeletonDisplayText, Text } from '@shopify/polaris';
import { lazy, Suspense, useState, useSyncExternalStore } from 'react';

/** What a chart draws: its numbers, and the same in words. */
export interface ChartData {
  series: ChartSeries[];
  /** From left to right. */
  points: ChartPoint[];
}

export interface ChartSeries {
  key: string;
  name: string;
  /** Bars for what happened on a day, a line for what there was. */
  kind: 'bar' | 'line';
}

export interface ChartPoint {
  label: string;
  /** By the keys of the series; null leaves a gap. */
  values: Record<string, number | null>;
  texts: Record<string, string>;
}

// Drawing takes a library that only the pages with charts load, and only in a browser: it measures.
const Canvas = lazy(() => import('./chart-canvas.tsx'));

/** A chart with what it says as a sentence, and as a table for who cannot see it or wants the figures. */
export function Chart({ title, summary, data }: { title: string; summary: string; data: ChartData }) {
  const [asTable, setAsTable] = useState(false);
  const isInBrowser = useSyncExternalStore(never, yes, no);
  const waiting = (
    <Box minHeight="240px">
      <SkeletonDisplayText />
    </Box>
  );
  return (
    <BlockStack gap="300">
      <InlineStack align="space-between" blockAlign="center" gap="200">
        <Text as="h2" variant="headingMd">
          {title}
        </Text>
        <Button
          variant="plain"
          ariaExpanded={asTable}
          onClick={() => {
            setAsTable(!asTable);
          }}
        >
          {asTable ? 'Show as a chart' : 'Show as a table'}
        </Button>
      </InlineStack>
      <Text as="p" tone="subdued">
        {summary}
      </Text>
      {asTable ? (
        <ChartTable data={data} />
      ) : isInBrowser ? (
        <Suspense fallback={waiting}>
          <Canvas title={title} data={data} />
        </Suspense>
      ) : (
        waiting
      )}
    </BlockStack>
  );
}

function ChartTable({ data: { series, points } }: { data: ChartData }) {
  return (
    <DataTable
      columnContentTypes={['text', ...series.map(() => 'numeric' as const)]}
      headings={['Day', ...series.map(({ name }) => name)]}
      rows={points
        .map(({ label, texts }) => [label, ...series.map(({ key }) => texts[key] ?? '–')])
        .reverse()}
      increasedTableDensity
    />
  );
}

const never = () => () => undefined;
const yes = () => true;
const no = () => false;

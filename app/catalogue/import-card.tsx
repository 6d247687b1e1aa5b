import { useRevalidator } from '@remix-run/react';
import { BlockStack, Card, InlineStack, ProgressBar, Text } from '@shopify/polaris';
import { useEffect } from 'react';
import type { ImportProgress } from './queries.server.ts';

type Progress = Omit<ImportProgress, 'finishedAt'> & { finishedAt: string | null };

/** How far the import is, or what the last one brought. Says nothing of a failure: that is a banner. */
export function ImportCard({ progress }: { progress: Progress }) {
  if (progress.state === 'failed') return null;
  if (progress.state === 'done') return <LastImport progress={progress} />;
  const { done, total } = progress;
  const percent = total === null ? 0 : Math.min(100, Math.round((done / Math.max(total, 1)) * 100));
  return (
    <Card>
      <BlockStack gap="200">
        <InlineStack align="space-between">
          <Text as="h2" variant="headingSm" id="import-progress">
            Importing the catalogue
          </Text>
          <Text as="span" tone="subdued">
            {total === null ? 'Waiting for the supplier' : `${figure(done)} of ${figure(total)} bundles`}
          </Text>
        </InlineStack>
        <ProgressBar progress={percent} size="small" ariaLabelledBy="import-progress" />
        <Text as="p" tone="subdued">
          You can leave this page; the import goes on.
        </Text>
      </BlockStack>
    </Card>
  );
}

function LastImport({
  progress: { done, total, created, changed, withdrawn, finishedAt },
}: {
  progress: Progress;
}) {
  const skipped = (total ?? done) - done;
  const news = [
    `${figure(done)} bundles`,
    created > 0 && `${figure(created)} new`,
    changed > 0 && `${figure(changed)} changed`,
    withdrawn > 0 && `${figure(withdrawn)} withdrawn`,
    skipped > 0 && `${figure(skipped)} left out because they have no usable price or duration`,
  ].filter((part) => part !== false);
  return (
    <Text as="p" tone="subdued">
      Imported {finishedAt ?? ''}: {news.join(', ')}.
    </Text>
  );
}

// The words around the figures are English.
const figure = (count: number) => count.toLocaleString('en');

/** Reads the page's data again every second while something is under way. */
export function useFreshWhile(isRunning: boolean): void {
  const { revalidate, state } = useRevalidator();
  useEffect(() => {
    if (!isRunning || state !== 'idle') return;
    const timer = setTimeout(revalidate, 1000);
    return () => {
      clearTimeout(timer);
    };
  }, [isRunning, state, revalidate]);
}

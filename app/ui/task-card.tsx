import { useFetcher, useRevalidator } from '@remix-run/react';
import { BlockStack, Button, Card, InlineStack, ProgressBar, Text } from '@shopify/polaris';
import { useEffect } from 'react';
import { isFinished, type TaskProgress } from '../tasks/task.ts';

/** As a loader sends it. */
export type SentTask = Omit<TaskProgress, 'createdAt' | 'finishedAt'> & {
  createdAt: string;
  finishedAt: string | null;
};

interface Props {
  task: SentTask;
  /** "Publishing products". */
  title: string;
  /** "120 of 5,000 bundles": what is counted. */
  unit: string;
  /** What is said while the total is unknown. */
  waiting?: string;
}

/** How far a task is, with a button to cancel it. Shows nothing for one that is finished. The page's action takes
 * `intent=cancel-task` with `taskId`. */
export function TaskCard({ task, title, unit, waiting = 'Starting' }: Props) {
  const fetcher = useFetcher();
  useFreshWhile(!isFinished(task.state) && task.state !== 'waiting');
  if (isFinished(task.state) || task.state === 'waiting') return null;
  const { done, total, isCancelling } = task;
  const percent = total === null ? 0 : Math.min(100, Math.round((done / Math.max(total, 1)) * 100));
  return (
    <Card>
      <BlockStack gap="200">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingSm" id={`task-${task.id}`}>
            {title}
          </Text>
          <Text as="span" tone="subdued">
            {total === null ? waiting : `${figure(done)} of ${figure(total)} ${unit}`}
          </Text>
        </InlineStack>
        <ProgressBar progress={percent} size="small" ariaLabelledBy={`task-${task.id}`} />
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="p" tone="subdued">
            {isCancelling
              ? 'Stopping. What is done stays done.'
              : 'You can leave this page; the work goes on.'}
          </Text>
          <Button
            variant="tertiary"
            disabled={isCancelling || fetcher.state !== 'idle'}
            onClick={() => {
              fetcher.submit({ intent: 'cancel-task', taskId: task.id }, { method: 'post' });
            }}
          >
            Cancel
          </Button>
        </InlineStack>
      </BlockStack>
    </Card>
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

import { Banner } from '@shopify/polaris';
import { useState } from 'react';
import { isFinished } from '../tasks/task.ts';
import { problemText } from '../ui/problem-words.ts';
import type { SentTask } from '../ui/task-card.tsx';

/** What came of adding all that the suppliers list, until somebody closes it. */
export function AdoptedBanner({ task }: { task: SentTask }) {
  const [closed, setClosed] = useState('');
  if (!isFinished(task.state) || closed === task.id) return null;
  const { adopted = 0, left = 0, failed = 0 } = task.counts;
  const others = [
    ...(left > 0
      ? [`${figure(left)} were left alone: a purchase may be about them. Try again tomorrow.`]
      : []),
    ...(failed > 0 ? [`${figure(failed)} could not be read at the supplier.`] : []),
    ...(task.state === 'failed' && task.problem !== null
      ? [`It stopped before the end: ${problemText(task.problem, 'supplier').title}.`]
      : []),
    ...(task.state === 'cancelled' ? ['It was cancelled before the end.'] : []),
  ];
  return (
    <Banner
      title={
        adopted === 0
          ? 'No eSIM was added'
          : `${figure(adopted)} ${adopted === 1 ? 'eSIM was' : 'eSIMs were'} added`
      }
      tone={task.state === 'failed' ? 'warning' : 'info'}
      onDismiss={() => {
        setClosed(task.id);
      }}
    >
      {others.length > 0 && others.map((line) => <p key={line}>{line}</p>)}
    </Banner>
  );
}

// The words around the figures are English.
const figure = (count: number) => count.toLocaleString('en');

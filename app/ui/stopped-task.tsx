import { Banner } from '@shopify/polaris';
import type { ReactNode } from 'react';
import { problemText, type ProblemSide } from './problem-words.ts';
import type { SentTask } from './task-card.tsx';

interface Props {
  task: SentTask;
  /** Who failed it, if it failed. */
  side: ProblemSide;
  /** Said of one that a person cancelled. */
  cancelled: string;
  onGoOn: () => void;
  children?: ReactNode;
}

/** A task that ended before its end, with a button to go on. Shows nothing for any other. */
export function StoppedTask({ task: { state, problem }, side, cancelled, onGoOn, children }: Props) {
  if (state !== 'failed' && state !== 'cancelled') return null;
  return (
    <Banner
      tone={state === 'failed' ? 'critical' : 'info'}
      title={state === 'failed' ? problemText(problem ?? 'unknown', side).title : cancelled}
      action={{ content: 'Go on', onAction: onGoOn }}
    >
      {children}
    </Banner>
  );
}

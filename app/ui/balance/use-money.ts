import { useFetcher } from '@remix-run/react';
import { useToastOf } from '../toast.ts';
import type { MoneyAnswer } from './answer.ts';

/** One of the forms of the balance pages: how to send it, and what was answered about it. */
export function useMoney(intent: string) {
  const fetcher = useFetcher<MoneyAnswer>();
  useToastOf(fetcher.data);
  const isBusy = fetcher.state !== 'idle';
  const answer = isBusy ? undefined : fetcher.data;
  return {
    isBusy,
    isDone: answer?.status === 'done',
    fields: answer?.status === 'invalid' ? answer.fields : {},
    sentence: answer?.status === 'refused' ? answer.sentence : null,
    send: (fields: Record<string, string>) => {
      fetcher.submit({ ...fields, intent }, { method: 'post' });
    },
  };
}

import { useFetcher } from '@remix-run/react';
import { useRef, useState } from 'react';
import { useToastOf } from '../toast.ts';
import type { DeskAnswer } from './answer.ts';

/**
 * One of the things staff do with an eSIM: whether its question is open, how to send it, and what was answered. One press is
 * one id: it is made when the question is opened, and anew when what was pressed came to an end without being done.
 */
export function useDeed(esimId: string, intent: string) {
  const fetcher = useFetcher<DeskAnswer>();
  const [isOpen, setOpen] = useState(false);
  /** The answer that was there before the question was opened. */
  const [past, setPast] = useState<DeskAnswer | undefined>(undefined);
  const press = useRef({ id: '', answered: fetcher.data });
  useToastOf(fetcher.data);
  const isBusy = fetcher.state !== 'idle';
  const answer = isBusy || fetcher.data === past ? undefined : fetcher.data;
  if (answer?.status === 'done' && isOpen) {
    setPast(answer);
    setOpen(false);
  }
  return {
    ...{ isOpen, isBusy },
    fields: answer?.status === 'invalid' ? answer.fields : {},
    /** Why it was not done. */
    refusal: answer?.status === 'refused' ? answer : null,
    /** It may be done, or is being done: there is nothing more to press. */
    waiting: answer?.status === 'waiting' ? answer.sentence : null,
    open: () => {
      press.current = { id: crypto.randomUUID(), answered: fetcher.data };
      setPast(fetcher.data);
      setOpen(true);
    },
    close: () => {
      setOpen(false);
    },
    send: (fields: Record<string, string> = {}) => {
      if (isBusy) return;
      if (fetcher.data !== press.current.answered && fetcher.data?.status === 'refused')
        press.current = { id: crypto.randomUUID(), answered: fetcher.data };
      fetcher.submit(
        { ...fields, intent, actionId: press.current.id },
        { method: 'post', action: `/app/esims/${esimId}/act` },
      );
    },
  };
}

export type DeedState = ReturnType<typeof useDeed>;

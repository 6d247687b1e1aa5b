import { useFetcher } from '@remix-run/react';
import { useState } from 'react';
import { useToastOf } from '../toast.ts';
import type { QueueAnswer } from './answer.ts';

export interface Decision {
  /** Sends a decision about an entry; `intent` tells which button is busy. One at a time. */
  decide: (intent: string, fields?: Record<string, string | string[]>) => void;
  /** The intent under way. */
  busy: string | null;
  /** To the last decision; `intent` is the one that was answered. */
  answer: QueueAnswer | null;
  answered: string | null;
}

/** The buttons of one entry's page, or of the list (`path`). */
export function useDecision(path: string): Decision {
  const fetcher = useFetcher<QueueAnswer>();
  const [sent, setSent] = useState<string | null>(null);
  useToastOf(fetcher.data);
  const isIdle = fetcher.state === 'idle';
  return {
    decide: (intent, fields = {}) => {
      if (!isIdle) return;
      const form = new FormData();
      form.set('intent', intent);
      for (const [name, value] of Object.entries(fields))
        for (const each of [value].flat()) form.append(name, each);
      setSent(intent);
      fetcher.submit(form, { method: 'post', action: path });
    },
    busy: isIdle ? null : sent,
    answer: isIdle ? (fetcher.data ?? null) : null,
    answered: isIdle ? sent : null,
  };
}

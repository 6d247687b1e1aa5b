import { json } from '@remix-run/node';
import type { DeskKind, Ended } from '../../desk/deed.ts';
import type { DeskAnswer } from './answer.ts';
import { deedWords, deskRefusal, doubtSentence, underWaySentence } from './deed-words.ts';

/** What came of a press on the page of an eSIM. */
export function deskAnswer(kind: DeskKind, ended: Ended) {
  switch (ended.status) {
    case 'done':
      return json<DeskAnswer>({ status: 'done', toast: deedWords[kind].toast });
    case 'refused':
      return json<DeskAnswer>(refusedAnswer(kind, ended), 409);
    case 'in-doubt':
      return json<DeskAnswer>({ status: 'waiting', sentence: doubtSentence(kind) }, 202);
    case 'under-way':
      return json<DeskAnswer>({ status: 'waiting', sentence: underWaySentence }, 202);
    default:
      return ended satisfies never;
  }
}

export function refusedAnswer(kind: DeskKind, { reason, detail }: { reason: string; detail: string | null }) {
  return { status: 'refused' as const, reason, sentence: deskRefusal(kind, reason, detail) };
}

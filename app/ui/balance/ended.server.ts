import { json } from '@remix-run/node';
import type { Ended } from '../../desk/deed.ts';
import type { MoneyAnswer } from './answer.ts';
import { moneyRefusal } from './refusal-words.ts';

/** What came of a press that moves money, for the page. */
export function endedAnswer(ended: Ended, toast: string) {
  switch (ended.status) {
    case 'done':
      return json<MoneyAnswer>({ status: 'done', toast });
    case 'refused':
      return refusal(moneyRefusal(ended.reason, ended.detail));
    case 'in-doubt':
      return refusal(
        'The supplier’s answer was lost: it may have been done. It is not asked again; look at what is shown as in doubt.',
      );
    case 'under-way':
      return refusal('It is under way already. Look again in a moment.');
    default:
      return ended satisfies never;
  }
}

export const refusal = (sentence: string) => json<MoneyAnswer>({ status: 'refused', sentence }, 409);

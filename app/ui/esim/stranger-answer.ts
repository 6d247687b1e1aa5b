import type { Stranger } from '../../desk/adopt.server.ts';
import { problemText } from '../problem-words.ts';

/** What the page hears when it asked the suppliers for an ICCID that is not on record. */
export type StrangerAnswer =
  { status: 'owned'; account: string; profile: string } | { status: 'refused'; sentence: string };

/** Why an eSIM cannot be added, in words. */
export function refusalSentence(stranger: Exclude<Stranger, { status: 'owned' | 'known' }>): string {
  switch (stranger.status) {
    case 'not-an-iccid':
      return 'This is not a whole ICCID: 19 or 20 digits that begin with 89, the last of which checks the others.';
    case 'unknown':
      return 'None of your supplier accounts has this eSIM. Check the digits with the traveller.';
    case 'unanswered':
      return `${stranger.account} did not tell: ${problemText(stranger.problem, 'supplier').title}. Try again in a moment.`;
    case 'left':
      return 'It may be one that this app bought and that is not settled. Look under Needs you first.';
    default:
      return stranger satisfies never;
  }
}

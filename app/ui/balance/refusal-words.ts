import type { Refusal } from '../../desk/deed.ts';
import { problemText } from '../problem-words.ts';

/** Why money was not moved, for the person who asked. `detail` is the supplier's own words. */
export function moneyRefusal(reason: Refusal, detail: string | null): string {
  switch (reason) {
    case 'unable':
      return 'The supplier does not offer this.';
    case 'changed':
      return 'It is not as it was any more. Look again, then decide.';
    case 'busy':
      return 'Something is under way with this account. Try again in a minute.';
    case 'doubted':
      return 'What an earlier try came to is not known. Decide about that one first.';
    case 'not-done':
      return 'It was not done.';
    case 'rejected':
      return detail === null
        ? 'That is more than the supplier takes in a day.'
        : `The supplier said no: “${detail}”.`;
    case 'incompatible':
    case 'bundle-unavailable':
      return `The supplier said no${detail === null ? '' : `: “${detail}”`}.`;
    default: {
      const { title, whatNext } = problemText(reason);
      return `${title}. ${whatNext}`;
    }
  }
}

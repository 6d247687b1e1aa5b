import type { Refusal } from '../../desk/deed.ts';

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
    case 'branding':
    case 'bundle-unavailable':
      return `The supplier said no${detail === null ? '' : `: “${detail}”`}.`;
    case 'credentials':
      return 'The supplier refused the key, so no money was moved. Enter a new key under Settings → Suppliers.';
    case 'funds':
      return 'The balance at the supplier is too low. No money was moved.';
    case 'rate-limited':
      return 'The supplier asks us to wait. No money was moved; try again in a minute.';
    case 'down':
    case 'unknown-outcome':
      return 'The supplier does not answer. No money was moved; try again in a few minutes.';
    case 'unreadable':
      return 'The supplier answered in a way we do not understand. No money was moved; if it stays, tell whoever runs this app.';
    default:
      return reason satisfies never;
  }
}

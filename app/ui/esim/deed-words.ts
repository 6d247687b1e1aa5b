import type { DeskKind, Refusal } from '../../desk/deed.ts';

interface DeedWords {
  /** As part of a sentence: "the refresh". */
  name: string;
  /** What a refusal leaves as it was. */
  nothing: string;
  /** That it is over. */
  toast: string;
  /** What two answers of a person mean, when nobody else can tell. */
  decided: { yes: string; no: string };
}

export const deedWords: Record<DeskKind, DeedWords> = {
  refresh: {
    name: 'the refresh',
    nothing: 'Nothing was done.',
    toast: 'The eSIM registers anew',
    decided: { yes: 'It was refreshed', no: 'It was not refreshed' },
  },
  sms: {
    name: 'the text message',
    nothing: 'Nothing was sent.',
    toast: 'Text message sent',
    decided: { yes: 'It was sent', no: 'It was not sent' },
  },
  'top-up': {
    name: 'the top-up',
    nothing: 'Nothing was bought.',
    toast: 'The eSIM is topped up',
    decided: { yes: 'It was topped up', no: 'It was not topped up' },
  },
  reference: {
    name: 'the reference',
    nothing: 'Nothing was changed.',
    toast: 'Reference written',
    decided: { yes: 'It was written', no: 'It was not written' },
  },
  revoke: {
    name: 'taking the bundle back',
    nothing: 'Nothing was taken back.',
    toast: 'The bundle was taken back',
    decided: { yes: 'It was taken back', no: 'It was not taken back' },
  },
  replace: {
    name: 'the replacement',
    nothing: 'No other eSIM was bought.',
    toast: 'Another eSIM is being bought',
    decided: { yes: 'It was replaced', no: 'It was not replaced' },
  },
  suspend: {
    name: 'keeping it off the networks',
    nothing: 'It works as before.',
    toast: 'The eSIM is kept off the networks',
    decided: { yes: 'It is kept off', no: 'It is not kept off' },
  },
  unsuspend: {
    name: 'letting it back on the networks',
    nothing: 'It is as before.',
    toast: 'The eSIM may use its networks again',
    decided: { yes: 'It is let back', no: 'It is not let back' },
  },
  remove: {
    name: 'the removal',
    nothing: 'Nothing was removed.',
    toast: 'The eSIM was removed from the supplier account',
    decided: { yes: 'It was removed', no: 'It was not removed' },
  },
};

/** What happened, and what to do next. What was left as it was is said between the two. */
const refusals: Record<Refusal, { why: string; whatNext: string }> = {
  funds: {
    why: 'The balance at the supplier is too low.',
    whatNext: 'Top it up, which the Balance page helps with, then try again.',
  },
  'bundle-unavailable': {
    why: 'The supplier does not have this bundle, or not on this eSIM.',
    whatNext: 'Refresh the usage to see what it has now.',
  },
  incompatible: {
    why: 'The supplier says that this bundle does not go with the eSIM.',
    whatNext: 'Choose another bundle.',
  },
  branding: {
    why: 'The supplier does not accept the branding profile of your settings.',
    whatNext: 'Change it in Settings → Suppliers.',
  },
  rejected: {
    why: 'The supplier said no.',
    whatNext: 'If you do not see why, ask its support.',
  },
  credentials: {
    why: 'The supplier refused the key, or is disconnected.',
    whatNext: 'Enter the key again in Settings → Suppliers.',
  },
  'rate-limited': {
    why: 'The supplier asks us to wait.',
    whatNext: 'Try again in a minute.',
  },
  down: {
    why: 'The supplier does not answer.',
    whatNext: 'Try again in a few minutes.',
  },
  'unknown-outcome': {
    why: 'The supplier’s answer was lost, so it may have been done all the same.',
    whatNext: 'Doing it once more is harmless.',
  },
  unreadable: {
    why: 'The supplier answered in a way we do not understand.',
    whatNext: 'Try again in a few minutes. If it stays, tell whoever runs this app.',
  },
  unable: {
    why: 'The supplier does not offer this.',
    whatNext: 'Its own portal may.',
  },
  changed: {
    why: 'It is not as you saw it any more.',
    whatNext: 'Look at it again, then decide.',
  },
  busy: {
    why: 'Somebody else is at work with this eSIM this moment.',
    whatNext: 'Try again in a minute.',
  },
  doubted: {
    why: 'What an earlier try came to is not known yet.',
    whatNext: 'The top of this page says what happens with that one.',
  },
  'not-done': {
    why: 'It was looked up at the supplier.',
    whatNext: 'You can try again.',
  },
};

/** Reasons that only the purchase ledger knows, or that are newer than this version, get general words. */
const unknown = { why: 'It could not be done.', whatNext: 'Try again in a few minutes.' };

/** Why something was not done with an eSIM, for whoever asked for it. `detail` is the supplier's own words. */
export function deskRefusal(kind: DeskKind, reason: string, detail: string | null): string {
  const known: Record<string, { why: string; whatNext: string }> = refusals;
  const { why, whatNext } = (Object.hasOwn(known, reason) ? known[reason] : undefined) ?? unknown;
  const said = detail === null ? '' : ` Its words: “${detail.replace(/\.$/, '')}”.`;
  // It may have been done, and that much is said already.
  const nothing = reason === 'unknown-outcome' ? '' : ` ${deedWords[kind].nothing}`;
  const more =
    kind === 'sms' && reason === 'rejected' ? ' Only an eSIM with a telephone number gets texts.' : '';
  return `${why}${said}${nothing}${more} ${whatNext}`;
}

/** The reasons that have words of their own. */
export const knownRefusals = Object.keys(refusals);

export function doubtSentence(kind: DeskKind): string {
  return `The supplier’s answer was lost: ${deedWords[kind].name} may have been done, and is not asked for again. The top of this page says what happens next.`;
}

export const underWaySentence = 'It is under way already. The top of this page says what becomes of it.';

/** What was asked, as part of a sentence. */
export function deedName(kind: unknown): string {
  const names: Record<string, DeedWords> = deedWords;
  return typeof kind === 'string' && Object.hasOwn(names, kind)
    ? (names[kind]?.name ?? '')
    : 'what was asked';
}

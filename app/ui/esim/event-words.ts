import { countryName } from '../../catalogue/bundle.ts';
import type { EsimEventKind } from '../../esims/events.server.ts';
import { lowerFirst } from '../display.ts';
import { noticeName } from '../notice-names.ts';
import { problemText } from '../problem-words.ts';
import { deedName } from './deed-words.ts';

type Detail = Record<string, unknown>;

const words: Record<EsimEventKind, (detail: Detail, locale: string) => string> = {
  'esim.installed': () => 'Installed on a phone',
  'esim.used': () => 'Used for the first time',
  'esim.attached': () => 'Seen in a network for the first time',
  'esim.country-changed': ({ country }, locale) =>
    `Seen in another country${typeof country === 'string' ? `: ${countryName(country, locale)}` : ''}`,
  'esim.usage': ({ percent, bundle }) =>
    `${percent === 100 ? 'All' : `${textOf(percent)} %`} of the data is used${bundle === undefined || bundle === null ? '' : ` (${textOf(bundle)})`}`,
  'esim.deletion-scheduled': () => 'The supplier will delete it: it was idle for long',
  'esim.deleted': () => 'The supplier has it no more',
  'esim.number-changed': ({ now }) => `Its telephone number was switched ${now === 'enabled' ? 'on' : 'off'}`,
  'esim.sms-failed': () => 'A text message could not be delivered to it',
  'esim.noted': ({ what, bundle }) =>
    `Supplier: ${textOf(what)}${typeof bundle === 'string' && bundle !== '' ? ` (${bundle})` : ''}`,
  'page.opened': () => 'The install page was opened, by the traveller or a mail scanner',
  'codes.opened': () => 'The install code was shown on its page',
  'esim.adopted': () => 'Added by its ICCID: another place had sold it',
  'reader.kept': () => 'The e-mail address of its traveller was entered',
  'reader.removed': () => 'The e-mail address of its traveller was removed',
  'esim.refreshed': () => 'Made to register anew with its network',
  'esim.texted': () => 'A text message was sent to it',
  'esim.topped-up': ({ bundle }) => `Topped up${typeof bundle === 'string' ? `: ${bundle}` : ''}`,
  'top-up.refused': ({ bundle }) =>
    `The supplier refused a top-up${typeof bundle === 'string' ? ` with ${bundle}` : ''}: nothing was charged`,
  'top-up.closed': ({ bundle }) =>
    `A top-up${typeof bundle === 'string' ? ` with ${bundle}` : ''} whose outcome was not known was closed`,
  'esim.revoked': ({ bundle, refundedTo }) =>
    `A bundle was taken back${typeof bundle === 'string' ? `: ${bundle}` : ''}${backTo(refundedTo)}`,
  'esim.replaced': () => 'Replaced by another eSIM',
  'esim.suspended': () => 'Kept off every network',
  'esim.unsuspended': () => 'Let back on its networks',
  'esim.removed': () => 'Removed from the supplier account for good',
  'esim.referenced': () => 'A reference was written on it',
  'codes.revealed': () => 'The install code was shown to staff',
  'action.doubted': ({ what }) => `The supplier’s answer was lost: ${deedName(what)} may have been done`,
  'action.decided': ({ what, happened }) =>
    `Said about ${deedName(what)} in doubt: it was ${happened === 'yes' ? 'done' : 'not done'}`,
  'notice.sent': ({ notice }) => `E-mail to the traveller: ${noticeName(textOf(notice))}`,
  'notice.failed': ({ notice, reason }) =>
    `E-mail to the traveller not sent (${noticeName(textOf(notice))}): ${lowerFirst(problemText(textOf(reason), 'mail').title)}`,
};

function backTo(refundedTo: unknown): string {
  if (refundedTo === 'balance') return ', its price is back in the balance';
  if (refundedTo === 'stock') return ', it is back in the stock';
  return refundedTo === 'nothing' ? ', for nothing' : '';
}

/** One line of an eSIM's timeline, places named in the viewer's language. Null for an event this version does not know. */
export function esimEventText(
  { kind, detail, by }: { kind: string; detail: unknown; by: string | null },
  locale: string,
): string | null {
  if (!isKnown(kind)) return null;
  const facts: Detail = typeof detail === 'object' && detail !== null ? { ...detail } : {};
  return `${words[kind](facts, locale)}${by === null ? '' : `, by ${by}`}`;
}

const isKnown = (kind: string): kind is EsimEventKind => Object.hasOwn(words, kind);

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

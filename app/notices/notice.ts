import { once } from '../esims/once.ts';
import { useOf as bundleUse, type HeldBundle } from '../esims/status.ts';
import { after, DAY, HOUR, MINUTE } from '../platform/time.ts';

/** What a traveller may be written about after the purchase, the most pressing first. */
export const noticeKinds = ['data-100', 'data-80', 'expires', 'first-use', 'not-installed'] as const;
export type NoticeKind = (typeof noticeKinds)[number];

export interface Notice {
  kind: NoticeKind;
  /** The key of the bundle it is about; '' for the eSIM as a whole. With the kind: told once. */
  subject: string;
}

/** An eSIM as the tables tell it, however it came there: by a callback, or by asking the supplier now and then. */
export interface NoticeFacts {
  now: Date;
  /** `EsimStatus`, or a newer word. */
  status: string;
  /** Paid for, not refunded, not given back and not replaced. */
  isTheirs: boolean;
  /** When its codes were mailed first; null: not yet. */
  mailedAt: Date | null;
  /** When its traveller last got any mail about it. */
  lastMailAt: Date | null;
  bundles: (HeldBundle & { key: string; initialBytes: bigint | null })[];
  events: { onceKey: string | null; at: Date }[];
}

/** What is older is history: it is told at once, or not at all. */
const LATEST_MS = DAY;
const INSTALL_WITHIN_MS = 3 * DAY;
const BETWEEN_MAILS_MS = HOUR;

/** What there is to tell, whether or not it is still so: each of these is told or passed over, once. */
export function noticesOf({ now, status, mailedAt, bundles, events }: NoticeFacts): Notice[] {
  const isFresh = (at: Date) => at <= now && after(LATEST_MS, at) > now;
  const happened = (key: string) => events.some(({ onceKey, at }) => onceKey === key && isFresh(at));
  const ofBundles = (kind: NoticeKind, has: (bundle: NoticeFacts['bundles'][number]) => boolean) =>
    bundles.filter(has).map(({ key }): Notice => ({ kind, subject: key }));
  const ofEsim = (kind: NoticeKind, has: boolean): Notice[] => (has ? [{ kind, subject: '' }] : []);
  return [
    ...ofBundles('data-100', ({ key }) => happened(once.usage(key, 100))),
    ...ofBundles('data-80', ({ key }) => happened(once.usage(key, 80))),
    ...ofBundles(
      'expires',
      ({ endsAt }) => status === 'active' && endsAt !== null && isFresh(after(-DAY, endsAt)),
    ),
    ...ofEsim('first-use', happened(once.used)),
    ...ofEsim(
      'not-installed',
      status === 'new' && mailedAt !== null && isFresh(after(INSTALL_WITHIN_MS, mailedAt)),
    ),
  ];
}

/** Whether it is so now, and of use to who reads it. What is told of a bundle is of none where another one goes on. */
export function isWorthTelling({ kind, subject }: Notice, facts: NoticeFacts): boolean {
  const { now, status, isTheirs, bundles } = facts;
  if (!isTheirs || !noticesOf(facts).some((one) => one.kind === kind && one.subject === subject))
    return false;
  const bundle = bundles.find(({ key }) => key === subject);
  const use = bundle && bundleUse(bundle, now);
  const goesOn = bundles.some((one) => one !== bundle && ['waiting', 'in-use'].includes(bundleUse(one, now)));
  switch (kind) {
    case 'data-100':
      return use === 'used-up' && !goesOn && !isOver(bundle, now);
    case 'data-80':
      return use === 'in-use' && !goesOn;
    case 'expires':
      return use === 'in-use' && !goesOn && !isShort(bundle);
    case 'first-use':
      return status === 'active';
    case 'not-installed':
      return status === 'new';
    default:
      return kind satisfies never;
  }
}

/**
 * From when a mail about the eSIM may go: after the one with its codes, and an hour after any other. A time that is not
 * known yet is looked for again in a while.
 */
export function mayGoAt({ now, mailedAt, lastMailAt }: NoticeFacts): Date {
  if (mailedAt === null) return after(10 * MINUTE, now);
  return after(BETWEEN_MAILS_MS, lastMailAt ?? mailedAt);
}

const isOver = (bundle: HeldBundle | undefined, now: Date) =>
  bundle?.endsAt !== undefined && bundle.endsAt !== null && bundle.endsAt <= now;

/** Of a bundle for a day one is told its end when it begins. */
const isShort = (bundle: HeldBundle | undefined) =>
  bundle?.startsAt != null && bundle.endsAt !== null && after(DAY + HOUR, bundle.startsAt) >= bundle.endsAt;

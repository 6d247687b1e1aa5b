import type { NoticeKind } from '../notices/notice.ts';

/** The mails to travellers as the merchant knows them. */
export const noticeNames: Record<NoticeKind, string> = {
  'not-installed': 'Not installed after 3 days',
  'first-use': 'First use',
  'data-80': '80% of the data is used',
  'data-100': 'All data is used',
  expires: 'Ends within a day',
};

/** One that only a newer version knows is called as it is. */
export function noticeName(kind: string): string {
  const names: Record<string, string> = noticeNames;
  return (Object.hasOwn(names, kind) ? names[kind] : undefined) ?? kind;
}

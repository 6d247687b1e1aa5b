import { formatCost, formatMoney, type Cost, type Money } from '../platform/money.ts';
import { DAY, HOUR, MINUTE } from '../platform/time.ts';

/** Figures and times in the words of one reader: the viewer's language, the shop's clock. */
export interface Display {
  /** The viewer's language, for names that stand in the same sentences. */
  locale: string;
  money: (money: Money) => string;
  cost: (cost: Cost) => string;
  count: (count: number) => string;
  /** 0.29 → "29%" */
  percent: (share: number) => string;
  /** "21 Nov 2026" */
  date: (instant: Date) => string;
  /** "21 Nov 2026, 14:05" */
  moment: (instant: Date) => string;
  /** "3 minutes ago", "in 5 days" */
  distance: (instant: Date, now: Date) => string;
}

/**
 * Used in loaders, so that the server's text is the browser's text: two machines need not agree on how a
 * language writes a date. `timezone` is an IANA name.
 */
export function displayFor({ locale, timezone }: { locale: string; timezone: string }): Display {
  const zone = { timeZone: timezone };
  const date = once(() => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', ...zone }));
  const moment = once(
    () => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', ...zone }),
  );
  // The sentences around it are English, so this part is too.
  const relative = once(() => new Intl.RelativeTimeFormat('en', { numeric: 'auto' }));
  const count = once(() => new Intl.NumberFormat(locale));
  const percent = once(() => new Intl.NumberFormat(locale, { style: 'percent' }));
  return {
    locale,
    money: (money) => formatMoney(money, locale),
    cost: (cost) => formatCost(cost, locale),
    count: (value) => count().format(value),
    percent: (share) => percent().format(share),
    date: (instant) => date().format(instant),
    moment: (instant) => moment().format(instant),
    distance: (instant, now) => {
      const ms = instant.getTime() - now.getTime();
      const size = Math.abs(ms);
      if (size < MINUTE) return 'just now';
      if (size < HOUR) return relative().format(Math.round(ms / MINUTE), 'minute');
      if (size < DAY) return relative().format(Math.round(ms / HOUR), 'hour');
      return relative().format(Math.round(ms / DAY), 'day');
    },
  };
}

/** Made when it is first asked for: a format takes a tenth of a millisecond to make, and no page shows all of them. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** "Key refused" → "key refused", for the middle of a sentence. */
export function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** "1 eSIM", "2 eSIMs" */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${String(count)} ${count === 1 ? one : many}`;
}

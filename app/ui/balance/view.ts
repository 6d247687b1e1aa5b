import type { Decimal } from 'decimal.js';
import { accountDays } from '../../balance/account-chart.ts';
import type { MoneyAccount } from '../../balance/accounts.server.ts';
import { burnRate, daysOfCover, type SpentDay } from '../../balance/burn.ts';
import type { LedgerLine } from '../../balance/ledger.server.ts';
import type { OpenLine } from '../../balance/open-lines.server.ts';
import type { Standing } from '../../balance/standing.server.ts';
import { dayOf } from '../../platform/day.ts';
import { MINUTE } from '../../platform/time.ts';
import type { CardCharge } from '../../desk/card.server.ts';
import { counted, type Display } from '../display.ts';
import type { ChartData } from '../chart.tsx';
import { exactly, signed } from './exact.ts';

/** How the page of one reader writes. */
export interface Reader {
  show: Display;
  locale: string;
  timezone: string;
  now: Date;
}

// Older than that, the page asks the supplier when it is opened.
const LIVE_MS = MINUTE;

/** An account's money as the balance page says it. */
export function moneyView(account: MoneyAccount, { show, now }: Reader) {
  const { balance, currency, testCredit, balanceAt, reserve, alertBelow, state } = account;
  const inWords = (amount: Decimal) => (currency === null ? null : show.cost({ amount, currency }));
  return {
    ...{ id: account.id, label: account.label, currency },
    isRefused: state === 'key-refused',
    isDisconnected: state === 'disconnected',
    balance: balance && inWords(balance),
    testCredit: testCredit?.gt(0) ? inWords(testCredit) : null,
    age: balanceAt && show.distance(balanceAt, now),
    isOld: state !== 'disconnected' && (!balanceAt || now.getTime() - balanceAt.getTime() > LIVE_MS),
    reserve: reserve.gt(0) ? inWords(reserve) : null,
    alertBelow: alertBelow?.toFixed() ?? '',
    line: alertBelow && inWords(alertBelow),
    isLow: alertBelow !== null && balance !== null && balance.lt(alertBelow),
  };
}
export type MoneyView = ReturnType<typeof moneyView>;

/** What the ledger makes beside what the supplier says. Null before the ledger began. */
export function standingView(
  { since, booked, difference, unpriced, strange }: Standing,
  currency: string | null,
  { show, locale }: Reader,
) {
  if (!since || currency === null) return null;
  return {
    since: show.moment(since),
    booked: exactly({ amount: booked, currency }, locale),
    difference: difference && !difference.isZero() ? signed({ amount: difference, currency }, locale) : null,
    differenceAmount: difference?.toFixed() ?? '',
    isMore: difference?.gt(0) ?? false,
    unpriced: unpriced === 0 ? null : counted(unpriced, 'purchase'),
    strange: strange.map(({ reference, orderedAt }) => ({ reference, at: show.moment(orderedAt) })),
  };
}
export type StandingView = ReturnType<typeof standingView>;

/** How fast it is spent, for how long it lasts, and both as a chart. */
export function burnView(
  { balance, reserve, currency }: MoneyAccount,
  { spent, balances }: { spent: SpentDay[]; balances: { day: string; balance: Decimal }[] },
  { days, ...reader }: Reader & { days: number },
) {
  const { show, timezone, now } = reader;
  if (currency === null) return null;
  const today = dayOf(now, timezone);
  const burn = burnRate(spent, today);
  const cover = burn && balance ? daysOfCover(burn, { balance, reserve }) : null;
  const list = accountDays({ spent, balances }, { days, today });
  const day = (iso: string) =>
    new Intl.DateTimeFormat(reader.locale, { timeZone: 'UTC', day: 'numeric', month: 'short' }).format(
      new Date(iso),
    );
  const chart: ChartData = {
    series: [
      { key: 'spent', name: 'Spent', kind: 'bar' },
      { key: 'balance', name: 'Balance', kind: 'line' },
    ],
    points: list.map((each) => ({
      label: day(each.day),
      values: { spent: each.spent?.toNumber() ?? 0, balance: each.balance?.toNumber() ?? null },
      texts: {
        spent: each.spent ? show.cost({ amount: each.spent, currency }) : '–',
        balance: each.balance ? show.cost({ amount: each.balance, currency }) : '–',
      },
    })),
  };
  return {
    cover: cover === null ? null : cover > MOST_COVER ? 'more than a year' : counted(cover, 'day'),
    isShort: cover !== null && cover < SHORT_COVER,
    perDay: burn && show.cost({ amount: burn.perDay, currency }),
    basis: burn
      ? `Measured over ${counted(burn.days, 'day')}, ${String(burn.daysWithSales)} of them with sales. What your reserve keeps back is not counted as cover.`
      : 'It takes three days with sales in the last four weeks to say how long the balance lasts.',
    chart,
  };
}

const MOST_COVER = 365;
const SHORT_COVER = 7;

export function lineView(line: LedgerLine, { show, locale }: Reader, place: (destination: string) => string) {
  const { id, kind, at, amount, standing, reference, orderId, orderName, destination, note, by } = line;
  return {
    ...{ id, kind, reference, note, by, isOpen: false },
    at: show.moment(at),
    amount: signed(amount, locale),
    isIn: amount.amount.gt(0),
    standing: exactly({ amount: standing, currency: amount.currency }, locale),
    order: orderId !== null && orderName !== null ? { id: orderId, name: orderName } : null,
    place: destination ? place(destination) : null,
  };
}
/** What is not booked yet, as a line above the others. */
export function openLineView(
  { id, kind, at, amount, reference, orderId, orderName, by }: OpenLine,
  currency: string | null,
  { show, locale }: Reader,
): LineView {
  return {
    ...{ id, kind, reference, by, isOpen: true, isIn: false, note: null, place: null },
    at: show.moment(at),
    amount: amount && currency !== null ? signed({ amount, currency }, locale) : 'Not known yet',
    standing: '–',
    order: orderId !== null && orderName !== null ? { id: orderId, name: orderName } : null,
  };
}
// An alias, because Polaris asks for an index signature.
export type LineView = ReturnType<typeof lineView>;

export function chargeView(
  { id, state, amount, currency, before, after, by, at }: CardCharge,
  { show }: Reader,
) {
  const inWords = (value: Decimal) => show.cost({ amount: value, currency });
  return {
    ...{ id, state, by },
    amount: inWords(amount),
    before: inWords(before),
    after: after && inWords(after),
    at: show.moment(at),
  };
}
export type ChargeView = ReturnType<typeof chargeView>;

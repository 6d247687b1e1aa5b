import { Decimal } from 'decimal.js';
import type { UnitState } from '../../orders/line.ts';
import type { findOrder } from '../../orders/queries.server.ts';
import { decimalFromMoney } from '../../platform/money.ts';
import { counted, type Display } from '../display.ts';
import { eventText } from '../event-words.ts';
import { problemText } from '../problem-words.ts';

type Order = Exclude<Awaited<ReturnType<typeof findOrder>>, null>;

/** An order as its page says it: every figure and time in the reader's words. */
export function orderView(order: Order, show: Display, now: Date) {
  return {
    name: order.name,
    isTest: order.isTest,
    state: order.state,
    placed: order.cancelledAt
      ? `${show.moment(order.placedAt)}, cancelled ${show.moment(order.cancelledAt)}`
      : show.moment(order.placedAt),
    // `shopify:` addresses lead to the admin of the shop that is open, whatever its address is.
    shopifyUrl: `shopify://admin/orders/${order.shopifyGid.split('/').at(-1) ?? ''}`,
    maskedEmail: order.maskedEmail,
    isMoving:
      order.units.some(({ state }) => inFlight.includes(state)) ||
      order.deliveries.some(({ state, problem }) => state === 'waiting' && problem === null),
    hasEsims: order.units.some(({ iccidLast4 }) => iccidLast4 !== null),
    units: order.units.map(({ cost, price, holdUntil, since, attemptId, bundle, ...unit }) => ({
      ...unit,
      since: since.toISOString(),
      queueUrl: queueUrl({ ...unit, attemptId }),
      bundle: bundle?.description ?? null,
      price: show.money(price),
      cost: cost ? show.cost(cost) : null,
      nextLook: holdUntil && holdUntil > now ? show.distance(holdUntil, now) : null,
      reference: order.attempts.find(({ id }) => id === attemptId)?.orderReference ?? null,
      sentAt: momentOf(order.attempts.find(({ id }) => id === attemptId)?.sentAt, show),
    })),
    purchases: order.attempts.map(
      ({ id, bundleCode, quantity, orderReference, sentAt, settledAt, total }) => ({
        id,
        bundleCode,
        quantity,
        orderReference,
        sent: show.moment(sentAt),
        took: settledAt
          ? `${show.count(Math.max(0.1, Math.round((settledAt.getTime() - sentAt.getTime()) / 100) / 10))} s`
          : null,
        total: total ? show.cost(total) : null,
      }),
    ),
    mail: {
      state: order.mail.state,
      problem: order.mail.problem === null ? null : problemText(order.mail.problem, 'mail'),
    },
    fulfilment: {
      state: order.fulfilment.state,
      problem: order.fulfilment.problem === null ? null : fulfilmentProblem(order.fulfilment.problem),
    },
    deliveries: order.deliveries.map(({ id, maskedTo, state, problem, createdAt, sentAt, nextTryAt }) => ({
      id,
      maskedTo,
      state,
      problem: problem === null ? null : problemText(problem, 'mail').title,
      at: show.moment(sentAt ?? createdAt),
      nextTry:
        state === 'waiting' && problem !== null && nextTryAt > now ? show.distance(nextTryAt, now) : null,
    })),
    events: timeline(order.events, show),
    takings: takings(order, show),
  };
}

/** Where the merchant decides about an eSIM; null where there is nothing to decide. */
function queueUrl({
  id,
  state,
  reason,
  attemptId,
  isRefunded,
}: {
  id: string;
  state: UnitState;
  reason: string | null;
  attemptId: string | null;
  isRefunded: boolean;
}): string | null {
  if (state === 'held' || isRefunded) return `/app/queue/unit-${id}`;
  if (state !== 'parked') return null;
  return reason === 'gone' || attemptId === null
    ? `/app/queue/unit-${id}`
    : `/app/queue/attempt-${attemptId}`;
}

const inFlight: UnitState[] = ['paid', 'buying', 'preparing', 'bought'];

const fulfilmentProblems: Record<string, string> = {
  'on-hold':
    'Shopify holds the fulfilment of this order. Release the hold in Shopify; it is then marked as fulfilled by itself.',
  uninstalled:
    'The app was removed from the shop before the order was marked as fulfilled. Mark it in Shopify.',
};

function fulfilmentProblem(problem: string): string {
  const { title, whatNext } = problemText(problem, 'shopify');
  return fulfilmentProblems[problem] ?? `${title}. ${whatNext}`;
}

/** What happened, the newest first. What happened to several eSIMs within a second is told once. */
function timeline(events: Order['events'], show: Display) {
  const told: { id: string; text: string; at: Date; count: number }[] = [];
  for (const { id, kind, detail, at } of events) {
    const text = eventText(kind, detail);
    if (text === null) continue;
    const same = told.find((line) => line.text === text && at.getTime() - line.at.getTime() < 1000);
    if (same) same.count++;
    else told.push({ id, text, at, count: 1 });
  }
  return told.reverse().map(({ id, text, at, count }) => ({
    id,
    at: show.moment(at),
    text: count > 1 ? `${text} (${counted(count, 'eSIM')})` : text,
  }));
}

/** Paid, cost and, where both are one currency, what is left. */
function takings({ paid, costs }: Order, show: Display) {
  const [cost, ...others] = costs;
  const isOneCurrency = cost?.currency === paid.currency && others.length === 0;
  const left = isOneCurrency ? new Decimal(decimalFromMoney(paid)).minus(cost.amount) : null;
  const share = left && paid.amount > 0 ? left.div(decimalFromMoney(paid)).toNumber() : null;
  return {
    paid: show.money(paid),
    costs: costs.map(show.cost),
    margin: left
      ? `${show.cost({ amount: left, currency: paid.currency })}${share === null ? '' : ` (${show.percent(share)})`}`
      : null,
  };
}

function momentOf(instant: Date | undefined, show: Display): string | null {
  return instant ? show.moment(instant) : null;
}

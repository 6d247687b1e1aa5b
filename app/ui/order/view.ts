import { takesTheMoney } from '../../orders/dispute.ts';
import type { UnitState } from '../../orders/line.ts';
import type { findOrder } from '../../orders/queries.server.ts';
import { counted, type Display } from '../display.ts';
import { eventText, refusalOf } from '../event-words.ts';
import { RefundOutcomes, type RefundOutcome } from '../../desk/shop-refund.ts';
import { disputePath, queuePath } from '../../purchases/queue-path.ts';
import { problemText } from '../problem-words.ts';
import { disputeReason, reasonText } from '../reason-words.ts';
import { takingsView } from '../takings.ts';

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
      order.refunds.some(({ state }) => state === 'revoking' || state === 'refunding') ||
      order.units.some(({ state }) => inFlight.includes(state)) ||
      order.deliveries.some(({ state, problem }) => state === 'waiting' && problem === null),
    hasEsims: order.units.some(({ iccidLast4 }) => iccidLast4 !== null),
    disputes: order.disputes
      .filter(({ seenAt }) => seenAt === null)
      .map(({ id, status }) => {
        const { short, sentence } = reasonText(disputeReason(status));
        return { id, title: short, sentence, url: disputePath(id) };
      }),
    isChargedBack: order.disputes.some(takesTheMoney),
    refunds: order.refunds.map((refund) => refundView(refund, order, show)),
    units: order.units.map(
      ({ cost, price, loss, holdUntil, since, attemptId, bundle, passedOver, ...unit }) => ({
        ...unit,
        canRefund: canRefund(unit, order),
        since: since.toISOString(),
        queueUrl: queuePath({ ...unit, attemptId }),
        bundle: bundle?.description ?? null,
        passedOver: passedOverWords(passedOver),
        price: show.money(price),
        loss: loss && show.money(loss),
        cost: cost ? show.cost(cost) : null,
        nextLook: holdUntil && holdUntil > now ? show.distance(holdUntil, now) : null,
        reference: order.attempts.find(({ id }) => id === attemptId)?.orderReference ?? null,
        sentAt: momentOf(order.attempts.find(({ id }) => id === attemptId)?.sentAt, show),
      }),
    ),
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
    takings: takingsView(order, show),
  };
}

/** "eSIM Go (balance too low), Other (does not answer)"; null where the first supplier sold it. Each supplier once. */
function passedOverWords(passed: { supplier: string; why: string }[]): string | null {
  const last = new Map(passed.map(({ supplier, why }) => [supplier, `${supplier} (${refusalOf(why)})`]));
  return last.size === 0 ? null : [...last.values()].join(', ');
}

/** Whether the piece can be cancelled and refunded here: it is still the buyer's, and in no refund that goes on. */
function canRefund({ id, state, isGone }: UnitFacts, { refunds }: Order): boolean {
  const isFree = (state === 'delivered' || state === 'held') && !isGone;
  const open = ['revoking', 'refunding', 'failed'];
  return isFree && !refunds.some((refund) => open.includes(refund.state) && refund.unitIds.includes(id));
}

interface UnitFacts {
  id: string;
  state: UnitState;
  isGone: boolean;
}

function refundView(refund: Order['refunds'][number], order: Order, show: Display) {
  const { id, state, unitIds, createdAt, problem, messages } = refund;
  const outcomes = RefundOutcomes.parse(refund.outcomes);
  const left = unitIds.flatMap((unitId) => {
    const outcome = outcomes[unitId];
    const title = order.units.find((unit) => unit.id === unitId)?.title ?? 'An eSIM';
    return outcome === undefined || outcome === 'revoked' || outcome === 'closed'
      ? []
      : [{ title, why: outcomeWords[outcome] }];
  });
  return {
    ...{ id, state, messages, left, at: show.moment(createdAt) },
    pieces: counted(unitIds.length, 'eSIM'),
    refunded: refund.refunded ? show.money(refund.refunded) : null,
    problem: problem === null || problem === 'user-errors' ? null : problemText(problem, 'shopify'),
  };
}

const outcomeWords: Record<Exclude<RefundOutcome, 'revoked' | 'closed'>, string> = {
  installed: 'it is installed on a phone, so it was left alone',
  used: 'some of it was used, so it was left alone',
  kept: 'the supplier refused to take it back',
  down: 'the supplier could not be asked; nothing was done',
  doubted:
    'the supplier’s answer was lost, and it cannot say what it did: look at the eSIM in the supplier’s portal',
  moved: 'it had been cancelled or refunded elsewhere before',
};

const inFlight: UnitState[] = ['paid', 'buying', 'preparing', 'bought'];

const fulfilmentProblems: Record<string, string> = {
  'on-hold':
    'Shopify holds the fulfilment of this order. Release the hold in Shopify; it is then marked as fulfilled by itself.',
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

function momentOf(instant: Date | undefined, show: Display): string | null {
  return instant ? show.moment(instant) : null;
}

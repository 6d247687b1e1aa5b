import { Decimal } from 'decimal.js';
import type { Entry, Evidence, Unclaimed } from '../../purchases/queue-entry.server.ts';
import { counted, lowerFirst, type Display } from '../display.ts';
import { reasonText } from '../reason-words.ts';

/** An entry of the queue as its pages say it. */
export type EntryView = ReturnType<typeof entryView>;

export function entryView(entry: Entry, show: Display, now: Date) {
  const { kind, order, units, cost, attempt, unclaimed } = entry;
  const reason = reasonOf(entry);
  return {
    ...{ id: entry.id, kind, reason },
    title: `${String(piecesOf(entry))} × ${entry.title}`,
    order: order && {
      ...order,
      shopifyUrl: `shopify://admin/orders/${order.shopifyGid.split('/').at(-1) ?? ''}`,
    },
    age: show.distance(entry.since, now),
    since: show.moment(entry.since),
    nextLook: nextLook(attempt?.nextLookAt ?? entry.holdUntil, show, now),
    paid: entry.paid ? show.money(entry.paid) : null,
    bundle: entry.bundle,
    cost: cost ? show.cost(cost) : null,
    validation: entry.validation === null ? null : validationText(entry.validation),
    // What a form names: a wait that began later is another one.
    waits: units.map(({ id, since }) => `${id}@${since.toISOString()}`),
    canRelease: kind === 'held' && reasonText(reason).retry !== null,
    attempt: attempt && attemptView(attempt, show),
    unclaimed: unclaimed && unclaimedView(unclaimed, show),
  };
}

/** The words for what waits: its own reason, or what kind of wait it is. */
function reasonOf({ kind, reason }: Entry): string | null {
  if (kind === 'doubt') return 'in-doubt';
  return kind === 'refunded' || kind === 'unclaimed' ? kind : reason;
}

function piecesOf({ units, attempt, unclaimed }: Entry): number {
  return units.length || (attempt?.quantity ?? unclaimed?.quantity ?? 1);
}

function nextLook(at: Date | null, show: Display, now: Date): string | null {
  if (at === null) return null;
  return at > now ? show.distance(at, now) : 'in a moment';
}

function validationText(outcome: string): string {
  return outcome === 'accepted'
    ? 'The supplier was asked, and would sell it.'
    : `The supplier was asked, and would refuse it: ${lowerFirst(reasonText(outcome).short)}.`;
}

function attemptView(attempt: Evidence, show: Display) {
  return {
    ...{ id: attempt.id, supplier: attempt.supplier, orderReference: attempt.orderReference },
    asked: `${String(attempt.quantity)} × ${attempt.bundleCode}`,
    how: attempt.how,
    sent: show.moment(attempt.sentAt),
    looked: attempt.looks === 0 ? null : counted(attempt.looks, 'time'),
    total: attempt.total ? show.cost(attempt.total) : null,
    candidates: attempt.candidates.map(({ total, createdAt, ...candidate }) => ({
      ...candidate,
      at: show.moment(new Date(createdAt)),
      total: total ? show.cost({ amount: new Decimal(total.amount), currency: total.currency }) : null,
    })),
  };
}

function unclaimedView({ total, orderedAt, ...order }: Unclaimed, show: Display) {
  return { ...order, ordered: show.moment(orderedAt), total: total ? show.cost(total) : null };
}

import { Decimal } from 'decimal.js';
import type { Entry, Evidence, Unclaimed } from '../../purchases/queue-entry.server.ts';
import { isSettled, takesTheMoney } from '../../orders/dispute.ts';
import { dataLabel } from '../../catalogue/bundle-words.ts';
import type { Found } from '../../purchases/look-log.ts';
import type { EsimFacts } from '../../purchases/esim-facts.server.ts';
import { counted, lowerFirst, type Display } from '../display.ts';
import { disputeStatus } from '../event-words.ts';
import { problemText } from '../problem-words.ts';
import { disputeReason, reasonText, retryLabel } from '../reason-words.ts';

/** An entry of the queue as its pages say it. */
export type EntryView = ReturnType<typeof entryView>;

export function entryView(entry: Entry, show: Display, now: Date) {
  const { kind, order, units, cost, attempt, unclaimed } = entry;
  const reason = reasonOf(entry);
  return {
    ...{ id: entry.id, kind, reason, topUpEsim: entry.topUpEsim },
    title: `${String(piecesOf(entry))} × ${entry.title}`,
    pieces: piecesOf(entry),
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
    loss: entry.loss && show.money(entry.loss),
    validation: entry.validation === null ? null : validationText(entry.validation),
    // What a form names: a wait that began later is another one.
    waits: units.map(({ id, since }) => `${id}@${since.toISOString()}`),
    /** What the button says that lets it go on; null where there is none. */
    release: kind === 'held' ? retryLabel(reason, entry.loss && show.money(entry.loss)) : null,
    /** Of the purchase that its supplier can be asked about again. */
    lookAt: kind === 'parked' || kind === 'doubt' ? (attempt?.id ?? null) : null,
    attempt: attempt && attemptView(attempt, show),
    unclaimed: unclaimed && unclaimedView(unclaimed, show),
    dispute: entry.dispute && {
      what: entry.dispute.kind === 'inquiry' ? 'Inquiry' : 'Chargeback',
      status: disputeStatus(entry.dispute.status),
      // For the bank, in English, with times that need no explanation.
      answer: isSettled(entry.dispute.status) ? null : answerToBank(entry),
    },
    esims: entry.esims.map((esim) => ({
      ...esimView(esim, show, now),
      canRevoke:
        entry.dispute !== null && takesTheMoney(entry.dispute) && !['revoked', 'gone'].includes(esim.status),
    })),
  };
}

/** The words for what waits: its own reason, or what kind of wait it is. */
function reasonOf({ kind, reason, attempt, topUpEsim, dispute }: Entry): string | null {
  if (kind === 'dispute') return disputeReason(dispute?.status ?? '');
  if (kind === 'parked' && reason === 'no-such-order' && attempt?.askedBy != null)
    return 'asked-no-such-order';
  if (kind === 'gone' && topUpEsim) return 'gone-top-up';
  if (kind === 'doubt') return 'in-doubt';
  if (kind === 'refunding') return 'refund-looked-at';
  if (kind === 'refunded') return reason ?? kind;
  return kind === 'unclaimed' ? kind : reason;
}

function esimView(esim: EsimFacts, show: Display, now: Date) {
  const moment = (at: Date | null) => (at ? show.moment(at) : null);
  return {
    ...{ esimId: esim.esimId, unitId: esim.unitId, title: esim.title, iccidLast4: esim.iccidLast4 },
    ...{ mailed: moment(esim.mailedAt), opened: moment(esim.openedAt), installed: moment(esim.installedAt) },
    ...{ started: moment(esim.startedAt), used: usedOf(esim), country: esim.country },
    takenBack: moment(esim.revokedAt),
    looked: esim.lookedAt ? show.distance(esim.lookedAt, now) : null,
  };
}

function usedOf({ usedBytes, totalBytes, isUnlimited }: EsimFacts): string | null {
  if (usedBytes === null) return null;
  const used = dataLabel(usedBytes, 'en');
  if (isUnlimited) return `${used} of unlimited data`;
  return totalBytes === null ? used : `${used} of ${dataLabel(totalBytes, 'en')}`;
}

/** What we know, as sentences that a merchant may send to a bank: no name, no address, no code. */
function answerToBank({ order, esims }: Entry): string {
  const at = (instant: Date) => `${instant.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const lines = esims.flatMap((esim) => [
    '',
    `${esim.title}: an eSIM, a digital mobile data plan (number ending in ${esim.iccidLast4}).`,
    `It was made for this order on ${at(esim.boughtAt)}.`,
    esim.mailedAt
      ? `Its install code was e-mailed to the address of the order on ${at(esim.mailedAt)}.`
      : null,
    esim.openedAt ? `The page with the install code was opened on ${at(esim.openedAt)}.` : null,
    esim.installedAt ? `It was installed on a phone on ${at(esim.installedAt)}.` : null,
    esim.startedAt ? `It was first used on ${at(esim.startedAt)}.` : null,
    (esim.usedBytes ?? 0n) > 0n ? `${usedOf(esim) ?? ''} was used.` : null,
    esim.revokedAt ? `It was withdrawn on ${at(esim.revokedAt)}.` : null,
    esim.country === null ? null : `It was last seen in a mobile network of ${esim.country}.`,
    esim.lookedAt ? `The mobile operator's systems said so on ${at(esim.lookedAt)}.` : null,
  ]);
  const head = `Order ${order?.name ?? ''} is of digital goods that were delivered by e-mail at once.`;
  return [head, ...lines.filter((line) => line !== null)].join('\n');
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
    ...{ how: attempt.how, askedBy: attempt.askedBy },
    sent: show.moment(attempt.sentAt),
    looked: lookedOf(attempt, show),
    total: attempt.total ? show.cost(attempt.total) : null,
    candidates: attempt.candidates.map(({ total, createdAt, ...candidate }) => ({
      ...candidate,
      at: show.moment(new Date(createdAt)),
      total: total ? show.cost({ amount: new Decimal(total.amount), currency: total.currency }) : null,
    })),
  };
}

/** What was tried before, as its lines say it. */
export function earlierView(attempts: Evidence[], show: Display) {
  return attempts.map((attempt) => {
    const { id, asked, how, supplier, sent, looked, orderReference } = attemptView(attempt, show);
    const from = how === 'stock' ? 'from your stock at' : 'of';
    return {
      id,
      title: `${sent}: ${how === 'top-up' ? 'top-up with ' : ''}${asked} ${from} ${supplier}`,
      lines: [
        cameOf(attempt),
        ...(orderReference === null ? [] : [`Order reference ${orderReference}`]),
        ...looked,
      ],
    };
  });
}

/** What came of an attempt that is not the one that waits. */
function cameOf({ state, reason, looks }: Evidence): string {
  if (state === 'bought') return 'Bought';
  if (state === 'closed') return 'Ended by a person';
  if (state !== 'refused') return 'Not settled';
  if (reason !== null) return `Nothing was bought: ${lowerFirst(reasonText(reason).short)}`;
  return looks > 0 ? 'Given up as lost, and bought anew' : 'Nothing was bought; it was tried again';
}

function lookedOf({ looks, looked }: Evidence, show: Display): string[] {
  if (looked.length === 0) return looks === 0 ? [] : [counted(looks, 'look')];
  return looked.map(({ from, until, times, found }) => {
    const [first, last] = [show.moment(new Date(from)), show.moment(new Date(until))];
    const when = first === last ? first : `${first} – ${last}`;
    return `${when}${times > 1 ? `, ${String(times)} looks` : ''}: ${foundText(found)}`;
  });
}

function foundText(found: Found): string {
  switch (found.what) {
    case 'orders': {
      const { fits, foreign } = found;
      if (fits + foreign === 0) return 'no order that fits';
      const parts = [
        ...(fits > 0 ? [`${counted(fits, 'order')} that ${fits === 1 ? 'fits' : 'fit'}`] : []),
        ...(foreign > 0 ? [`${counted(foreign, 'order')} that may be it`] : []),
      ];
      return parts.join(', ');
    }
    case 'esims':
      return `${String(found.listed)} of ${counted(found.of, 'eSIM')} listed`;
    case 'problem':
      return `it could not be asked: ${lowerFirst(problemText(found.kind, 'supplier').title)}`;
    default:
      return found satisfies never;
  }
}

function unclaimedView({ total, orderedAt, ...order }: Unclaimed, show: Display) {
  return { ...order, ordered: show.moment(orderedAt), total: total ? show.cost(total) : null };
}

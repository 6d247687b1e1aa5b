import { isTheBuyers } from '../delivery/codes.server.ts';
import { db } from '../platform/db.server.ts';
import { after, currentTime, DAY } from '../platform/time.ts';
import type { NoticeFacts } from './notice.ts';

/** What the mails of an eSIM are decided by, with what they are written from. */
export async function noticeFacts({ shopId, esimId }: { shopId: string; esimId: string }) {
  const esim = await db.esim.findUniqueOrThrow({
    where: { id: esimId, shopId },
    include: {
      unit: true,
      traveller: true,
      order: { include: { deliveries: { where: { state: 'sent' }, orderBy: { version: 'asc' } } } },
      assignments: { orderBy: [{ assignedAt: 'desc' }, { key: 'desc' }] },
      events: { where: { onceKey: { not: null }, at: { gt: after(-DAY) } } },
    },
  });
  const { unit, order, traveller } = esim;
  const carriers = order?.deliveries.filter(({ unitIds }) => unit && unitIds.includes(unit.id)) ?? [];
  const last = await db.buyerNotice.aggregate({ where: { shopId, esimId }, _max: { sentAt: true } });
  const facts: NoticeFacts = {
    now: currentTime(),
    status: esim.status,
    isTheirs:
      (traveller !== null || (unit?.state === 'delivered' && isTheBuyers(unit))) &&
      !esim.revokedAt &&
      esim.replacedById === null,
    mailedAt: traveller ? LONG_AGO : (carriers[0]?.sentAt ?? null),
    lastMailAt: latest([...carriers.map(({ sentAt }) => sentAt), last._max.sentAt]),
    bundles: esim.assignments,
    events: esim.events,
  };
  // Who got the codes first: a copy that staff sent elsewhere does not make that the traveller's address.
  return { facts, esim, order, firstMail: carriers[0] ?? null };
}

// Another place sold it and mailed its codes: nobody is reminded to install it, and nothing waits for that mail.
const LONG_AGO = new Date(0);

export type Noticed = Awaited<ReturnType<typeof noticeFacts>>;

const latest = (dates: (Date | null)[]): Date | null =>
  dates.reduce((a, b) => (a !== null && (b === null || a >= b) ? a : b), null);

import { Decimal } from 'decimal.js';
import { z } from 'zod';
import { dayOf } from '../platform/day.ts';
import { db, type Prisma } from '../platform/db.server.ts';
import { currentTime } from '../platform/time.ts';
import type { Shop } from '../shopify/shops.server.ts';
import type { EntryKind } from './entry.ts';
import { orderNames, type LedgerQuery } from './ledger-query.ts';

/** A movement that is not in the ledger yet: it may have happened, or what it took is not known. */
export interface OpenLine {
  id: string;
  kind: Extract<EntryKind, 'purchase' | 'top-up'>;
  at: Date;
  /** Null while it is not known. */
  amount: Decimal | null;
  reference: string | null;
  orderId: string | null;
  orderName: string | null;
  by: string | null;
}

const MOST = 100;

/** What of an account is open and answers a question, the newest first. */
export async function openLines(shop: Shop, accountId: string, query: LedgerQuery): Promise<OpenLine[]> {
  const account = { shopId: shop.id, accountId };
  const [attempts, charges] = await Promise.all([
    db.purchaseAttempt.findMany({
      where: await isUnpriced(account),
      select: {
        ...{ id: true, sentAt: true, orderReference: true, askedBy: true },
        units: { select: { order: { select: { id: true, name: true } } }, take: 1 },
      },
      orderBy: { sentAt: 'desc' },
      take: MOST,
    }),
    db.deskAction.findMany({
      where: { ...account, kind: 'card', state: { in: ['begun', 'in-doubt'] } },
      orderBy: { at: 'desc' },
    }),
  ]);
  const lines: OpenLine[] = [
    ...attempts.map(({ id, sentAt: at, orderReference: reference, askedBy: by, units }) => {
      const order = units[0]?.order;
      const named = { orderId: order?.id ?? null, orderName: order?.name ?? null };
      return { ...{ id, at, reference, by, kind: 'purchase' as const, amount: null }, ...named };
    }),
    ...charges.map(({ id, at, by, input }) => ({
      ...{ id, at, by, kind: 'top-up' as const, reference: null, orderId: null, orderName: null },
      amount: new Decimal(Charge.parse(input).amount),
    })),
  ];
  return lines.filter((line) => answers(line, query, shop)).sort((a, b) => b.at.getTime() - a.at.getTime());
}

/** Purchases of which it is not known yet what they took, or whether they took anything. */
export async function isUnpriced(account: {
  shopId: string;
  accountId: string;
}): Promise<Prisma.PurchaseAttemptWhereInput> {
  const opening = await db.balanceEntry.findUnique({
    where: { accountId_key: { accountId: account.accountId, key: 'opening' }, shopId: account.shopId },
    select: { bookedAt: true },
  });
  return {
    ...account,
    OR: [
      { state: { in: ['sending', 'in-doubt'] } },
      {
        ...{ orderReference: { not: null }, total: null, how: { not: 'stock' } },
        sentAt: { gt: opening?.bookedAt ?? currentTime() },
      },
    ],
  };
}

// Written by the desk, which charges the card.
const Charge = z.object({ amount: z.number() });

function answers(line: OpenLine, { kind, search, from, until }: LedgerQuery, { timezone }: Shop): boolean {
  const day = dayOf(line.at, timezone);
  const isFound =
    (line.reference ?? '').toLowerCase().startsWith(search.toLowerCase()) ||
    orderNames(search).includes(line.orderName ?? '');
  return (
    (kind === null || kind === line.kind) &&
    (from === null || day >= from) &&
    (until === null || day <= until) &&
    isFound
  );
}

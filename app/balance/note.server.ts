import { Decimal } from 'decimal.js';
import type { Transaction } from '../platform/db.server.ts';
import type { Cost } from '../platform/money.ts';
import { after } from '../platform/time.ts';
import { post } from './post.server.ts';

/**
 * Notes the balance that a supplier told: a point of its line when it changed, and what the ledger opens with when it
 * was told for the first time. `at` is the moment before the supplier was asked.
 */
export async function noteBalance(
  { shopId, accountId }: { shopId: string; accountId: string },
  { amount, currency, at }: Cost & { at: Date },
  tx: Transaction,
): Promise<void> {
  const last = await tx.balancePoint.findFirst({
    where: { accountId, shopId, at: { lte: at } },
    orderBy: { at: 'desc' },
  });
  if (!last || last.currency !== currency || last.balance.toFixed() !== amount.toFixed())
    await tx.balancePoint.createMany({
      data: { accountId, shopId, at, balance: amount.toFixed(), currency },
      skipDuplicates: true,
    });
  await open({ shopId, accountId }, { amount, currency, at }, tx);
}

/** What was there before the first thing that the ledger holds. */
async function open(
  { shopId, accountId }: { shopId: string; accountId: string },
  { amount, currency, at }: Cost & { at: Date },
  tx: Transaction,
) {
  const opening = await tx.balanceEntry.findUnique({
    where: { accountId_key: { accountId, key: 'opening' }, shopId },
    select: { id: true },
  });
  if (opening) return;
  // What is being bought may be in the balance already, and is booked only when that is known.
  const open = await tx.purchaseAttempt.count({
    where: { accountId, shopId, state: { in: ['sending', 'in-doubt'] } },
  });
  const since = await tx.purchaseAttempt.count({ where: { accountId, shopId, settledAt: { gt: at } } });
  if (open + since > 0) return;
  const booked = await tx.balanceEntry.aggregate({
    where: { accountId, shopId, currency },
    _sum: { amount: true },
    _min: { at: true },
  });
  const sum = new Decimal(booked._sum.amount?.toFixed() ?? 0);
  const first = booked._min.at;
  await post(
    {
      ...{ shopId, accountId, kind: 'opening', key: 'opening' },
      amount: { amount: amount.minus(sum), currency },
      at: first && first <= at ? after(-1, first) : at,
    },
    tx,
  );
}

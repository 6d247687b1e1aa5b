import { Decimal } from 'decimal.js';
import { post } from '../balance/post.server.ts';
import { differenceOf, grownBy } from '../balance/standing.server.ts';
import { db } from '../platform/db.server.ts';
import { withLease } from '../platform/lease.server.ts';
import { currentTime, SECOND } from '../platform/time.ts';
import { ProviderError } from '../providers/contract.ts';
import { buyingLease } from '../purchases/due.server.ts';
import { releaseWaiting } from '../purchases/funds.server.ts';
import { refreshBalance, supplierFor } from '../settings/suppliers.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import {
  actOnAccount,
  isDoubted,
  lookAgain,
  resolveInDoubt,
  type Account,
  type AccountDeed,
} from './account-deed.server.ts';
import type { Ended, Press } from './deed.ts';

type CancelInput = {
  unclaimedId: string;
  orderReference: string;
  currency: string;
  /** The balance just before; decimal text. */
  before: string;
  /** What the ledger differed by then; decimal text, null before the ledger began. */
  difference: string | null;
};

// A purchase under way ends sooner as a rule: who pressed waits for it rather than press again.
const PATIENCE_MS = 8 * SECOND;

/**
 * Cancels an order at the supplier that nobody claims, once for each press, and books what the balance has more afterwards: the
 * supplier does not say it. Nothing is bought with the account meanwhile. Null for no such order of the shop's.
 */
export async function cancelUnclaimed(
  shop: Pick<Shop, 'id'>,
  unclaimedId: string,
  press: Press,
): Promise<Ended | null> {
  const account = await accountOf(shop, unclaimedId);
  if (!account) return null;
  const ended = await withLease(
    buyingLease(account.accountId),
    () => actOnAccount(cancelling(account, unclaimedId), account, press),
    { patienceMs: PATIENCE_MS },
  );
  if (ended === 'taken') return { status: 'refused', reason: 'busy', detail: null };
  if (ended.status === 'done') await releaseWaiting(account);
  return ended;
}

/** Whether its supplier can cancel it, and what is not known of an earlier try. */
export async function cancellingOf(
  shop: Pick<Shop, 'id'>,
  unclaimedId: string,
): Promise<{ canCancel: boolean; doubt: { actionId: string; at: Date } | null }> {
  const account = await accountOf(shop, unclaimedId);
  if (!account) return { canCancel: false, doubt: null };
  const rows = await db.deskAction.findMany({
    where: { ...account, kind: 'order-cancel', state: { in: ['begun', 'in-doubt'] } },
  });
  const doubted = rows.find(
    // Written by this file alone.
    (row) => isDoubted(row) && (row.input as CancelInput).unclaimedId === unclaimedId,
  );
  const isAble = await canCancel(account);
  return {
    canCancel: isAble && !doubted,
    doubt: doubted ? { actionId: doubted.id, at: doubted.at } : null,
  };
}

async function canCancel(account: Account): Promise<boolean> {
  try {
    return (await supplierFor(account)).provider.cancelOrder !== undefined;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return false;
  }
}

/** Looks once more at a cancellation in doubt. */
export const lookAgainAtCancelling = (account: Account) => lookAgain(cancelling(account), account);

/** A person says whether a cancellation in doubt happened. What it brought is booked by hand, where the ledger differs by it. */
export async function decideCancelling(
  shop: Pick<Shop, 'id'>,
  unclaimedId: string,
  decision: { actionId: string; happened: boolean; by: string },
): Promise<boolean> {
  const account = await accountOf(shop, unclaimedId);
  return account !== null && resolveInDoubt(cancelling(account), account, decision);
}

/** Without an order it can only be looked up and written down. */
function cancelling(account: Account, unclaimedId: string | null = null): AccountDeed<CancelInput> {
  return {
    kind: 'order-cancel',
    prepare: async (supplier) => {
      if (!supplier.provider.cancelOrder) return { status: 'refused', reason: 'unable', detail: null };
      const order = await db.unclaimedOrder.findFirst({
        where: { ...account, id: unclaimedId ?? '', state: 'open' },
      });
      if (!order) return { status: 'refused', reason: 'changed', detail: null };
      if (await mayBeOurs(account, order.bundleCode))
        return { status: 'refused', reason: 'doubted', detail: null };
      const balance = await refreshBalance(supplier);
      if (!balance) return { status: 'refused', reason: 'down', detail: null };
      return {
        ...{ unclaimedId: order.id, orderReference: order.orderReference, currency: balance.currency },
        ...{ before: balance.amount.toFixed(), difference: (await differenceOf(account))?.toFixed() ?? null },
      };
    },
    send: async (supplier, { orderReference, before }) => {
      const answer = await supplier.provider.cancelOrder?.(orderReference);
      if (!answer) return { status: 'refused', reason: 'unable', detail: null };
      if (answer.status === 'refused') return answer;
      const now = await refreshBalance(supplier);
      return { status: 'done', outcome: now ? { refunded: now.amount.minus(before).toFixed() } : {} };
    },
    lookUp: async (supplier, input) => {
      const more = (await refreshBalance(supplier)) && (await grownBy(account, input));
      return more?.gt(0)
        ? { status: 'done', outcome: { refunded: more.toFixed() } }
        : { status: 'in-doubt', outcome: {} };
    },
    write: async (tx, { id, by, input, outcome }) => {
      await tx.unclaimedOrder.updateMany({
        where: { ...account, id: input.unclaimedId, state: 'open' },
        data: { state: 'dismissed', note: `cancelled at the supplier (${by})`, closedAt: currentTime() },
      });
      const { refunded } = outcome;
      // What is not known is not booked: it shows as a difference.
      if (typeof refunded !== 'string' || !new Decimal(refunded).gt(0)) return;
      await post(
        {
          ...{ ...account, kind: 'refund', key: `action ${id}`, by, reference: input.orderReference },
          amount: { amount: new Decimal(refunded), currency: input.currency },
          note: 'Order cancelled at the supplier',
        },
        tx,
      );
    },
  };
}

/** Whether a purchase whose order is not known may be it: then it is adopted, not cancelled. */
async function mayBeOurs({ shopId, accountId }: Account, bundleCode: string): Promise<boolean> {
  const open = await db.purchaseAttempt.count({
    where: {
      ...{ shopId, accountId, bundleCode, orderReference: null },
      state: { in: ['sending', 'in-doubt', 'parked'] },
    },
  });
  return open > 0;
}

async function accountOf({ id: shopId }: Pick<Shop, 'id'>, unclaimedId: string): Promise<Account | null> {
  const row = await db.unclaimedOrder.findFirst({
    where: { id: unclaimedId, shopId },
    select: { accountId: true },
  });
  return row && { shopId, accountId: row.accountId };
}

import { Decimal } from 'decimal.js';
import { post } from '../balance/post.server.ts';
import { differenceOf, grownBy } from '../balance/standing.server.ts';
import { db } from '../platform/db.server.ts';
import { withLease } from '../platform/lease.server.ts';
import { SECOND } from '../platform/time.ts';
import { buyingLease } from '../purchases/due.server.ts';
import { releaseWaiting } from '../purchases/funds.server.ts';
import type { StockItem } from '../providers/contract.ts';
import { refreshBalance, supplierFor, type Seller } from '../settings/suppliers.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import {
  actOnAccount,
  isDoubted,
  lookAgain,
  resolveInDoubt,
  type Account,
  type AccountDeed,
} from './account-deed.server.ts';
import type { Ended, Facts, Press } from './deed.ts';

/** The stock of an account as its supplier lists it now. Throws `ProviderError`. */
export async function stockOf(
  account: Account,
): Promise<{ status: 'listed'; stock: StockItem[]; mayRefund: boolean } | { status: 'unable' }> {
  const { provider } = await supplierFor(account);
  if (!provider.listStock) return { status: 'unable' };
  return {
    status: 'listed',
    stock: await provider.listStock(),
    mayRefund: provider.refundStock !== undefined,
  };
}

/** What a batch's bundles are, by their codes. */
export async function bundlesOfStock({ shopId, accountId }: Account, codes: string[]) {
  return db.bundle.findMany({
    where: { shopId, accountId, code: { in: codes } },
    select: { id: true, code: true, description: true },
  });
}

export type BatchRefund = {
  bundle: string;
  batchId: string;
  quantity: number;
};

type RefundInput = BatchRefund & {
  currency: string;
  /** The balance just before; decimal text. */
  before: string;
  /** What the ledger differed by then; decimal text, null before the ledger began. */
  difference: string | null;
  /** What the batch held. */
  held: number;
};

// A purchase under way ends sooner as a rule: who pressed waits for it rather than press again.
const PATIENCE_MS = 8 * SECOND;

/**
 * Gives unused bundles of a batch back, once for each press, and books what the balance has more afterwards: the supplier
 * does not say it. Nothing is bought with the account meanwhile.
 */
export async function refundBatch(
  shop: Shop,
  accountId: string,
  batch: BatchRefund,
  press: Press,
): Promise<Ended> {
  const account = { shopId: shop.id, accountId };
  const ended = await withLease(
    buyingLease(accountId),
    () => actOnAccount(refunding(account, batch), account, press),
    { patienceMs: PATIENCE_MS },
  );
  if (ended === 'taken') return { status: 'refused', reason: 'busy', detail: null };
  if (ended.status === 'done') await releaseWaiting(account);
  return ended;
}

/** Looks once more at a refund in doubt. */
export const lookAgainAtRefund = (account: Account) => lookAgain(refunding(account), account);

/** Without a wish it can only be looked up and written down. */
function refunding(account: Account, wish: BatchRefund | null = null): AccountDeed<RefundInput> {
  return {
    kind: 'stock-refund',
    prepare: async (supplier) => {
      if (!wish) throw new Error('nobody wished to give this batch back');
      const { bundle, batchId, quantity } = wish;
      if (!supplier.provider.refundStock) return { status: 'refused', reason: 'unable', detail: null };
      const held = await heldIn(supplier, wish);
      if (held < quantity) return { status: 'refused', reason: 'changed', detail: null };
      const balance = await refreshBalance(supplier);
      if (!balance) return { status: 'refused', reason: 'down', detail: null };
      const { amount, currency } = balance;
      const difference = (await differenceOf(account))?.toFixed() ?? null;
      return { bundle, batchId, quantity, held, currency, before: amount.toFixed(), difference };
    },
    send: async (supplier, { batchId, quantity, before }) => {
      const answer = await supplier.provider.refundStock?.({ id: batchId, quantity });
      if (!answer) return { status: 'refused', reason: 'unable', detail: null };
      if (answer.status === 'refused') return answer;
      const now = await refreshBalance(supplier);
      return { status: 'done', outcome: now ? { refunded: now.amount.minus(before).toFixed() } : {} };
    },
    lookUp: async (supplier, input) => {
      const held = await heldIn(supplier, input);
      const more = (await refreshBalance(supplier)) && (await grownBy(account, input));
      const isGiven = held === input.held - input.quantity && more !== null && more.gt(0);
      return isGiven
        ? { status: 'done', outcome: { held, refunded: more.toFixed() } }
        : { status: 'in-doubt', outcome: { held } };
    },
    write: async (tx, { id, by, input, outcome }) => {
      const { refunded } = outcome;
      // What is not known is not booked: it shows as a difference.
      if (typeof refunded !== 'string' || !new Decimal(refunded).gt(0)) return;
      await post(
        {
          ...{ ...account, kind: 'refund', key: `action ${id}`, by },
          amount: { amount: new Decimal(refunded), currency: input.currency },
          note: `${String(input.quantity)} × ${input.bundle} from stock`,
        },
        tx,
      );
    },
  };
}

async function heldIn(
  { provider }: Seller,
  { bundle, batchId }: { bundle: string; batchId: string },
): Promise<number> {
  const stock = (await provider.listStock?.()) ?? [];
  const item = stock.find((each) => each.bundle === bundle);
  return item?.batches.find(({ id }) => id === batchId)?.remaining ?? 0;
}

/** A refund whose answer was lost, with what the batch held before and after. */
export async function refundInDoubt(account: Account) {
  const row = await db.deskAction.findFirst({
    where: { ...account, kind: 'stock-refund', state: { in: ['begun', 'in-doubt'] } },
  });
  if (!row || !isDoubted(row)) return null;
  const { bundle, quantity, held } = row.input as RefundInput; // written by this file alone
  const now = (row.outcome as Facts)['held'];
  return { id: row.id, at: row.at, bundle, quantity, held, heldAfter: typeof now === 'number' ? now : null };
}

/** A person says whether a refund in doubt happened. What it brought is booked by hand, where the ledger differs by it. */
export async function decideRefund(
  shop: Shop,
  accountId: string,
  decision: { actionId: string; happened: boolean; by: string },
): Promise<boolean> {
  const account = { shopId: shop.id, accountId };
  return resolveInDoubt(refunding(account), account, decision);
}

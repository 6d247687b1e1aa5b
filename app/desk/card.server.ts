import { Decimal } from 'decimal.js';
import { post } from '../balance/post.server.ts';
import { differenceOf, grownBy } from '../balance/standing.server.ts';
import { db, type Transaction } from '../platform/db.server.ts';
import { after, currentTime, DAY } from '../platform/time.ts';
import { releaseWaiting } from '../purchases/funds.server.ts';
import { keepBalance, refreshBalance, sellerFor, supplierFor } from '../settings/suppliers.server.ts';
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
import { ProviderError } from '../providers/contract.ts';

/** What the card that is saved at a supplier can be charged; null where the supplier offers no such thing, or has no key. */
export async function cardLimits(account: Account): Promise<{ least: number; mostPerDay: number } | null> {
  try {
    const { provider } = await supplierFor(account);
    return provider.chargeCard ? ((await sellerFor(account)).limits.card ?? null) : null;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return null;
  }
}

type CardInput = {
  /** Whole units of the account's currency. */
  amount: number;
  currency: string;
  /** The balance just before; decimal text. */
  before: string;
  /** What the ledger differed by then; decimal text, null before the ledger began. */
  difference: string | null;
};

/**
 * Charges the saved card, once for each press, and books what was paid in. Refused for what the supplier's limits of a day
 * do not allow, and while an earlier charge is in doubt.
 */
export async function chargeCard(
  shop: Shop,
  accountId: string,
  amount: number,
  press: Press,
): Promise<Ended> {
  const account = { shopId: shop.id, accountId };
  const ended = await actOnAccount(charging(account, amount), account, press);
  if (ended.status === 'done') await releaseWaiting(account);
  return ended;
}

/** Looks once more at a charge in doubt. */
export const lookAgainAtCharge = (account: Account) => lookAgain(charging(account, 0), account);

function charging(account: Account, amount: number): AccountDeed<CardInput> {
  return {
    kind: 'card',
    prepare: async (supplier) => {
      const { card } = supplier.limits;
      if (!supplier.provider.chargeCard || !card)
        return { status: 'refused', reason: 'unable', detail: null };
      if (!Number.isInteger(amount) || amount < card.least || amount > card.mostPerDay)
        return { status: 'refused', reason: 'rejected', detail: null };
      const balance = await refreshBalance(supplier);
      if (!balance) return { status: 'refused', reason: 'down', detail: null };
      return {
        ...{ amount, currency: balance.currency, before: balance.amount.toFixed() },
        difference: (await differenceOf(account))?.toFixed() ?? null,
      };
    },
    mayBegin: async (tx, { limits }) =>
      (await chargedLately(account, tx)) + amount <= (limits.card?.mostPerDay ?? 0),
    send: async ({ provider }) => {
      const askedAt = currentTime();
      const answer = await provider.chargeCard?.(amount);
      if (!answer) return { status: 'refused', reason: 'unable', detail: null };
      if (answer.status === 'refused') return answer;
      const { balance, reference } = answer;
      await keepBalance(account, { ...balance, testCredit: null }, askedAt);
      return {
        status: 'done',
        outcome: { charged: answer.amount.amount.toFixed(), after: balance.amount.toFixed(), reference },
      };
    },
    lookUp: async (supplier, input) => {
      const balance = await refreshBalance(supplier);
      if (!balance) return { status: 'in-doubt', outcome: {} };
      const after = balance.amount.toFixed();
      const more = await grownBy(account, input);
      // What was bought beside it is in the ledger, or makes it another sum.
      const isCharged = more?.eq(input.amount) ?? false;
      return isCharged
        ? { status: 'done', outcome: { charged: input.amount, after } }
        : { status: 'in-doubt', outcome: { after } };
    },
    write: (tx, done) => bookCharge(tx, account, done),
  };
}

async function bookCharge(
  tx: Transaction,
  account: Account,
  { id, by, input, outcome }: { id: string; by: string; input: CardInput; outcome: Facts },
) {
  const charged = outcome['charged'] ?? input.amount;
  const reference = outcome['reference'];
  await post(
    {
      ...{ ...account, kind: 'top-up', key: `action ${id}`, by },
      amount: { amount: new Decimal(String(charged)), currency: input.currency },
      reference: typeof reference === 'string' ? reference : null,
    },
    tx,
  );
}

/** What was charged within a day, or may have been. */
async function chargedLately({ shopId, accountId }: Account, tx: Transaction): Promise<number> {
  const rows = await tx.deskAction.findMany({
    where: { shopId, accountId, kind: 'card', state: { not: 'refused' }, at: { gt: after(-DAY) } },
    select: { input: true },
  });
  return rows.reduce((sum, { input }) => sum + (input as CardInput).amount, 0); // written by `begin` alone
}

/** A person says whether a charge in doubt happened. */
export async function decideCharge(
  shop: Shop,
  accountId: string,
  decision: { actionId: string; happened: boolean; by: string },
): Promise<boolean> {
  const account = { shopId: shop.id, accountId };
  const isDecided = await resolveInDoubt(charging(account, 0), account, decision);
  if (isDecided && decision.happened) await releaseWaiting(account);
  return isDecided;
}

export interface CardCharge {
  id: string;
  state: 'under-way' | 'in-doubt' | 'done' | 'refused';
  amount: Decimal;
  currency: string;
  /** The balance around it, where it was told. */
  before: Decimal;
  after: Decimal | null;
  by: string;
  at: Date;
}

/** The account's charges, the newest first. */
export async function cardCharges(shop: Shop, accountId: string): Promise<CardCharge[]> {
  const rows = await db.deskAction.findMany({
    where: { shopId: shop.id, accountId, kind: 'card' },
    orderBy: { at: 'desc' },
    take: 5,
  });
  return rows.map((row) => {
    // Both written by this file alone.
    const { amount, currency, before } = row.input as CardInput;
    const { after: told } = row.outcome as Facts;
    return {
      ...{ id: row.id, by: row.by, at: row.at, amount: new Decimal(amount), currency },
      before: new Decimal(before),
      after: told === undefined || told === null ? null : new Decimal(String(told)),
      state:
        row.state === 'done' || row.state === 'refused'
          ? row.state
          : isDoubted(row)
            ? 'in-doubt'
            : 'under-way',
    };
  });
}

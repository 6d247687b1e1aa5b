import { Decimal } from 'decimal.js';
import { db, type Prisma } from '../platform/db.server.ts';
import type { Cost } from '../platform/money.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { costKinds } from './entry.ts';

interface Attempt {
  id: string;
  how: string;
  quantity: number;
  currency: string | null;
}

/**
 * What an order cost as the ledger has it, one sum for each currency: all that was bought for it, by staff too, less what
 * came back to the balance. None while nothing is booked. `attempts` are those that its pieces came of.
 */
export async function costsOfOrder(
  shop: Pick<Shop, 'id'>,
  { orderId, attempts }: { orderId: string; attempts: Attempt[] },
): Promise<Cost[]> {
  const booked = await bookedCosts({ shopId: shop.id, orderId });
  return sumsOf([...attempts.flatMap(fromStock), ...booked]);
}

/**
 * One eSIM's part of what its order cost: its share of the purchase that it came with, what staff bought for it since,
 * less what came back. `attempt` is null where the app did not buy it.
 */
export async function costsOfEsim(
  shop: Pick<Shop, 'id'>,
  { esimId, orderId, attempt }: { esimId: string; orderId: string; attempt: Attempt | null },
): Promise<Cost[]> {
  const of = { shopId: shop.id, orderId };
  const [first, since] = await Promise.all([
    attempt ? bookedCosts({ ...of, key: `attempt ${attempt.id}` }) : [],
    bookedCosts({ ...of, esimId }),
  ]);
  const share = first.map((cost) => ({ ...cost, amount: cost.amount.div(attempt?.quantity ?? 1) }));
  return sumsOf([...(attempt ? fromStock(attempt) : []), ...share, ...since]);
}

/** What was paid for long ago costs nothing now, and that is known. */
function fromStock({ how, currency }: Attempt): Cost[] {
  return how === 'stock' && currency !== null ? [{ amount: new Decimal(0), currency }] : [];
}

async function bookedCosts(where: Prisma.BalanceEntryWhereInput): Promise<Cost[]> {
  const entries = await db.balanceEntry.findMany({
    where: { ...where, kind: { in: [...costKinds] } },
    select: { amount: true, currency: true },
  });
  return entries.map(({ amount, currency }) => ({ amount: new Decimal(amount.toFixed()).neg(), currency }));
}

function sumsOf(costs: Cost[]): Cost[] {
  const sums = new Map<string, Decimal>();
  for (const { amount, currency } of costs)
    sums.set(currency, (sums.get(currency) ?? new Decimal(0)).plus(amount));
  return [...sums].map(([currency, amount]) => ({ currency, amount }));
}

import { Decimal } from 'decimal.js';
import { noteBalance } from '../balance/note.server.ts';
import type { Transaction } from '../platform/db.server.ts';
import type { Cost } from '../platform/money.ts';
import { currentTime } from '../platform/time.ts';

/**
 * What a purchase took is known before the supplier is asked for the balance again. Where the answer to the order tells a
 * balance too, that is as good as having asked when it is what we knew, be it before the order or after: the supplier does
 * not say which. When it is neither, something else moved the balance, and what we know counts as old.
 */
export async function takeFromBalance(
  { shopId, accountId, sentAt }: { shopId: string; accountId: string; sentAt: Date },
  { total, told }: { total: Cost; told: Cost | null },
  tx: Transaction,
): Promise<void> {
  const where = { id: accountId, shopId, currency: total.currency };
  await tx.supplierAccount.updateMany({ where, data: { balance: { decrement: total.amount.toString() } } });
  if (told?.currency !== total.currency) return;
  const account = await tx.supplierAccount.findFirst({ where, select: { balance: true } });
  if (account?.balance == null) return;
  const amount = new Decimal(account.balance.toFixed());
  const isAsKnown = told.amount.equals(amount) || told.amount.equals(amount.plus(total.amount));
  await tx.supplierAccount.updateMany({ where, data: { balanceAt: isAsKnown ? currentTime() : null } });
  if (isAsKnown)
    await noteBalance({ shopId, accountId }, { amount, currency: total.currency, at: sentAt }, tx);
}

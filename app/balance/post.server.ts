import { db, type Transaction } from '../platform/db.server.ts';
import type { Cost } from '../platform/money.ts';
import { currentTime } from '../platform/time.ts';

/** Why the balance of a supplier account moved. */
export type EntryKind =
  | 'opening' // what was there when the ledger began
  | 'purchase' // bought by the app
  | 'refund' // given back by the supplier
  | 'top-up' // paid in
  | 'elsewhere' // bought with the account, not by the app
  | 'adjustment'; // booked by a person, to explain a difference

export interface NewEntry {
  shopId: string;
  accountId: string;
  kind: EntryKind;
  /** Signed: what the account has more, or less. */
  amount: Cost;
  /** What it is booked for, once in an account: "attempt <id>", "action <id>", "order <reference>". */
  key: string;
  /** The supplier's. */
  reference?: string | null;
  orderId?: string | null;
  esimId?: string | null;
  note?: string;
  /** The member of staff who caused or booked it. */
  by?: string | null;
  /** When it happened, where that is not now. */
  at?: Date;
}

/** Books a movement in the transaction of what caused it; the same key a second time changes nothing. */
export async function post(
  { amount: { amount, currency }, at = currentTime(), ...entry }: NewEntry,
  tx: Transaction = db,
): Promise<void> {
  await tx.balanceEntry.createMany({
    data: { ...entry, amount: amount.toString(), currency, at },
    skipDuplicates: true,
  });
}

import { db, type Transaction } from '../platform/db.server.ts';
import type { Cost } from '../platform/money.ts';
import { currentTime } from '../platform/time.ts';
import type { EntryKind } from './entry.ts';

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
  /** `Bundle.destination` of what was bought or given back; that of the eSIM where it is left out. */
  destination?: string | null;
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
  const destination = entry.destination ?? (await destinationOf(entry, tx));
  await tx.balanceEntry.createMany({
    data: { ...entry, destination, amount: amount.toFixed(), currency, at },
    skipDuplicates: true,
  });
}

async function destinationOf({ shopId, esimId }: Pick<NewEntry, 'shopId' | 'esimId'>, tx: Transaction) {
  if (!esimId) return null;
  const esim = await tx.esim.findFirst({ where: { id: esimId, shopId }, select: { destination: true } });
  return esim?.destination ?? null;
}

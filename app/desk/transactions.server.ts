import { csvPiece, type CsvColumn } from '../platform/csv.ts';
import { after, currentTime, DAY } from '../platform/time.ts';
import { ProviderError, type AccountTransaction } from '../providers/contract.ts';
import { supplierFor } from '../settings/suppliers.server.ts';
import type { Account } from './account-deed.server.ts';

/** Whether the supplier of an account tells what moved its money; not while it is disconnected. */
export async function tellsTransactions(account: Account): Promise<boolean> {
  try {
    return (await supplierFor(account)).provider.listTransactions !== undefined;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return false;
  }
}

/**
 * What moved an account's money in the last days, as its supplier tells it now: the newest first, at most so much. Throws
 * `ProviderError`.
 */
export async function newestTransactions(
  account: Account,
  { days, most }: { days: number; most: number },
): Promise<AccountTransaction[]> {
  const found: AccountTransaction[] = [];
  for await (const row of told(account, days)) {
    found.push(row);
    if (found.length >= most) break;
  }
  return found;
}

/** All of them as a CSV file, with every digit. */
export async function* exportTransactions(
  account: Account,
  { days }: { days: number },
): AsyncGenerator<string, void> {
  let isFirst = true;
  for await (const row of told(account, days)) {
    yield csvPiece(columns, [row], { isFirst });
    isFirst = false;
  }
  if (isFirst) yield csvPiece(columns, [], { isFirst });
}

async function* told(account: Account, days: number): AsyncGenerator<AccountTransaction, void> {
  const { provider } = await supplierFor(account);
  if (provider.listTransactions)
    yield* provider.listTransactions({ since: after(-days * DAY), until: currentTime() });
}

const columns: CsvColumn<AccountTransaction>[] = [
  { heading: 'When (UTC)', text: ({ at }) => at.toISOString() },
  { heading: 'Kind', text: ({ kind }) => kind },
  { heading: 'State', text: ({ isSettled }) => (isSettled ? 'settled' : 'open') },
  { heading: 'Amount', text: ({ amount }) => amount.amount.toFixed(), isFigure: true },
  { heading: 'Currency', text: ({ amount }) => amount.currency },
  { heading: 'Description', text: ({ description }) => description },
  { heading: 'Supplier reference', text: ({ id }) => id },
];

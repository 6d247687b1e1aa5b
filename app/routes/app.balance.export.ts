import type { LoaderFunctionArgs } from '@remix-run/node';
import { chosenAccount } from '../balance/accounts.server.ts';
import { exportLedger } from '../balance/export.server.ts';
import { readLedgerQuery } from '../balance/ledger-query.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { csvResponse } from '../ui/csv-response.server.ts';
import { notFound } from '../ui/edge.server.ts';

/** The entries that the balance page finds with the same address, as a CSV file. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { shop } = await requireShop(request);
  const asked = new URL(request.url).searchParams;
  const { account } = await chosenAccount(shop, asked.get('account'));
  if (!account) throw notFound();
  return csvResponse(exportLedger(shop, account.id, readLedgerQuery(asked)), 'ledger.csv');
}

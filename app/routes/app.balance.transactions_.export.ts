import type { LoaderFunctionArgs } from '@remix-run/node';
import { chosenAccount } from '../balance/accounts.server.ts';
import { exportTransactions, tellsTransactions } from '../desk/transactions.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { readDays } from '../ui/balance/transaction-days.ts';
import { csvResponse } from '../ui/csv-response.server.ts';
import { notFound } from '../ui/edge.server.ts';

/** What the supplier lists as moved, of the same account and days as the page with the same address, as a CSV file. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { shop } = await requireShop(request);
  const asked = new URL(request.url).searchParams;
  const { account } = await chosenAccount(shop, asked.get('account'));
  if (!account) throw notFound();
  const ids = { shopId: shop.id, accountId: account.id };
  if (!(await tellsTransactions(ids))) throw notFound();
  return csvResponse(exportTransactions(ids, { days: readDays(asked) }), 'supplier-transactions.csv');
}

import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData, useNavigation, useSearchParams } from '@remix-run/react';
import { BlockStack, Box, Button, Card, InlineStack, Page, Select, Text } from '@shopify/polaris';
import { WalletIcon } from '@shopify/polaris-icons';
import { chosenAccount } from '../balance/accounts.server.ts';
import { newestTransactions, tellsTransactions } from '../desk/transactions.server.ts';
import type { AccountTransaction } from '../providers/contract.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { signed } from '../ui/balance/exact.ts';
import { readDays, transactionDays } from '../ui/balance/transaction-days.ts';
import { TransactionTable, transactionWords } from '../ui/balance/transaction-table.tsx';
import { displayFor } from '../ui/display.ts';
import { notFound, problemBody } from '../ui/edge.server.ts';
import { Empty } from '../ui/empty.tsx';
import { ProblemBanner, problemText } from '../ui/problem.tsx';
import { useDownload } from '../ui/use-download.ts';

export const meta = () => [{ title: 'The supplier’s list' }];

// More than anybody reads on a page; the file has all.
const MOST = 200;

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const asked = new URL(request.url).searchParams;
  const { account } = await chosenAccount(shop, asked.get('account'));
  if (!account) throw notFound();
  const days = readDays(asked);
  const show = displayFor({ locale, timezone: shop.timezone });
  const { rows, problem } = await listed({ shopId: shop.id, accountId: account.id }, days);
  return json({
    ...{ accountId: account.id, label: account.label, days, problem },
    hasMore: rows !== null && rows.length >= MOST,
    rows:
      rows?.map(({ id, kind, amount, description, isSettled, at }) => ({
        ...{ id, description, isSettled, what: transactionWords[kind] },
        ...{ at: show.moment(at), amount: signed(amount, locale), isIn: amount.amount.gt(0) },
      })) ?? null,
  });
}

/** Null without a problem: the supplier has no such list. */
async function listed(ids: { shopId: string; accountId: string }, days: number) {
  if (!(await tellsTransactions(ids))) return { rows: null, problem: null };
  try {
    const rows: AccountTransaction[] = await newestTransactions(ids, { days, most: MOST });
    return { rows, problem: null };
  } catch (error) {
    const problem = problemBody(error);
    if (!problem) throw error;
    return { rows: null, problem };
  }
}

export default function Transactions() {
  const { accountId, label, days, rows, hasMore, problem } = useLoaderData<typeof loader>();
  const [, setParams] = useSearchParams();
  const isReading = useNavigation().state === 'loading';
  const { download, isDownloading } = useDownload(
    '/app/balance/transactions/export',
    'supplier-transactions.csv',
  );
  return (
    <Page
      title={`What ${label} lists`}
      subtitle="Every payment, order and refund as the supplier has it, to compare with the ledger."
      backAction={{ content: 'Balance', url: `/app/balance?account=${accountId}` }}
    >
      <BlockStack gap="400">
        {problem && <ProblemBanner problem={problemText(problem.kind, problem.side)} />}
        {!problem && rows === null && (
          <Card>
            <Empty
              icon={WalletIcon}
              title="This supplier has no such list"
              text="The ledger on the balance page holds what the app bought and what was booked by hand."
            />
          </Card>
        )}
        {rows && (
          <Card padding="0">
            <Box padding="400">
              <InlineStack align="space-between" blockAlign="center" gap="200">
                <Select
                  label="Of the last"
                  labelInline
                  options={transactionDays.map((each) => ({
                    value: String(each),
                    label: `${String(each)} days`,
                  }))}
                  value={String(days)}
                  onChange={(value) => {
                    setParams({ account: accountId, days: value });
                  }}
                />
                <Button
                  variant="plain"
                  loading={isDownloading}
                  onClick={() => {
                    download(new URLSearchParams({ account: accountId, days: String(days) }).toString());
                  }}
                >
                  Export CSV
                </Button>
              </InlineStack>
            </Box>
            <TransactionTable rows={rows} isReading={isReading} />
          </Card>
        )}
        {hasMore && (
          <Box paddingInline={{ xs: '400', sm: '0' }}>
            <Text as="p" tone="subdued">
              These are the newest {MOST}. The CSV file has all.
            </Text>
          </Box>
        )}
      </BlockStack>
    </Page>
  );
}

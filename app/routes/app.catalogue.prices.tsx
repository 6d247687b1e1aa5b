import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData, useSearchParams } from '@remix-run/react';
import { Banner, BlockStack, Box, Card, Page, Select, Text } from '@shopify/polaris';
import { PriceListIcon } from '@shopify/polaris-icons';
import { countryName } from '../catalogue/bundle.ts';
import { accountsWithPrices, consumptionPrices } from '../catalogue/consumption-prices.server.ts';
import { PriceTable } from '../catalogue/consumption-table.tsx';
import type { ConsumptionPrice } from '../providers/contract.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { exactly } from '../ui/balance/exact.ts';
import { notFound, problemBody } from '../ui/edge.server.ts';
import { Empty } from '../ui/empty.tsx';
import { Inset } from '../ui/inset.tsx';
import { ProblemBanner, problemText } from '../ui/problem.tsx';

export const meta = () => [{ title: 'Prices by the gigabyte' }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const asked = new URL(request.url).searchParams.get('account');
  const accounts = await accountsWithPrices(shop);
  const account = asked === null ? accounts[0] : accounts.find(({ id }) => id === asked);
  if (!account && asked !== null) throw notFound();
  if (!account) return json({ accounts, chosen: null, rows: null, problem: null });
  const { prices, problem } = await priced({ shopId: shop.id, accountId: account.id });
  const rows = prices
    ?.map(({ country, countryName: told, profile, perGigabyte }: ConsumptionPrice, at) => ({
      id: String(at),
      country: country === null ? told : countryName(country, locale),
      profile,
      price: exactly(perGigabyte, locale),
    }))
    .sort((a, b) => a.country.localeCompare(b.country, locale));
  return json({ accounts, chosen: account, rows: rows ?? null, problem });
}

async function priced(account: { shopId: string; accountId: string }) {
  try {
    return { prices: await consumptionPrices(account), problem: null };
  } catch (error) {
    const problem = problemBody(error);
    if (!problem) throw error;
    return { prices: null, problem };
  }
}

export default function Prices() {
  const { accounts, chosen, rows, problem } = useLoaderData<typeof loader>();
  const [, setParams] = useSearchParams();
  return (
    <Page
      title="Prices by the gigabyte"
      subtitle="What an account that pays for the data that is used is charged, by country."
      backAction={{ content: 'Catalogue', url: '/app/catalogue' }}
    >
      <BlockStack gap="400">
        {accounts.length > 1 && chosen && (
          <Inset>
            <Select
              label="Supplier account"
              labelInline
              options={accounts.map(({ id, label }) => ({ value: id, label }))}
              value={chosen.id}
              onChange={(account) => {
                setParams({ account });
              }}
            />
          </Inset>
        )}
        {problem && <ProblemBanner problem={problemText(problem.kind, problem.side)} />}
        {!chosen && (
          <Card>
            <Empty
              icon={PriceListIcon}
              title="No supplier of yours tells prices by the gigabyte"
              text="Bundles have a price each, which the catalogue shows. Some suppliers charge for the data that is used instead: what a gigabyte costs there is listed here."
            />
          </Card>
        )}
        {chosen && !problem && rows === null && (
          <Banner title={`${chosen.label} pays by the bundle`}>
            The supplier tells prices by the gigabyte only to accounts that pay for the data that is used.
            What your bundles cost stands in the catalogue. Your account manager at the supplier can change
            how you pay.
          </Banner>
        )}
        {rows?.length === 0 && (
          <Banner title="The supplier lists no prices now">Look again later, or ask its support.</Banner>
        )}
        {chosen && rows && rows.length > 0 && (
          <>
            <Card padding="0">
              <PriceTable key={chosen.id} rows={rows} />
            </Card>
            <Box paddingInline={{ xs: '400', sm: '0' }}>
              <Text as="p" tone="subdued">
                As {chosen.label} tells them now. Where a country stands more than once, the network profile
                of the eSIM decides.
              </Text>
            </Box>
          </>
        )}
      </BlockStack>
    </Page>
  );
}

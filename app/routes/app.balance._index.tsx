import { randomUUID } from 'node:crypto';
import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useLoaderData, useSearchParams } from '@remix-run/react';
import { Banner, BlockStack, Button, Card, InlineGrid, Page, Select } from '@shopify/polaris';
import { WalletIcon } from '@shopify/polaris-icons';
import { useEffect, useRef } from 'react';
import { chosenAccount } from '../balance/accounts.server.ts';
import { adjust } from '../balance/adjust.server.ts';
import { balanceByDay, spentByDay } from '../balance/days.server.ts';
import { ledgerPage, type LedgerPage } from '../balance/ledger.server.ts';
import { readLedgerQuery } from '../balance/ledger-query.ts';
import { openLines } from '../balance/open-lines.server.ts';
import { standingOf } from '../balance/standing.server.ts';
import { askBalance } from '../desk/ask-balance.server.ts';
import { cardCharges, cardLimits, chargeCard, decideCharge } from '../desk/card.server.ts';
import { destinationLabel } from '../desk/esim-words.ts';
import { regionNames } from '../desk/regions.server.ts';
import { tellsTransactions } from '../desk/transactions.server.ts';
import { currentTime } from '../platform/time.ts';
import { saveAlertLine } from '../settings/supplier-settings.server.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { AlertLine } from '../ui/balance/alert-line.tsx';
import type { MoneyAnswer } from '../ui/balance/answer.ts';
import { BurnCard } from '../ui/balance/burn-card.tsx';
import { CardTopUp } from '../ui/balance/card-top-up.tsx';
import { endedAnswer, refusal } from '../ui/balance/ended.server.ts';
import { MoneyForm } from '../ui/balance/form.ts';
import { LedgerTable } from '../ui/balance/ledger-table.tsx';
import { MoneyCard } from '../ui/balance/money-card.tsx';
import { StandingCard } from '../ui/balance/standing-card.tsx';
import { useMoney } from '../ui/balance/use-money.ts';
import { burnView, chargeView, lineView, moneyView, openLineView, standingView } from '../ui/balance/view.ts';
import { displayFor } from '../ui/display.ts';
import { notFound } from '../ui/edge.server.ts';
import { Empty } from '../ui/empty.tsx';
import { parseForm } from '../ui/form.server.ts';
import { Inset } from '../ui/inset.tsx';
import { problemText } from '../ui/problem-words.ts';
import { auditNow } from '../watch/run-now.server.ts';

export const meta = () => [{ title: 'Balance' }];

const CHART_DAYS = 30;
const NO_PAGE: LedgerPage = { lines: [], previous: null, next: null };

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const { timezone } = shop;
  const asked = new URL(request.url).searchParams;
  const { accounts, account } = await chosenAccount(shop, asked.get('account'));
  if (!account && accounts.length > 0) throw notFound();
  if (!account) return json({ accounts: [], page: null });
  const now = currentTime();
  const reader = { show: displayFor({ locale, timezone }), locale, timezone, now };
  const query = readLedgerQuery(asked);
  const isFirst = query.after === null && query.before === null;
  const window = { accountId: account.id, days: CHART_DAYS, now };
  const [open, ledger, standing, spent, balances, charges, limits, regions, hasList] = await Promise.all([
    isFirst && query.state !== 'booked' ? openLines(shop, account.id, query) : [],
    query.state === 'open' ? NO_PAGE : ledgerPage(shop, account.id, query),
    standingOf(shop, account),
    spentByDay(shop, window),
    balanceByDay(shop, window),
    cardCharges(shop, account.id),
    cardLimits({ shopId: shop.id, accountId: account.id }),
    regionNames(shop),
    tellsTransactions({ shopId: shop.id, accountId: account.id }),
  ]);
  return json({
    accounts: accounts.map(({ id, label, state }) => ({ id, label, isConnected: state !== 'disconnected' })),
    page: {
      account: moneyView(account, reader),
      hasList,
      standing: standingView(standing, account.currency, reader),
      burn: burnView(account, { spent, balances }, { ...reader, days: CHART_DAYS }),
      card: account.state === 'active' ? limits : null,
      charges: charges.map((charge) => chargeView(charge, reader)),
      lines: [
        ...open.map((line) => openLineView(line, account.currency, reader)),
        ...ledger.lines.map((line) =>
          lineView(line, reader, (key) => destinationLabel(key, regions, locale)),
        ),
      ],
      ...{ previous: ledger.previous, next: ledger.next, query },
      // Of the next press: made anew with every answer, so that a press that comes twice is one.
      clickId: randomUUID(),
    },
  });
}

export async function action({ request }: ActionFunctionArgs) {
  const { shop, staff: by } = await requireShop(request);
  const form = await parseForm(request, MoneyForm);
  if (form.status === 'invalid') return json<MoneyAnswer>(form, 422);
  const { input } = form;
  const { account } = await chosenAccount(shop, input.accountId);
  if (!account || input.accountId === '') throw notFound();
  switch (input.intent) {
    case 'refresh':
    case 'compare': {
      if (account.state === 'disconnected') return refusal('This supplier is disconnected.');
      const problem = await askBalance(shop, account);
      if (problem) {
        const { title } = problemText(problem.kind);
        return refusal(`${title}. The balance below is what it said last.`);
      }
      if (input.intent === 'refresh') return json<MoneyAnswer>({ status: 'done', toast: null });
      await auditNow(shop, account.id);
      return done('The balance was asked for, and the supplier’s orders are being compared');
    }
    case 'alert-line':
      await saveAlertLine(shop, { accountId: account.id, alertBelow: input.alertBelow });
      return done('Saved');
    case 'adjust': {
      const { kind, amount, note, clickId } = input;
      const isBooked = await adjust(shop, { accountId: account.id, clickId, kind, amount, note, by });
      return isBooked ? done('Booked') : refusal('There is no balance to book it to yet.');
    }
    case 'charge':
      return endedAnswer(
        await chargeCard(shop, account.id, input.amount, { actionId: input.clickId, by }),
        'The card was charged',
      );
    case 'decide-charge': {
      const { actionId, happened } = input;
      const isDecided = await decideCharge(shop, account.id, { actionId, happened, by });
      if (!isDecided) return refusal('Nothing waits for a decision there any more.');
      return done(happened ? 'Booked as a top-up' : 'Closed without a top-up');
    }
    default:
      return input satisfies never;
  }
}

const done = (toast: string) => json<MoneyAnswer>({ status: 'done', toast });

export default function Balance() {
  const { accounts, page } = useLoaderData<typeof loader>();
  if (!page) return <NoAccount />;
  const { account, standing, burn, card, charges, clickId, hasList, ...ledger } = page;
  return (
    <Page
      title="Balance"
      secondaryActions={[
        { content: 'Stock', url: `/app/balance/stock?account=${account.id}` },
        ...(hasList
          ? [{ content: 'The supplier’s list', url: `/app/balance/transactions?account=${account.id}` }]
          : []),
      ]}
    >
      <BlockStack gap="400">
        {accounts.length > 1 && (
          <Inset>
            <Chooser accounts={accounts} chosen={account.id} />
          </Inset>
        )}
        {/* Another account is another page. */}
        <BlockStack gap="400" key={account.id}>
          <Money account={account} />
          <InlineGrid columns={{ xs: 1, lg: ['twoThirds', 'oneThird'] }} gap="400">
            {burn && <BurnCard burn={burn} />}
            <AlertLine
              key={account.alertBelow}
              accountId={account.id}
              saved={account.alertBelow}
              currency={account.currency}
            />
          </InlineGrid>
          {standing && (
            <StandingCard
              accountId={account.id}
              standing={standing}
              clickId={clickId}
              canCompare={!account.isDisconnected}
            />
          )}
          {card && account.currency !== null && (
            <CardTopUp
              accountId={account.id}
              currency={account.currency}
              limits={card}
              charges={charges}
              clickId={clickId}
            />
          )}
          <Card padding="0">
            <LedgerTable {...ledger} />
          </Card>
        </BlockStack>
      </BlockStack>
    </Page>
  );
}

type PageData = NonNullable<ReturnType<typeof useLoaderData<typeof loader>>['page']>;

/** The balance, asked for by itself once when it is older than a minute. */
function Money({ account }: { account: PageData['account'] }) {
  const refresh = useMoney('refresh');
  const isAsked = useRef(false);
  useEffect(() => {
    if (!account.isOld || isAsked.current) return;
    isAsked.current = true;
    refresh.send({ accountId: account.id });
  }, [account, refresh]);
  return (
    <BlockStack gap="400">
      {refresh.sentence !== null && !account.isRefused && <Banner tone="warning">{refresh.sentence}</Banner>}
      <MoneyCard
        account={account}
        isAsking={refresh.isBusy}
        onAsk={() => {
          refresh.send({ accountId: account.id });
        }}
      />
    </BlockStack>
  );
}

function Chooser({
  accounts,
  chosen,
}: {
  accounts: { id: string; label: string; isConnected: boolean }[];
  chosen: string;
}) {
  const [, setParams] = useSearchParams();
  return (
    <Select
      label="Supplier account"
      labelInline
      options={accounts.map(({ id, label, isConnected }) => ({
        value: id,
        label: isConnected ? label : `${label} (disconnected)`,
      }))}
      value={chosen}
      onChange={(account) => {
        setParams({ account });
      }}
    />
  );
}

function NoAccount() {
  return (
    <Page title="Balance">
      <Card>
        <Empty
          icon={WalletIcon}
          title="No supplier account yet"
          text="The balance of your account at a supplier, what was taken from it and for how long it lasts are shown here."
          action={<Button url="/app/settings/suppliers">Connect a supplier</Button>}
        />
      </Card>
    </Page>
  );
}

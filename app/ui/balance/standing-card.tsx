import {
  Banner,
  BlockStack,
  Button,
  Card,
  Form,
  FormLayout,
  InlineStack,
  List,
  Select,
  Text,
  TextField,
} from '@shopify/polaris';
import { useState } from 'react';
import { adjustable } from '../../balance/adjustable.ts';
import { entryWords } from './kind-words.ts';
import { useMoney } from './use-money.ts';
import type { StandingView } from './view.ts';

/** The ledger beside what the supplier says, and how a person explains the difference. */
export function StandingCard({
  accountId,
  standing,
  clickId,
  canCompare,
}: {
  accountId: string;
  standing: NonNullable<StandingView>;
  clickId: string;
  canCompare: boolean;
}) {
  const [isBooking, setBooking] = useState(false);
  const compare = useMoney('compare');
  const { since, booked, difference, isMore, unpriced, strange } = standing;
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            Ledger and supplier
          </Text>
          {canCompare && (
            <Button
              variant="plain"
              loading={compare.isBusy}
              onClick={() => {
                compare.send({ accountId });
              }}
            >
              Compare now
            </Button>
          )}
        </InlineStack>
        {compare.sentence !== null && <Banner tone="critical">{compare.sentence}</Banner>}
        <Text as="p">
          Since {since} the ledger adds up to <strong>{booked}</strong>.{' '}
          {difference === null && 'That is what the supplier says.'}
        </Text>
        {difference !== null && (
          <Banner tone={unpriced === null ? 'warning' : 'info'} title={`The supplier says ${difference}`}>
            <BlockStack gap="100">
              {unpriced !== null && (
                <Text as="p">
                  {unpriced} under way: what it costs is not known yet, and may be the difference.
                </Text>
              )}
              <Text as="p">
                {isMore
                  ? 'Something was paid in or given back that the app did not do, such as a payment in the supplier’s portal.'
                  : 'Something was taken that the app did not do, such as a purchase by hand that names no price.'}{' '}
                Compare again, and book what explains it.
              </Text>
            </BlockStack>
          </Banner>
        )}
        {strange.length > 0 && (
          <BlockStack gap="100">
            <Text as="p">Orders at the supplier that no purchase claims, without a price:</Text>
            <List>
              {strange.map(({ reference, at }) => (
                <List.Item key={reference}>
                  {reference}, {at}
                </List.Item>
              ))}
            </List>
          </BlockStack>
        )}
        {isBooking ? (
          <Booking
            accountId={accountId}
            clickId={clickId}
            suggested={standing.differenceAmount}
            onClose={() => {
              setBooking(false);
            }}
          />
        ) : (
          <InlineStack>
            <Button
              onClick={() => {
                setBooking(true);
              }}
            >
              Book an entry
            </Button>
          </InlineStack>
        )}
      </BlockStack>
    </Card>
  );
}

function Booking({
  accountId,
  clickId,
  suggested,
  onClose,
}: {
  accountId: string;
  clickId: string;
  suggested: string;
  onClose: () => void;
}) {
  const booking = useMoney('adjust');
  const [draft, setDraft] = useState({
    kind: 'adjustment',
    amount: suggested === '0' ? '' : suggested,
    note: '',
  });
  const put = (name: string) => (value: string) => {
    setDraft((before) => ({ ...before, [name]: value }));
  };
  return (
    <Form
      onSubmit={() => {
        booking.send({ ...draft, accountId, clickId });
      }}
    >
      <FormLayout>
        <FormLayout.Group>
          <Select
            label="What it is"
            options={adjustable.map((value) => ({ value, label: entryWords[value] }))}
            value={draft.kind}
            onChange={put('kind')}
          />
          <TextField
            label="Amount"
            value={draft.amount}
            onChange={put('amount')}
            autoComplete="off"
            inputMode="decimal"
            helpText="With a minus for what went."
            error={booking.fields['amount'] ?? false}
          />
        </FormLayout.Group>
        <TextField
          label="Note"
          value={draft.note}
          onChange={put('note')}
          autoComplete="off"
          maxLength={500}
          placeholder="Paid in by bank transfer on 3 May"
          error={booking.fields['note'] ?? false}
        />
        {booking.sentence !== null && <Banner tone="critical">{booking.sentence}</Banner>}
        <InlineStack gap="200">
          <Button submit variant="primary" loading={booking.isBusy}>
            Book it
          </Button>
          <Button onClick={onClose}>{booking.isDone ? 'Close' : 'Cancel'}</Button>
        </InlineStack>
        <Text as="p" tone="subdued">
          It stays in the ledger with your name. A mistake is booked back by another entry.
        </Text>
      </FormLayout>
    </Form>
  );
}

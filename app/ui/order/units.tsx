import { useFetcher } from '@remix-run/react';
import { BlockStack, Button, Card, Divider, InlineError, InlineStack, Text } from '@shopify/polaris';
import { Fragment, useState } from 'react';
import type { UnitState } from '../../orders/line.ts';
import { ConfirmModal } from '../confirm.tsx';
import { asksFirst, reasonText } from '../reason-words.ts';
import { Reason } from '../reason.tsx';
import { UnitStateBadge } from '../state-badge.tsx';
import { useToastOf } from '../toast.ts';
import type { OrderAnswer } from './answer.ts';

export interface UnitView {
  id: string;
  title: string;
  state: UnitState;
  reason: string | null;
  bundle: string | null;
  price: string;
  cost: string | null;
  iccidLast4: string | null;
  reference: string | null;
  sentAt: string | null;
  /** When a held unit is looked at again by itself, e.g. "in 4 minutes". */
  nextLook: string | null;
  /** When the present hold began: what a form names, so that a stale tab changes nothing. */
  since: string;
  /** The merchant's words when closing it. */
  note: string | null;
  /** The buyer has it, and got the money back. */
  isRefunded: boolean;
  /** Where all that can be done about it is. */
  queueUrl: string | null;
}

/** The eSIMs of an order, each with its state and, where it waits, why. */
export function Units({ units }: { units: UnitView[] }) {
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          eSIMs
        </Text>
        {units.map((unit, index) => (
          <Fragment key={unit.id}>
            {index > 0 && <Divider />}
            <Unit
              unit={unit}
              label={units.length > 1 ? `${String(index + 1)} of ${String(units.length)}` : null}
            />
          </Fragment>
        ))}
      </BlockStack>
    </Card>
  );
}

function Unit({ unit, label }: { unit: UnitView; label: string | null }) {
  return (
    <BlockStack gap="200">
      <InlineStack align="space-between" gap="200" blockAlign="center">
        <InlineStack gap="200" blockAlign="center">
          <Text as="h3" variant="headingSm">
            {unit.title}
          </Text>
          {label !== null && (
            <Text as="span" tone="subdued">
              {label}
            </Text>
          )}
        </InlineStack>
        <UnitStateBadge state={unit.state} />
      </InlineStack>
      <Text as="p" tone="subdued">
        {factsOf(unit).join(' · ')}
      </Text>
      {unit.state === 'held' && <Held unit={unit} />}
      {unit.state === 'parked' && (
        <>
          <Reason reason={unit.reason} />
          <Text as="p" tone="subdued">
            {unit.reference === null ? 'No order reference' : `Order reference ${unit.reference}`}
            {unit.sentAt === null ? '' : `, ordered ${unit.sentAt}`}
          </Text>
          <Decide unit={unit} />
        </>
      )}
      {unit.isRefunded && (
        <>
          <Reason reason="refunded" />
          <Decide unit={unit} />
        </>
      )}
      {unit.note !== null && (
        <Text as="p" tone="subdued">
          Note: {unit.note}
        </Text>
      )}
    </BlockStack>
  );
}

function Decide({ unit: { queueUrl } }: { unit: UnitView }) {
  return (
    queueUrl !== null && (
      <InlineStack>
        <Button url={queueUrl}>Decide what happens</Button>
      </InlineStack>
    )
  );
}

function Held({ unit }: { unit: UnitView }) {
  const retry = useFetcher<OrderAnswer>();
  const [isAsking, setAsking] = useState(false);
  useToastOf(retry.data);
  const isTest = unit.reason === 'test-order';
  const { retry: label } = reasonText(unit.reason);
  const send = () => {
    retry.submit({ intent: 'retry', unitId: unit.id, since: unit.since }, { method: 'post' });
  };
  const errorId = `retry-${unit.id}`;
  return (
    <BlockStack gap="200">
      <Reason reason={unit.reason} />
      {unit.nextLook !== null && (
        <Text as="p" tone="subdued">
          Next look {unit.nextLook}.
        </Text>
      )}
      {retry.state === 'idle' && retry.data?.status === 'refused' && (
        <InlineError fieldID={errorId} message={retry.data.sentence} />
      )}
      <InlineStack gap="200">
        {label !== null && (
          <Button
            id={errorId}
            loading={retry.state !== 'idle'}
            onClick={() => {
              if (asksFirst(unit.reason)) setAsking(true);
              else send();
            }}
          >
            {label}
          </Button>
        )}
        {unit.queueUrl !== null && <Button url={unit.queueUrl}>More choices</Button>}
      </InlineStack>
      {asksFirst(unit.reason) && (
        <ConfirmModal
          open={isAsking}
          title={isTest ? 'Buy an eSIM for a test order?' : 'Buy this eSIM?'}
          confirm="Buy eSIM"
          onCancel={() => {
            setAsking(false);
          }}
          onConfirm={() => {
            setAsking(false);
            send();
          }}
        >
          {isTest
            ? 'The supplier takes its price from your balance, although the buyer paid nothing.'
            : 'The supplier takes its price from your balance. An eSIM that was sent cannot be called back.'}
        </ConfirmModal>
      )}
    </BlockStack>
  );
}

function factsOf({ bundle, title, iccidLast4, price, cost }: UnitView): string[] {
  return [
    ...(bundle !== null && bundle !== title ? [bundle] : []),
    ...(iccidLast4 === null ? [] : [`ICCID ends in ${iccidLast4}`]),
    `paid ${price}`,
    ...(cost === null ? [] : [`cost ${cost}`]),
  ];
}

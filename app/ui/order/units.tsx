import { useFetcher } from '@remix-run/react';
import { BlockStack, Button, Card, Divider, InlineError, InlineStack, Link, Text } from '@shopify/polaris';
import { Fragment, useState } from 'react';
import type { UnitState } from '../../orders/line.ts';
import { ConfirmModal } from '../confirm.tsx';
import { asksFirst, retryLabel } from '../reason-words.ts';
import { Reason } from '../reason.tsx';
import { UnitStateBadge } from '../state-badge.tsx';
import { useToastOf } from '../toast.ts';
import type { OrderAnswer } from './answer.ts';
import { CancelAndRefund } from './cancel-and-refund.tsx';

export interface UnitView {
  id: string;
  title: string;
  state: UnitState;
  reason: string | null;
  bundle: string | null;
  price: string;
  cost: string | null;
  /** What buying it now would lose; null where that does not hold it. */
  loss: string | null;
  /** Who sold it; null while nobody has. */
  supplier: string | null;
  /** Who did not, and why. */
  passedOver: string | null;
  iccidLast4: string | null;
  esimId: string | null;
  isTopUp: boolean;
  /** The eSIM that a top-up is for; null while nobody has named it. */
  toppedUp: { id: string; iccidLast4: string } | null;
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
  /** The supplier is asked what became of it, since its piece was refunded. */
  isLookedAt: boolean;
  /** The buyer had it, and the supplier took it back. */
  isTakenBack: boolean;
  /** As last read: on no phone, and not begun. */
  isUnused: boolean;
  canRefund: boolean;
  /** Where all that can be done about it is. */
  queueUrl: string | null;
}

/** The eSIMs of an order, each with its state and, where it waits, why. */
export function Units({ units, isChargedBack }: { units: UnitView[]; isChargedBack: boolean }) {
  const unused = units.filter(({ canRefund, isUnused }) => canRefund && isUnused);
  return (
    <Card>
      <BlockStack gap="400">
        <InlineStack align="space-between" blockAlign="center">
          <Text as="h2" variant="headingMd">
            eSIMs
          </Text>
          {unused.length > 1 && (
            <CancelAndRefund
              units={unused}
              isChargedBack={isChargedBack}
              label="Cancel and refund all unused"
            />
          )}
        </InlineStack>
        {units.map((unit, index) => (
          <Fragment key={unit.id}>
            {index > 0 && <Divider />}
            <Unit
              unit={unit}
              isChargedBack={isChargedBack}
              label={units.length > 1 ? `${String(index + 1)} of ${String(units.length)}` : null}
            />
          </Fragment>
        ))}
      </BlockStack>
    </Card>
  );
}

function Unit({
  unit,
  isChargedBack,
  label,
}: {
  unit: UnitView;
  isChargedBack: boolean;
  label: string | null;
}) {
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
      {unit.passedOver !== null && (
        <Text as="p" tone="subdued">
          Passed over: {unit.passedOver}
        </Text>
      )}
      {unit.esimId !== null && (
        <InlineStack>
          <Link url={`/app/esims/${unit.esimId}`}>Usage and help for this eSIM</Link>
        </InlineStack>
      )}
      {unit.toppedUp && (
        <InlineStack gap="100">
          <Text as="span">Top-up of</Text>
          <Link url={`/app/esims/${unit.toppedUp.id}`}>eSIM …{unit.toppedUp.iccidLast4}</Link>
        </InlineStack>
      )}
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
          <Reason reason={unit.isLookedAt ? 'refund-looked-at' : (unit.reason ?? 'refunded')} />
          {!unit.isLookedAt && <Decide unit={unit} />}
        </>
      )}
      {unit.isTakenBack && (
        <Text as="p" tone="subdued">
          The buyer had it. The supplier took it back.
        </Text>
      )}
      {unit.canRefund && (
        <InlineStack>
          <CancelAndRefund units={[unit]} isChargedBack={isChargedBack} label="Cancel and refund" />
        </InlineStack>
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
  const label = retryLabel(unit.reason, unit.loss);
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
            : `The supplier takes its price from your balance${unit.loss === null ? '' : `, and you lose ${unit.loss}`}. An eSIM that was sent cannot be called back.`}
        </ConfirmModal>
      )}
    </BlockStack>
  );
}

function factsOf({ bundle, title, supplier, iccidLast4, price, cost }: UnitView): string[] {
  return [
    ...(bundle !== null && bundle !== title ? [bundle] : []),
    ...(iccidLast4 === null ? [] : [`ICCID ends in ${iccidLast4}`]),
    `paid ${price}`,
    ...(cost === null ? [] : [`cost ${cost}`]),
    ...(supplier === null ? [] : [`from ${supplier}`]),
  ];
}

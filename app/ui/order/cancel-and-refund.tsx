import { Modal, TitleBar } from '@shopify/app-bridge-react';
import { useFetcher } from '@remix-run/react';
import { Banner, BlockStack, Box, Button, Checkbox, InlineError, Text } from '@shopify/polaris';
import { useId, useState } from 'react';
import { counted } from '../display.ts';
import { useToastOf } from '../toast.ts';
import type { OrderAnswer } from './answer.ts';

interface Piece {
  id: string;
  state: string;
  isUnused: boolean;
}

/** Takes pieces of the order back: the eSIM at the supplier first, then the money in Shopify. */
export function CancelAndRefund({
  units,
  isChargedBack,
  label,
}: {
  units: Piece[];
  /** The buyer's bank has the money of the order, for now or for good. */
  isChargedBack: boolean;
  label: string;
}) {
  const fetcher = useFetcher<OrderAnswer>();
  // One for each time it is asked: the same press twice is one refund.
  const [refundId, setRefundId] = useState<string | null>(null);
  const [notifies, setNotifies] = useState(true);
  const errorId = useId();
  useToastOf(fetcher.data);
  const isUnused = units.every((unit) => unit.isUnused);
  const isHeld = units.every(({ state }) => state === 'held');
  const cancel = () => {
    setRefundId(null);
  };
  const send = () => {
    if (refundId === null) return;
    const form = new FormData();
    form.set('intent', 'refund');
    form.set('refundId', refundId);
    form.set('anyway', isUnused ? '' : 'on');
    form.set('notify', notifies ? 'on' : '');
    for (const { id } of units) form.append('unit', id);
    fetcher.submit(form, { method: 'post' });
    cancel();
  };
  const pieces = counted(units.length, 'eSIM');
  return (
    <>
      <BlockStack gap="100">
        <Button
          id={errorId}
          variant="tertiary"
          tone="critical"
          loading={fetcher.state !== 'idle'}
          onClick={() => {
            setRefundId(crypto.randomUUID());
          }}
        >
          {label}
        </Button>
        {fetcher.state === 'idle' && fetcher.data?.status === 'refused' && (
          <InlineError fieldID={errorId} message={fetcher.data.sentence} />
        )}
      </BlockStack>
      <Modal open={refundId !== null} onHide={cancel}>
        <Box padding="400">
          <BlockStack gap="300">
            {isChargedBack && (
              <Banner tone="warning">
                The buyer’s bank took this payment back for a chargeback. Unless you win it, a refund pays the
                buyer twice.
              </Banner>
            )}
            <Text as="p">{consequence(isHeld, isUnused)}</Text>
            <Text as="p">
              Only then Shopify refunds what the buyer paid for {units.length === 1 ? 'it' : 'them'}, to the
              original payment and without shipping costs. What the supplier does not take back is not
              refunded.
            </Text>
            <Checkbox
              label="Let Shopify tell the buyer of the refund"
              checked={notifies}
              onChange={setNotifies}
            />
          </BlockStack>
        </Box>
        <TitleBar title={`Cancel and refund ${pieces}?`}>
          {/* App Bridge reads its own attributes from plain buttons. */}
          <button {...{ variant: 'primary', tone: 'critical' }} onClick={send}>
            Cancel and refund
          </button>
          <button onClick={cancel}>Keep</button>
        </TitleBar>
      </Modal>
    </>
  );
}

function consequence(isHeld: boolean, isUnused: boolean): string {
  if (isHeld) return 'Nothing was bought for it yet, and nothing will be.';
  return isUnused
    ? 'First the supplier is asked whether it is still unused, and takes it back: what it gives for it, if anything, is credited to your balance or stock. The buyer’s install code stops working.'
    : 'It was installed or used, as far as we know. The supplier takes the bundle from it all the same, perhaps for nothing, and a traveller who uses it is offline.';
}

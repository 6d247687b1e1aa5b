import { BlockStack, Card, InlineStack, Text } from '@shopify/polaris';
import type { DeskView } from '../ui/esim/desk-view.ts';
import { RemoveModal, SuspendModal, UnsuspendModal } from '../ui/esim/network-modals.tsx';
import { ReferenceModal } from '../ui/esim/reference-modal.tsx';
import { RefreshModal } from '../ui/esim/refresh-modal.tsx';
import { ReplaceModal } from '../ui/esim/replace-modal.tsx';
import { ResendModal } from '../ui/esim/resend-modal.tsx';
import { SmsModal } from '../ui/esim/sms-modal.tsx';
import { TopUpModal } from '../ui/esim/top-up-modal.tsx';

/** What staff can do with an eSIM; what its supplier lacks, or makes no sense any more, is not there. */
export function EsimActions({ desk }: { desk: DeskView }) {
  const { esimId, offers, order, smsSender, customerRef, bundleCost, isBeingReplaced } = desk;
  // What a bundle comes back by stands beside it.
  if (!isBeingReplaced && offers.every((offer) => offer === 'revoke')) return null;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Help the traveller
        </Text>
        {isBeingReplaced && (
          <Text as="p">
            Another eSIM is bought instead of this one. It is mailed by itself; order {order?.name ?? ''}{' '}
            shows how far it is.
          </Text>
        )}
        <InlineStack gap="200">
          {offers.includes('resend') && order && <ResendModal esimId={esimId} order={order} />}
          {offers.includes('refresh') && <RefreshModal esimId={esimId} />}
          {offers.includes('sms') && <SmsModal esimId={esimId} sender={smsSender} />}
          {offers.includes('top-up') && <TopUpModal esimId={esimId} />}
          {offers.includes('reference') && <ReferenceModal esimId={esimId} customerRef={customerRef} />}
          {offers.includes('suspend') && <SuspendModal esimId={esimId} />}
          {offers.includes('unsuspend') && <UnsuspendModal esimId={esimId} />}
          {offers.includes('remove') && <RemoveModal esimId={esimId} />}
          {offers.includes('replace') && (
            <ReplaceModal esimId={esimId} orderName={order?.name ?? ''} cost={bundleCost} />
          )}
        </InlineStack>
      </BlockStack>
    </Card>
  );
}

import { useFetcher } from '@remix-run/react';
import { Banner, BlockStack, List, SkeletonBodyText, Text } from '@shopify/polaris';
import { DeedModal } from './deed-modal.tsx';
import type { revokeView } from './revoke-view.ts';
import { useDeed } from './use-deed.ts';

type Look = ReturnType<typeof revokeView> | { status: 'refused'; sentence: string };

/** Takes one bundle back from the eSIM, for what the supplier says it gives. */
export function RevokeModal({
  esimId,
  bundle,
}: {
  esimId: string;
  bundle: { key: string; title: string; use: string };
}) {
  const deed = useDeed(esimId, 'revoke');
  const looking = useFetcher<Look>();
  const look = looking.state === 'idle' ? looking.data : undefined;
  const ask = () => {
    looking.load(`/app/esims/${esimId}/revoke?bundle=${encodeURIComponent(bundle.key)}`);
  };
  return (
    <DeedModal
      deed={deed}
      label="Take back"
      accessibilityLabel={`Take back ${bundle.title}`}
      isCritical
      title="Take this bundle back?"
      confirm="Take back"
      isReady={look?.status === 'offered' && deed.refusal?.reason !== 'changed'}
      onOpen={ask}
      onConfirm={() => {
        if (look?.status === 'offered') deed.send({ bundleKey: bundle.key, seen: look.mark });
      }}
    >
      <Text as="p" fontWeight="semibold" breakWord>
        {bundle.title}
      </Text>
      <Consequences look={look} isInUse={bundle.use === 'in-use'} />
    </DeedModal>
  );
}

function Consequences({ look, isInUse }: { look: Look | undefined; isInUse: boolean }) {
  if (!look)
    return (
      <BlockStack gap="200">
        <Text as="p" tone="subdued">
          The supplier is asked what would come back.
        </Text>
        <SkeletonBodyText lines={2} />
      </BlockStack>
    );
  if (look.status === 'refused') return <Banner tone="critical">{look.sentence}</Banner>;
  return (
    <>
      <List>
        <List.Item>{look.back}</List.Item>
        <List.Item>
          {look.takesEsim
            ? 'It is the last bundle of an eSIM that nobody installed, so the supplier takes the eSIM too: its code stops working.'
            : isInUse
              ? 'The traveller uses it, and is offline at once unless another bundle is on the eSIM.'
              : 'The eSIM stays, without this bundle.'}
        </List.Item>
      </List>
      <Text as="p">
        The buyer is not refunded by this: that is done on the page of the order. A bundle that was taken back
        cannot be put back.
      </Text>
    </>
  );
}

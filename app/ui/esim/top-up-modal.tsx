import { useFetcher } from '@remix-run/react';
import { Banner, BlockStack, Link, Select, SkeletonBodyText, Text } from '@shopify/polaris';
import { useState } from 'react';
import { DeedModal } from './deed-modal.tsx';
import type { choiceView, topUpView } from './top-up-view.ts';
import { useDeed } from './use-deed.ts';

interface Choices {
  status: 'choices';
  choices: ReturnType<typeof choiceView>[];
}
type Offered = ReturnType<typeof topUpView>;
type Look = Offered | { status: 'refused'; sentence: string };

/** Buys another bundle for the eSIM, paid from the balance. */
export function TopUpModal({ esimId }: { esimId: string }) {
  const deed = useDeed(esimId, 'top-up');
  const listing = useFetcher<Choices>();
  const looking = useFetcher<Look>();
  const [chosen, setChosen] = useState('');
  const path = `/app/esims/${esimId}/top-up`;
  const look = looking.state === 'idle' && chosen !== '' ? looking.data : undefined;
  const offer = look?.status === 'offered' && look.bundleId === chosen ? look : null;
  const isStale = deed.refusal?.reason === 'changed';
  return (
    <DeedModal
      deed={deed}
      label="Top up"
      title="Top up this eSIM?"
      confirm={offer ? `Buy for ${offer.cost}` : 'Buy'}
      isReady={offer !== null && !offer.isTooDear && !isStale}
      onOpen={() => {
        setChosen('');
        listing.load(path);
      }}
      onConfirm={() => {
        if (offer) deed.send({ bundleId: offer.bundleId, seen: offer.mark });
      }}
    >
      <Text as="p">
        Another bundle is put on the eSIM the traveller has: there is nothing to install. It is paid from your
        balance at the supplier, and the buyer is charged nothing.
      </Text>
      <Choice
        choices={listing.state === 'idle' ? listing.data?.choices : undefined}
        chosen={chosen}
        onChoose={(bundleId) => {
          setChosen(bundleId);
          if (bundleId !== '') looking.load(`${path}?bundle=${encodeURIComponent(bundleId)}`);
        }}
      />
      {chosen !== '' && <Check look={offer ?? (look?.status === 'refused' ? look : undefined)} />}
    </DeedModal>
  );
}

function Choice({
  choices,
  chosen,
  onChoose,
}: {
  choices: Choices['choices'] | undefined;
  chosen: string;
  onChoose: (bundleId: string) => void;
}) {
  if (!choices) return <SkeletonBodyText lines={1} />;
  if (choices.length === 0)
    return (
      <Banner tone="warning">
        The supplier sells no bundle for this destination, as far as your catalogue knows. Import it again to
        be sure.
      </Banner>
    );
  return (
    <Select
      label="Bundle"
      value={chosen}
      onChange={onChoose}
      options={[
        { value: '', label: 'Choose one (the cheapest is first)' },
        ...choices.map(({ id, label }) => ({ value: id, label })),
      ]}
    />
  );
}

function Check({ look }: { look: Look | undefined }) {
  if (!look)
    return (
      <BlockStack gap="200">
        <Text as="p" tone="subdued">
          The supplier is asked whether it goes with this eSIM, and what it costs today.
        </Text>
        <SkeletonBodyText lines={2} />
      </BlockStack>
    );
  if (look.status === 'refused') return <Banner tone="critical">{look.sentence}</Banner>;
  if (look.isTooDear)
    return (
      <Banner tone="critical">
        It costs {look.cost} today, and your balance is {look.before}.{' '}
        <Link url="/app/balance">Top up the balance</Link> first.
      </Banner>
    );
  return (
    <BlockStack gap="100">
      <Text as="p">
        It goes with this eSIM, and costs <strong>{look.cost}</strong> today.
      </Text>
      {look.left !== null && <Text as="p">{look.left}</Text>}
      {look.before !== null && look.after !== null && (
        <Text as="p" tone="subdued">
          Your balance: {look.before} now, {look.after} afterwards.
        </Text>
      )}
    </BlockStack>
  );
}

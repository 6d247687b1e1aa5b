import { useFetcher } from '@remix-run/react';
import { Banner, BlockStack, Button, InlineStack, Link, Text } from '@shopify/polaris';
import type { DeskAnswer } from '../ui/esim/answer.ts';
import type { DeskView } from '../ui/esim/desk-view.ts';
import { useToastOf } from '../ui/toast.ts';

/** What was asked of the supplier and has no end yet: what happens with it next, or who has to decide. */
export function OpenActions({ esimId, open }: Pick<DeskView, 'esimId' | 'open'>) {
  return open.map((action) => <OpenAction key={action.id} esimId={esimId} action={action} />);
}

function OpenAction({ esimId, action }: { esimId: string; action: DeskView['open'][number] }) {
  const { id, next, title, asked, whatNext, decided } = action;
  return (
    <Banner tone={next === 'wait' ? 'info' : 'warning'} title={title}>
      <BlockStack gap="200">
        <Text as="p">
          {asked} {whatNext}
        </Text>
        {next === 'queue' && (
          <Text as="p">
            <Link url={`/app/queue/attempt-${id}`}>See the purchase</Link>
          </Text>
        )}
        {next === 'person' && <Decision esimId={esimId} actionId={id} decided={decided} />}
      </BlockStack>
    </Banner>
  );
}

function Decision({
  esimId,
  actionId,
  decided,
}: {
  esimId: string;
  actionId: string;
  decided: { yes: string; no: string };
}) {
  const deciding = useFetcher<DeskAnswer>();
  useToastOf(deciding.data);
  const isBusy = deciding.state !== 'idle';
  const decide = (happened: 'yes' | 'no') => () => {
    deciding.submit(
      { intent: 'end', action: actionId, happened },
      { method: 'post', action: `/app/esims/${esimId}/act` },
    );
  };
  return (
    <BlockStack gap="200">
      <InlineStack gap="200">
        <Button loading={isBusy} onClick={decide('yes')}>
          {decided.yes}
        </Button>
        <Button disabled={isBusy} onClick={decide('no')}>
          {decided.no}
        </Button>
      </InlineStack>
      {!isBusy && deciding.data?.status === 'refused' && <Text as="p">{deciding.data.sentence}</Text>}
    </BlockStack>
  );
}

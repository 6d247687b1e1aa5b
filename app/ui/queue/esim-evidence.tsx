import { BlockStack, Button, InlineStack, Link, Text } from '@shopify/polaris';
import { Facts } from './facts.tsx';
import type { EntryView } from './view.ts';

type Esim = EntryView['esims'][number];

/** What became of an eSIM, from the e-mail to the last byte. `onRevoke` null: it cannot be taken back here. */
export function EsimEvidence({
  esim,
  isBusy,
  onRevoke,
}: {
  esim: Esim;
  isBusy: boolean;
  onRevoke: (() => void) | null;
}) {
  const { title, esimId, iccidLast4, mailed, opened, installed, started, used, country, looked, takenBack } =
    esim;
  return (
    <BlockStack gap="200">
      <Text as="h3" variant="headingSm">
        {title}
      </Text>
      <Facts
        facts={[
          ['ICCID', <Link key="esim" url={`/app/esims/${esimId}`}>{`ends in ${iccidLast4}`}</Link>],
          ['E-mailed', mailed ?? 'Not yet'],
          ['Page opened', opened ?? 'Not that we know'],
          ['Installed', installed ?? 'No'],
          ['First used', started ?? 'No'],
          ['Used', used ?? 'Not known'],
          ...(country === null ? [] : [['Last seen in', country] as const]),
          ...(takenBack === null ? [] : [['Taken back', takenBack] as const]),
          ['Read at the supplier', looked ?? 'Never'],
        ]}
      />
      {onRevoke && (
        <InlineStack>
          <Button
            tone="critical"
            disabled={isBusy}
            accessibilityLabel={`Revoke this eSIM, which ends in ${iccidLast4}`}
            onClick={onRevoke}
          >
            Revoke this eSIM
          </Button>
        </InlineStack>
      )}
    </BlockStack>
  );
}

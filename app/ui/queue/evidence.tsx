import { Badge, BlockStack, Box, Button, InlineStack, Link, Text } from '@shopify/polaris';
import { Facts } from './facts.tsx';
import type { EntryView } from './view.ts';

type Attempt = Exclude<EntryView['attempt'], null>;

/** What was asked of the supplier, and what the supplier says it sold. `onAdopt` null: nothing to choose. */
export function EvidenceOf({
  attempt,
  topUpEsim,
  adopting,
  onAdopt,
}: {
  attempt: Attempt;
  /** The eSIM that a top-up is for. */
  topUpEsim: EntryView['topUpEsim'];
  /** The reference whose button is busy. */
  adopting: string | null;
  onAdopt: ((orderReference: string) => void) | null;
}) {
  const { supplier, asked, how, askedBy, sent, looked, orderReference, total, candidates } = attempt;
  return (
    <BlockStack gap="400">
      <Facts
        facts={[
          [how === 'stock' ? 'Taken from your stock at' : 'Asked for at', supplier],
          ['What', how === 'top-up' ? `Top-up with ${asked}` : asked],
          ...(how === 'top-up' && topUpEsim
            ? [
                [
                  'For',
                  <Link
                    key="esim"
                    url={`/app/esims/${topUpEsim.id}`}
                  >{`the eSIM …${topUpEsim.iccidLast4}`}</Link>,
                ] as const,
              ]
            : []),
          ...(askedBy === null ? [] : [['Asked for by', askedBy] as const]),
          ['When', sent],
          ['Order reference', orderReference ?? 'Not known'],
          ...(total === null ? [] : [['Cost', total] as const]),
          ...(looked.length === 0 ? [] : [['Looked up', <Lines key="looked" lines={looked} />] as const]),
        ]}
      />
      {orderReference === null && (
        <BlockStack gap="200">
          <Text as="h3" variant="headingSm">
            What {supplier} lists since then and nobody claims
          </Text>
          {candidates.length === 0 ? (
            <Text as="p" tone="subdued">
              No order of the same bundle and quantity.
            </Text>
          ) : (
            candidates.map((candidate) => (
              <Box
                key={candidate.orderReference}
                padding="300"
                borderWidth="025"
                borderColor="border"
                borderRadius="200"
              >
                <InlineStack gap="300" align="space-between" blockAlign="center">
                  <BlockStack gap="100">
                    <InlineStack gap="200" blockAlign="center">
                      <Text as="span" fontWeight="semibold">
                        {candidate.at}
                      </Text>
                      {candidate.isForeign && <Badge tone="attention">Not from this app</Badge>}
                    </InlineStack>
                    <Text as="span">
                      {candidate.quantity} × <span style={breaks}>{candidate.bundle}</span>
                      {candidate.total === null ? '' : `, ${candidate.total}`}
                    </Text>
                    <Text as="span" tone="subdued">
                      <span style={breaks}>{candidate.orderReference}</span>
                    </Text>
                  </BlockStack>
                  {onAdopt && (
                    <Button
                      loading={adopting === candidate.orderReference}
                      disabled={adopting !== null}
                      accessibilityLabel={`This is it: order ${candidate.orderReference}`}
                      onClick={() => {
                        onAdopt(candidate.orderReference);
                      }}
                    >
                      This is it
                    </Button>
                  )}
                </InlineStack>
              </Box>
            ))
          )}
        </BlockStack>
      )}
    </BlockStack>
  );
}

function Lines({ lines }: { lines: string[] }) {
  return (
    <BlockStack gap="050">
      {lines.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </BlockStack>
  );
}

const breaks = { overflowWrap: 'anywhere' } as const;

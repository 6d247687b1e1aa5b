import { useFetcher } from '@remix-run/react';
import { BlockStack, Button, Card, InlineStack, Text } from '@shopify/polaris';
import { useState } from 'react';
import type { RevealedCodes } from './reveal.server.ts';

/** The install code, behind a button: who shows it is written on the timeline. */
export function CodesCard() {
  const asking = useFetcher<{ status: 'revealed'; codes: RevealedCodes } | { status: string }>();
  const [isHidden, setHidden] = useState(false);
  const codes = asking.data && 'codes' in asking.data && !isHidden ? asking.data.codes : null;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          QR code and install code
        </Text>
        {codes ? (
          <Codes codes={codes} />
        ) : (
          <Text as="p" tone="subdued">
            Whoever has it can install the eSIM. That you looked at it is written on the timeline.
          </Text>
        )}
        <InlineStack>
          <Button
            loading={asking.state !== 'idle'}
            onClick={() => {
              setHidden(codes !== null);
              if (codes === null) asking.submit({ intent: 'reveal' }, { method: 'post' });
            }}
          >
            {codes ? 'Hide' : 'Show codes'}
          </Button>
        </InlineStack>
      </BlockStack>
    </Card>
  );
}

function Codes({
  codes: { iccid, smdpAddress, matchingId, activationCode, qrSvg },
}: {
  codes: RevealedCodes;
}) {
  const parts = [
    ['ICCID', iccid],
    ['SM-DP+ address', smdpAddress],
    ['Activation code', matchingId],
    ['Everything in one line', activationCode],
  ] as const;
  return (
    <BlockStack gap="300">
      {smdpAddress === '' && matchingId === '' ? (
        <Text as="p" tone="subdued">
          The supplier tells no install code of this eSIM. Its own portal may.
        </Text>
      ) : qrSvg === null ? (
        <Text as="p" tone="critical">
          The supplier gave parts that make no code a phone would take.
        </Text>
      ) : (
        <div
          role="img"
          aria-label="QR code of the eSIM"
          style={{ maxWidth: '14rem' }}
          // Drawn by delivery/qr.ts.
          dangerouslySetInnerHTML={{ __html: qrSvg }}
        />
      )}
      {parts.map(([label, value]) =>
        value === null || value === '' ? null : (
          <BlockStack key={label}>
            <Text as="span" tone="subdued" variant="bodySm">
              {label}
            </Text>
            <span style={{ overflowWrap: 'anywhere', fontFamily: 'var(--p-font-family-mono)' }}>{value}</span>
          </BlockStack>
        ),
      )}
    </BlockStack>
  );
}

import { useFetcher } from '@remix-run/react';
import {
  Banner,
  BlockStack,
  Box,
  Button,
  EmptySearchResult,
  InlineStack,
  Link,
  Spinner,
  Text,
} from '@shopify/polaris';
import { useState } from 'react';
import type { StrangerAnswer } from '../ui/esim/stranger-answer.ts';
import type { FoundRow, FoundView } from '../ui/esim/found-view.ts';
import { ReaderFields } from './reader-fields.tsx';
import { EsimStatusBadge } from './status-badge.tsx';

/** What was found for a typed text, grouped by what of it was typed; null while the answer is on its way. */
export function SearchResults({ found, typed }: { found: FoundView | null; typed: string }) {
  if (!found) {
    return (
      <Box padding="800">
        <InlineStack align="center">
          <Spinner accessibilityLabel="Searching" size="small" />
        </InlineStack>
      </Box>
    );
  }
  const { groups, hasMore, canAskSupplier } = found;
  return (
    <Box padding="400">
      <BlockStack gap="400">
        {groups.map(({ title, rows }) => (
          <BlockStack key={title} gap="200">
            <Text as="h2" variant="headingSm">
              {title}
            </Text>
            {rows.map((row) => (
              <Row key={row.id} row={row} />
            ))}
          </BlockStack>
        ))}
        {hasMore && (
          <Text as="p" tone="subdued">
            There are more than these. Type more of it, or another thing you know.
          </Text>
        )}
        {groups.length === 0 &&
          (canAskSupplier ? (
            <Stranger key={typed} iccid={typed} />
          ) : (
            <EmptySearchResult
              title="No eSIM found"
              description="Search by ICCID or its last four digits, order, e-mail address, customer name, install code or the supplier's order."
              withIllustration
            />
          ))}
      </BlockStack>
    </Box>
  );
}

function Row({ row: { url, title, status, facts } }: { row: FoundRow }) {
  return (
    <Box borderBlockEndWidth="025" borderColor="border-secondary" paddingBlockEnd="200">
      <InlineStack gap="200" align="space-between" blockAlign="center">
        <BlockStack>
          <Link url={url} removeUnderline monochrome>
            <Text as="span" fontWeight="semibold">
              {title}
            </Text>
          </Link>
          <Text as="span" tone="subdued" breakWord>
            {facts}
          </Text>
        </BlockStack>
        {status !== null && <EsimStatusBadge status={status} />}
      </InlineStack>
    </Box>
  );
}

type Invalid = { status: 'invalid'; fields: Record<string, string> };

/** A whole ICCID that is not on record: perhaps it belongs to one of the shop's accounts all the same. */
function Stranger({ iccid }: { iccid: string }) {
  const asking = useFetcher<StrangerAnswer>();
  const adopting = useFetcher<Exclude<StrangerAnswer, { status: 'owned' }> | Invalid>();
  const [reader, setReader] = useState({ email: '', language: 'en' });
  const answer = asking.data;
  const isBusy = asking.state !== 'idle' || adopting.state !== 'idle';
  if (answer?.status === 'owned') {
    const { data } = adopting;
    return (
      <BlockStack gap="300">
        <Banner tone="info" title={`${answer.account} has this eSIM`}>
          {`The app did not sell it. Its profile: ${answer.profile}. Added, it can be looked up and helped like any other; nothing is bought or changed at the supplier.`}
        </Banner>
        {data?.status === 'refused' && <Banner tone="warning">{data.sentence}</Banner>}
        <ReaderFields
          values={reader}
          error={data?.status === 'invalid' ? data.fields['email'] : undefined}
          onChange={setReader}
        />
        <InlineStack>
          <Button
            variant="primary"
            loading={isBusy}
            onClick={() => {
              adopting.submit(
                { intent: 'adopt', iccid, ...reader },
                { method: 'post', action: '/app/esims?index' },
              );
            }}
          >
            Add it to this shop
          </Button>
        </InlineStack>
      </BlockStack>
    );
  }
  return (
    <BlockStack gap="300" inlineAlign="start">
      {answer?.status === 'refused' && <Banner tone="warning">{answer.sentence}</Banner>}
      <Text as="p">
        This shop has no eSIM with this ICCID. A supplier account of yours may own it all the same.
      </Text>
      <Button
        loading={isBusy}
        onClick={() => {
          asking.submit({ intent: 'ask-suppliers', iccid }, { method: 'post', action: '/app/esims?index' });
        }}
      >
        Ask the supplier
      </Button>
    </BlockStack>
  );
}

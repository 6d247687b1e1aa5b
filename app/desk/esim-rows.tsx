import { useFetcher, useNavigation } from '@remix-run/react';
import { BlockStack, IndexTable, InlineStack, Link, Text, useIndexResourceState } from '@shopify/polaris';
import { useState } from 'react';
import { ConfirmModal } from '../ui/confirm.tsx';
import { counted } from '../ui/display.ts';
import type { EsimRow } from '../ui/esim/list-view.ts';
import { TickedTable } from '../ui/ticked-table.tsx';
import { useToastOf } from '../ui/toast.ts';
import { useDownload } from '../ui/use-download.ts';
import type { IndexProps } from './esim-index.tsx';
import { fromItsBeginning, writeEsimQuery, type EsimQuery } from './esim-query.ts';
import { EsimStatusBadge } from './status-badge.tsx';
import { UsageBar } from './usage-bar.tsx';

type Props = IndexProps & { onChange: (parts: Partial<EsimQuery>) => void };

/** A page of the list, with what can be done with those that are ticked. */
export function EsimRows({ rows, count, previous, next, query, onChange }: Props) {
  const { state } = useNavigation();
  const doing = useFetcher();
  useToastOf(doing.data);
  const { download, isDownloading } = useDownload('/app/esims/export', 'esims.csv');
  const [isAsking, setAsking] = useState(false);
  const selection = useIndexResourceState(rows);
  const { selectedResources, allResourcesSelected } = selection;
  const hasMore = previous !== null || next !== null;
  const isAll = allResourcesSelected && hasMore;
  const all = writeEsimQuery(fromItsBeginning(query)).toString();
  const begin = (intent: 'look-many' | 'resend-many') => {
    const form = new FormData();
    form.set('intent', intent);
    if (isAll) form.set('all', all);
    else for (const id of selectedResources) form.append('ids', id);
    doing.submit(form, { method: 'post', action: '/app/esims?index' });
  };
  return (
    <>
      <TickedTable
        resource={{ singular: 'eSIM', plural: 'eSIMs' }}
        rows={rows}
        selection={selection}
        selectAll={hasMore ? `Select all that match (${count})` : undefined}
        isBusy={state === 'loading'}
        headings={[
          { title: 'eSIM' },
          { title: 'State' },
          { title: 'Customer' },
          { title: 'Order' },
          { title: 'Usage' },
          { title: 'Ends' },
        ]}
        wide={(row) => <WideCells row={row} />}
        narrow={(row) => <NarrowCell row={row} />}
        empty={{ title: 'No eSIM fits', description: 'Take a filter away.' }}
        bulk={[
          {
            content: 'Refresh usage',
            onAction: () => {
              begin('look-many');
            },
          },
          {
            content: 'Send e-mails again',
            onAction: () => {
              setAsking(true);
            },
          },
          {
            content: 'Export CSV',
            disabled: isDownloading,
            onAction: () => {
              const ticked = rows.filter(({ id }) => selectedResources.includes(id));
              download(isAll ? all : new URLSearchParams(ticked.map(({ id }) => ['ids', id])).toString());
            },
          },
        ]}
        pagination={{
          hasPrevious: previous !== null,
          hasNext: next !== null,
          onPrevious: () => {
            onChange({ before: previous });
          },
          onNext: () => {
            onChange({ after: next });
          },
        }}
      />
      <ConfirmModal
        open={isAsking}
        title="Send the e-mails again?"
        confirm="Send e-mails"
        onCancel={() => {
          setAsking(false);
        }}
        onConfirm={() => {
          setAsking(false);
          begin('resend-many');
        }}
      >
        {`Each order of ${isAll ? 'all eSIMs that match, at most 1,000,' : counted(selectedResources.length, 'chosen eSIM')} is mailed once more, with all of its eSIMs, to the address in the order.`}
      </ConfirmModal>
    </>
  );
}

function WideCells({ row }: { row: EsimRow }) {
  return (
    <>
      <IndexTable.Cell>
        <BlockStack>
          <EsimLink row={row} />
          <Text as="span" tone="subdued" variant="bodySm">
            ICCID …{row.iccidLast4}
          </Text>
        </BlockStack>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <State row={row} />
      </IndexTable.Cell>
      <IndexTable.Cell>
        <div style={{ maxWidth: '16rem' }}>
          <Text as="span" truncate>
            {row.customer ?? '–'}
          </Text>
        </div>
      </IndexTable.Cell>
      <IndexTable.Cell>
        {row.order ? (
          <Link url={`/app/orders/${row.order.id}`} removeUnderline>
            {row.order.name}
          </Link>
        ) : (
          '–'
        )}
      </IndexTable.Cell>
      <IndexTable.Cell>
        <div style={{ minWidth: '8rem' }}>
          <UsageBar usage={row.usage} id={`usage-${row.id}`} />
        </div>
      </IndexTable.Cell>
      <IndexTable.Cell>{row.end ?? '–'}</IndexTable.Cell>
    </>
  );
}

function NarrowCell({ row }: { row: EsimRow }) {
  const facts = [`…${row.iccidLast4}`, row.order?.name, row.customer, row.end && `ends ${row.end}`];
  return (
    <BlockStack gap="100">
      <InlineStack align="space-between" gap="200" blockAlign="center">
        <EsimLink row={row} />
        <State row={row} />
      </InlineStack>
      <Text as="span" tone="subdued">
        {facts.filter(Boolean).join(' · ')}
      </Text>
      <UsageBar usage={row.usage} id={`usage-${row.id}`} />
    </BlockStack>
  );
}

function State({ row: { status, problem } }: { row: EsimRow }) {
  return (
    <BlockStack gap="050" inlineAlign="start">
      <EsimStatusBadge status={status} />
      {problem !== null && (
        <Text as="span" tone="caution" variant="bodySm">
          {problem}
        </Text>
      )}
    </BlockStack>
  );
}

function EsimLink({ row }: { row: EsimRow }) {
  return (
    <Link url={`/app/esims/${row.id}`} removeUnderline dataPrimaryLink monochrome>
      <Text as="span" fontWeight="semibold">
        {row.destination}
      </Text>
    </Link>
  );
}

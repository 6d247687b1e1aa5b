import {
  Badge,
  BlockStack,
  EmptySearchResult,
  IndexTable,
  InlineStack,
  Text,
  useBreakpoints,
} from '@shopify/polaris';
import type { AccountTransaction } from '../../providers/contract.ts';

/** What a merchant calls a movement on a supplier's own list. */
export const transactionWords: Record<AccountTransaction['kind'], string> = {
  topup: 'Paid in',
  order: 'Order',
  refund: 'Refund',
  adjustment: 'Adjustment',
  unknown: 'Other',
};

interface Row {
  id: string;
  what: string;
  at: string;
  amount: string;
  isIn: boolean;
  isSettled: boolean;
  /** In the supplier's words. */
  description: string;
}

/** A supplier's own list of what moved, the newest first. */
export function TransactionTable({ rows, isReading }: { rows: Row[]; isReading: boolean }) {
  const { smDown } = useBreakpoints();
  return (
    <IndexTable
      condensed={smDown}
      selectable={false}
      itemCount={rows.length}
      loading={isReading}
      resourceName={{ singular: 'movement', plural: 'movements' }}
      headings={[
        { title: 'When' },
        { title: 'What' },
        { title: 'In the supplier’s words' },
        { title: 'Amount', alignment: 'end' },
      ]}
      emptyState={
        <EmptySearchResult title="Nothing moved" description="Choose more days." withIllustration />
      }
    >
      {rows.map((row, position) => (
        <IndexTable.Row key={row.id} id={row.id} position={position}>
          {smDown ? <Narrow row={row} /> : <Wide row={row} />}
        </IndexTable.Row>
      ))}
    </IndexTable>
  );
}

function Wide({ row }: { row: Row }) {
  return (
    <>
      <IndexTable.Cell>{row.at}</IndexTable.Cell>
      <IndexTable.Cell>
        <What row={row} />
      </IndexTable.Cell>
      <IndexTable.Cell>
        <span style={{ whiteSpace: 'normal', overflowWrap: 'anywhere' }}>{row.description}</span>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <Amount row={row} />
      </IndexTable.Cell>
    </>
  );
}

function Narrow({ row }: { row: Row }) {
  return (
    <div style={{ padding: 'var(--p-space-300) var(--p-space-400)', width: '100%' }}>
      <BlockStack gap="100">
        <InlineStack align="space-between">
          <What row={row} />
          <Amount row={row} />
        </InlineStack>
        <Text as="span" breakWord>
          {row.description}
        </Text>
        <Text as="span" tone="subdued">
          {row.at}
        </Text>
      </BlockStack>
    </div>
  );
}

function What({ row: { what, isSettled } }: { row: Row }) {
  return (
    <InlineStack gap="200">
      <Text as="span">{what}</Text>
      {!isSettled && <Badge tone="attention">Not settled</Badge>}
    </InlineStack>
  );
}

function Amount({ row: { amount, isIn } }: { row: Row }) {
  return (
    <Text as="span" alignment="end" numeric {...(isIn && { tone: 'success' })}>
      {amount}
    </Text>
  );
}

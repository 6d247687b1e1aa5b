import {
  Badge,
  BlockStack,
  EmptySearchResult,
  IndexTable,
  InlineStack,
  Link,
  Text,
  useBreakpoints,
} from '@shopify/polaris';
import type { MarginLine } from './view.ts';

/** Sales, cost and what is left, line by line. */
export function MarginTable({
  heading,
  lines,
  total,
  isFirst,
  onFirst,
  onNext,
}: {
  heading: string;
  lines: MarginLine[];
  total: MarginLine | null;
  isFirst: boolean;
  onFirst: () => void;
  onNext: (() => void) | null;
}) {
  const { smDown } = useBreakpoints();
  const all = [...lines, ...(total && lines.length > 0 ? [total] : [])];
  return (
    <IndexTable
      condensed={smDown}
      selectable={false}
      itemCount={all.length}
      resourceName={{ singular: 'line', plural: 'lines' }}
      headings={[
        { title: heading },
        { title: 'eSIMs', alignment: 'end' },
        { title: 'Sales', alignment: 'end' },
        { title: 'Cost', alignment: 'end' },
        { title: 'Margin', alignment: 'end' },
      ]}
      emptyState={
        <EmptySearchResult
          title="Nothing was sold in this period"
          description="Try other days."
          withIllustration
        />
      }
      {...((!isFirst || onNext) && {
        pagination: {
          ...{ hasPrevious: !isFirst, hasNext: onNext !== null, onPrevious: onFirst },
          ...(onNext && { onNext }),
          accessibilityLabels: { previous: 'To the newest', next: 'Older' },
        },
      })}
    >
      {all.map((line, index) => {
        const isTotal = line.key === 'total';
        const weight = isTotal ? ({ fontWeight: 'semibold' } as const) : {};
        if (smDown)
          return (
            <IndexTable.Row key={line.key} id={line.key} position={index}>
              <div style={{ padding: 'var(--p-space-300) var(--p-space-400)', width: '100%' }}>
                <BlockStack gap="100">
                  <InlineStack align="space-between">
                    <Title line={line} />
                    <Text as="span" numeric fontWeight="semibold">
                      {line.margin}
                    </Text>
                  </InlineStack>
                  <Text as="span" tone="subdued">
                    {line.sold} sold · {line.sales} − {line.cost}
                  </Text>
                </BlockStack>
              </div>
            </IndexTable.Row>
          );
        return (
          <IndexTable.Row key={line.key} id={line.key} position={index}>
            <IndexTable.Cell>
              <Title line={line} />
            </IndexTable.Cell>
            {[line.sold, line.sales, line.cost, line.margin].map((text, column) => (
              <IndexTable.Cell key={column}>
                <Text as="span" alignment="end" numeric {...weight}>
                  {text}
                </Text>
              </IndexTable.Cell>
            ))}
          </IndexTable.Row>
        );
      })}
    </IndexTable>
  );
}

function Title({ line: { title, url, note, isTest, key } }: { line: MarginLine }) {
  return (
    <InlineStack gap="200" blockAlign="center">
      {url === null ? (
        <Text as="span" {...(key === 'total' && { fontWeight: 'semibold' as const })}>
          {title}
        </Text>
      ) : (
        <Link url={url} removeUnderline>
          {title}
        </Link>
      )}
      {isTest && <Badge>Test</Badge>}
      {note !== null && (
        <Text as="span" tone="subdued">
          {note}
        </Text>
      )}
    </InlineStack>
  );
}

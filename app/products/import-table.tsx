import {
  Badge,
  Banner,
  BlockStack,
  Button,
  Card,
  IndexTable,
  InlineStack,
  Tabs,
  Text,
  useBreakpoints,
} from '@shopify/polaris';
import { useState } from 'react';
import { counted } from '../ui/display.ts';
import { pageTurns } from '../ui/page-turns.ts';
import type { Choosing } from './first-to-buy.ts';
import type { CheckedLine, Outcome } from './mapping-check.ts';

type Line = Omit<CheckedLine, 'plan'>;

const PER_PAGE = 50;

const words: Record<Outcome, { label: string; tone?: 'critical' | 'success' | 'info' }> = {
  wrong: { label: 'Wrong', tone: 'critical' },
  new: { label: 'To be mapped', tone: 'success' },
  change: { label: 'To be changed', tone: 'info' },
  same: { label: 'As it is' },
};

/** What a file of mappings would do, line by line, and the button that does all of it. */
export function ImportTable({
  lines,
  hasMoved,
  canApply,
  onApply,
}: {
  lines: Line[];
  /** It was to be applied, and would have changed something else than was seen. */
  hasMoved: boolean;
  canApply: boolean;
  onApply: () => void;
}) {
  const [page, setPage] = useState(1);
  const { smDown } = useBreakpoints();
  const count = (outcome: Outcome) => lines.filter((line) => line.outcome === outcome).length;
  const [wrong, warned] = [count('wrong'), lines.filter(isWarned).length];
  const views = [
    { id: 'all', content: `All (${String(lines.length)})`, lines },
    {
      id: 'wrong',
      content: `Wrong (${String(wrong)})`,
      lines: lines.filter(({ outcome }) => outcome === 'wrong'),
    },
    { id: 'warned', content: `Warnings (${String(warned)})`, lines: lines.filter(isWarned) },
  ];
  const [selected, setSelected] = useState(wrong > 0 ? 1 : 0);
  const shown = views[selected]?.lines ?? lines;
  const changes = count('new') + count('change');
  const pages = Math.max(1, Math.ceil(shown.length / PER_PAGE));
  return (
    <BlockStack gap="400">
      {hasMoved && (
        <Banner tone="warning" title="Something changed since you looked, so nothing was written">
          This is what the file would do now. Look at it, and apply it again.
        </Banner>
      )}
      {wrong > 0 ? (
        <Banner
          tone="critical"
          title={`${counted(wrong, 'line')} of ${String(lines.length)} ${wrong === 1 ? 'is' : 'are'} wrong. Nothing was changed.`}
        >
          Correct the file and choose it again: a file is applied as a whole.
        </Banner>
      ) : (
        <Banner tone={changes > 0 ? 'info' : 'success'} title={summary(count)}>
          <BlockStack gap="300">
            <Text as="p">{changes > 0 ? 'Nothing is changed yet.' : 'Nothing needs to be changed.'}</Text>
            {changes > 0 && (
              <InlineStack>
                <Button variant="primary" disabled={!canApply} onClick={onApply}>
                  {`Apply to ${counted(changes, 'variant')}`}
                </Button>
              </InlineStack>
            )}
          </BlockStack>
        </Banner>
      )}
      <Card padding="0">
        <Tabs
          tabs={views.map(({ id, content }) => ({ id, content }))}
          selected={selected}
          onSelect={(at) => {
            setSelected(at);
            setPage(1);
          }}
        />
        <IndexTable
          condensed={smDown}
          selectable={false}
          itemCount={shown.length}
          resourceName={{ singular: 'line', plural: 'lines' }}
          headings={[
            { title: 'Line' },
            { title: 'Variant' },
            { title: 'Bundles, in order' },
            { title: 'What happens' },
          ]}
          emptyState={
            <div style={{ padding: 'var(--p-space-800)', textAlign: 'center' }}>
              <Text as="p" tone="subdued">
                No such line.
              </Text>
            </div>
          }
          {...(pages > 1 && {
            pagination: pageTurns({ page, pages, onTurn: setPage }),
          })}
        >
          {shown.slice((page - 1) * PER_PAGE, page * PER_PAGE).map((line, position) => (
            <IndexTable.Row key={line.line} id={String(line.line)} position={position}>
              {smDown ? <NarrowCells line={line} /> : <WideCells line={line} />}
            </IndexTable.Row>
          ))}
        </IndexTable>
      </Card>
    </BlockStack>
  );
}

const wraps = { whiteSpace: 'normal', overflowWrap: 'anywhere' } as const;

function WideCells({ line }: { line: Line }) {
  return (
    <>
      <IndexTable.Cell>{line.line}</IndexTable.Cell>
      <IndexTable.Cell>
        <div style={{ ...wraps, minWidth: '9rem' }}>{line.variant}</div>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <div style={{ ...wraps, minWidth: '9rem' }}>{bundlesOf(line)}</div>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <div style={{ ...wraps, minWidth: '16rem' }}>
          <WhatHappens line={line} />
        </div>
      </IndexTable.Cell>
    </>
  );
}

function NarrowCells({ line }: { line: Line }) {
  return (
    <div style={{ padding: 'var(--p-space-300) var(--p-space-400)', width: '100%', ...wraps }}>
      <BlockStack gap="100">
        <Text as="span" fontWeight="semibold">
          Line {line.line}: {line.variant}
        </Text>
        <span>{bundlesOf(line)}</span>
        <WhatHappens line={line} />
      </BlockStack>
    </div>
  );
}

function WhatHappens({ line: { outcome, complaints } }: { line: Line }) {
  const { label, tone } = words[outcome];
  return (
    <BlockStack gap="100">
      <InlineStack gap="100">
        <Badge {...(tone && { tone })}>{label}</Badge>
        {complaints.some(({ isWarning }) => isWarning) && <Badge tone="warning">Warning</Badge>}
      </InlineStack>
      {complaints.map(({ sentence, todo }) => (
        <Text as="p" key={sentence}>
          {sentence}{' '}
          <Text as="span" tone="subdued">
            {todo}
          </Text>
        </Text>
      ))}
    </BlockStack>
  );
}

function bundlesOf({ bundles, kind, choosing }: Line): string {
  const first = bundles.length > 1 ? firstBy[choosing] : '';
  return `${bundles.join(', then ') || '–'}${first}${kind === 'top-up' ? ' (top-up)' : ''}`;
}

const firstBy: Record<Choosing, string> = {
  order: '',
  cost: '; the one that costs least first',
  stock: '; one that is in stock first',
};

function isWarned({ complaints }: Line): boolean {
  return complaints.some(({ isWarning }) => isWarning);
}

function summary(count: (outcome: Outcome) => number): string {
  const parts = [
    { count: count('new'), word: 'to be mapped' },
    { count: count('change'), word: 'to be changed' },
    { count: count('same'), word: 'as it is already' },
  ].filter((part) => part.count > 0);
  return `${parts.map((part) => `${String(part.count)} ${part.word}`).join(', ')}.`;
}

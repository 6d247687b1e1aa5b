import { Badge, Banner, BlockStack, Button, Card, IndexTable, InlineStack, Text } from '@shopify/polaris';
import { useState } from 'react';
import type { ItemState } from '../tasks/task.ts';
import { counted, lowerFirst } from '../ui/display.ts';
import { pageTurns } from '../ui/page-turns.ts';
import { problemText } from '../ui/problem-words.ts';

interface Line {
  line: number;
  /** "ICCID ends in 4826"; empty for what is none. */
  title: string;
  state: ItemState;
  reason: string | null;
  /** Where it was found, or who did not answer. */
  account: string | null;
  /** Whom its mails go to; null for nobody. */
  reader: string | null;
}

interface Props {
  lines: Line[];
  /** They are on record: what was found was added. */
  isAdded: boolean;
  isBusy: boolean;
  onAdd: () => void;
}

const PER_PAGE = 50;

/** What the suppliers know of the ICCIDs of a file, line by line, and the button that adds those that were found. */
export function FoundTable({ lines, isAdded, isBusy, onAdd }: Props) {
  const [page, setPage] = useState(1);
  const found = lines.filter(({ state }) => state === 'done').length;
  const failed = lines.filter(({ state }) => state === 'failed').length;
  const others = lines.length - found - failed;
  const more = [
    ...(failed > 0
      ? [`${counted(failed, 'line')} could not be looked up. Choose the file again later.`]
      : []),
    ...(others > 0
      ? [`${counted(others, found > 0 ? 'other line' : 'line')} cannot be added: see why below.`]
      : []),
  ];
  const pages = Math.max(1, Math.ceil(lines.length / PER_PAGE));
  return (
    <BlockStack gap="400">
      <Banner
        tone={found > 0 ? 'success' : 'warning'}
        title={
          found === 0
            ? isAdded
              ? 'No eSIM was added'
              : 'None of these eSIMs was found in your supplier accounts'
            : `${counted(found, 'eSIM')} ${isAdded ? 'added' : 'found in your supplier accounts'}`
        }
      >
        {(more.length > 0 || !isAdded) && (
          <BlockStack gap="300">
            {more.map((line) => (
              <Text as="p" key={line}>
                {line}
              </Text>
            ))}
            {!isAdded && found > 0 && (
              <InlineStack>
                <Button variant="primary" loading={isBusy} onClick={onAdd}>
                  {`Add ${counted(found, 'eSIM')}`}
                </Button>
              </InlineStack>
            )}
          </BlockStack>
        )}
      </Banner>
      <Card padding="0">
        <IndexTable
          selectable={false}
          itemCount={lines.length}
          resourceName={{ singular: 'line', plural: 'lines' }}
          headings={[
            { title: 'Line' },
            { title: 'eSIM' },
            { title: 'What is known' },
            { title: 'Who is told' },
          ]}
          {...(pages > 1 && {
            pagination: pageTurns({ page, pages, onTurn: setPage }),
          })}
        >
          {lines.slice((page - 1) * PER_PAGE, page * PER_PAGE).map((line, position) => (
            <IndexTable.Row key={line.line} id={String(line.line)} position={position}>
              <IndexTable.Cell>{line.line}</IndexTable.Cell>
              <IndexTable.Cell>{line.title === '' ? '–' : line.title}</IndexTable.Cell>
              <IndexTable.Cell>
                <div style={{ whiteSpace: 'normal', minWidth: '8rem' }}>
                  {line.state === 'done' ? (
                    <Badge tone="success">{isAdded ? 'Added' : `Found at ${line.account ?? ''}`}</Badge>
                  ) : (
                    <Text as="span">{whyNot(line)}</Text>
                  )}
                </div>
              </IndexTable.Cell>
              <IndexTable.Cell>
                {line.state === 'done' ? (line.reader ?? 'Nobody: no e-mail address') : '–'}
              </IndexTable.Cell>
            </IndexTable.Row>
          ))}
        </IndexTable>
      </Card>
    </BlockStack>
  );
}

function whyNot({ state, reason, account }: Line): string {
  if (state === 'waiting') return 'Not looked up yet';
  if (state === 'failed')
    return `${account ?? 'A supplier'} did not tell: ${lowerFirst(problemText(reason ?? 'unknown', 'supplier').title)}`;
  return refusals[reason ?? ''] ?? 'It cannot be added.';
}

const refusals: Record<string, string> = {
  'not-an-iccid': 'No ICCID: 19 or 20 digits that begin with 89',
  rounded: 'A spreadsheet has rounded it: format the column as text',
  repeated: 'It stands further up already',
  'not-an-email': 'Its e-mail address is none',
  'not-a-language': 'Its language is none of en, de, fr, es and ja',
  known: 'It is here already',
  unknown: 'None of your supplier accounts has it',
  left: 'It may be one that this app bought and that is not settled',
};

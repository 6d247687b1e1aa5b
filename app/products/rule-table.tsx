import {
  Badge,
  BlockStack,
  Button,
  Card,
  IndexTable,
  InlineStack,
  Link,
  Text,
  useBreakpoints,
} from '@shopify/polaris';
import { useState } from 'react';
import { ConfirmModal } from '../ui/confirm.tsx';
import { counted } from '../ui/display.ts';

interface Line {
  id: string | null;
  place: string;
  method: string;
  priority: number;
  decides: number;
  raised: number;
}

interface Props {
  rules: Line[];
  isBusy: boolean;
  onDelete: (ruleId: string) => void;
}

/** The rules, the most specific first, with what each decides now. */
export function RuleTable({ rules, isBusy, onDelete }: Props) {
  const [leaving, setLeaving] = useState<Line | null>(null);
  const { smDown } = useBreakpoints();
  const parts = (rule: Line): CellProps => ({ rule, isBusy, onDelete: setLeaving });
  return (
    <Card padding="0">
      <IndexTable
        resourceName={{ singular: 'rule', plural: 'rules' }}
        itemCount={rules.length}
        selectable={false}
        headings={
          smDown
            ? [{ title: 'For' }]
            : [
                { title: 'For' },
                { title: 'Price' },
                { title: 'Priority', alignment: 'end' },
                { title: 'Decides', alignment: 'end' },
                { title: 'Actions', hidden: true },
              ]
        }
      >
        {rules.map((rule, index) => (
          <IndexTable.Row key={rule.id ?? 'built-in'} id={rule.id ?? 'built-in'} position={index}>
            {smDown ? <NarrowCell {...parts(rule)} /> : <WideCells {...parts(rule)} />}
          </IndexTable.Row>
        ))}
      </IndexTable>
      <ConfirmModal
        open={leaving !== null}
        title="Delete this rule?"
        confirm="Delete"
        tone="critical"
        onCancel={() => {
          setLeaving(null);
        }}
        onConfirm={() => {
          if (leaving?.id != null) onDelete(leaving.id);
          setLeaving(null);
        }}
      >
        {leaving?.place} – {leaving?.method}. No price changes until you apply the other rules.
      </ConfirmModal>
    </Card>
  );
}

interface CellProps {
  rule: Line;
  isBusy: boolean;
  onDelete: (rule: Line) => void;
}

function WideCells(props: CellProps) {
  const { rule } = props;
  return (
    <>
      <IndexTable.Cell>
        <For rule={rule} />
      </IndexTable.Cell>
      <IndexTable.Cell>{rule.method}</IndexTable.Cell>
      <IndexTable.Cell>
        <Text as="span" alignment="end" numeric>
          {rule.id === null ? '–' : rule.priority}
        </Text>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <InlineStack align="end" gap="200" wrap={false}>
          <Decides rule={rule} />
        </InlineStack>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <Delete {...props} />
      </IndexTable.Cell>
    </>
  );
}

function NarrowCell(props: CellProps) {
  const { rule } = props;
  return (
    <IndexTable.Cell>
      <div style={{ whiteSpace: 'normal', overflowWrap: 'anywhere' }}>
        <BlockStack gap="100">
          <For rule={rule} />
          <Text as="span">{rule.method}</Text>
          <InlineStack align="space-between" blockAlign="center" gap="200">
            <InlineStack gap="200">
              <Decides rule={rule} />
              {rule.priority !== 0 && <Text as="span">Priority {rule.priority}</Text>}
            </InlineStack>
            <Delete {...props} />
          </InlineStack>
        </BlockStack>
      </div>
    </IndexTable.Cell>
  );
}

function For({ rule: { id, place } }: { rule: Line }) {
  if (id !== null)
    return (
      <Link url={`/app/pricing/rules/${id}`} removeUnderline>
        {place}
      </Link>
    );
  return (
    <BlockStack>
      <Text as="span">{place}</Text>
      <Text as="span" tone="subdued">
        Built in, while no rule of yours is for everything
      </Text>
    </BlockStack>
  );
}

function Decides({ rule: { decides, raised } }: { rule: Line }) {
  return (
    <>
      <Text as="span">{counted(decides, 'price')}</Text>
      {raised > 0 && <Badge tone="attention">{`${String(raised)} raised to the floor`}</Badge>}
    </>
  );
}

function Delete({ rule, isBusy, onDelete }: CellProps) {
  if (rule.id === null) return null;
  return (
    <Button
      variant="tertiary"
      tone="critical"
      disabled={isBusy}
      accessibilityLabel={`Delete the rule for ${rule.place}`}
      onClick={() => {
        onDelete(rule);
      }}
    >
      Delete
    </Button>
  );
}

import { Badge, BlockStack, Button, Card, IndexTable, InlineStack, Link, Text } from '@shopify/polaris';
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
  return (
    <Card padding="0">
      <IndexTable
        resourceName={{ singular: 'rule', plural: 'rules' }}
        itemCount={rules.length}
        selectable={false}
        headings={[
          { title: 'For' },
          { title: 'Price' },
          { title: 'Priority', alignment: 'end' },
          { title: 'Decides', alignment: 'end' },
          { title: 'Actions', hidden: true },
        ]}
      >
        {rules.map((rule, index) => (
          <IndexTable.Row key={rule.id ?? 'built-in'} id={rule.id ?? 'built-in'} position={index}>
            <IndexTable.Cell>
              {rule.id === null ? (
                <BlockStack>
                  <Text as="span">{rule.place}</Text>
                  <Text as="span" tone="subdued">
                    Built in, while no rule of yours is for everything
                  </Text>
                </BlockStack>
              ) : (
                <Link url={`/app/pricing/rules/${rule.id}`} removeUnderline>
                  {rule.place}
                </Link>
              )}
            </IndexTable.Cell>
            <IndexTable.Cell>{rule.method}</IndexTable.Cell>
            <IndexTable.Cell>
              <Text as="span" alignment="end" numeric>
                {rule.id === null ? '–' : rule.priority}
              </Text>
            </IndexTable.Cell>
            <IndexTable.Cell>
              <InlineStack align="end" gap="200" wrap={false}>
                <Text as="span">{counted(rule.decides, 'price')}</Text>
                {rule.raised > 0 && (
                  <Badge tone="attention">{`${String(rule.raised)} raised to the floor`}</Badge>
                )}
              </InlineStack>
            </IndexTable.Cell>
            <IndexTable.Cell>
              {rule.id !== null && (
                <Button
                  variant="tertiary"
                  tone="critical"
                  disabled={isBusy}
                  accessibilityLabel={`Delete the rule for ${rule.place}`}
                  onClick={() => {
                    setLeaving(rule);
                  }}
                >
                  Delete
                </Button>
              )}
            </IndexTable.Cell>
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

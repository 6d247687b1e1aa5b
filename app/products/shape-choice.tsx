import { BlockStack, Card, ChoiceList } from '@shopify/polaris';
import { counted } from '../ui/display.ts';
import type { Alternatives, Shape } from './shapes.ts';

interface Props {
  shape: Shape;
  alternatives: Alternatives;
  /** How many bundles stand in for a cheaper one. */
  alike: number;
  /** Buyers choose between them already. */
  hasPlan: boolean;
  onChange: (changes: { shape?: Shape; alternatives?: Alternatives }) => void;
}

/** Which products are to be made of the bundles. */
export function ShapeChoice({ shape, alternatives, alike, hasPlan, onChange }: Props) {
  const isAsked = shape === 'destination' && (alike > 0 || hasPlan);
  return (
    <Card>
      <BlockStack gap="400">
        <ChoiceList
          title="Make"
          selected={[shape]}
          onChange={([value]) => {
            onChange({ shape: value === 'bundle' ? 'bundle' : 'destination' });
          }}
          choices={[
            {
              value: 'destination',
              label: 'One product for each destination',
              helpText: 'Buyers choose data and validity on its page.',
            },
            { value: 'bundle', label: 'One product for each bundle' },
          ]}
        />
        {isAsked && (
          <ChoiceList
            title={
              alike > 0
                ? `${counted(alike, 'bundle has', 'bundles have')} the same data and validity as a cheaper one`
                : 'Some bundles have the same data and validity'
            }
            selected={[alternatives]}
            onChange={([value]) => {
              onChange({ alternatives: value === 'option' ? 'option' : 'substitutes' });
            }}
            choices={[
              {
                value: 'substitutes',
                label: 'Sell the cheapest',
                helpText: 'The others are bought when it is not to be had.',
              },
              {
                value: 'option',
                label: 'Let buyers choose',
                helpText: 'A third option tells them apart by supplier, group or speed.',
              },
            ]}
          />
        )}
      </BlockStack>
    </Card>
  );
}

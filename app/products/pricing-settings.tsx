import {
  BlockStack,
  Button,
  Card,
  Checkbox,
  ChoiceList,
  FormLayout,
  InlineStack,
  Text,
  TextField,
} from '@shopify/polaris';
import { counted } from '../ui/display.ts';
import { DraftForm } from '../ui/draft-form.tsx';
import { SettingsSection } from '../ui/settings-section.tsx';
import { useDraft } from '../ui/use-draft.ts';
import { rateProblem, type RateNews } from './price-banners.tsx';
import { roundingWords } from './price-words.ts';
import { roundings } from './rounding.ts';

type Draft = Record<string, string>;

interface Props {
  saved: Draft;
  currency: string;
  rates: RateNews;
  /** What is wrong with a field, by its name. */
  fields: Record<string, string>;
  isBusy: boolean;
  onSave: (draft: Draft) => void;
  onFetchRates: () => void;
}

/** How all prices are made, whatever rule decides. */
export function PricingSettingsForm({ saved, currency, rates, fields, isBusy, onSave, onFetchRates }: Props) {
  const { draft, discard, text: words, toggle, choice } = useDraft(saved, fields);
  const text = (name: string) => ({ ...words(name), inputMode: 'decimal' as const });
  const currencies = Object.keys(saved).flatMap((name) => /^rate ([A-Z]{3})$/.exec(name)?.[1] ?? []);
  return (
    <DraftForm saved={saved} draft={draft} isSaving={isBusy} onSave={onSave} onDiscard={discard}>
      <BlockStack gap="600">
        <SettingsSection
          title="Fee and margin"
          description="A price is your cost, plus what the rule adds, plus the fee of that price. Whatever a rule says, no price is below cost, fee and this margin."
        >
          <Card>
            <FormLayout>
              <FormLayout.Group>
                <TextField label="Payment fee" suffix="%" {...text('feePercent')} />
                <TextField label="and for each sale" suffix={currency} {...text('feeFixed')} />
              </FormLayout.Group>
              <FormLayout.Group>
                <TextField
                  label="Minimum margin"
                  suffix="%"
                  helpText="Of the price."
                  {...text('minMarginPercent')}
                />
                <TextField label="and at least" suffix={currency} {...text('minMargin')} />
              </FormLayout.Group>
            </FormLayout>
          </Card>
        </SettingsSection>
        <SettingsSection title="Rounding" description="Prices are rounded up, never down.">
          <Card>
            <BlockStack gap="400">
              <ChoiceList
                title="Round prices up to"
                choices={roundings.map((value) => ({ value, label: roundingWords[value] }))}
                {...choice('rounding')}
              />
              <Checkbox
                label="More data or more days never cost less"
                helpText="Within a destination, a price below that of a smaller bundle is raised to it."
                {...toggle('ladder')}
              />
            </BlockStack>
          </Card>
        </SettingsSection>
        <SettingsSection
          title="When costs change"
          description="Suppliers change their costs, and exchange rates move every day."
        >
          <Card>
            <FormLayout>
              <Checkbox
                label="Change prices by itself"
                helpText="What you changed about rules still waits until you apply it."
                {...toggle('repriceBySelf')}
              />
              <TextField
                label="Ask me when a price would move by more than"
                suffix="%"
                disabled={draft.repriceBySelf !== 'on'}
                {...text('approveAbove')}
              />
            </FormLayout>
          </Card>
        </SettingsSection>
        <SettingsSection
          title="Exchange rates"
          description={`For suppliers that charge in another currency than ${currency}.`}
        >
          <Card>
            <BlockStack gap="400">
              <ChoiceList
                title="Rates"
                choices={[
                  {
                    value: 'ecb',
                    label: 'The European Central Bank’s rates of the day',
                    helpText: ratesAge(rates),
                  },
                  { value: 'fixed', label: 'Rates of my own' },
                ]}
                {...choice('rateSource')}
              />
              {draft.rateSource === 'ecb' && (
                <InlineStack>
                  <Button disabled={isBusy} onClick={onFetchRates}>
                    Look for new rates
                  </Button>
                </InlineStack>
              )}
              {draft.rateSource === 'fixed' &&
                (currencies.length === 0 ? (
                  <Text as="p" tone="subdued">
                    All your suppliers charge in {currency}: no rate is needed.
                  </Text>
                ) : (
                  currencies.map((each) => (
                    <TextField
                      key={each}
                      label={`One ${each} is`}
                      suffix={currency}
                      placeholder="0.92"
                      {...text(`rate ${each}`)}
                    />
                  ))
                ))}
            </BlockStack>
          </Card>
        </SettingsSection>
      </BlockStack>
    </DraftForm>
  );
}

function ratesAge({ day, ageDays, problem, looked }: RateNews): string {
  const known =
    day === null
      ? 'None were read yet.'
      : `Of ${day}, ${ageDays === 0 ? 'today' : `${counted(ageDays, 'day')} old`}.`;
  return [known, rateProblem(problem), looked !== null && `Last looked ${looked}.`].filter(Boolean).join(' ');
}

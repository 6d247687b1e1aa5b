import {
  Badge,
  Banner,
  BlockStack,
  Box,
  Button,
  Card,
  Form,
  FormLayout,
  InlineStack,
  Text,
  TextField,
} from '@shopify/polaris';
import { useState } from 'react';
import { useMoney } from './use-money.ts';
import type { ChargeView } from './view.ts';

/** Pays into the account with the card that is saved at the supplier. */
export function CardTopUp({
  accountId,
  currency,
  limits,
  charges,
  clickId,
}: {
  accountId: string;
  currency: string;
  limits: { least: number; mostPerDay: number };
  charges: ChargeView[];
  clickId: string;
}) {
  const charge = useMoney('charge');
  const [draft, setDraft] = useState({ amount: '', confirm: '' });
  const put = (name: string) => (value: string) => {
    setDraft((before) => ({ ...before, [name]: value }));
  };
  const isTyped = draft.amount.trim() !== '' && draft.confirm.trim() === draft.amount.trim();
  const field = (name: 'amount' | 'confirm') => ({
    ...{ name, value: draft[name], onChange: put(name), error: charge.fields[name] ?? false },
    ...{ autoComplete: 'off', suffix: currency, inputMode: 'numeric' as const },
  });
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Top up with the saved card
        </Text>
        <Text as="p" tone="subdued">
          Charges the card that is saved at the supplier, {limits.least} to {limits.mostPerDay} {currency} a
          day. A charge cannot be taken back here.
        </Text>
        <Form
          onSubmit={() => {
            charge.send({ ...draft, accountId, clickId });
          }}
        >
          <FormLayout>
            <FormLayout.Group>
              <TextField label="Amount" {...field('amount')} />
              <TextField label="Type the amount again" {...field('confirm')} />
            </FormLayout.Group>
            {charge.sentence !== null && <Banner tone="critical">{charge.sentence}</Banner>}
            <InlineStack>
              <Button submit variant="primary" tone="critical" disabled={!isTyped} loading={charge.isBusy}>
                {isTyped ? `Charge ${draft.amount.trim()} ${currency}` : 'Charge the card'}
              </Button>
            </InlineStack>
          </FormLayout>
        </Form>
        {charges.map((each) => (
          <Charge key={each.id} accountId={accountId} charge={each} />
        ))}
      </BlockStack>
    </Card>
  );
}

const badges = {
  done: <Badge tone="success">Charged</Badge>,
  refused: <Badge>Not charged</Badge>,
  'under-way': <Badge tone="info">Under way</Badge>,
  'in-doubt': <Badge tone="critical">In doubt</Badge>,
};

function Charge({ accountId, charge }: { accountId: string; charge: ChargeView }) {
  const decision = useMoney('decide-charge');
  const decide = (happened: 'yes' | 'no') => () => {
    decision.send({ accountId, actionId: charge.id, happened });
  };
  return (
    <Box borderColor="border" borderBlockStartWidth="025" paddingBlockStart="300">
      <BlockStack gap="200">
        <InlineStack gap="200" blockAlign="center">
          <Text as="span" fontWeight="semibold">
            {charge.amount}
          </Text>
          {badges[charge.state]}
          <Text as="span" tone="subdued">
            {charge.at}, {charge.by}
          </Text>
        </InlineStack>
        {charge.state === 'in-doubt' && (
          <BlockStack gap="200">
            <Text as="p">
              The supplier’s answer was lost. It is not asked again. The balance was {charge.before} before
              {charge.after === null ? ', and could not be read since.' : `, and ${charge.after} after.`} Look
              at the account in the supplier’s portal, then say what happened.
            </Text>
            {decision.sentence !== null && <Banner tone="critical">{decision.sentence}</Banner>}
            <InlineStack gap="200">
              <Button loading={decision.isBusy} onClick={decide('yes')}>
                The card was charged
              </Button>
              <Button disabled={decision.isBusy} onClick={decide('no')}>
                It was not charged
              </Button>
            </InlineStack>
          </BlockStack>
        )}
      </BlockStack>
    </Box>
  );
}

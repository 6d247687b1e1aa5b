import { useFetcher } from '@remix-run/react';
import {
  Badge,
  BlockStack,
  Button,
  Card,
  Divider,
  FormLayout,
  InlineStack,
  Text,
  TextField,
} from '@shopify/polaris';
import { useState } from 'react';
import { ProblemBanner, type ProblemText } from '../problem.tsx';
import { useToastOf } from '../toast.ts';
import type { OrderAnswer } from './answer.ts';

interface DeliveryProps {
  mail: { state: string; problem: ProblemText | null };
  fulfilment: { state: string; problem: string | null };
  deliveries: {
    id: string;
    maskedTo: string;
    state: string;
    problem: string | null;
    at: string;
    nextTry: string | null;
  }[];
  hasEmail: boolean;
  hasEsims: boolean;
}

/** How the eSIMs reached the buyer, and a way to send them once more. */
export function Delivery({ mail, fulfilment, deliveries, hasEmail, hasEsims }: DeliveryProps) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Delivery
        </Text>
        {mail.state === 'failed' && mail.problem && <ProblemBanner problem={mail.problem} />}
        {mail.state === 'no-address' && <Text as="p">No e-mail was sent: the order has no address.</Text>}
        {mail.state === 'waiting' && deliveries.length === 0 && (
          <Text as="p" tone="subdued">
            The e-mail is sent when the eSIMs are there.
          </Text>
        )}
        {deliveries.map(({ id, maskedTo, state, problem, at, nextTry }) => (
          <BlockStack key={id} gap="050">
            <InlineStack gap="200" blockAlign="center">
              <Text as="span">E-mail to {maskedTo}</Text>
              {state === 'sent' && <Badge tone="success">Sent</Badge>}
              {state === 'waiting' && <Badge tone="info">Waiting</Badge>}
              {state === 'failed' && <Badge tone="critical">Failed</Badge>}
              {state === 'withdrawn' && <Badge>Not sent: refunded before</Badge>}
            </InlineStack>
            <Text as="span" tone="subdued">
              {[at, problem, nextTry === null ? null : `next try ${nextTry}`]
                .filter((part) => part !== null)
                .join(' · ')}
            </Text>
          </BlockStack>
        ))}
        {hasEsims && <Resend hasEmail={hasEmail} />}
        <Divider />
        <InlineStack gap="200" blockAlign="center">
          <Text as="span">Fulfilled in Shopify</Text>
          {fulfilment.state === 'done' && <Badge tone="success">Yes</Badge>}
          {fulfilment.state === 'waiting' && <Badge>Not yet</Badge>}
          {fulfilment.state === 'failed' && <Badge tone="critical">Failed</Badge>}
        </InlineStack>
        {fulfilment.state !== 'done' && fulfilment.problem !== null && (
          <Text as="p" tone="critical">
            {fulfilment.problem}
          </Text>
        )}
      </BlockStack>
    </Card>
  );
}

function Resend({ hasEmail }: { hasEmail: boolean }) {
  const resend = useFetcher<OrderAnswer>();
  // One for each time it is asked, and for each address: the same press twice is one e-mail.
  const [pressId, setPressId] = useState<string | null>(null);
  const [email, setEmail] = useState('');
  useToastOf(resend.data);
  const [answered, setAnswered] = useState(resend.data);
  if (resend.data !== answered) {
    setAnswered(resend.data);
    if (resend.data?.status === 'done') {
      setPressId(null);
      setEmail('');
    }
  }
  if (pressId === null) {
    return (
      <InlineStack>
        <Button
          onClick={() => {
            setPressId(crypto.randomUUID());
          }}
        >
          Resend e-mail
        </Button>
      </InlineStack>
    );
  }
  return (
    <resend.Form method="post" noValidate>
      <input type="hidden" name="intent" value="resend" />
      <input type="hidden" name="pressId" value={pressId} />
      <FormLayout>
        <TextField
          label={hasEmail ? 'Another address (optional)' : 'E-mail address'}
          name="email"
          type="email"
          autoComplete="off"
          autoFocus
          value={email}
          onChange={(typed) => {
            setEmail(typed);
            setPressId(crypto.randomUUID());
          }}
          helpText={
            hasEmail
              ? 'Leave it empty to send to the buyer’s own address.'
              : 'The order itself stays without an address.'
          }
          error={resend.state === 'idle' && resend.data?.status === 'refused' ? resend.data.sentence : false}
        />
        <InlineStack gap="200">
          <Button submit variant="primary" loading={resend.state !== 'idle'}>
            Send e-mail
          </Button>
          <Button
            onClick={() => {
              setPressId(null);
            }}
          >
            Cancel
          </Button>
        </InlineStack>
      </FormLayout>
    </resend.Form>
  );
}

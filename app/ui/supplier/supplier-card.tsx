import { useFetcher } from '@remix-run/react';
import { Badge, BlockStack, Button, Card, InlineStack, Text } from '@shopify/polaris';
import { useState } from 'react';
import { ConfirmModal } from '../confirm.tsx';
import { ProblemBanner, problemText, type ProblemText } from '../problem.tsx';
import { useToastOf } from '../toast.ts';
import { CallbackSection } from './callback-section.tsx';
import { ConnectForm } from './connect-form.tsx';
import type { SupplierAnswer, SupplierRow } from './row.ts';

/** One account of a supplier: how it does, what can be done with it, and its form while there is no key. */
export function SupplierCard({ supplier }: { supplier: SupplierRow }) {
  const { account, title, label, callbacks, sells } = supplier;
  const connect = useFetcher<SupplierAnswer>();
  const [isEditing, setEditing] = useState(false);
  const [seen, setSeen] = useState(connect.data);
  useToastOf(connect.data);
  // A stored key closes the form, and the browser forgets it with the form's state.
  if (isEditing && connect.data !== seen && typeof connect.data?.toast === 'string') {
    setSeen(connect.data);
    setEditing(false);
  }
  return (
    <Card>
      <BlockStack gap="400">
        <InlineStack gap="200" blockAlign="center">
          <Text as="h2" variant="headingMd">
            {label}
          </Text>
          {label !== title && <Text as="span">{title}</Text>}
          {!account && <Badge>Not connected</Badge>}
          {account && !account.isRefused && <Badge tone="success">Connected</Badge>}
          {account?.isRefused && <Badge tone="critical">Key refused</Badge>}
        </InlineStack>
        {!sells && (
          <Text as="p" tone="subdued">
            The app buys nothing here: it looks up eSIMs you bought at {title} yourself. Add them under eSIMs,
            by their ICCID.
          </Text>
        )}
        {account && (
          <Connection
            account={account}
            supplier={supplier}
            isEditing={isEditing}
            onEdit={() => {
              setEditing(true);
            }}
          />
        )}
        {(!account || isEditing) && (
          <ConnectForm
            supplier={supplier}
            connect={connect}
            answer={connect.state === 'idle' && connect.data !== seen ? connect.data : undefined}
            {...(isEditing && {
              onCancel: () => {
                setSeen(connect.data);
                setEditing(false);
              },
            })}
          />
        )}
        {callbacks && <CallbackSection title={title} callbacks={callbacks} />}
      </BlockStack>
    </Card>
  );
}

function Connection({
  account,
  supplier: { title, label, sells, fields },
  isEditing,
  onEdit,
}: {
  account: Exclude<SupplierRow['account'], null>;
  supplier: SupplierRow;
  isEditing: boolean;
  onEdit: () => void;
}) {
  const test = useFetcher<SupplierAnswer>();
  const disconnect = useFetcher<SupplierAnswer>();
  const [isAsking, setAsking] = useState(false);
  useToastOf(test.data);
  useToastOf(disconnect.data);
  const problem = test.state === 'idle' ? test.data?.problem : null;
  const groups = test.data?.groups;
  const health = test.data?.health;
  const secret = fields.find(({ kind }) => kind === 'key' || kind === 'password');
  return (
    <BlockStack gap="400">
      {account.isRefused && !problem && !isEditing && <ProblemBanner problem={keyRefused(sells)} />}
      {problem && (
        <ProblemBanner problem={problemText(problem.kind, problem.side)} messages={problem.messages} />
      )}
      <InlineStack gap="800">
        {sells && (
          <Figure
            label="Balance"
            value={account.balance ?? 'Not known yet'}
            note={account.balanceAge === null ? null : `asked ${account.balanceAge}`}
          />
        )}
        <Figure
          label={secret?.label ?? 'Key'}
          value={`•••• ${account.keyLast4}`}
          note="kept encrypted, never shown again"
        />
      </InlineStack>
      {health && (
        <div role="status">
          <Text as="p" {...(!health.isHealthy && { tone: 'critical' })}>
            {health.isHealthy ? `${title} says that it is well` : `${title} says that it has trouble`}
            {health.services === '' ? '.' : `: ${health.services}.`}
          </Text>
        </div>
      )}
      {groups && (
        <div role="status">
          <Text as="p">
            {groups.length === 0
              ? `${title} lets this account sell no group of bundles.`
              : `Groups of bundles this account may sell: ${groups.join(', ')}.`}
          </Text>
        </div>
      )}
      <InlineStack gap="200">
        <Button
          loading={test.state !== 'idle'}
          onClick={() => {
            test.submit({ intent: 'test', accountId: account.id }, { method: 'post' });
          }}
        >
          Test connection
        </Button>
        <Button onClick={onEdit} disabled={isEditing}>
          {edit}
        </Button>
        <Button
          tone="critical"
          loading={disconnect.state !== 'idle'}
          onClick={() => {
            setAsking(true);
          }}
        >
          Disconnect
        </Button>
      </InlineStack>
      <ConfirmModal
        open={isAsking}
        title={`Disconnect ${label}?`}
        confirm="Disconnect"
        tone="critical"
        onCancel={() => {
          setAsking(false);
        }}
        onConfirm={() => {
          setAsking(false);
          disconnect.submit({ intent: 'disconnect', accountId: account.id }, { method: 'post' });
        }}
      >
        {sells
          ? `The key is deleted from this app. Orders that are paid but not bought yet wait until you connect ${title} again. eSIMs your buyers already have keep working.`
          : `The key is deleted from this app, which hears of your eSIMs at ${title} no more. They keep working.`}
      </ConfirmModal>
    </BlockStack>
  );
}

function Figure({ label, value, note }: { label: string; value: string; note: string | null }) {
  return (
    <BlockStack gap="050">
      <Text as="span" tone="subdued">
        {label}
      </Text>
      <Text as="span" variant="headingMd">
        {value}
      </Text>
      {note !== null && (
        <Text as="span" variant="bodySm" tone="subdued">
          {note}
        </Text>
      )}
    </BlockStack>
  );
}

const edit = 'Edit connection';

function keyRefused(sells: boolean): ProblemText {
  const stops = sells ? 'Nothing is bought' : 'Nothing is heard of its eSIMs';
  return {
    ...problemText('credentials'),
    whatNext: `${stops} until it works again. Copy the key from the supplier’s portal and press ${edit}.`,
  };
}

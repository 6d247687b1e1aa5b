import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { useFetcher, useLoaderData } from '@remix-run/react';
import {
  Badge,
  BlockStack,
  Button,
  Card,
  FormLayout,
  InlineStack,
  Page,
  Text,
  TextField,
} from '@shopify/polaris';
import { useState } from 'react';
import { z } from 'zod';
import {
  connectSupplier,
  disconnectSupplier,
  listSuppliers,
  supplierForms,
  testSupplier,
} from '../settings/suppliers.server.ts';
import { requireShop, type Visit } from '../shopify/auth.server.ts';
import { ConfirmModal } from '../ui/confirm.tsx';
import { displayFor, type Display } from '../ui/display.ts';
import { notFound, problemBody } from '../ui/edge.server.ts';
import { parseForm } from '../ui/form.server.ts';
import { ProblemBanner, problemText, type ProblemBody, type ProblemText } from '../ui/problem.tsx';
import { useToastOf } from '../ui/toast.ts';
import { UnsavedBar } from '../ui/unsaved-bar.tsx';
import { currentTime } from '../platform/time.ts';

export const meta = () => [{ title: 'Suppliers' }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  const accounts = await listSuppliers(shop);
  const show = displayFor({ locale, timezone: shop.timezone });
  return json({
    suppliers: supplierForms().map((form) => {
      const account = accounts.find(
        ({ provider, state }) => provider === form.provider && state !== 'disconnected',
      );
      return { ...form, account: account ? accountFor(account, show) : null };
    }),
  });
}

type Account = Awaited<ReturnType<typeof listSuppliers>>[number];

function accountFor({ id, state, keyLast4, balance, currency, balanceAt }: Account, show: Display) {
  return {
    id,
    keyLast4,
    isRefused: state === 'key-refused',
    balance: balance && currency !== null ? show.cost({ amount: balance, currency }) : null,
    balanceAge: balanceAt ? show.distance(balanceAt, currentTime()) : null,
  };
}

const Intent = z.discriminatedUnion('intent', [
  // The supplier's own fields come beside these two.
  z.looseObject({ intent: z.literal('connect'), provider: z.string() }),
  z.object({ intent: z.literal('test'), accountId: z.string() }),
  z.object({ intent: z.literal('disconnect'), accountId: z.string() }),
]);

interface Answer {
  toast: string | null;
  /** What is wrong with a field, by its name. */
  fields: Record<string, string>;
  problem: ProblemBody | null;
}

export async function action({ request }: ActionFunctionArgs) {
  const visit = await requireShop(request);
  const form = await parseForm(request, Intent);
  if (form.status === 'invalid') throw json(form, 400);
  const { input } = form;
  if (input.intent === 'connect') return connect(visit, input.provider, input);

  const { shop, locale } = visit;
  const accounts = await listSuppliers(shop);
  if (!accounts.some(({ id, state }) => id === input.accountId && state !== 'disconnected')) throw notFound();
  switch (input.intent) {
    case 'test': {
      const balance = await testSupplier(shop, input.accountId);
      if (balance instanceof Error) return refused(balance);
      return done(
        `The connection works. Balance: ${displayFor({ locale, timezone: shop.timezone }).cost(balance)}`,
      );
    }
    case 'disconnect':
      await disconnectSupplier(shop, input.accountId);
      return done('Supplier disconnected');
    default:
      return input satisfies never;
  }
}

async function connect({ shop }: Visit, provider: string, posted: Record<string, unknown>) {
  const form = supplierForms().find((known) => known.provider === provider);
  if (!form) throw notFound();
  const credentials = Object.fromEntries(form.fields.map(({ name }) => [name, textOf(posted[name])]));
  const missing = form.fields.filter(({ name }) => credentials[name] === '');
  if (missing.length > 0) {
    const fields = Object.fromEntries(missing.map(({ name, label }) => [name, `Enter the ${label}.`]));
    return json<Answer>({ toast: null, fields, problem: null }, 422);
  }
  const outcome = await connectSupplier(shop, { provider: form.provider, credentials });
  return outcome.status === 'connected' ? done(`${form.title} is connected`) : refused(outcome.problem);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

function done(toast: string) {
  return json<Answer>({ toast, fields: {}, problem: null });
}

function refused(error: Error) {
  return json<Answer>({ toast: null, fields: {}, problem: problemBody(error) }, 422);
}

export default function Suppliers() {
  const { suppliers } = useLoaderData<typeof loader>();
  return (
    <Page title="Suppliers" backAction={{ content: 'Settings', url: '/app/settings' }}>
      <BlockStack gap="400">
        {suppliers.map((supplier) => (
          <SupplierCard key={supplier.provider} supplier={supplier} />
        ))}
      </BlockStack>
    </Page>
  );
}

const keyRefused: ProblemText = {
  ...problemText('credentials'),
  whatNext:
    'Nothing is bought until it works again. Copy the key from the supplier’s portal and press Replace key.',
};

type SupplierRow = ReturnType<typeof useLoaderData<typeof loader>>['suppliers'][number];
type AccountRow = Exclude<SupplierRow['account'], null>;

function SupplierCard({ supplier }: { supplier: SupplierRow }) {
  const { account, title } = supplier;
  const connect = useFetcher<typeof action>();
  const [isReplacing, setReplacing] = useState(false);
  const [seen, setSeen] = useState(connect.data);
  useToastOf(connect.data);
  // A stored key closes the form, and the browser forgets it with the form's state.
  if (isReplacing && connect.data !== seen && typeof connect.data?.toast === 'string') {
    setSeen(connect.data);
    setReplacing(false);
  }
  return (
    <Card>
      <BlockStack gap="400">
        <InlineStack gap="200" blockAlign="center">
          <Text as="h2" variant="headingMd">
            {title}
          </Text>
          {!account && <Badge>Not connected</Badge>}
          {account && !account.isRefused && <Badge tone="success">Connected</Badge>}
          {account?.isRefused && <Badge tone="critical">Key refused</Badge>}
        </InlineStack>
        {account && (
          <Connection
            account={account}
            title={title}
            isReplacing={isReplacing}
            onReplace={() => {
              setReplacing(true);
            }}
          />
        )}
        {(!account || isReplacing) && (
          <ConnectForm
            supplier={supplier}
            connect={connect}
            answer={connect.state === 'idle' && connect.data !== seen ? connect.data : undefined}
            onCancel={() => {
              setSeen(connect.data);
              setReplacing(false);
            }}
          />
        )}
      </BlockStack>
    </Card>
  );
}

function Connection({
  account,
  title,
  isReplacing,
  onReplace,
}: {
  account: AccountRow;
  title: string;
  isReplacing: boolean;
  onReplace: () => void;
}) {
  const test = useFetcher<typeof action>();
  const disconnect = useFetcher<typeof action>();
  const [isAsking, setAsking] = useState(false);
  useToastOf(test.data);
  useToastOf(disconnect.data);
  const problem = test.state === 'idle' ? test.data?.problem : null;
  return (
    <BlockStack gap="400">
      {account.isRefused && !problem && !isReplacing && <ProblemBanner problem={keyRefused} />}
      {problem && (
        <ProblemBanner problem={problemText(problem.kind, problem.side)} messages={problem.messages} />
      )}
      <InlineStack gap="800">
        <Figure
          label="Balance"
          value={account.balance ?? 'Not known yet'}
          note={account.balanceAge === null ? null : `asked ${account.balanceAge}`}
        />
        <Figure label="Key" value={`•••• ${account.keyLast4}`} note="kept encrypted, never shown again" />
      </InlineStack>
      <InlineStack gap="200">
        <Button
          loading={test.state !== 'idle'}
          onClick={() => {
            test.submit({ intent: 'test', accountId: account.id }, { method: 'post' });
          }}
        >
          Test connection
        </Button>
        <Button onClick={onReplace} disabled={isReplacing}>
          Replace key
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
        title={`Disconnect ${title}?`}
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
        The key is deleted from this app. Orders that are paid but not bought yet wait until you connect{' '}
        {title} again. eSIMs your buyers already have keep working.
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

interface ConnectFormProps {
  supplier: SupplierRow;
  connect: ReturnType<typeof useFetcher<typeof action>>;
  /** Of the last try of this form. */
  answer: Answer | undefined;
  onCancel: () => void;
}

function ConnectForm({
  supplier: { provider, title, fields, account },
  connect,
  answer,
  onCancel,
}: ConnectFormProps) {
  const [values, setValues] = useState<Record<string, string>>({});
  const isSending = connect.state !== 'idle';
  const isDirty = Object.values(values).some((value) => value !== '');
  const save = () => {
    connect.submit({ ...values, intent: 'connect', provider }, { method: 'post' });
  };
  const discard = () => {
    setValues({});
    onCancel();
  };
  const problem = answer?.problem;
  return (
    <form
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <UnsavedBar isDirty={isDirty} isSaving={isSending} onSave={save} onDiscard={discard} />
      <FormLayout>
        {problem && <ProblemBanner problem={whyNotConnected(problem, title)} messages={problem.messages} />}
        {fields.map(({ name, label, secret, help }) => (
          <TextField
            key={name}
            name={name}
            label={label}
            type={secret ? 'password' : 'text'}
            autoComplete="off"
            spellCheck={false}
            helpText={help}
            value={values[name] ?? ''}
            onChange={(value) => {
              setValues((before) => ({ ...before, [name]: value }));
            }}
            error={fieldError(answer, name, secret)}
          />
        ))}
        <InlineStack gap="200">
          <Button submit variant="primary" loading={isSending}>
            {account ? 'Save new key' : `Connect ${title}`}
          </Button>
          {account && <Button onClick={discard}>Cancel</Button>}
        </InlineStack>
      </FormLayout>
    </form>
  );
}

/** The general words, but for a key that is refused where it is entered. */
function whyNotConnected({ kind, side }: ProblemBody, title: string): ProblemText {
  const general = problemText(kind, side);
  if (kind !== 'credentials') return general;
  return {
    ...general,
    whatNext: `Nothing was changed. Copy the key again from the ${title} portal and enter it below.`,
  };
}

function fieldError(answer: Answer | undefined, name: string, secret: boolean): string | false {
  if (!answer) return false;
  if (answer.fields[name] !== undefined) return answer.fields[name];
  return secret && answer.problem?.kind === 'credentials' ? 'Refused by the supplier.' : false;
}

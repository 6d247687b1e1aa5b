import { useFetcher } from '@remix-run/react';
import { useAppBridge } from '@shopify/app-bridge-react';
import {
  Banner,
  BlockStack,
  Button,
  Checkbox,
  Divider,
  InlineStack,
  List,
  Text,
  TextField,
} from '@shopify/polaris';
import { useState } from 'react';
import { ConfirmModal } from '../confirm.tsx';
import { counted } from '../display.ts';
import { ProblemBanner, problemText } from '../problem.tsx';
import { useToastOf } from '../toast.ts';
import type { SupplierAnswer } from './row.ts';

export interface Callbacks {
  accountId: string;
  url: string;
  takesUnsigned: boolean;
  /** How the merchant sets the address, and what is to know of unsigned calls, in the supplier's own terms. */
  steps: string[];
  /** Null where every call is signed. */
  unsigned: string | null;
  /** "3 minutes ago"; null: never. */
  taken: string | null;
  refused: string | null;
  /** Calls that could not be worked on. */
  stuck: number;
}

/** Where a supplier calls us, how the merchant sets that up, and whether it does. */
export function CallbackSection({ title, callbacks }: { title: string; callbacks: Callbacks }) {
  return (
    <BlockStack gap="400">
      <Divider />
      <BlockStack gap="200">
        <Text as="h3" variant="headingSm">
          Callbacks
        </Text>
        <Text as="p">
          Let {title} tell this app at once when a traveller installs or uses an eSIM, and when your balance
          runs low. Without it the app asks {title} from time to time, and hears of it later.
        </Text>
      </BlockStack>
      <Address {...callbacks} />
      {callbacks.steps.length === 0 && <Subscribe title={title} {...callbacks} />}
      {callbacks.steps.length > 0 && (
        <List type="number">
          {callbacks.steps.map((step) => (
            <List.Item key={step}>{step}</List.Item>
          ))}
        </List>
      )}
      <Heard title={title} {...callbacks} />
      {callbacks.unsigned !== null && <Unsigned {...callbacks} unsigned={callbacks.unsigned} />}
      <Renew title={title} {...callbacks} />
    </BlockStack>
  );
}

function Address({ url }: Callbacks) {
  const shopify = useAppBridge();
  const copy = () => {
    navigator.clipboard.writeText(url).then(
      () => {
        shopify.toast.show('Copied');
      },
      () => {
        shopify.toast.show('Select the address and copy it', { isError: true });
      },
    );
  };
  return (
    <TextField
      label="Address for callbacks"
      value={url}
      readOnly
      selectTextOnFocus
      autoComplete="off"
      helpText="Keep it to yourself: whoever knows it can call."
      connectedRight={<Button onClick={copy}>Copy</Button>}
    />
  );
}

/** For a supplier that is told the address by the app. */
function Subscribe({ accountId, title, taken }: Callbacks & { title: string }) {
  const fetcher = useFetcher<SupplierAnswer>();
  useToastOf(fetcher.data);
  const problem = fetcher.state === 'idle' ? fetcher.data?.problem : null;
  return (
    <>
      {problem && (
        <ProblemBanner problem={problemText(problem.kind, problem.side)} messages={problem.messages} />
      )}
      <InlineStack>
        <Button
          loading={fetcher.state !== 'idle'}
          onClick={() => {
            fetcher.submit({ intent: 'subscribe', accountId }, { method: 'post' });
          }}
        >
          {taken === null ? `Let ${title} call` : 'Set up the calls again'}
        </Button>
      </InlineStack>
    </>
  );
}

function Heard({ title, steps, taken, refused, stuck }: Callbacks & { title: string }) {
  return (
    <>
      <Text as="p" fontWeight="semibold">
        {taken === null ? 'Nothing received yet.' : `Last received ${taken}.`}
      </Text>
      {taken === null && (
        <Text as="p" tone="subdued">
          The first call comes when a traveller next uses an eSIM that this account bought.
        </Text>
      )}
      {refused !== null && (
        <Banner tone="warning">
          A call was turned away {refused}, because its signature was missing or was not made with the key
          above. {steps.length > 0 && `Choose the signed version in the portal of ${title}, and check`}
          {steps.length === 0 && 'Check'} that the key here is the current one.
        </Banner>
      )}
      {stuck > 0 && (
        <Banner tone="warning">
          {counted(stuck, 'call')} could not be worked on yet. Each is tried again by itself, every hour at
          the latest.
        </Banner>
      )}
    </>
  );
}

function Unsigned({ accountId, takesUnsigned, unsigned }: Callbacks & { unsigned: string }) {
  const fetcher = useFetcher();
  useToastOf(fetcher.data);
  const asked = fetcher.formData?.get('unsigned');
  return (
    <Checkbox
      label="Also take unsigned calls"
      helpText={`${unsigned} Anyone who learns the address can write one, so nothing it says is believed: the app only asks the supplier about that eSIM again, at most once a minute.`}
      checked={asked === undefined ? takesUnsigned : asked === 'on'}
      onChange={(checked) => {
        fetcher.submit(
          { intent: 'take-unsigned', accountId, unsigned: checked ? 'on' : '' },
          { method: 'post' },
        );
      }}
    />
  );
}

function Renew({ accountId, title }: Callbacks & { title: string }) {
  const fetcher = useFetcher();
  const [isAsking, setAsking] = useState(false);
  useToastOf(fetcher.data);
  return (
    <>
      <InlineStack>
        <Button
          loading={fetcher.state !== 'idle'}
          onClick={() => {
            setAsking(true);
          }}
        >
          Renew address
        </Button>
      </InlineStack>
      <ConfirmModal
        open={isAsking}
        title="Renew the address for callbacks?"
        confirm="Renew address"
        tone="critical"
        onCancel={() => {
          setAsking(false);
        }}
        onConfirm={() => {
          setAsking(false);
          fetcher.submit({ intent: 'renew-callbacks', accountId }, { method: 'post' });
        }}
      >
        The old address stops working at once. Until you enter the new one in the portal of {title}, no call
        arrives, and the app only asks from time to time.
      </ConfirmModal>
    </>
  );
}

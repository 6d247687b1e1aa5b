import { Banner, BlockStack, Button, Card, InlineStack, Link, List, Text } from '@shopify/polaris';
import { useState } from 'react';
import { ConfirmModal } from '../confirm.tsx';
import { counted } from '../display.ts';
import { ProblemBanner, problemText } from '../problem.tsx';
import { asksFirst, reasonText } from '../reason-words.ts';
import { Reason } from '../reason.tsx';
import { BundlePicker } from './bundle-picker.tsx';
import { CloseForm } from './close-form.tsx';
import { EvidenceOf } from './evidence.tsx';
import { Facts } from './facts.tsx';
import type { Decision } from './use-decision.ts';
import type { EntryView } from './view.ts';

type Asking = 'release' | 'buy-new' | 'buy-again' | 'send-anyway' | 'adopt' | 'give' | 'close' | null;

/** Why something waits, what is known of it, and what a person can do. */
export function EntryCard({ entry, decision }: { entry: EntryView; decision: Decision }) {
  const { reason, kind, attempt, unclaimed, nextLook } = entry;
  const { decide, busy, answer, answered } = decision;
  const [asking, setAsking] = useState<Asking>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const [seen, setSeen] = useState(answer);
  // What is done closes its form; what is refused leaves it open, with the sentence.
  if (answer !== null && answer !== seen) {
    setSeen(answer);
    if (answer.status === 'done') setAsking(null);
  }
  const refusal = (intent: string) =>
    answer?.status === 'refused' && answered === intent ? answer.sentence : null;
  const adopt = (orderReference: string) => {
    setChosen(orderReference);
    setAsking('adopt');
  };
  return (
    <Card>
      <BlockStack gap="400">
        <Reason reason={reason} />
        <AnswerBanner decision={decision} />
        {nextLook !== null && <Text as="p">Next look {nextLook}.</Text>}
        {entry.validation !== null && <Text as="p">{entry.validation}</Text>}
        {attempt && (
          <EvidenceOf
            attempt={attempt}
            adopting={busy === 'adopt' ? chosen : null}
            onAdopt={kind === 'parked' ? adopt : null}
          />
        )}
        {unclaimed && <UnclaimedFacts unclaimed={unclaimed} />}
        {asking === 'give' && (
          <BundlePicker
            pieces={entry.waits.length}
            isBusy={busy === 'give'}
            error={refusal('give')}
            onChoose={(bundleId) => {
              decide('give', { bundleId, wait: entry.waits });
            }}
            onCancel={() => {
              setAsking(null);
            }}
          />
        )}
        {asking === 'close' && (
          <CloseForm
            consequence={closing[kind] ?? ''}
            isBusy={busy === 'close'}
            error={refusal('close')}
            onClose={(note) => {
              decide('close', { note, wait: entry.waits });
            }}
            onCancel={() => {
              setAsking(null);
            }}
          />
        )}
        {asking !== 'give' && asking !== 'close' && (
          <Buttons entry={entry} busy={busy} onAsk={setAsking} onDecide={decide} />
        )}
        <Questions
          entry={entry}
          asking={asking}
          chosen={chosen}
          onCancel={() => {
            setAsking(null);
          }}
          onDecide={(intent, fields) => {
            setAsking(null);
            decide(intent, fields);
          }}
        />
      </BlockStack>
    </Card>
  );
}

/** What closing means for each kind of entry. */
const closing: Partial<Record<EntryView['kind'], string>> = {
  held: 'No eSIM is bought for this any more. The buyer is not refunded by it: do that in Shopify.',
  parked: 'Nothing is bought or sent for this any more. The buyer is not refunded by it: do that in Shopify.',
  gone: 'The eSIM is not sent to the buyer. It stays on your account with the supplier.',
  refunded: 'This only leaves the list. Nothing else is changed.',
  unclaimed: 'This only leaves the list. Nothing else is changed.',
};

function Buttons({
  entry: { kind, reason, canRelease, waits },
  busy,
  onAsk,
  onDecide,
}: {
  entry: EntryView;
  busy: string | null;
  onAsk: (asking: Asking) => void;
  onDecide: Decision['decide'];
}) {
  const { retry } = reasonText(reason);
  const isBusy = busy !== null;
  return (
    <InlineStack gap="200">
      {kind === 'held' && canRelease && (
        <Button
          variant="primary"
          loading={busy === 'release'}
          disabled={isBusy}
          onClick={() => {
            if (asksFirst(reason)) onAsk('release');
            else onDecide('release', { wait: waits });
          }}
        >
          {retry ?? 'Try again'}
        </Button>
      )}
      {kind === 'held' && reason === 'top-up' && (
        <Button
          loading={busy === 'buy-new'}
          disabled={isBusy}
          onClick={() => {
            onAsk('buy-new');
          }}
        >
          Buy a new eSIM instead
        </Button>
      )}
      {kind === 'held' && reason !== 'top-up' && (
        <Button
          disabled={isBusy}
          onClick={() => {
            onAsk('give');
          }}
        >
          Give another bundle
        </Button>
      )}
      {kind === 'parked' && (
        <>
          <Button
            loading={busy === 'look-again'}
            disabled={isBusy}
            onClick={() => {
              onDecide('look-again');
            }}
          >
            Look again
          </Button>
          <Button
            loading={busy === 'buy-again'}
            disabled={isBusy}
            onClick={() => {
              onAsk('buy-again');
            }}
          >
            Buy again
          </Button>
        </>
      )}
      {kind === 'gone' && (
        <Button
          loading={busy === 'send-anyway'}
          disabled={isBusy}
          onClick={() => {
            onAsk('send-anyway');
          }}
        >
          Send it anyway
        </Button>
      )}
      {closing[kind] !== undefined && (
        <Button
          disabled={isBusy}
          onClick={() => {
            onAsk('close');
          }}
        >
          {kind === 'held' || kind === 'parked' ? 'Close without an eSIM' : 'Close with a note'}
        </Button>
      )}
    </InlineStack>
  );
}

function Questions({
  entry,
  asking,
  chosen,
  onCancel,
  onDecide,
}: {
  entry: EntryView;
  asking: Asking;
  chosen: string | null;
  onCancel: () => void;
  onDecide: Decision['decide'];
}) {
  const { cost, waits, attempt, order, reason } = entry;
  const pieces = counted(waits.length, 'eSIM');
  const price = cost === null ? 'its price' : cost;
  const candidates = attempt?.candidates ?? [];
  return (
    <>
      <ConfirmModal
        open={asking === 'release'}
        title={`Buy ${pieces}?`}
        confirm={waits.length === 1 ? 'Buy eSIM' : `Buy ${pieces}`}
        onCancel={onCancel}
        onConfirm={() => {
          onDecide('release', { wait: waits });
        }}
      >
        It takes {price} from your balance at the supplier
        {reason === 'test-order' ? ', although the buyer paid nothing' : ''}. Nothing holds it back again but
        an empty balance or a refused key.
      </ConfirmModal>
      <ConfirmModal
        open={asking === 'buy-new'}
        title={waits.length === 1 ? 'Buy a new eSIM?' : `Buy ${pieces} as new?`}
        confirm={waits.length === 1 ? 'Buy new eSIM' : `Buy ${pieces}`}
        onCancel={onCancel}
        onConfirm={() => {
          onDecide('buy-new', { wait: waits });
        }}
      >
        The buyer paid for a top-up. This buys {pieces} to install anew, for {price} from your balance, and
        sends {waits.length === 1 ? 'it' : 'them'} to the buyer. The eSIM the traveller has gets nothing.
      </ConfirmModal>
      <ConfirmModal
        open={asking === 'buy-again'}
        title={`Buy ${pieces} again?`}
        confirm="Buy again"
        tone="critical"
        onCancel={onCancel}
        onConfirm={() => {
          onDecide('buy-again', { seen: candidates.map(({ orderReference }) => orderReference) });
        }}
      >
        It takes {price} from your balance.{' '}
        {attempt?.orderReference == null
          ? 'If the lost purchase appears later, you have paid twice.'
          : `The supplier was paid for order ${attempt.orderReference} already, so you pay twice unless it refunds you.`}{' '}
        {attempt?.orderReference == null &&
          (candidates.length > 0
            ? `You say that none of the ${counted(candidates.length, 'order')} on this page is it. We look once more first.`
            : 'We look through the supplier’s orders once more first.')}
      </ConfirmModal>
      <ConfirmModal
        open={asking === 'adopt'}
        title="Is this the lost purchase?"
        confirm="This is it"
        onCancel={onCancel}
        onConfirm={() => {
          if (chosen !== null) onDecide('adopt', { orderReference: chosen });
        }}
      >
        The eSIMs of order {chosen} are sent to the buyer of {order?.name ?? 'the order'}. Nothing is bought.
      </ConfirmModal>
      <ConfirmModal
        open={asking === 'send-anyway'}
        title="Send the eSIM to the buyer?"
        confirm="Send eSIM"
        onCancel={onCancel}
        onConfirm={() => {
          onDecide('send-anyway');
        }}
      >
        The buyer’s piece was cancelled or refunded. An eSIM that was sent cannot be called back.
      </ConfirmModal>
    </>
  );
}

function AnswerBanner({ decision: { answer, answered } }: { decision: Decision }) {
  if (answer?.status === 'failed') {
    const { kind, side, messages } = answer.problem;
    return <ProblemBanner problem={problemText(kind, side)} messages={messages} />;
  }
  if (answer?.status === 'look-again') return <Banner tone="warning" title={answer.sentence} />;
  // A form that is open shows its own refusal.
  if (answer?.status === 'refused' && answered !== 'give' && answered !== 'close')
    return <Banner tone="critical" title={answer.sentence} />;
  return null;
}

function UnclaimedFacts({ unclaimed }: { unclaimed: Exclude<EntryView['unclaimed'], null> }) {
  const { supplier, ordered, quantity, bundleCode, total, orderReference, mayBe } = unclaimed;
  return (
    <BlockStack gap="400">
      <Facts
        facts={[
          ['Supplier', supplier],
          ['What', `${String(quantity)} × ${bundleCode}`],
          ['When', ordered],
          ['Cost', total ?? 'Not known'],
          ['Order reference', orderReference],
        ]}
      />
      {mayBe.length > 0 && (
        <BlockStack gap="200">
          <Text as="h3" variant="headingSm">
            It may belong to
          </Text>
          <List>
            {mayBe.map(({ id, orderName }) => (
              <List.Item key={id}>
                <Link url={`/app/queue/attempt-${id}`}>{orderName}</Link>
              </List.Item>
            ))}
          </List>
        </BlockStack>
      )}
    </BlockStack>
  );
}

import { Banner, BlockStack, Button, Card, InlineStack, Link, List, Text } from '@shopify/polaris';
import { useState } from 'react';
import { ConfirmModal } from '../confirm.tsx';
import { needsAnEsim } from '../../orders/line.ts';
import { counted } from '../display.ts';
import { ProblemBanner, problemText } from '../problem.tsx';
import { asksFirst } from '../reason-words.ts';
import { Reason } from '../reason.tsx';
import { BundlePicker } from './bundle-picker.tsx';
import { CancelDoubt, type CancelView } from './cancel.tsx';
import { CloseForm } from './close-form.tsx';
import { EarlierAttempts, type Earlier } from './earlier-attempts.tsx';
import { EvidenceOf } from './evidence.tsx';
import { Dispute } from './dispute.tsx';
import { EsimEvidence } from './esim-evidence.tsx';
import { EsimPicker } from './esim-picker.tsx';
import { Facts } from './facts.tsx';
import type { Decision } from './use-decision.ts';
import type { EntryView } from './view.ts';

type Asking =
  | 'release'
  | 'top-up'
  | 'buy-new'
  | 'buy-again'
  | 'send-anyway'
  | 'revoke-anyway'
  | 'adopt'
  | 'cancel-order'
  | 'give'
  | 'buy-instead'
  | 'close'
  | null;

/** Why something waits, what is known of it, and what a person can do. */
export function EntryCard({
  entry,
  cancel,
  earlier,
  decision,
}: {
  entry: EntryView;
  /** Of an order that nobody claims. */
  cancel: CancelView | null;
  /** What was tried before. */
  earlier: Earlier[];
  decision: Decision;
}) {
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
            topUpEsim={entry.topUpEsim}
            adopting={busy === 'adopt' ? chosen : null}
            onAdopt={kind === 'parked' ? adopt : null}
          />
        )}
        {earlier.length > 0 && <EarlierAttempts attempts={earlier} />}
        {unclaimed && <UnclaimedFacts unclaimed={unclaimed} />}
        {cancel?.doubt && <CancelDoubt doubt={cancel.doubt} decision={decision} />}
        {entry.dispute && <Dispute dispute={entry.dispute} />}
        {entry.esims.map((esim) => (
          <EsimEvidence
            key={esim.esimId}
            esim={esim}
            isBusy={busy !== null}
            onRevoke={
              esim.canRevoke
                ? () => {
                    setChosen(esim.unitId);
                    setAsking('revoke-anyway');
                  }
                : null
            }
          />
        ))}
        {asking === 'top-up' && (
          <EsimPicker
            unitId={entry.waits[0]?.slice(0, 36) ?? ''}
            pieces={entry.waits.length}
            cost={entry.waits.length > 1 ? null : entry.cost}
            isBusy={busy === 'top-up'}
            error={refusal('top-up')}
            onChoose={(esimId) => {
              decide('top-up', { esimId, wait: entry.waits.slice(0, 1) });
            }}
            onCancel={() => {
              setAsking(null);
            }}
          />
        )}
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
        {asking === 'buy-instead' && (
          <BundlePicker
            pieces={entry.waits.length}
            warning={`It is paid from your balance. ${riskOfTwo(entry)}`}
            isBusy={busy === 'buy-instead'}
            error={refusal('buy-instead')}
            onChoose={(bundleId) => {
              decide('buy-instead', { bundleId, seen: referencesOf(entry) });
            }}
            onCancel={() => {
              setAsking(null);
            }}
          />
        )}
        {asking === 'close' && (
          <CloseForm
            consequence={closingOf(entry)}
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
        {(asking === null || !ownForms.includes(asking)) && (
          <Buttons
            entry={entry}
            canCancel={cancel?.canCancel ?? false}
            busy={busy}
            onAsk={setAsking}
            onDecide={decide}
          />
        )}
        <Questions
          entry={entry}
          asking={asking}
          chosen={chosen}
          clickId={cancel?.clickId ?? ''}
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
  held: 'Nothing is bought for this any more. The buyer is not refunded by it: do that in Shopify.',
  parked: 'Nothing is bought or sent for this any more. The buyer is not refunded by it: do that in Shopify.',
  gone: 'The eSIM is not sent to the buyer. It stays on your account with the supplier.',
  refunded: 'The buyer keeps the eSIM. Nothing else is changed.',
  dispute: 'This only leaves the list. The dispute itself is answered in Shopify.',
  unclaimed: 'This only leaves the list. Nothing else is changed.',
};

/** Of a top-up that staff asked for: no order stands behind it. */
const CLOSING_ASKED =
  'Nothing more is done for this top-up. No buyer paid for it, so there is nothing to refund. If the supplier charged it all the same, the balance page shows a difference.';

function closingOf({ kind, reason, attempt }: EntryView): string {
  if (attempt?.askedBy != null) return CLOSING_ASKED;
  if (reason === 'gone-top-up') return 'The bundle stays on the eSIM. Nothing else is changed.';
  return closing[kind] ?? '';
}

function closeLabel(kind: EntryView['kind'], isTopUp: boolean): string {
  if (kind === 'refunded') return 'Leave it';
  return kind === 'held' || kind === 'parked'
    ? `Close without ${isTopUp ? 'a top-up' : 'an eSIM'}`
    : 'Close with a note';
}

function Buttons({
  entry: { kind, reason, release, waits, attempt },
  canCancel,
  busy,
  onAsk,
  onDecide,
}: {
  entry: EntryView;
  canCancel: boolean;
  busy: string | null;
  onAsk: (asking: Asking) => void;
  onDecide: Decision['decide'];
}) {
  const isBusy = busy !== null;
  return (
    <InlineStack gap="200">
      {release !== null && (
        <Button
          variant="primary"
          loading={busy === 'release'}
          disabled={isBusy}
          onClick={() => {
            if (asksFirst(reason)) onAsk('release');
            else onDecide('release', { wait: waits });
          }}
        >
          {release}
        </Button>
      )}
      {kind === 'held' && needsAnEsim(reason) && (
        <Button
          variant="primary"
          disabled={isBusy}
          onClick={() => {
            onAsk('top-up');
          }}
        >
          {reason === 'incompatible' ? 'Choose another eSIM' : 'Choose the eSIM'}
        </Button>
      )}
      {kind === 'held' && needsAnEsim(reason) && (
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
      {kind === 'parked' && reason === 'no-such-order' && (
        <Button
          disabled={isBusy}
          onClick={() => {
            onAsk('buy-instead');
          }}
        >
          Give another bundle
        </Button>
      )}
      {kind === 'gone' && reason !== 'gone-top-up' && (
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
      {kind === 'refunded' && (
        <Button
          tone="critical"
          loading={busy === 'revoke-anyway'}
          disabled={isBusy}
          onClick={() => {
            onAsk('revoke-anyway');
          }}
        >
          Revoke the eSIM
        </Button>
      )}
      {canCancel && (
        <Button
          tone="critical"
          loading={busy === 'cancel-order'}
          disabled={isBusy}
          onClick={() => {
            onAsk('cancel-order');
          }}
        >
          Cancel at the supplier
        </Button>
      )}
      {closing[kind] !== undefined && (
        <Button
          disabled={isBusy}
          onClick={() => {
            onAsk('close');
          }}
        >
          {closeLabel(kind, attempt?.how === 'top-up' || needsAnEsim(reason))}
        </Button>
      )}
    </InlineStack>
  );
}

/** What a person says of the supplier's orders by buying once more. */
const referencesOf = ({ attempt }: EntryView) =>
  (attempt?.candidates ?? []).map(({ orderReference }) => orderReference);

function riskOfTwo(entry: EntryView): string {
  const shown = referencesOf(entry).length;
  return `If the lost purchase appears later, you have paid twice. ${
    shown > 0
      ? `You say that ${shown === 1 ? 'the order on this page is not it' : `none of the ${String(shown)} orders on this page is it`}. We look once more first.`
      : 'We look through the supplier’s orders once more first.'
  }`;
}

function Questions({
  entry,
  asking,
  chosen,
  clickId,
  onCancel,
  onDecide,
}: {
  entry: EntryView;
  asking: Asking;
  chosen: string | null;
  clickId: string;
  onCancel: () => void;
  onDecide: Decision['decide'];
}) {
  const { cost, waits, attempt, order, reason } = entry;
  const isTopUp = attempt?.how === 'top-up' || (entry.topUpEsim !== null && !needsAnEsim(reason));
  const pieces = counted(entry.pieces, isTopUp ? 'top-up' : 'eSIM');
  const price = cost === null ? 'its price' : cost;
  return (
    <>
      <ConfirmModal
        open={asking === 'release'}
        title={`Buy ${pieces}?`}
        confirm={isTopUp ? 'Buy top-up' : waits.length === 1 ? 'Buy eSIM' : `Buy ${pieces}`}
        onCancel={onCancel}
        onConfirm={() => {
          onDecide('release', { wait: waits });
        }}
      >
        It takes {price} from your balance at the supplier
        {reason === 'test-order' ? ', although the buyer paid nothing' : ''}
        {entry.loss === null ? '' : `, and you lose ${entry.loss}`}. Nothing holds it back again but an empty
        balance{entry.loss === null ? ', a refused key or a loss' : ' or a refused key'}.
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
          onDecide('buy-again', { seen: referencesOf(entry) });
        }}
      >
        It takes {price} from your balance.{' '}
        {attempt?.orderReference == null
          ? riskOfTwo(entry)
          : `The supplier was paid for order ${attempt.orderReference} already, so you pay twice unless it refunds you.`}
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
        {isTopUp
          ? `Order ${chosen ?? ''} counts as this top-up. Nothing is bought.`
          : `The eSIMs of order ${chosen ?? ''} are sent to the buyer of ${order?.name ?? 'the order'}. Nothing is bought.`}
      </ConfirmModal>
      <ConfirmModal
        open={asking === 'revoke-anyway'}
        title="Revoke the eSIM?"
        confirm="Revoke eSIM"
        tone="critical"
        onCancel={onCancel}
        onConfirm={() => {
          onDecide('revoke-anyway', entry.dispute && chosen !== null ? { unitId: chosen } : {});
        }}
      >
        The bundle is taken from the eSIM, and a traveller who uses it is offline. This cannot be undone. The
        supplier pays back what it gives for it, which is nothing for what was used.
      </ConfirmModal>
      <ConfirmModal
        open={asking === 'cancel-order'}
        title="Cancel this order at the supplier?"
        confirm="Cancel order"
        keep="Keep it"
        tone="critical"
        onCancel={onCancel}
        onConfirm={() => {
          onDecide('cancel-order', { clickId });
        }}
      >
        Its eSIM cannot be used any more. What comes back is what your balance at the supplier shows
        afterwards, and is booked with your name. This cannot be undone.
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

/** Decisions whose forms show their own refusal. */
const ownForms = ['top-up', 'give', 'buy-instead', 'close'];

function AnswerBanner({ decision: { answer, answered } }: { decision: Decision }) {
  if (answer?.status === 'failed') {
    const { kind, side, messages } = answer.problem;
    return <ProblemBanner problem={problemText(kind, side)} messages={messages} />;
  }
  if (answer?.status === 'look-again') return <Banner tone="warning" title={answer.sentence} />;
  if (answer?.status === 'refused' && !ownForms.includes(answered ?? ''))
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

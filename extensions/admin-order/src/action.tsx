import '@shopify/ui-extensions/preact';
import { render, type VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { readStaffOrder, sendAgain, type Reading, type Sent } from './staff-order.ts';

/** Shopify calls this when staff choose it under More actions, or from the block. */
export default function action(): void {
  render(<Action />, document.body);
}

const say = (key: string, values?: Record<string, string>) => shopify.i18n.translate(key, values);
const orderGid = () => shopify.data.selected[0]?.id ?? '';

function Action(): VNode {
  const [reading, setReading] = useState<Reading | null>(null);
  const [email, setEmail] = useState('');
  // One for each address: a press that was not answered may be repeated, and sends nothing twice.
  const [pressId, setPressId] = useState(() => crypto.randomUUID());
  const [sent, setSent] = useState<Sent | 'sending' | null>(null);
  const read = () => {
    setReading(null);
    void readStaffOrder(orderGid()).then(setReading);
  };
  useEffect(read, []);
  const send = () => {
    if (sent === 'sending') return;
    setSent('sending');
    void sendAgain({ order: orderGid(), pressId, email: email.trim() }).then(setSent);
  };
  const canSend = reading?.kind === 'answer' && reading.order.canResend;
  const isOver = sent === 'sent';
  return (
    <s-admin-action heading={say('action.name')} loading={reading === null}>
      {canSend && !isOver ? (
        <s-button slot="primary-action" variant="primary" loading={sent === 'sending'} onClick={send}>
          {say('action.send')}
        </s-button>
      ) : null}
      <s-button slot="secondary-actions" onClick={shopify.close}>
        {say(isOver ? 'action.done' : 'action.cancel')}
      </s-button>
      {reading?.kind === 'unreachable' ? (
        <s-stack gap="base">
          <s-text>{say('unreachable')}</s-text>
          <s-button onClick={read}>{say('again')}</s-button>
        </s-stack>
      ) : null}
      {reading !== null && reading.kind !== 'unreachable' && !canSend ? (
        <s-text>{say('action.no-esims')}</s-text>
      ) : null}
      {canSend && isOver ? <s-banner tone="success">{say('action.sent')}</s-banner> : null}
      {canSend && !isOver ? (
        <s-stack gap="base">
          <s-text>{say('action.body')}</s-text>
          <s-email-field
            label={say('action.email')}
            details={
              reading.order.maskedEmail === null
                ? say('action.no-address')
                : say('action.emptyMeans', { email: reading.order.maskedEmail })
            }
            value={email}
            onInput={(event) => {
              setEmail(event.currentTarget.value);
              setPressId(crypto.randomUUID());
            }}
          />
          {sent === null || sent === 'sending' ? null : (
            <s-banner tone="critical">{say(`action.${sent}`)}</s-banner>
          )}
        </s-stack>
      ) : null}
    </s-admin-action>
  );
}

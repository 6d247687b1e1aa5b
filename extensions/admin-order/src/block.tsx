import '@shopify/ui-extensions/preact';
import { render, type VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Usage } from '../../shared/reading.ts';
import { readStaffOrder, type Reading, type State, type Unit } from './staff-order.ts';

/** Shopify calls this where the merchant has placed the block on an order's page. */
export default function block(): void {
  render(<Block />, document.body);
}

const say = (key: string, values?: Record<string, string | number>) => shopify.i18n.translate(key, values);
const orderGid = () => shopify.data.selected[0]?.id ?? '';

function Block(): VNode {
  const [reading, setReading] = useState<Reading | null>(null);
  const read = () => {
    setReading(null);
    void readStaffOrder(orderGid()).then(setReading);
  };
  useEffect(read, []);
  return <s-admin-block heading={say('name')}>{faceOf(reading, read)}</s-admin-block>;
}

function faceOf(reading: Reading | null, again: () => void): VNode {
  if (reading === null) return <s-spinner accessibilityLabel={say('loading')} />;
  switch (reading.kind) {
    case 'unknown':
      return <s-text color="subdued">{say('none')}</s-text>;
    case 'unreachable':
      return (
        <s-stack gap="base">
          <s-text>{say('unreachable')}</s-text>
          <s-button onClick={again}>{say('again')}</s-button>
        </s-stack>
      );
    case 'answer': {
      const { id, units, canResend } = reading.order;
      return (
        <s-stack gap="base">
          {units.map((unit, index) => (
            <UnitLines key={unit.id} unit={unit} position={{ index: index + 1, total: units.length }} />
          ))}
          <s-stack direction="inline" gap="base">
            {canResend ? (
              <s-button
                onClick={() => {
                  shopify.navigation.navigate('extension:admin-order-email');
                }}
              >
                {say('action.open')}
              </s-button>
            ) : null}
            <s-link href={`app:app/orders/${id}`}>{say('order')}</s-link>
          </s-stack>
        </s-stack>
      );
    }
  }
}

type Tone = 'info' | 'success' | 'warning' | 'critical' | 'neutral';

const tones: Record<State, Tone> = {
  preparing: 'info',
  test: 'neutral',
  waits: 'critical',
  new: 'warning',
  installed: 'info',
  active: 'success',
  'used-up': 'warning',
  expired: 'neutral',
  refunded: 'critical',
  revoked: 'neutral',
  cancelled: 'neutral',
  gone: 'critical',
};

function UnitLines({ unit, position }: { unit: Unit; position: { index: number; total: number } }): VNode {
  const { title, isTopUp, state, iccidLast4, usage, path } = unit;
  const facts = [
    ...(position.total > 1 ? [say('position', position)] : []),
    ...(isTopUp ? [say('topUp')] : []),
    ...(iccidLast4 === null ? [] : [say('iccid', { last: iccidLast4 })]),
  ];
  return (
    <s-stack gap="small-300">
      <s-stack direction="inline" gap="small-200" alignItems="center">
        <s-link href={`app:${path.slice(1)}`}>{title}</s-link>
        <s-badge tone={tones[state]}>{say(`state.${state}`)}</s-badge>
      </s-stack>
      {facts.length === 0 ? null : <s-text color="subdued">{facts.join(' · ')}</s-text>}
      {usage === null ? null : <s-text>{usageOf(usage)}</s-text>}
    </s-stack>
  );
}

/** "0.6 GB of 1 GB used · until 3 Dec 2026 · as of 21 Nov 2026, 10:05" */
function usageOf({ usedBytes, totalBytes, isUnlimited, endsAt, asOf }: Usage): string {
  const used = usedBytes === null ? null : dataSize(usedBytes);
  const total = isUnlimited ? say('usage.unlimited') : totalBytes === null ? null : dataSize(totalBytes);
  return [
    ...(used !== null && total !== null ? [say('usage.used', { used, total })] : []),
    ...(endsAt === null ? [] : [say('usage.until', { when: day(endsAt) })]),
    say('usage.asOf', { when: moment(asOf) }),
  ].join(' · ');
}

function dataSize(bytes: number): string {
  const [size, unit] = bytes < 1e9 ? [1e6, 'megabyte'] : [1e9, 'gigabyte'];
  return shopify.i18n.formatNumber(bytes / size, { style: 'unit', unit, maximumFractionDigits: 1 });
}

function day(instant: number): string {
  return shopify.i18n.formatDate(new Date(instant), { dateStyle: 'medium' });
}

function moment(instant: number): string {
  return shopify.i18n.formatDate(new Date(instant), { dateStyle: 'medium', timeStyle: 'short' });
}

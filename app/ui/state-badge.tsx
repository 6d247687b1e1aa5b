import { Badge, type BadgeProps } from '@shopify/polaris';
import type { UnitState } from '../orders/line.ts';
import type { OrderState } from '../orders/queries.server.ts';

interface Words {
  label: string;
  tone?: Exclude<BadgeProps['tone'], undefined>;
  progress?: Exclude<BadgeProps['progress'], undefined>;
}

export const orderStateWords: Record<OrderState, Words> = {
  none: { label: 'No eSIMs' },
  attention: { label: 'Needs attention', tone: 'warning' },
  preparing: { label: 'Preparing', tone: 'info', progress: 'partiallyComplete' },
  delivered: { label: 'Delivered', tone: 'success', progress: 'complete' },
  cancelled: { label: 'Cancelled' },
  test: { label: 'Not bought' },
};

export const unitStateWords: Record<UnitState, Words> = {
  paid: { label: 'Waiting to be bought', tone: 'info', progress: 'incomplete' },
  held: { label: 'On hold', tone: 'warning' },
  buying: { label: 'Buying', tone: 'info', progress: 'partiallyComplete' },
  preparing: { label: 'Supplier prepares it', tone: 'info', progress: 'partiallyComplete' },
  parked: { label: 'Needs a decision', tone: 'critical' },
  bought: { label: 'Bought', tone: 'info', progress: 'partiallyComplete' },
  delivered: { label: 'Delivered', tone: 'success', progress: 'complete' },
  cancelled: { label: 'Cancelled' },
};

export function OrderStateBadge({ state }: { state: OrderState }) {
  const { label, ...look } = orderStateWords[state];
  return <Badge {...look}>{label}</Badge>;
}

export function UnitStateBadge({ state }: { state: UnitState }) {
  const { label, ...look } = unitStateWords[state];
  return <Badge {...look}>{label}</Badge>;
}

import { esimStatuses, type EsimStatus } from '../esims/status.ts';

/** One word for a unit and the eSIM that came of it. */
export type GlanceState =
  | EsimStatus
  | 'preparing'
  | 'test' // of a test order: nothing is bought
  | 'waits' // held or parked, until somebody decides
  | 'refunded' // the buyer has it, and got the money back
  | 'cancelled'; // nothing was bought for it

export function glanceState(
  unit: {
    state: string;
    reason: string | null;
    goneAt: Date | null;
    note: string | null;
  },
  esim: { status: string } | null,
): GlanceState {
  switch (unit.state) {
    case 'held':
    case 'parked':
      return unit.reason === 'test-order' ? 'test' : 'waits';
    case 'cancelled':
      return esim ? 'revoked' : 'cancelled';
    case 'delivered':
      if (unit.goneAt !== null && unit.note === null) return 'refunded';
      return esimStatuses.find((status) => status === esim?.status) ?? 'new';
    default:
      return 'preparing';
  }
}

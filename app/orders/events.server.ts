import { db, type Transaction } from '../platform/db.server.ts';

/** What may happen to an order, as the timeline tells it. */
export type OrderEventKind =
  | 'order.received'
  | 'order.cancelled'
  | 'unit.held'
  | 'unit.released'
  | 'unit.cancelled'
  | 'unit.gone' // the piece left the order after it was being bought
  | 'unit.given-back' // the supplier took the eSIM back
  | 'unit.closed' // a person ended it without an eSIM
  | 'unit.relinked' // a person gave it another bundle
  | 'unit.substituted' // the first bundle of its variant cannot be bought: the next one that can
  | 'purchase.sent'
  | 'purchase.refused'
  | 'purchase.doubted'
  | 'purchase.adopted'
  | 'purchase.parked'
  | 'purchase.validated' // a test order: the supplier was asked whether it would sell
  | 'purchase.remembered' // the database had forgotten it (watch/recover.server.ts)
  | 'purchase.found' // the auditor, or a person, named the supplier's order that it was
  | 'purchase.rebought' // bought once more, by a person or after a proof
  | 'unit.bought'
  | 'unit.replaced' // a person gives the traveller another eSIM instead
  | 'unit.topped-up' // the eSIM it names got its bundle
  | 'bundle.revoked' // taken back from its eSIM: {"bundle", "refundedTo"}
  | 'mail.sent'
  | 'mail.failed'
  | 'mail.resent'
  | 'order.fulfilled'
  | 'email.shown'
  | 'codes.revealed';

export interface NewOrderEvent {
  shopId: string;
  orderId: string;
  unitId?: string | null;
  kind: OrderEventKind;
  /** Ids, reasons and figures only: no address, no code. */
  detail?: Record<string, string | number | null>;
}

/** Written in the transaction of what it tells, so that the timeline never claims what did not happen. */
export async function record(events: NewOrderEvent[], tx: Transaction = db): Promise<void> {
  await tx.orderEvent.createMany({
    data: events.map(({ unitId = null, detail = {}, ...event }) => ({ ...event, unitId, detail })),
  });
}

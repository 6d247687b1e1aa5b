import { db, type Transaction } from '../platform/db.server.ts';

/** What may happen to an order, as the timeline tells it. */
export type OrderEventKind =
  | 'order.received'
  | 'order.cancelled'
  | 'unit.held'
  | 'unit.released'
  | 'unit.cancelled'
  | 'unit.gone' // the piece left the order after it was being bought
  | 'unit.given-back' // the supplier took the eSIM back; told by bundle.revoked since
  | 'unit.missing' // its piece was refunded, and the supplier has the eSIM no more
  | 'refund.chosen' // of the eSIMs of a line, this one is taken to be the refunded one
  | 'refund.asked' // left to the merchant: {"reason"}
  | 'refund.money' // money went back, and no piece was named: {"refund", "amount", "currency"}
  | 'refund.began' // a person cancels and refunds
  | 'refund.refused' // nothing could be revoked, so nothing was refunded
  | 'refund.done' // Shopify gave the money back: {"amount", "currency"}
  | 'refund.failed' // revoked, and Shopify gave nothing back
  | 'dispute.opened'
  | 'dispute.changed' // {"status"}
  | 'dispute.asked' // its eSIM was not taken by itself, and the merchant may: {"why"}
  | 'dispute.closed' // a person has seen to it
  | 'unit.left' // refunded after it was sent, and a person leaves it with the buyer
  | 'unit.closed' // a person ended it without an eSIM
  | 'unit.named' // a person said which eSIM it tops up
  | 'unit.relinked' // a person gave it another bundle
  | 'unit.substituted' // the first bundle of its variant cannot be bought: the next one that can
  | 'unit.passed-on' // refused, and to be bought of the next bundle on the list: {"why", "instead", "supplier", "bundle", "to"}
  | 'purchase.sent' // {"bundle", "supplier", "how", "attempt"}
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
  | 'data.exported' // what is kept of the buyer, for the buyer
  | 'order.erased' // who bought it, and the eSIMs
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

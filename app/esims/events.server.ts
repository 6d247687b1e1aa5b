import { db, type Transaction } from '../platform/db.server.ts';

/** What may happen to an eSIM, as its timeline tells it. What its order tells (bought, mailed) stands in OrderEvent. */
export type EsimEventKind =
  // by the supplier or the traveller
  | 'esim.installed'
  | 'esim.used' // for the first time
  | 'esim.attached' // to a network for the first time
  | 'esim.country-changed'
  | 'esim.usage' // passed a share of its data: {"percent"}
  | 'esim.deletion-scheduled'
  | 'esim.deleted'
  | 'esim.number-changed' // its telephone number was enabled or disabled
  | 'esim.sms-failed'
  | 'esim.noted' // a line of the supplier's own history: {"what", "bundle"}
  | 'page.opened' // the install page
  | 'codes.opened' // on that page, by the traveller of an eSIM that another place sold
  // by staff
  | 'esim.adopted'
  | 'reader.kept' // whom its mails go to, of one that another place sold
  | 'reader.removed'
  | 'esim.refreshed'
  | 'esim.texted'
  | 'esim.topped-up'
  | 'top-up.refused' // one a person asked for: {"bundle", "reason"}
  | 'top-up.closed' // one that was in doubt: a person ended it
  | 'esim.revoked' // one bundle: {"bundle", "refundedTo"}
  | 'esim.replaced'
  | 'esim.suspended'
  | 'esim.unsuspended'
  | 'esim.removed'
  | 'esim.referenced' // a reference of the merchant's was written on it
  | 'codes.revealed'
  | 'action.doubted' // the supplier may have done what was asked, and has to be looked at
  | 'action.decided' // a person looked, and says whether it was done: {"what", "happened"}
  // by the app
  | 'notice.sent'
  | 'notice.failed';

export interface NewEsimEvent {
  shopId: string;
  esimId: string;
  kind: EsimEventKind;
  /** Of what happens once: a second report of it is not written. */
  onceKey?: string;
  /** The member of staff. */
  by?: string | null;
  /** Reasons and figures only: no code, no address, no message. */
  detail?: Record<string, string | number | null>;
  /** When it happened, where that is not now. */
  at?: Date;
}

/** Written in the transaction of what it tells. Answers how many were new. */
export async function recordEsim(events: NewEsimEvent[], tx: Transaction = db): Promise<number> {
  const { count } = await tx.esimEvent.createMany({
    data: events.map(({ detail = {}, ...event }) => ({ ...event, detail: detail })),
    skipDuplicates: true,
  });
  return count;
}

import { isChargedBack, reopenIfWon } from '../orders/disputes.server.ts';
import { record } from '../orders/events.server.ts';
import { log } from '../platform/log.server.ts';
import { transact } from '../platform/transaction.server.ts';
import { refundSettingsOf } from '../settings/refunds.server.ts';
import {
  BY_ITSELF,
  findSoldEsim,
  isBegun,
  isDoubted,
  lookAtSold,
  passes,
  pressFor,
  takeBack,
  type SoldEsim,
} from './refunded-esim.server.ts';

/** Why the eSIM of a chargeback is not taken by itself. The merchant may take it, on the page of the chargeback. */
export type DisputedLeft =
  | 'installed'
  | 'used'
  | 'kept' // the supplier gives nothing for it, or takes nothing back
  | 'doubted'; // the answer was lost, and the supplier could not tell in time

interface Disputed {
  id: string;
  shopId: string;
  orderId: string;
}

/**
 * Takes the eSIM of a unit back whose money a chargeback took, where the merchant wants that: if it is unused, and the
 * supplier gives something for it. The piece is still in the order, and may be won: the unit stays, so that it can get another
 * eSIM then. What was won before anything was asked stays with the buyer. Under the lease of the order's refunds.
 */
export async function followDisputed(unit: Disputed): Promise<void> {
  const sold = await findSoldEsim({ shopId: unit.shopId, unitId: unit.id });
  if (!sold) return done(unit, null);
  // Asked already, by a person perhaps: what came of it is what counts.
  if (await isBegun(sold)) return revoke(unit, sold);
  if (!(await isWanted(unit))) return done(unit, null);
  const condition = await lookAtSold(sold);
  switch (condition) {
    case 'missing':
      return done(unit, null);
    case 'unused':
      return revoke(unit, sold);
    case 'installed':
    case 'used':
      return done(unit, condition);
    default: {
      log.info('dispute.waits', { unitId: unit.id, reason: condition });
    }
  }
}

async function isWanted({ shopId, orderId }: Disputed): Promise<boolean> {
  const { chargebackRule } = await refundSettingsOf({ id: shopId });
  return chargebackRule === 'revoke' && (await isChargedBack({ shopId, orderId }));
}

async function revoke(unit: Disputed, sold: SoldEsim) {
  const press = await pressFor(sold, BY_ITSELF);
  const ended = await takeBack(sold, press, { onlyForRefund: true });
  if (ended?.status === 'in-doubt' && (await isDoubted(press))) return done(unit, 'doubted');
  if (ended?.status === 'refused' && !passes(ended.reason)) return done(unit, 'kept');
  if (ended !== null && ended.status !== 'done') {
    // The next look is set already.
    log.info('dispute.waits', { unitId: unit.id, reason: ended.status });
    return;
  }
  await done(unit, null);
  await reopenIfWon(unit);
}

/** It is not looked at by itself any more; `why` the eSIM was left, where a person may decide otherwise. */
async function done({ id, shopId, orderId }: Disputed, why: DisputedLeft | null) {
  await transact(async (tx) => {
    const { count } = await tx.unit.updateMany({
      where: { id, shopId, state: 'delivered', goneAt: null, reason: 'disputed' },
      data: { reason: null, holdUntil: null },
    });
    if (count === 1 && why !== null)
      await record([{ shopId, orderId, unitId: id, kind: 'dispute.asked', detail: { why } }], tx);
  });
}

import { db } from '../platform/db.server.ts';
import { wake } from '../platform/queue.server.ts';
import { SECOND, sleep } from '../platform/time.ts';
import { askedRow } from './asked.server.ts';

interface Asked {
  /** Of the attempt: asking twice under one id buys once. */
  id: string;
  shopId: string;
  accountId: string;
  bundleCode: string;
  esimId: string;
  /** The member of staff. */
  askedBy: string;
}

/** Asks for a bundle on an eSIM, charged to the balance: it is bought in its turn, within two minutes or not at all. */
export async function askForTopUp(asked: Asked): Promise<void> {
  await db.purchaseAttempt.createMany({ data: [askedRow(asked)], skipDuplicates: true });
  await wake('purchases.buy', asked.accountId);
}

export interface TopUpFate {
  state: string;
  reason: string | null;
}

/** What became of a top-up that was asked for; null when none was asked for under this id. */
export function fateOfTopUp(shopId: string, id: string): Promise<TopUpFate | null> {
  return db.purchaseAttempt.findFirst({ where: { id, shopId }, select: { state: true, reason: true } });
}

/** Waits a while for a top-up to be bought or refused, and answers what became of it so far. */
export async function awaitTopUp(shopId: string, id: string, withinMs = 15 * SECOND) {
  const until = performance.now() + withinMs;
  for (;;) {
    const fate = await fateOfTopUp(shopId, id);
    const isOpen = fate && ['asked', 'sending', 'preparing'].includes(fate.state);
    if (!isOpen || performance.now() > until) return fate;
    await sleep(150);
  }
}

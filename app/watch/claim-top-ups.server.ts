import { iccidHash } from '../esims/find.server.ts';
import { db } from '../platform/db.server.ts';
import type { ProviderPurchase } from '../providers/contract.ts';
import { conclude } from '../purchases/carry-out.server.ts';
import { remember } from '../purchases/remember.server.ts';
import { asPurchase, type Account } from './lost-purchase.ts';

/**
 * Gives every order for an eSIM that is on record to the piece that waits to top it up. `rest` are the orders that made
 * new eSIMs. A top-up nobody waits for stays an order nobody claims: a person may have asked for it.
 */
export async function claimTopUps(account: Account, purchases: ProviderPurchase[]) {
  const rest: ProviderPurchase[] = [];
  let claimed = 0;
  for (const purchase of purchases) {
    const esimId = await toppedUp(account, purchase);
    if (esimId === null) rest.push(purchase);
    else if (await claim(account, purchase, esimId)) claimed++;
  }
  return { rest, claimed };
}

async function toppedUp({ id: accountId, shopId }: Account, { items }: ProviderPurchase) {
  const hashes = items.flatMap(({ iccids }) => iccids).map((iccid) => iccidHash(iccid));
  const esim = await db.esim.findFirst({
    where: { shopId, accountId, iccidHash: { in: hashes } },
    select: { id: true },
  });
  return esim?.id ?? null;
}

async function claim(account: Account, purchase: ProviderPurchase, esimId: string): Promise<boolean> {
  const { id: accountId, shopId } = account;
  const { orderReference, total, sourceIp } = purchase;
  const asked = asPurchase(account, purchase);
  const bundle = await db.bundle.findFirst({ where: { shopId, accountId, code: asked.bundleCode } });
  const waiting = await db.unit.findFirst({
    where: {
      ...{ shopId, accountId, kind: 'top-up', topUpEsimId: esimId, bundleId: bundle?.id ?? '' },
      ...{ state: { in: ['paid', 'held'] }, goneAt: null },
    },
    orderBy: [{ createdAt: 'asc' }, { unitIndex: 'asc' }],
  });
  if (!waiting) return false;
  const attemptId = await remember({ ...asked, how: 'top-up', esimId, unitIds: [waiting.id] });
  if (attemptId === null) return false;
  await conclude(attemptId, { type: 'found' }, { orderReference, total, sourceIp });
  return true;
}

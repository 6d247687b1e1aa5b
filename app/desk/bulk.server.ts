import { randomUUID } from 'node:crypto';
import { resendOrder } from '../delivery/resend.server.ts';
import { lookAtEsim } from '../esims/look.server.ts';
import { db } from '../platform/db.server.ts';
import { SECOND, sleep } from '../platform/time.ts';
import { shopById, type Shop } from '../shopify/shops.server.ts';
import type { SettledItem, TaskWork } from '../tasks/run.server.ts';
import { startTask } from '../tasks/start.server.ts';
import { matchingEsimIds } from './esim-list.server.ts';
import { fromItsBeginning, type EsimQuery } from './esim-query.ts';

/** Those that are ticked, or all that a question finds. */
export type Chosen = { ids: string[] } | { query: EsimQuery };

/** More are no question of a person, and hours of the supplier's turns. */
export const MOST_AT_ONCE = 1000;

/** Begins to read the chosen eSIMs at their suppliers. Null when none of them is the shop's. */
export async function startLooks(shop: Shop, chosen: Chosen, askedBy: string): Promise<string | null> {
  const esims = await chosenEsims(shop, chosen);
  if (esims.length === 0) return null;
  const items = esims.map(({ id, iccidLast4 }) => ({ subject: id, title: `ICCID ends in ${iccidLast4}` }));
  return (await startTask(shop, { kind: 'esims.look', items, askedBy })).taskId;
}

/** Begins to send the e-mails of the chosen eSIMs' orders again, one for each order. Null when there is no order. */
export async function startResending(shop: Shop, chosen: Chosen, askedBy: string): Promise<string | null> {
  const esims = await chosenEsims(shop, chosen);
  const orders = new Map(esims.flatMap(({ order }) => (order ? [[order.id, order.name]] : [])));
  if (orders.size === 0) return null;
  const items = [...orders].map(([subject, title]) => ({ subject, title }));
  return (await startTask(shop, { kind: 'esims.resend', items, askedBy })).taskId;
}

async function chosenEsims(shop: Shop, chosen: Chosen) {
  const ids =
    'ids' in chosen
      ? chosen.ids.slice(0, MOST_AT_ONCE)
      : await matchingEsimIds(shop, fromItsBeginning(chosen.query), { most: MOST_AT_ONCE });
  return db.esim.findMany({
    where: { id: { in: ids }, shopId: shop.id },
    select: { id: true, iccidLast4: true, order: { select: { id: true, name: true } } },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  });
}

/** The task of `startLooks`. */
export const lookAtMany: TaskWork = async (run) => {
  for (let items = await run.nextItems(1); items.length > 0; items = await run.nextItems(1)) {
    for (const { position, subject } of items) {
      const outcome = await lookInTurn({ shopId: run.shopId, esimId: subject });
      const isRead = outcome === 'looked' || outcome === 'unchanged';
      const settled: SettledItem = isRead
        ? { position, state: 'done' }
        : { position, state: 'failed', reason: outcome };
      await run.settleItems([settled], { [isRead ? outcome : 'failed']: 1 });
    }
  }
};

const TRIES = 10;

/** Others need the supplier more; a task has time. */
async function lookInTurn(esim: { shopId: string; esimId: string }) {
  for (let tries = 1; ; tries++) {
    const outcome = await lookAtEsim(esim, { patienceMs: SECOND });
    if (outcome !== 'rate-limited' || tries >= TRIES) return outcome;
    await sleep(SECOND);
  }
}

/** The task of `startResending`. An item that a crash cut off may send a second e-mail: of the same eSIMs to the same buyer. */
export const resendMany: TaskWork = async (run) => {
  const shop = await shopById(run.shopId);
  for (let items = await run.nextItems(1); items.length > 0; items = await run.nextItems(1)) {
    for (const { position, subject } of items) {
      const outcome = await resendOrder(shop, subject, {
        ...{ id: randomUUID(), email: null, by: run.askedBy ?? '' },
      });
      const settled: SettledItem =
        outcome.status === 'queued'
          ? { position, state: 'done' }
          : { position, state: 'refused', reason: outcome.reason };
      await run.settleItems([settled], { [outcome.status]: 1 });
    }
  }
};

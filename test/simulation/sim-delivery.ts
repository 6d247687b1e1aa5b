import { backOff, HOUR, MINUTE, SECOND } from '../../app/platform/time.ts';
import { lacks, type DeliveryRow, type OrderRow } from './sim-books.ts';
import { wake } from './sim-jobs.ts';
import { clock, commit, Fault, type Doing, type Machine, type Run } from './sim-run.ts';
import { fulfilLines } from './sim-shopify.ts';

const WAIT_FOR_THE_REST_MS = 2 * MINUTE;

/** Where buyers' e-mails end: the sender keeps a key, and sends one e-mail for it. */
export type Mailbox = Map<string, number>;

/** The job of an order with bought eSIMs: one e-mail with all of them, then the fulfilment in Shopify. */
export function* deliverOrder(run: Run, machine: Machine, gid: string): Doing {
  yield 2;
  const order = run.books.orders.get(gid);
  if (!order) return;
  const bought = order.units.filter(({ state }) => state === 'bought');
  if (bought.length > 0) {
    const onTheWay = order.units.some(
      ({ state }) => state === 'paid' || state === 'buying' || state === 'preparing',
    );
    const waitsSince = Math.min(...bought.map(({ since }) => since));
    if (onTheWay && clock(run, machine) - waitsSince < WAIT_FOR_THE_REST_MS) {
      wake(run, { job: 'deliver', id: gid }, 15 * SECOND);
      return;
    }
    yield* commit(run, () => {
      if (bought.some(({ state }) => state !== 'bought')) return; // another worker was faster
      for (const unit of bought) unit.state = 'delivered';
      const key = `${gid} ${String(order.deliveries.length + 1)}`;
      order.deliveries.push({ key, units: bought, state: 'waiting', tries: 0, nextTryAt: 0 });
      order.fulfilState = 'waiting';
      order.deliverAfter = 0;
    });
  }
  for (const delivery of order.deliveries)
    if (delivery.state === 'waiting' && delivery.nextTryAt <= clock(run, machine))
      yield* sendMail(run, machine, delivery);
  if (order.fulfilState === 'waiting') yield* fulfil(run, machine, order);
}

function* sendMail(run: Run, machine: Machine, delivery: DeliveryRow): Doing {
  yield* commit(run, () => {
    delivery.tries += 1;
    delivery.nextTryAt = clock(run, machine) + backOff(delivery.tries, 2 * SECOND, HOUR);
  });
  yield run.random.between(30, 500);
  if (!run.calm && run.random.chance(0.03)) throw new Fault('mail not accepted');
  run.mailbox.set(
    delivery.key,
    (run.mailbox.get(delivery.key) ?? 0) + (run.mailbox.has(delivery.key) ? 0 : 1),
  );
  if (!run.calm && run.random.chance(0.05)) throw new Fault('mail accepted, answer lost');
  yield run.random.between(20, 200);
  yield* commit(run, () => {
    delivery.state = 'sent';
  });
}

function* fulfil(run: Run, machine: Machine, order: OrderRow): Doing {
  const delivered = order.units.filter(({ state }) => state === 'delivered');
  if (delivered.length === 0) return;
  const perLine = new Map<string, number>();
  for (const { lineGid } of delivered) perLine.set(lineGid, (perLine.get(lineGid) ?? 0) + 1);
  try {
    yield* fulfilLines(run, order.gid, perLine);
    yield* commit(run, () => {
      // What was delivered while Shopify was told is told with the next look.
      const now = order.units.filter(({ state }) => state === 'delivered').length;
      if (now === delivered.length || lacks(run, 'told-of-all')) order.fulfilState = 'done';
    });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    yield* commit(run, () => {
      order.deliverTries += 1;
      order.deliverAfter = clock(run, machine) + backOff(order.deliverTries, 2 * SECOND, HOUR);
    });
  }
}

export function isDeliveryDue(order: OrderRow, now: number): boolean {
  return (
    order.units.some(({ state }) => state === 'bought') ||
    order.deliveries.some(({ state, nextTryAt }) => state === 'waiting' && nextTryAt <= now) ||
    (order.fulfilState === 'waiting' && order.deliverAfter <= now)
  );
}

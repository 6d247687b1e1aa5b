import { HOUR, MINUTE, SECOND } from '../../app/platform/time.ts';
import { anyMachine, at, Fault, note, spawn, type Doing, type Run } from './sim-run.ts';

/** The shop: what buyers paid for, what was cancelled, and what it was told of deliveries. */
export interface Shopify {
  orders: ShopOrder[];
  webhooks: number;
  /** Told, and neither answered nor given up. */
  untold: number;
  privacyRequests: string[];
}

export interface ShopOrder {
  gid: string;
  lines: ShopLine[];
  isPaid: boolean;
  cancelledAt: number | null;
  updatedAt: number;
}

export interface ShopLine {
  gid: string;
  bundle: string;
  /** Pieces that are still paid for. */
  quantity: number;
  fulfilled: number;
}

/** A reading of an order at one moment. */
export interface ReadOrder {
  gid: string;
  lines: { gid: string; bundle: string; quantity: number }[];
  isPaid: boolean;
  cancelledAt: number | null;
  updatedAt: number;
}

export type Webhook = { id: string; gid: string | null; privacy: string | null };

let take: (run: Run, webhook: Webhook) => Doing;

/** Who takes webhooks in. Set once, by the file that knows the app's side. */
export function onWebhook(does: typeof take): void {
  take = does;
}

/** An event of the shop: told by one or two subscriptions, each late, doubled or never. */
export function tell(run: Run, event: { gid: string } | { privacy: string }): void {
  const { random, shopify } = run;
  const subscriptions = random.chance(0.1) ? 2 : 1;
  for (let each = 0; each < subscriptions; each++) {
    const webhook: Webhook = {
      id: `w${String(shopify.webhooks++)}`,
      gid: 'gid' in event ? event.gid : null,
      // A request is told once: two subscriptions for it are not possible.
      privacy: 'privacy' in event && each === 0 ? event.privacy : null,
    };
    if (webhook.gid === null && webhook.privacy === null) continue;
    if (webhook.gid !== null && random.chance(0.08)) continue; // it never comes
    const copies = random.chance(0.15) ? random.between(2, 3) : 1;
    for (let copy = 0; copy < copies; copy++) {
      const late = random.chance(0.15) ? random.between(0, 3 * HOUR) : random.between(100, 5 * SECOND);
      const apart = random.chance(0.5) ? 0 : random.between(0, 10 * MINUTE);
      shopify.untold += 1;
      deliver(run, webhook, run.now + late + (copy === 0 ? 0 : apart), 0);
    }
  }
}

const RETRY_AFTER_MS = [
  30 * SECOND,
  MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  20 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
];

/** Shopify tries eight times more over about four hours, until it has an answer in five seconds. */
function deliver(run: Run, webhook: Webhook, when: number, tries: number) {
  at(run, when, () => {
    let answered = false;
    const machine = anyMachine(run);
    if (machine)
      spawn(
        run,
        machine,
        (function* () {
          yield* take(run, webhook);
          answered = true;
        })(),
      );
    at(run, run.now + 5 * SECOND, () => {
      const again = RETRY_AFTER_MS[tries];
      if (answered || again === undefined) run.shopify.untold -= 1;
      else deliver(run, webhook, run.now + again, tries + 1);
    });
  });
}

function* ask(run: Run): Doing {
  yield run.random.between(30, 400);
  if (!run.calm && run.random.chance(0.03)) throw new Fault('Shopify failed');
}

export function* readOrder(run: Run, gid: string): Doing<ReadOrder> {
  yield* ask(run);
  const order = find(run, gid);
  const reading = {
    ...order,
    lines: order.lines.map((line) => ({ gid: line.gid, bundle: line.bundle, quantity: line.quantity })),
  };
  yield run.random.chance(0.02) ? run.random.between(SECOND, 30 * SECOND) : run.random.between(20, 200);
  return reading;
}

export function* listOrders(run: Run, since: number): Doing<ReadOrder[]> {
  yield* ask(run);
  const listed = run.shopify.orders
    .filter(({ updatedAt }) => updatedAt >= since)
    .map((order) => ({ ...order, lines: [] }));
  yield run.random.between(20, 200);
  return listed;
}

/** Fulfils what is not fulfilled yet: it reads first, so that a repeat does nothing. The answer may be lost. */
export function* fulfilLines(run: Run, gid: string, perLine: ReadonlyMap<string, number>): Doing {
  yield* ask(run);
  const order = find(run, gid);
  const before = order.lines.map(({ gid: line, fulfilled }) => ({ line, fulfilled }));
  yield run.random.between(20, 100);
  yield* ask(run);
  for (const { line, fulfilled } of before) {
    const wanted = (perLine.get(line) ?? 0) - fulfilled;
    const found = order.lines.find((each) => each.gid === line);
    if (!found || wanted <= 0) continue;
    if (found.fulfilled !== fulfilled) throw new Fault('Shopify has less left to fulfil');
    found.fulfilled += wanted;
  }
  if (!run.calm && run.random.chance(0.05)) throw new Fault('the answer of Shopify was lost');
  yield run.random.between(20, 200);
}

export function change(run: Run, order: ShopOrder, what: string): void {
  order.updatedAt = run.now;
  note(run, `shop: ${order.gid} ${what}`);
  tell(run, { gid: order.gid });
}

function find(run: Run, gid: string): ShopOrder {
  const order = run.shopify.orders.find((each) => each.gid === gid);
  if (!order) throw new Error(`no order ${gid}`);
  return order;
}

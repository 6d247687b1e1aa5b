import type { OrderLineDraft } from './orders.ts';
import { fulfillmentOrders, orderLine, paymentStatus, unfulfilledQuantity } from './orders.ts';
import type { Id, Order } from './records.ts';
import type { Store } from './store.ts';
import { fail } from './store.ts';

export type EditDraft = {
  /** What a line shall count from now on. */
  lines?: { lineItemId: Id; quantity: number }[];
  /** Items the order did not have. */
  add?: OrderLineDraft[];
};

export type EditActs = {
  /**
   * The merchant edits an order: tells orders/edited and orders/updated. What is added has to be paid for (`markPaid`),
   * and the order is partly paid until then; what is taken away is not refunded by itself. A line that is fulfilled
   * cannot be edited any more, and pieces that are fulfilled cannot be taken away.
   */
  editOrder(domain: string, orderId: Id, edit: EditDraft): Order;
};

export function editActs(store: Store): EditActs {
  return {
    editOrder(domain, orderId, { lines = [], add = [] }) {
      const shop = store.shop(domain);
      const order = store.order(shop, orderId);
      if (order.cancelledAt !== null) fail(`${order.name} is cancelled.`);
      const changes = lines
        .map(({ lineItemId, quantity }) => {
          const line =
            order.lines.find(({ id }) => id === lineItemId) ??
            fail(`${order.name} has no line item ${String(lineItemId)}.`);
          return { line, delta: quantity - line.currentQuantity };
        })
        .filter(({ delta }) => delta !== 0);
      for (const { line, delta } of changes) {
        const open = unfulfilledQuantity(order, line);
        if (open === 0) fail(`That line of ${order.name} is fulfilled.`);
        if (open + delta < 0) fail(`Only ${String(open)} of that line of ${order.name} are not fulfilled.`);
      }
      if (changes.length === 0 && add.length === 0) return order;
      const at = store.now().toISOString();
      const added = add.map((draft) => orderLine(store, shop, draft));
      order.lines.push(...added);
      for (const { line, delta } of changes) {
        line.currentQuantity += delta;
        // What was removed still counts as ordered.
        line.quantity += Math.max(0, delta);
        changeFulfilment(order, line.id, delta, at);
      }
      // Added items get fulfilment orders of their own.
      order.fulfillmentOrders.push(...fulfillmentOrders(store, added, at));
      order.financialStatus = paymentStatus(order);
      order.edited = true;
      order.updatedAt = at;
      store.changed();
      const size = ({ id }: { id: Id }, delta: number) => ({ id, delta: Math.abs(delta) });
      store.emit({
        shop: domain,
        topic: 'orders/edited',
        about: 'edit',
        orderId,
        additions: [
          ...changes.filter(({ delta }) => delta > 0).map(({ line, delta }) => size(line, delta)),
          ...added.map((line) => size(line, line.quantity)),
        ],
        removals: changes.filter(({ delta }) => delta < 0).map(({ line, delta }) => size(line, delta)),
      });
      store.emit({ shop: domain, topic: 'orders/updated', about: 'order', orderId });
      return order;
    },
  };
}

function changeFulfilment(order: Order, lineItemId: Id, delta: number, at: string): void {
  let left = delta;
  for (const part of order.fulfillmentOrders) {
    for (const line of part.lines) {
      if (line.lineItemId !== lineItemId || left === 0 || line.remainingQuantity === 0) continue;
      const change = Math.max(left, -line.remainingQuantity);
      line.remainingQuantity += change;
      line.totalQuantity += Math.max(0, change);
      left -= change;
      part.updatedAt = at;
      if (part.lines.every((each) => each.remainingQuantity === 0)) part.status = 'CLOSED';
    }
  }
}

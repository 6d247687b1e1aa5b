import { openEmail } from '../orders/email.server.ts';
import { maskEmail } from '../orders/email.ts';
import { openName } from '../orders/found-by.server.ts';

/** Who bought, as far as a list shows it. */
export interface Buyer {
  /** Null when the app was not told. */
  name: string | null;
  maskedEmail: string | null;
}

/** The columns of an order that `buyerOf` reads. */
export const buyerSelect = { id: true, shopId: true, email: true, customerName: true } as const;

export function buyerOf(order: {
  id: string;
  shopId: string;
  email: string | null;
  customerName: string | null;
}): Buyer {
  return {
    name: order.customerName === null ? null : openName(order, order.customerName),
    maskedEmail:
      order.email === null ? null : maskEmail(openEmail({ id: order.shopId }, order.id, order.email)),
  };
}

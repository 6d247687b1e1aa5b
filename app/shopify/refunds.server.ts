import { z } from 'zod';
import { moneyFromDecimal, type Money } from '../platform/money.ts';
import type { Admin } from './admin.server.ts';
import { operation } from './operation.ts';

const money = z.object({ shopMoney: z.object({ amount: z.string(), currencyCode: z.string() }) });

const refundsOfOrder = operation<{ id: string }>()(
  `query RefundsOfOrder($id: ID!) {
    order(id: $id) {
      refunds(first: 25) {
        id
        totalRefundedSet { shopMoney { amount currencyCode } }
        refundLineItems(first: 10) { nodes { quantity lineItem { id } } }
      }
    }
  }`,
  z.object({
    order: z
      .object({
        refunds: z.array(
          z.object({
            id: z.string(),
            totalRefundedSet: money,
            refundLineItems: z.object({
              nodes: z.array(z.object({ quantity: z.number(), lineItem: z.object({ id: z.string() }) })),
            }),
          }),
        ),
      })
      .nullable(),
  }),
);

export interface ShopifyRefund {
  refundGid: string;
  amount: Money;
  /** Line item → how many pieces of it are refunded; empty where only an amount is. */
  pieces: Map<string, number>;
}

/**
 * The refunds of an order: the first 25, and of each the first ten lines, which is what one question may cost. Throws
 * `ShopifyError`.
 */
export async function listRefunds(admin: Admin, orderGid: string): Promise<ShopifyRefund[]> {
  const { order } = await admin.run(refundsOfOrder, { id: orderGid });
  return (order?.refunds ?? []).map(({ id, totalRefundedSet: { shopMoney }, refundLineItems }) => ({
    refundGid: id,
    amount: moneyFromDecimal(shopMoney.amount, shopMoney.currencyCode),
    pieces: new Map(
      refundLineItems.nodes
        .filter(({ quantity }) => quantity > 0)
        .map(({ quantity, lineItem }) => [lineItem.id, quantity]),
    ),
  }));
}

export interface RefundLine {
  lineItemId: string;
  quantity: number;
  restockType: 'NO_RESTOCK';
}

const suggested = operation<{ id: string; lines: RefundLine[] }>()(
  `query SuggestedRefund($id: ID!, $lines: [RefundLineItemInput!]!) {
    order(id: $id) {
      presentmentCurrencyCode
      suggestedRefund(refundLineItems: $lines, refundShipping: false) {
        suggestedTransactions {
          gateway
          amountSet { presentmentMoney { amount currencyCode } }
          parentTransaction { id }
        }
      }
    }
  }`,
  z.object({
    order: z
      .object({
        presentmentCurrencyCode: z.string(),
        suggestedRefund: z
          .object({
            suggestedTransactions: z.array(
              z.object({
                gateway: z.string().nullable(),
                amountSet: z.object({ presentmentMoney: z.object({ amount: z.string() }) }),
                parentTransaction: z.object({ id: z.string() }).nullable(),
              }),
            ),
          })
          .nullable(),
      })
      .nullable(),
  }),
);

/** What Shopify is asked to refund. Sent again under the same key it must be the same to the letter. */
export const RefundRequest = z.object({
  orderId: z.string(),
  currency: z.string(),
  notify: z.boolean(),
  note: z.string(),
  refundLineItems: z.array(
    z.object({ lineItemId: z.string(), quantity: z.number(), restockType: z.literal('NO_RESTOCK') }),
  ),
  transactions: z.array(
    z.object({
      ...{ orderId: z.string(), amount: z.string(), gateway: z.string(), kind: z.literal('REFUND') },
      parentId: z.string().optional(),
    }),
  ),
});
export type RefundRequest = z.output<typeof RefundRequest>;

/**
 * Asks Shopify how it would give back what was paid for these pieces, to where it came from and without shipping costs.
 * Null when Shopify does not have the order. Throws `ShopifyError`.
 */
export async function planRefund(
  admin: Admin,
  {
    orderGid,
    pieces,
    notify,
    note,
  }: { orderGid: string; pieces: Map<string, number>; notify: boolean; note: string },
): Promise<RefundRequest | null> {
  const refundLineItems = [...pieces].map(([lineItemId, quantity]) => ({
    ...{ lineItemId, quantity, restockType: 'NO_RESTOCK' as const },
  }));
  const { order } = await admin.run(suggested, { id: orderGid, lines: refundLineItems });
  if (!order) return null;
  const transactions = (order.suggestedRefund?.suggestedTransactions ?? []).flatMap(
    ({ gateway, amountSet: { presentmentMoney }, parentTransaction }) =>
      gateway === null || Number(presentmentMoney.amount) === 0
        ? []
        : [
            {
              ...{ orderId: orderGid, amount: presentmentMoney.amount, gateway, kind: 'REFUND' as const },
              ...(parentTransaction && { parentId: parentTransaction.id }),
            },
          ],
  );
  return {
    ...{ orderId: orderGid, currency: order.presentmentCurrencyCode, notify, note, refundLineItems },
    transactions,
  };
}

const createRefund = operation<{ input: RefundRequest; key: string }>()(
  `mutation RefundPieces($input: RefundInput!, $key: String!) {
    refundCreate(input: $input) @idempotent(key: $key) {
      refund { id totalRefundedSet { shopMoney { amount currencyCode } } }
      userErrors { message }
    }
  }`,
  z.object({ refundCreate: z.object({ refund: z.object({ id: z.string(), totalRefundedSet: money }) }) }),
);

/**
 * Gives the money back. The same request under the same key is done once, however often it is sent: Shopify answers with
 * the first refund. Throws `ShopifyError`; of kind `user-errors` nothing was refunded, in Shopify's own words.
 */
export async function refundPieces(admin: Admin, key: string, request: RefundRequest): Promise<Money> {
  const { refundCreate } = await admin.run(createRefund, { input: request, key });
  const { shopMoney } = refundCreate.refund.totalRefundedSet;
  return moneyFromDecimal(shopMoney.amount, shopMoney.currencyCode);
}

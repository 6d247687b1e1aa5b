/** What becomes of an unused eSIM whose piece was refunded: the supplier takes it back, or the merchant is asked. */
export const refundRules = ['revoke', 'ask'] as const;
export type RefundRule = (typeof refundRules)[number];

/** What becomes of the unused eSIMs of an order whose payment was charged back. `leave`: the merchant is not even asked. */
export const chargebackRules = ['ask', 'revoke', 'leave'] as const;
export type ChargebackRule = (typeof chargebackRules)[number];

export interface RefundSettings {
  refundRule: RefundRule;
  chargebackRule: ChargebackRule;
}

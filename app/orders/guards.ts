import { after, MINUTE } from '../platform/time.ts';
import type { OrderRisk } from '../shopify/risk.ts';
import type { HoldReason } from './line.ts';

/** Shopify's judgement of an order, from the least to the most alarming. */
export const risks: readonly OrderRisk[] = ['none', 'low', 'medium', 'high'];

/** What the merchant chose to stop before money moves. */
export interface Guards {
  /** The least risk that holds an order. */
  riskHold: 'off' | 'high' | 'medium';
  /** 0 to 60: how long to wait for Shopify's judgement. */
  buyDelayMinutes: number;
  /** More eSIMs in one order than this are held; null for no limit. */
  mostPerOrder: number | null;
  buyTestOrders: boolean;
}

export interface OrderFacts {
  test: boolean;
  risk: OrderRisk;
  paidAt: Date;
  /** eSIMs in the order, of all lines. */
  esims: number;
}

export type Hold = { reason: HoldReason; until: Date | null };

/** The reasons `guard` may give; the merchant's word ends them for good. */
export const guardReasons: readonly HoldReason[] = ['test-order', 'risk', 'quantity', 'delay'];

/** Whether an order's eSIMs must wait before anything is bought, and until when. Null: go ahead. */
export function guard({ test, risk, paidAt, esims }: OrderFacts, guards: Guards, now: Date): Hold | null {
  if (test && !guards.buyTestOrders) return { reason: 'test-order', until: null };
  if (guards.riskHold !== 'off' && risks.indexOf(risk) >= risks.indexOf(guards.riskHold))
    return { reason: 'risk', until: null };
  if (guards.mostPerOrder !== null && esims > guards.mostPerOrder) return { reason: 'quantity', until: null };
  const until = after(guards.buyDelayMinutes * MINUTE, paidAt);
  return until > now ? { reason: 'delay', until } : null;
}

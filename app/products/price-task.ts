import { z } from 'zod';

/** What a task `prices.apply` was begun with. */
export const applyInput = z.object({
  /** The application that this one takes back. */
  undoes: z.string().optional(),
  /** The shop's prices would move by more than the merchant lets happen by itself, or costs changed. */
  because: z.enum(['costs', 'rates']).optional(),
});

/** One variant's price, as its item keeps it. Prices are minor units of `currency`. */
export const priceChange = z.object({
  productGid: z.string(),
  bundleId: z.string(),
  /** What we wrote last; null when we never wrote one in this currency. */
  old: z.number().int().nullable(),
  new: z.number().int(),
  currency: z.string(),
  /** The supplier's cost the price was made of, with all digits, and the one before it. */
  cost: z.string(),
  oldCost: z.string().nullable(),
  /** The cost in the shop's currency as Shopify takes it; null leaves Shopify's alone. */
  shopCost: z.string().nullable(),
  /** Write it even where the merchant changed the price in Shopify. */
  overwrite: z.boolean(),
});
export type PriceChange = z.output<typeof priceChange>;

/** Why a price was not written. */
export type NotWritten = 'changed-in-shopify' | 'locked' | 'gone' | 'shopify';

/** The subject of tasks that follow costs and rates by themselves, so that a merchant's own never waits behind one. */
export const FOLLOWING = 'costs';

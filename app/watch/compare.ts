/** An order as Shopify lists it. */
export interface ListedOrder {
  orderGid: string;
  updatedAt: Date;
  isPaid: boolean;
  cancelledAt: Date | null;
}

/**
 * Which of Shopify's orders must be read again: paid ones we never heard of, and ones that changed after our last
 * reading. Orders that are not paid, and that we do not know, are nothing to us.
 */
export function ordersToRead(
  listed: readonly ListedOrder[],
  known: ReadonlyMap<string, { shopifyUpdatedAt: Date | null }>,
): { unknown: ListedOrder[]; changed: ListedOrder[] } {
  const unknown = listed.filter(
    ({ orderGid, isPaid, cancelledAt }) => !known.has(orderGid) && isPaid && cancelledAt === null,
  );
  const changed = listed.filter(({ orderGid, updatedAt }) => {
    const ours = known.get(orderGid);
    return ours !== undefined && (ours.shopifyUpdatedAt === null || ours.shopifyUpdatedAt < updatedAt);
  });
  return { unknown, changed };
}

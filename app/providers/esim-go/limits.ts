/** What eSIM Go asks of a caller: the help centre's figures for orders, the API's own for requests. */
export const limits = {
  ...{ maxPerOrder: 10, minMsBetweenOrders: 3_000, requestsPerSecond: 10 },
  card: { least: 1000, mostPerDay: 5000 },
};

/** The only sender it agrees to without an arrangement. */
export const smsSender = 'eSIM';

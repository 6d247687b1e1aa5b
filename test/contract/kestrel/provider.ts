import type { z } from 'zod';
import type { ProviderConnection } from '../../../app/providers/connection.ts';
import type { Refused, SellingProvider } from '../../../app/providers/contract.ts';
import { request, type ProviderRequest } from '../../../app/providers/http.server.ts';
import { assignmentOf, outcomeOf, profileOf, purchaseOf, refusalOf } from './map.ts';
import { Money, Plans, Price, Sale, Sales, Sim } from './wire.ts';

export const limits = { maxPerOrder: 5, minMsBetweenOrders: 0, requestsPerSecond: 5 };

/** A supplier that does not exist, in about a hundred lines: what the next one costs (app/providers/README.md). */
export function createKestrel(connection: ProviderConnection<{ key: string }>): SellingProvider {
  const { credentials, baseUrl, fetch, signal, onAnswer } = connection;
  const send = <T>(act: string, path: string, schema: z.ZodType<T>, more: Partial<ProviderRequest<T>> = {}) =>
    request<T>({
      ...{
        fetch,
        signal,
        onAnswer,
        supplier: 'Kestrel',
        act,
        method: 'GET',
        schema,
        url: new URL(baseUrl + path),
      },
      ...{ headers: { authorization: `Bearer ${credentials.key}` }, ...more },
    });
  const order = <T>(
    dry: boolean,
    { bundle, quantity }: { bundle: string; quantity: number },
    schema: z.ZodType<T>,
  ) => {
    if (!Number.isInteger(quantity) || quantity < 1 || quantity > limits.maxPerOrder)
      throw new RangeError(`Kestrel takes 1 to ${String(limits.maxPerOrder)} eSIMs per order`);
    const body = { plan: bundle, count: quantity, dry };
    const more = { method: 'POST', body, buys: !dry, refusal: refusalOf } as const;
    return send<T | Refused>('place order', '/purchases', schema, more);
  };
  const sim = (iccid: string) => send('read eSIM', `/sims/${encodeURIComponent(iccid)}`, Sim);
  return {
    async *listBundles(from = '1') {
      for (let page = Number(from); ; page += 1) {
        const { plans, count } = await send('list plans', `/plans?page=${String(page)}`, Plans);
        if (plans.length === 0) return;
        const total = count.toNumber();
        yield { bundles: plans, leftOut: [], lines: plans.length, total, next: String(page + 1) };
      }
    },
    getBalance: async () => ({ ...(await send('read balance', '/balance', Money)), testCredit: null }),
    validateOrder: (asked) => order(true, asked, Price),
    // The promise of a bad quantity is a rejection, as of any other call.
    placeOrder: async (asked) => {
      const sold = await order(false, asked, Sale);
      return 'status' in sold ? sold : outcomeOf(sold);
    },
    async *listPurchases({ since, until }) {
      for (let page = 1; ; page += 1) {
        const { sales } = await send('list sales', `/purchases?page=${String(page)}`, Sales);
        if (sales.length === 0) return;
        yield* sales.map(purchaseOf).filter(({ createdAt }) => createdAt >= since && createdAt <= until);
      }
    },
    getOrder: async (reference) =>
      outcomeOf(await send('read sale', `/purchases/${encodeURIComponent(reference)}`, Sale)),
    getEsim: async (iccid) => profileOf(await sim(iccid)),
    listAssignments: async (iccid) => [assignmentOf(await sim(iccid))],
  };
}

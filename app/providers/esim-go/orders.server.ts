import type { OrderRequest, Preparing, ProviderPurchase, Refused, SellingProvider } from '../contract.ts';
import { orNull, type ProviderRequest } from '../http.server.ts';
import { required } from '../lenient.ts';
import { currentTime } from '../../platform/time.ts';
import { PAGE_SIZE, refusalOf400, type EsimGoApi } from './api.server.ts';
import { limits } from './limits.ts';
import * as map from './map.ts';
import * as wire from './wire.ts';

/** Buying, with money and from stock, and what came of it. */
export function ordersOf({ send, ofThisAccount, credentials, installUrls }: EsimGoApi) {
  const { version, brandingProfile } = credentials;
  const branding = version === '2.4' || brandingProfile === '' ? null : brandingProfile;

  async function order<T>(
    type: 'validate' | 'transaction',
    { bundle, quantity }: OrderRequest,
    more: Order<T>,
  ): Promise<T> {
    requireQuantity(quantity);
    const { act, schema, ...rest } = more;
    return send({
      act,
      path: '/orders',
      schema,
      more: {
        ...rest,
        method: 'POST',
        reference: `${String(quantity)} x ${bundle}`,
        body: {
          ...{ type, assign: true, order: [{ type: 'bundle', quantity, item: bundle }] },
          // Not of a top-up: the profile is what a new eSIM is made with.
          ...(branding !== null && { profileID: branding }),
        },
      },
    });
  }

  return {
    validateOrder(request) {
      return order('validate', request, {
        act: 'validate order',
        schema: required(wire.OrderAnswer, map.validationOutcome, 'valid'),
        refusal: refusalOf400,
      });
    },

    placeOrder(request) {
      return order('transaction', request, {
        act: 'place order',
        buys: true,
        schema: required(
          wire.OrderAnswer,
          (answer) => map.purchaseOutcome(answer, request.quantity),
          'orderReference',
        ),
        refusal: refusalOf400,
      });
    },

    topUp({ iccid, bundle }) {
      return ofThisAccount(
        send({
          act: 'top up',
          path: '/orders',
          schema: required(wire.OrderAnswer, (answer) => map.purchaseOutcome(answer, 1), 'orderReference'),
          more: {
            method: 'POST',
            reference: bundle,
            body: {
              type: 'transaction',
              assign: true,
              // Not to be put on a new eSIM when it does not go with this one: the traveller has this one.
              order: [{ type: 'bundle', quantity: 1, item: bundle, iccids: [iccid], allowReassign: false }],
            },
            buys: true,
            refusal: refusalOf400,
          },
        }),
      );
    },

    async *listPurchases({ since, until }) {
      const found = new Map<string, ProviderPurchase>();
      for (let page = 1; ; page += 1) {
        const orders = await send({
          act: `list orders page ${String(page)}`,
          path: '/orders',
          query: [
            ['createdAt', `gte:${since.toISOString()}`],
            ['createdAt', `lte:${until.toISOString()}`],
            ['includeIccids', 'true'],
            ['page', String(page)],
            ['limit', String(PAGE_SIZE)],
          ],
          schema: wire.OrderList.transform((rows, context) => {
            try {
              return rows.map(map.toPurchase);
            } catch {
              context.addIssue({ code: 'custom', path: ['createdDate'], message: 'unreadable' });
              return [];
            }
          }),
        });
        // Pages shift while others buy, so an order may come twice. As above, a short page is not the last one.
        const fresh = orders.filter(({ orderReference }) => !found.has(orderReference));
        if (fresh.length === 0) break;
        for (const purchase of fresh) found.set(purchase.orderReference, purchase);
      }
      // The order of the listing is not documented, nor that the window is kept; both are promised by the contract.
      yield* [...found.values()]
        .filter(({ createdAt }) => createdAt >= since && createdAt <= until)
        .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
    },

    async getOrder(orderReference) {
      const esims = await ofThisAccount(
        send({
          act: 'read assignments of order',
          path: '/esims/assignments',
          query: [
            ['reference', orderReference],
            ['additionalFields', installUrls],
          ],
          schema: wire.Assignments.transform(map.toEsims),
          more: {
            reference: orderReference,
            parse: map.parseAssignments,
            // 503 is documented here as "Processing - Please come back later".
            notYet: () => [],
          },
        }),
      );
      // eSIM Go answers 200 with an empty list while it prepares the profiles.
      if (esims.length === 0) {
        return { status: 'preparing', orderReference, total: null, sourceIp: null };
      }

      const order = await orNull(
        ofThisAccount(
          send({
            act: 'read order',
            path: `/orders/${encodeURIComponent(orderReference)}`,
            schema: wire.OneOrder,
            more: { reference: orderReference },
          }),
        ),
      );
      // Assumed: applications from stock are listed among the orders, so their reference reads like an order's.
      // Where it does not, what is assigned to it is all that can be known.
      if (order === null) return { status: 'ready', orderReference, total: null, sourceIp: null, esims };
      const { quantity, complete, total, sourceIp } = map.orderProgress(order);
      return complete || esims.length >= quantity
        ? { status: 'ready', orderReference, total, sourceIp, esims }
        : { status: 'preparing', orderReference, total, sourceIp };
    },

    async listStock() {
      return map.toStock(
        await send({ act: 'list stock', path: '/inventory', schema: wire.Stock }),
        currentTime(),
      );
    },

    async applyFromStock({ bundle, quantity }) {
      requireQuantity(quantity);
      return ofThisAccount(
        send<Preparing | Refused>({
          act: 'apply from stock',
          path: '/esims/apply',
          schema: required(wire.ApplyAnswer, map.applyOutcome, 'applyReference'),
          more: {
            method: 'POST',
            reference: `${String(quantity)} x ${bundle}`,
            body: { bundles: [{ name: bundle, repeat: quantity }] },
            buys: true,
            refusal: map.applyRefusal,
          },
        }),
      );
    },

    async refundStock({ id, quantity }) {
      // The schema has an integer; an id that is none would be refused in words nobody understands.
      if (!/^\d+$/.test(id)) return { status: 'refused', reason: 'rejected', detail: 'no such batch' };
      return ofThisAccount(
        send<{ status: 'refunded' } | Refused>({
          act: 'refund stock',
          path: '/inventory/refund',
          schema: wire.StatusMessage.transform(() => ({ status: 'refunded' }) as const),
          more: {
            method: 'POST',
            reference: `batch ${id}`,
            body: { usageId: Number(id), quantity },
            buys: true,
            refusal: map.refundRefusal,
          },
        }),
      );
    },
  } satisfies Partial<SellingProvider>;
}

function requireQuantity(quantity: number): void {
  if (Number.isInteger(quantity) && quantity >= 1 && quantity <= limits.maxPerOrder) return;
  throw new RangeError(
    `eSIM Go takes 1 to ${String(limits.maxPerOrder)} eSIMs per order, not ${String(quantity)}`,
  );
}

type Order<T> = Pick<ProviderRequest<T>, 'act' | 'schema'> &
  Partial<Pick<ProviderRequest<T>, 'buys' | 'refusal'>>;

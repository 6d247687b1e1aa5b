import type { z } from 'zod';
import { currentTime } from '../../platform/time.ts';
import type { ProviderConnection } from '../connection.ts';
import {
  ProviderError,
  type Balance,
  type OrderRequest,
  type Preparing,
  type ProviderBundle,
  type ProviderPurchase,
  type Ready,
  type Refused,
  type RevokeTarget,
  type Revoked,
  type SellingProvider,
} from '../contract.ts';
import { orNull, request, type ProviderRequest } from '../http.server.ts';
import { required } from '../lenient.ts';
import { readCallback, webhookSecret } from './callback.ts';
import * as map from './map.ts';
import { paths } from './paths.ts';
import { readQrCode } from './qr-code.ts';
import { accessToken } from './session.server.ts';
import * as wire from './wire.ts';

const SUPPLIER = 'eSIM API';
const PAGE_SIZE = 100;

/** It names one eSIM of an order, so one is ordered at a time. The document counts the requests of a user's hour only. */
export const limits = {
  ...{ maxPerOrder: 1, minMsBetweenOrders: 0 },
  ...{ requestsPerSecond: 2, requestsPerHour: 1000, countedBy: 'email' },
};

export interface ResellerCredentials {
  email: string;
  password: string;
}

/** The reseller "eSIM API" v1; `baseUrl` ends with /api/v1. Its oddities are listed in providers/README.md. */
export function createReseller(connection: ProviderConnection<ResellerCredentials>): SellingProvider {
  const { credentials, baseUrl, fetch, signal, onAnswer } = connection;

  interface Sent<T> {
    act: string;
    /** Below the base URL, or a whole address. */
    path: string | URL;
    query?: Record<string, string>;
    schema: z.ZodType<T>;
    more?: Partial<ProviderRequest<T>>;
  }

  /** One request with the session's token, and once more with a new one where the supplier did not take it. */
  async function send<T>(options: Sent<T>): Promise<T> {
    const token = await tokenFor(options, null);
    const last: { status: number | null } = { status: null };
    const attempt = (token: string) =>
      sendWith({ authorization: `Bearer ${token}` }, options, (status) => {
        last.status = status;
      });
    try {
      return await attempt(token);
    } catch (error) {
      // Also after a purchase: who is not known has bought nothing.
      const isUnknown = error instanceof ProviderError && error.kind === 'credentials' && last.status === 401;
      if (!isUnknown) throw error;
      return attempt(await tokenFor(options, token));
    }
  }

  function sendWith<T>(
    headers: Record<string, string>,
    { act, path, query = {}, schema, more }: Sent<T>,
    noteStatus: (status: number | null) => void = () => undefined,
  ): Promise<T> {
    const url = typeof path === 'string' ? new URL(baseUrl.replace(/\/+$/, '') + path) : path;
    if (typeof path === 'string') url.search = new URLSearchParams(query).toString();
    return request({
      ...{ fetch, signal, supplier: SUPPLIER, act, method: 'GET', url, headers, schema },
      onAnswer: (answer) => {
        noteStatus(answer.status);
        onAnswer?.(answer);
      },
      ...more,
    });
  }

  async function tokenFor<T>({ more }: Sent<T>, refused: string | null): Promise<string> {
    try {
      return await accessToken(connection, refused);
    } catch (error) {
      // What was to happen once did not even leave.
      if (more?.buys && error instanceof ProviderError && error.kind === 'unreadable')
        throw new ProviderError('down', error.message);
      throw error;
    }
  }

  function getBalance(): Promise<Balance> {
    return send({
      act: 'read balance',
      path: paths.balance,
      schema: required(wire.OneBalance, map.toBalance, 'balance'),
    });
  }

  async function getBundle(code: string): Promise<ProviderBundle | null> {
    const { currency } = await getBalance();
    const plan = await readPlan(code);
    return plan && map.toBundle(plan, currency);
  }

  function readPlan(code: string): Promise<wire.Plan | null> {
    return orNull(
      send({ act: 'read plan', path: paths.plan(code), schema: wire.OnePlan, more: { reference: code } }),
    );
  }

  /** A page of plans a time, until one brings nothing new or the announced number has come. */
  async function* plansFrom(page: number, path: string, query: Record<string, string> = {}) {
    const seen = new Set<string>();
    let lines = 0;
    for (let at = page; ; at += 1) {
      const answer = await send({
        act: `read plans page ${String(at)}`,
        path,
        query: { ...query, page: String(at), limit: String(PAGE_SIZE) },
        schema: wire.Plans,
      });
      const fresh = answer.plans.filter(({ id }) => !seen.has(id));
      if (fresh.length === 0) return;
      for (const { id } of fresh) seen.add(id);
      lines += answer.lines;
      yield { fresh, answer, page: at };
      if (answer.total !== null && lines >= answer.total) return;
    }
  }

  function readProfile(iccid: string): Promise<wire.Profile> {
    return send({ act: 'read eSIM', path: paths.profile(iccid), schema: wire.OneProfile });
  }

  function readOrder(orderReference: string): Promise<wire.Order> {
    return send({
      act: 'read order',
      path: paths.order(orderReference),
      schema: wire.OneOrder,
      more: { reference: orderReference },
    });
  }

  /** The eSIM of an order, with its code. An order whose picture is not there, or is of something else, is not ready. */
  async function fulfilled(order: map.Placed['order']): Promise<Ready | Preparing> {
    const facts = { orderReference: order.id, total: map.totalOf(order), sourceIp: null };
    switch (map.orderState(order)) {
      case 'refused':
        return { status: 'ready', ...facts, esims: [] };
      case 'preparing':
        return { status: 'preparing', ...facts };
      case 'ready': {
        const esim = map.toEsim(order.iccid, order.activation_code ?? (await codeInPicture(order)));
        return esim ? { status: 'ready', ...facts, esims: [esim] } : { status: 'preparing', ...facts };
      }
    }
  }

  async function codeInPicture({ id, qr_code_url }: map.Placed['order']): Promise<string | null> {
    const url = map.ownUrl(qr_code_url, baseUrl);
    if (url === null) return null;
    return orNull(
      send({
        act: 'read QR code of order',
        path: url,
        schema: wire.Picture,
        more: { reference: id, parse: (_text, bytes) => readQrCode(bytes) },
      }),
    );
  }

  /** The same right after buying: it is bought, whatever reading the code comes to. */
  async function fulfilledIfTold(order: map.Placed['order']): Promise<Ready | Preparing> {
    try {
      return await fulfilled(order);
    } catch (error) {
      if (!isUnread(error)) throw error;
      return { status: 'preparing', orderReference: order.id, total: map.totalOf(order), sourceIp: null };
    }
  }

  /** Of reading what was bought: it did not come, or nobody waits for it any more. */
  const isUnread = (error: unknown) => error instanceof ProviderError || signal?.aborted === true;

  /** What a plan is topped up by on this eSIM; refused where it does not go with it. */
  async function packageFor({ iccid, bundle }: { iccid: string; bundle: string }): Promise<string | Refused> {
    const offered = await topUpPlans(iccid);
    const isOffered = (code: string) => offered.some(({ package_code }) => package_code === code);
    if (isOffered(bundle)) return bundle;
    const plan = await readPlan(bundle);
    if (!plan) return map.toRefusal(`plan not found: ${bundle}`);
    const code = plan.package_code ?? plan.id;
    return isOffered(code) ? code : map.toRefusal('not compatible: no top-up of this eSIM');
  }

  function topUpPlans(iccid: string): Promise<wire.TopUpPlan[]> {
    return send({ act: 'list top-ups of eSIM', path: paths.topUpPlans(iccid), schema: wire.TopUpPlans });
  }

  /** The eSIM, where its one bundle may be taken back. */
  async function revocable({ iccid, bundle }: RevokeTarget): Promise<Refused | null> {
    const profile = await readProfile(iccid);
    if (map.isRevoked(profile)) return map.toRefusal('the eSIM is revoked already');
    const isOther = profile.plan_id !== null && profile.plan_id !== bundle;
    return isOther ? map.toRefusal('the plan is not on the eSIM') : null;
  }

  /** Done, or so already: a supplier that says no is asked how it is. */
  async function setSuspended(iccid: string, isSuspended: boolean): Promise<void> {
    const act = isSuspended ? 'suspend eSIM' : 'unsuspend eSIM';
    const path = isSuspended ? paths.suspend(iccid) : paths.unsuspend(iccid);
    const done = await orNull(send({ act, path, schema: wire.Done, more: { method: 'POST' } }));
    if (done?.success) return;
    if (map.isSuspended(await readProfile(iccid)) !== isSuspended)
      throw new ProviderError('rejected', `${SUPPLIER}, ${act}: refused`);
  }

  return {
    getBalance,
    getBundle,

    async *listBundles(from = '1') {
      const { currency } = await getBalance();
      for await (const { fresh, answer, page } of plansFrom(Number(from), paths.plans))
        yield { ...map.toPage(fresh, answer, currency), next: String(page + 1) };
    },

    async findBundles(filter) {
      const { currency } = await getBalance();
      const path = 'region' in filter ? paths.regionalPlans(map.regionCode(filter.region)) : paths.plans;
      const query: Record<string, string> = 'region' in filter ? {} : filter;
      const found: ProviderBundle[] = [];
      for await (const { fresh } of plansFrom(1, path, query))
        found.push(...fresh.flatMap((plan) => map.toBundle(plan, currency) ?? []));
      return found;
    },

    async validateOrder({ bundle, quantity }) {
      requireQuantity(quantity, Number.MAX_SAFE_INTEGER);
      const found = await getBundle(bundle);
      if (!found) return map.toRefusal(`plan not found: ${bundle}`);
      const { amount, currency } = found.cost;
      return map.validation({ amount: amount.times(quantity), currency }, await getBalance());
    },

    async placeOrder({ bundle, quantity }: OrderRequest) {
      requireQuantity(quantity, limits.maxPerOrder);
      const placed = await send<map.Placed | Refused>({
        act: 'place order',
        path: paths.orders,
        schema: required(wire.OrderAnswer, map.purchaseOutcome, 'order.id'),
        more: {
          method: 'POST',
          reference: `${String(quantity)} x ${bundle}`,
          // The supplier mails the QR code to this address, so it is the account's and never the buyer's.
          body: {
            ...{ plan_id: bundle, quantity },
            ...{ end_customer_email: credentials.email, customer_name: 'eSIM order' },
          },
          buys: true,
          refusal: map.refusalOf,
        },
      });
      return placed.status === 'refused' ? placed : fulfilledIfTold(placed.order);
    },

    async *listPurchases({ since, until }) {
      const found = new Map<string, ProviderPurchase>();
      let last: Date | null = null;
      let order: 'unknown' | 'newest-first' | 'none' = 'unknown';
      for (let page = 1; ; page += 1) {
        const purchases = await send({
          act: `list orders page ${String(page)}`,
          path: paths.orders,
          query: { page: String(page), limit: String(PAGE_SIZE) },
          schema: wire.Orders.transform(({ orders }, context) => {
            try {
              return orders.map(map.toPurchase);
            } catch {
              context.addIssue({ code: 'custom', path: ['created_at'], message: 'unreadable' });
              return [];
            }
          }),
        });
        const fresh = purchases.filter(({ orderReference }) => !found.has(orderReference));
        if (fresh.length === 0) break;
        for (const purchase of fresh) {
          found.set(purchase.orderReference, purchase);
          if (last && purchase.createdAt > last) order = 'none';
          else if (order === 'unknown' && last && purchase.createdAt < last) order = 'newest-first';
          last = purchase.createdAt;
        }
        // It knows no window. Only a list that has shown its order, and kept it all along, is believed to keep it to its end.
        if (order === 'newest-first' && last !== null && last < since) break;
      }
      yield* [...found.values()]
        .filter(({ createdAt }) => createdAt >= since && createdAt <= until)
        .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
    },

    async getOrder(orderReference) {
      return fulfilled(await readOrder(orderReference));
    },

    async cancelOrder(orderReference) {
      // Asked for first: of a request that must not happen twice a 404 proves nothing.
      await readOrder(orderReference);
      return send<{ status: 'cancelled' } | Refused>({
        act: 'cancel order',
        path: paths.order(orderReference),
        schema: outcomeOf({ status: 'cancelled' }),
        more: { method: 'DELETE', reference: orderReference, buys: true, refusal: map.refusalOf },
      });
    },

    async getEsim(iccid) {
      return map.toProfile(await readProfile(iccid));
    },

    async listAssignments(iccid, { fresh = false } = {}) {
      const profile = await readProfile(iccid);
      const ofOrder =
        fresh && profile.order_id
          ? await send({
              act: 'refresh usage of order',
              path: paths.orderUsage(profile.order_id),
              query: { refreshCache: 'true' },
              schema: wire.OneUsage,
              more: { reference: profile.order_id },
            })
          : null;
      const exact = await send({
        act: 'read usage of eSIM',
        path: paths.usage(iccid),
        schema: wire.OneUsage,
      });
      // The figures of an order are rounded to a tenth of a gigabyte.
      const usage = exact.data_limit === null && ofOrder ? ofOrder : exact;
      return [map.toAssignment(profile, usage, currentTime())];
    },

    suspend: (iccid) => setSuspended(iccid, true),
    unsuspend: (iccid) => setSuspended(iccid, false),

    async listTopUps(iccid) {
      const plans = await topUpPlans(iccid);
      const { currency } = await getBalance();
      return plans.map((plan) => map.toTopUpOption(plan, currency));
    },

    async isCompatible(request) {
      return typeof (await packageFor(request)) === 'string';
    },

    async topUp({ iccid, bundle }) {
      const code = await packageFor({ iccid, bundle });
      if (typeof code !== 'string') return code;
      const placed = await send<{ status: 'placed'; orderReference: string } | Refused>({
        act: 'top up',
        path: paths.topUp(iccid),
        schema: required(wire.TopUpAnswer, map.topUpOutcome, 'topup_details.order_id'),
        more: {
          ...{ method: 'POST', reference: bundle, body: { package_code: code } },
          ...{ buys: true, refusal: map.refusalOf },
        },
      });
      if (placed.status === 'refused') return placed;
      const { orderReference } = placed;
      try {
        return await fulfilled(await readOrder(orderReference));
      } catch (error) {
        if (!isUnread(error)) throw error;
        return { status: 'preparing', orderReference, total: null, sourceIp: null };
      }
    },

    async offerRevoke(target) {
      // Nothing is said of money that would come back.
      return (await revocable(target)) ?? { status: 'offered', offers: [] };
    },

    async revoke({ onlyForRefund = false, ...target }) {
      const refusal = await revocable(target);
      if (refusal) return refusal;
      if (onlyForRefund) return map.toRefusal('nothing would be given back');
      return send<Revoked | Refused>({
        act: 'revoke',
        path: paths.revoke(target.iccid),
        schema: outcomeOf({ status: 'revoked', refundedTo: 'nothing' }),
        more: { method: 'POST', reference: target.bundle, buys: true, refusal: map.refusalOf },
      });
    },

    async sendSms({ iccid, message, sender }) {
      if (message.length < 1 || message.length > 160)
        throw new RangeError(`a text has 1 to 160 characters, not ${String(message.length)}`);
      if (sender !== undefined) return map.toRefusal('the supplier sends under its own name');
      // Asked for first: of a request that must not happen twice a 404 proves nothing.
      await readProfile(iccid);
      return send<{ status: 'sent' } | Refused>({
        act: 'send SMS',
        path: paths.sms(iccid),
        schema: outcomeOf({ status: 'sent' }),
        more: { method: 'POST', body: { message }, buys: true, refusal: map.refusalOf },
      });
    },

    async *listTransactions({ since, until }) {
      const { currency } = await getBalance();
      const seen = new Set<string>();
      for (let page = 1; ; page += 1) {
        const { transactions } = await send({
          act: `list transactions page ${String(page)}`,
          path: paths.transactions,
          query: {
            ...{ start_date: since.toISOString(), end_date: until.toISOString() },
            ...{ page: String(page), limit: String(PAGE_SIZE) },
          },
          schema: wire.Transactions,
        });
        const fresh = transactions.filter(({ id }) => !seen.has(id));
        if (fresh.length === 0) return;
        for (const row of fresh) {
          seen.add(row.id);
          const transaction = map.toTransaction(row, currency);
          if (transaction && transaction.at >= since && transaction.at <= until) yield transaction;
        }
      }
    },

    async checkHealth() {
      const { status, services } = await sendWith(
        {},
        { act: 'check health', path: paths.health, schema: wire.Health },
      );
      return { isHealthy: /^(healthy|ok|up)$/i.test(status), services };
    },

    async subscribe(url) {
      const body = {
        ...{ name: 'Orders and eSIMs', endpoint_url: url, event_types: ['ORDER_STATUS', 'ESIM_STATUS'] },
        ...{ secret: webhookSecret(credentials), timeout_seconds: 30, retry_count: 3 },
      };
      const webhooks = await send({
        act: 'list webhooks',
        path: paths.webhooks,
        query: { limit: String(PAGE_SIZE) },
        schema: wire.Webhooks,
      });
      const known = webhooks.find(({ endpoint_url }) => endpoint_url === url);
      if (!known) {
        // Tried by the supplier as it is made.
        const more = { method: 'POST', body } as const;
        requireDone(await send({ act: 'create webhook', path: paths.webhooks, schema: wire.Done, more }));
        return;
      }
      const { id } = known;
      await send({
        act: 'update webhook',
        path: paths.webhook(id),
        schema: wire.Done,
        more: { method: 'PUT', body },
      });
      requireDone(
        await send({
          act: 'test webhook',
          path: paths.testWebhook(id),
          schema: wire.Done,
          more: { method: 'POST' },
        }),
      );
    },

    readCallback(call) {
      return readCallback(call, webhookSecret(credentials));
    },
  };
}

/** Done, unless the answer says that it was not. */
function outcomeOf<Outcome>(outcome: Outcome): z.ZodType<Outcome | Refused> {
  return wire.Done.transform(({ success, message }) => (success ? outcome : map.toRefusal(message ?? '')));
}

function requireDone({ success }: wire.Done): void {
  if (!success) throw new ProviderError('rejected', `${SUPPLIER}, subscribe: refused`);
}

function requireQuantity(quantity: number, most: number): void {
  if (Number.isInteger(quantity) && quantity >= 1 && quantity <= most) return;
  throw new RangeError(`${SUPPLIER} takes ${String(most)} eSIM per order, not ${String(quantity)}`);
}

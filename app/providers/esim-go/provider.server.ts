import { z } from 'zod';
import type { ProviderConnection } from '../connection.ts';
import {
  ProviderError,
  type Balance,
  type Charged,
  type OrderRequest,
  type Preparing,
  type ProviderNetwork,
  type ProviderPurchase,
  type Refused,
  type RevokeTarget,
  type Revoked,
  type SellingProvider,
} from '../contract.ts';
import { orNull, request, type ProviderRequest } from '../http.server.ts';
import { required } from '../lenient.ts';
import { readCallback } from './callback.ts';
import * as map from './map.ts';
import * as wire from './wire.ts';
import type { RevokeOptions } from './wire.ts';
import { currentTime } from '../../platform/time.ts';

const PAGE_SIZE = 100;
/** So many codes keep an address short. */
const COUNTRIES_AT_ONCE = 50;

/** What eSIM Go asks of a caller: the help centre's figures for orders, the API's own for requests. */
export const limits = {
  ...{ maxPerOrder: 10, minMsBetweenOrders: 3_000, requestsPerSecond: 10 },
  card: { least: 1000, mostPerDay: 5000 },
};

/** The only sender it agrees to without an arrangement. */
export const smsSender = 'eSIM';

export interface EsimGoCredentials {
  apiKey: string;
  /** Of the API. The later one adds to the earlier: what stands at the end of this file, and more fields in some answers. */
  version: '2.4' | '2.5';
  /** The branding of new eSIMs, with 2.5; empty for the account's first profile. */
  brandingProfile: string;
}

/** eSIM Go's API. Its oddities are listed in providers/README.md. */
export function createEsimGo(connection: ProviderConnection<EsimGoCredentials>): SellingProvider {
  const { credentials, fetch, signal, onAnswer } = connection;
  const { version } = credentials;
  const branding =
    version === '2.4' || credentials.brandingProfile === '' ? null : credentials.brandingProfile;
  // One word asks for the links of both kinds of phone, since 2.5.
  const installUrls = version === '2.4' ? 'appleInstallUrl' : 'installUrl';
  // The account says which version, whatever the address ends with.
  const baseUrl = `${connection.baseUrl.replace(/\/+$/, '').replace(/\/v[\d.]+$/, '')}/v${version}`;

  function send<T>(options: {
    act: string;
    path: string;
    query?: [string, string][];
    schema: z.ZodType<T>;
    more?: Partial<ProviderRequest<T>>;
  }): Promise<T> {
    const url = new URL(baseUrl + options.path);
    url.search = new URLSearchParams(options.query).toString();
    return request({
      ...{ fetch, signal, onAnswer },
      supplier: 'eSIM Go',
      act: options.act,
      method: 'GET',
      url,
      headers: { 'X-API-Key': credentials.apiKey },
      schema: options.schema,
      ...options.more,
    });
  }

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

  /**
   * eSIM Go answers 403 both to a bad key and to an ICCID or a reference that is not the account's. Asking for the
   * balance tells them apart: a key that reads it is good.
   */
  async function ofThisAccount<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (!(error instanceof ProviderError) || error.kind !== 'credentials') throw error;
      await getBalance();
      throw new ProviderError('rejected', `${error.message}, yet the key is good: not of this account`);
    }
  }

  async function getBalance(): Promise<Balance> {
    const { balance, currency, testCredit } = await send({
      act: 'read balance',
      path: '/organisation',
      schema: wire.Organisation,
    });
    return { amount: balance, currency: currency.toUpperCase(), testCredit };
  }

  function askAboutRevoke(target: RevokeTarget): Promise<RevokeOptions | Refused> {
    return ofThisAccount(
      send<RevokeOptions | Refused>({
        act: 'ask about revoking',
        path: revokePath(target),
        query: [['type', 'validate']],
        schema: wire.RevokeOptions,
        more: { method: 'DELETE', reference: target.bundle, refusal: refusalOf400 },
      }),
    );
  }

  async function setSuspended(iccid: string, suspend: boolean): Promise<void> {
    await ofThisAccount(
      send({
        act: suspend ? 'suspend eSIM' : 'unsuspend eSIM',
        path: `${esim(iccid)}/suspend`,
        schema: z.unknown(),
        more: { method: 'POST', body: { suspend }, parse: asText },
      }),
    );
  }

  const provider: SellingProvider = {
    getBalance,

    async *listBundles(from = '1') {
      // The catalogue names no currency; prices are in the organisation's.
      const { currency } = await getBalance();
      const seen = new Set<string>();
      let lines = 0;
      for (let page = Number(from); ; page += 1) {
        const answer = await send({
          act: `read catalogue page ${String(page)}`,
          path: '/catalogue',
          query: [
            ['page', String(page)],
            ['perPage', String(PAGE_SIZE)],
          ],
          schema: wire.catalogue((row) => map.toLine(row, currency)).transform(map.toPage),
        });
        // The page size asked for is not always kept, so a short page proves nothing: only a page that brings
        // nothing new, or the announced number of rows, ends the listing.
        const isFresh = ({ code }: { code: string | null }) => code === null || !seen.has(code);
        const bundles = answer.bundles.filter(isFresh);
        const leftOut = answer.leftOut.filter(isFresh);
        const codes = [...bundles, ...leftOut].flatMap(({ code }) => code ?? []);
        if (codes.length === 0) return;
        for (const code of codes) seen.add(code);
        lines += answer.lines;
        yield { ...answer, bundles, leftOut, next: String(page + 1) };
        if (answer.total !== null && lines >= answer.total) return;
      }
    },

    async listNetworks(countries) {
      const networks: ProviderNetwork[] = [];
      for (let at = 0; at < countries.length; at += COUNTRIES_AT_ONCE) {
        const asked = countries.slice(at, at + COUNTRIES_AT_ONCE);
        const rows = await send({
          act: 'read networks',
          path: '/networks',
          query: [['isos', asked.join(',')]],
          schema: wire.Networks,
        });
        networks.push(...map.toNetworks(rows, asked));
      }
      return networks;
    },

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

    async getEsim(iccid) {
      const answer = send({
        act: 'read eSIM',
        path: esim(iccid),
        query: [['additionalFields', installUrls]],
        schema: wire.EsimDetails,
      });
      return map.toProfile(await ofThisAccount(answer));
    },

    async listAssignments(iccid) {
      const answer = send({
        act: 'list bundles of eSIM',
        path: `${esim(iccid)}/bundles`,
        query: [
          ['includeUsed', 'true'],
          ['limit', '200'],
        ],
        schema: wire.BundlesOnEsim,
      });
      return map.toAssignments(await ofThisAccount(answer));
    },

    async tagEsim(iccid, tag) {
      await ofThisAccount(
        send({
          act: 'tag eSIM',
          path: '/esims',
          schema: z.unknown(),
          more: { method: 'PUT', body: { iccid, customerRef: tag }, parse: asText },
        }),
      );
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

    isCompatible({ iccid, bundle }) {
      return ofThisAccount(
        send({
          act: 'ask whether a bundle is compatible',
          path: `${esim(iccid)}/compatible/${encodeURIComponent(bundle)}`,
          schema: wire.Compatibility.transform(({ compatible }) => compatible),
          more: {
            reference: bundle,
            refusal: (words) => (map.toRefusal(words).reason === 'bundle-unavailable' ? false : null),
          },
        }),
      );
    },

    async offerRevoke(request) {
      const options = await askAboutRevoke(request);
      return 'reason' in options ? options : { status: 'offered', offers: map.toRevokeOffers(options) };
    },

    async revoke({ onlyForRefund = false, ...target }) {
      const options = await askAboutRevoke(target);
      if ('reason' in options) return options;
      if (onlyForRefund && map.toRevokeOffers(options).length === 0)
        return { status: 'refused', reason: 'rejected', detail: 'nothing would be given back' };

      const offerId = map.balanceOffer(options);
      const refund: [string, string][] =
        offerId === null
          ? []
          : [
              ['refundToBalance', 'true'],
              ['offerId', offerId],
            ];
      return ofThisAccount(
        send<Revoked | Refused>({
          act: 'revoke',
          path: revokePath(target),
          query: [['type', 'transaction'], ...refund],
          schema: wire.StatusMessage.transform(({ status }) => map.revokeOutcome(status)),
          more: { method: 'DELETE', reference: target.bundle, buys: true, refusal: refusalOf400 },
        }),
      );
    },

    async getAssignment({ iccid, bundle }) {
      const rows = await ofThisAccount(
        send({
          act: 'read bundle of eSIM',
          path: `${esim(iccid)}/bundles/${encodeURIComponent(bundle)}`,
          schema: wire.AssignmentsOfBundle,
          // How eSIM Go says that the eSIM does not have it.
          more: { reference: bundle, refusal: (_words, status) => (status === 400 ? [] : null) },
        }),
      );
      return map.toAssignment(bundle, rows);
    },

    async listHistory(iccid) {
      const answer = send({ act: 'read history', path: `${esim(iccid)}/history`, schema: wire.History });
      return map.toHistory(await ofThisAccount(answer));
    },

    async locate(iccid) {
      const answer = send({ act: 'locate eSIM', path: `${esim(iccid)}/location`, schema: wire.Location });
      return map.toSighting(await ofThisAccount(answer));
    },

    async refresh(iccid) {
      // A GET that acts: it cuts the traveller's connection.
      await ofThisAccount(
        send({ act: 'refresh eSIM', path: `${esim(iccid)}/refresh`, schema: wire.StatusMessage }),
      );
    },

    async sendSms({ iccid, message, sender = smsSender }) {
      if (message.length < 1 || message.length > 160)
        throw new RangeError(`eSIM Go takes messages of 1 to 160 characters, not ${String(message.length)}`);
      return ofThisAccount(
        send<{ status: 'sent' } | Refused>({
          act: 'send SMS',
          path: `${esim(iccid)}/sms`,
          schema: wire.StatusMessage.transform(() => ({ status: 'sent' }) as const),
          more: { method: 'POST', body: { message, from: sender }, buys: true, refusal: refusalOf400 },
        }),
      );
    },

    async *listEsims() {
      const seen = new Set<string>();
      for (let page = 1; ; page += 1) {
        const rows = await send({
          act: `list eSIMs page ${String(page)}`,
          path: '/esims',
          query: [
            ['page', String(page)],
            ['perPage', String(PAGE_SIZE)],
            // The one order that is documented, and pages need one to hang together.
            ['orderBy', 'iccid'],
            ['direction', 'asc'],
          ],
          schema: wire.OwnedEsims,
        });
        const fresh = rows.map(map.toOwnedEsim).filter(({ iccid }) => !seen.has(iccid));
        if (fresh.length === 0) return;
        for (const { iccid } of fresh) seen.add(iccid);
        yield fresh;
      }
    },

    async chargeCard(amount) {
      if (!Number.isInteger(amount) || amount < 1)
        throw new RangeError(`a card is charged whole units, not ${String(amount)}`);
      // Asked for first: the answer to the charge names no currency.
      const { currency } = await getBalance();
      return ofThisAccount(
        send<Charged | Refused>({
          act: 'charge card',
          path: '/organisation/balance',
          query: [['amount', String(amount)]],
          schema: wire.CardCharge.transform((answer) => map.toCharged(answer, currency)),
          more: { method: 'POST', reference: String(amount), buys: true, refusal: refusalOf400 },
        }),
      );
    },

    listGroups() {
      return send({ act: 'list groups', path: '/organisation/groups', schema: wire.Groups });
    },

    async getBundle(code) {
      const { currency } = await getBalance();
      const row = await orNull(
        ofThisAccount(
          send({
            act: 'read bundle',
            path: `/catalogue/bundle/${encodeURIComponent(code)}`,
            schema: wire.OneBundle,
            more: { reference: code },
          }),
        ),
      );
      return row && map.toBundle(row, currency);
    },

    readCallback(call) {
      return readCallback(call, credentials.apiKey);
    },
  };
  if (version === '2.4') return provider;
  return {
    ...provider,
    suspend: (iccid) => setSuspended(iccid, true),
    // One that eSIM Go suspended itself, for its rules, is rejected.
    unsuspend: (iccid) => setSuspended(iccid, false),
    async deleteEsim(iccid) {
      await ofThisAccount(
        send({
          act: 'delete eSIM',
          path: esim(iccid),
          schema: z.unknown(),
          more: { method: 'DELETE', parse: asText },
        }),
      );
    },
    listConsumptionPrices: () =>
      // A 403 says "bad key" and "no consumption partner" alike.
      ofThisAccount(
        send({
          act: 'list prices',
          path: '/catalogue/prices',
          schema: wire.ConsumptionPrices.transform(map.toConsumptionPrices),
        }),
      ),
  };
}

function esim(iccid: string): string {
  return `/esims/${encodeURIComponent(iccid)}`;
}

function revokePath({ iccid, bundle, assignmentId }: RevokeTarget): string {
  const path = `${esim(iccid)}/bundles/${encodeURIComponent(bundle)}`;
  return assignmentId === undefined ? path : `${path}/assignments/${encodeURIComponent(assignmentId)}`;
}

function requireQuantity(quantity: number): void {
  if (Number.isInteger(quantity) && quantity >= 1 && quantity <= limits.maxPerOrder) return;
  throw new RangeError(
    `eSIM Go takes 1 to ${String(limits.maxPerOrder)} eSIMs per order, not ${String(quantity)}`,
  );
}

/** A 403 speaks of the key as well, so only a 400 is a "no" to what was asked. */
function refusalOf400(words: string, status: number): Refused | null {
  return status === 400 ? map.toRefusal(words) : null;
}

const asText = (body: string) => body;

type Order<T> = Pick<ProviderRequest<T>, 'act' | 'schema'> &
  Partial<Pick<ProviderRequest<T>, 'buys' | 'refusal'>>;

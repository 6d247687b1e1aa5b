import { openReader } from '../delivery/traveller.server.ts';
import { openEsim } from '../esims/save.server.ts';
import { openEmail } from '../orders/email.server.ts';
import { record } from '../orders/events.server.ts';
import { openName } from '../orders/found-by.server.ts';
import { db, type Prisma } from '../platform/db.server.ts';
import { currentTime } from '../platform/time.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { findDataRequest } from './queries.server.ts';

/**
 * All that is kept about the customer of a data request, to be sent to them; null where the shop has no such request. The
 * codes to install their eSIMs are not in it: they open the eSIM to whoever reads the file, and the customer has them.
 */
export async function customerFile(shop: Shop, { requestId, by }: { requestId: string; by: string }) {
  const request = await findDataRequest(shop, requestId);
  if (!request) return null;
  const { customerId, orderIds, emailHash } = request;
  const orders = await db.order.findMany({
    where: {
      shopId: shop.id,
      OR: [
        { shopifyGid: { in: orderIds.map((id) => `gid://shopify/Order/${id}`) } },
        ...(customerId === null ? [] : [{ customerGid: `gid://shopify/Customer/${customerId}` }]),
      ],
    },
    include: kept,
    orderBy: { createdAt: 'asc' },
  });
  const readers =
    emailHash === null
      ? []
      : await db.traveller.findMany({
          where: { shopId: shop.id, emailHash },
          include: { esim: { include: keptOfEsim } },
          orderBy: { createdAt: 'asc' },
        });
  const esims = [...orders.flatMap((order) => order.esims), ...readers.map(({ esim }) => esim)];
  const notices = await db.buyerNotice.findMany({
    where: { shopId: shop.id, esimId: { in: esims.map(({ id }) => id) } },
    orderBy: { createdAt: 'asc' },
  });
  await record(
    orders.map(({ id }) => ({ shopId: shop.id, orderId: id, kind: 'data.exported', detail: { by } })),
  );
  return {
    shop: shop.name,
    askedAt: request.receivedAt,
    madeAt: currentTime(),
    orders: orders.map((order) => orderFile(shop, order, notices)),
    boughtElsewhere: readers.map((reader) => ({
      ...{ email: openReader(reader), language: reader.locale, esim: esimFile(reader.esim, notices) },
    })),
  };
}

const keptOfEsim = {
  assignments: { orderBy: { assignedAt: 'asc' } },
  events: { orderBy: { at: 'asc' } },
} satisfies Prisma.EsimInclude;

const kept = {
  units: {
    include: { attempt: { select: { bundleCode: true } } },
    orderBy: [{ createdAt: 'asc' }, { lineItemGid: 'asc' }, { unitIndex: 'asc' }],
  },
  deliveries: { orderBy: { version: 'asc' } },
  events: { orderBy: { at: 'asc' } },
  esims: { include: keptOfEsim, orderBy: { createdAt: 'asc' } },
} satisfies Prisma.OrderInclude;

type KeptOrder = Prisma.OrderGetPayload<{ include: typeof kept }>;
type KeptEsim = KeptOrder['esims'][number];
type Notice = Prisma.BuyerNoticeGetPayload<object>;

function orderFile(shop: Shop, order: KeptOrder, notices: Notice[]) {
  const { id, name, locale, customerGid, paidAt, currency, units, deliveries, events, esims } = order;
  return {
    ...{ name, language: locale, customer: customerGid, paidAt, currency },
    email: order.email === null ? null : openEmail(shop, id, order.email),
    customerName: order.customerName === null ? null : openName(order, order.customerName),
    bought: units.map(({ title, priceMinor, state, note, attempt }) => ({
      ...{ title, priceMinor, state, note },
      bundle: attempt?.bundleCode ?? null,
    })),
    mails: deliveries.map(({ state, createdAt, sentAt }) => ({ state, createdAt, sentAt })),
    events: events.map(({ kind, at }) => ({ kind, at })),
    esims: esims.map((esim) => esimFile(esim, notices)),
  };
}

function esimFile(esim: KeptEsim, notices: Notice[]) {
  const { status, profileStatus, installedAt, startedAt, endsAt, network, customerRef, lookedAt } = esim;
  return {
    iccid: openEsim(esim).iccid,
    ...{ status, profileStatus, installedAt, startedAt, endsAt, network, reference: customerRef, lookedAt },
    bundles: esim.assignments.map(
      ({ bundleCode, state, initialBytes, remainingBytes, startsAt, endsAt: until }) => ({
        ...{ bundle: bundleCode, state, startsAt, endsAt: until },
        ...{ initialBytes: text(initialBytes), remainingBytes: text(remainingBytes) },
      }),
    ),
    mails: notices
      .filter(({ esimId }) => esimId === esim.id)
      .map(({ kind, state, sentAt }) => ({ kind, state, sentAt })),
    events: esim.events.map(({ kind, at, detail }) => ({ kind, at, detail })),
  };
}

// JSON has no bigint.
const text = (bytes: bigint | null) => (bytes === null ? null : bytes.toString());

import { maskedReader, readerHash } from '../delivery/traveller.server.ts';
import { iccidHash } from '../esims/find.server.ts';
import { matchingIdHash, openEsim } from '../esims/save.server.ts';
import { emailHash, nameHashes } from '../orders/found-by.server.ts';
import { db, Prisma } from '../platform/db.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { buyerOf, buyerSelect, type Buyer } from './buyer.server.ts';
import { searchTerms, type SearchTerms } from './search-terms.ts';

/** What of an eSIM, or of its order, was typed. */
export type FoundBy = 'iccid' | 'ending' | 'code' | 'order' | 'email' | 'name' | 'reference';

export interface FoundEsim {
  id: string;
  by: FoundBy;
  iccidLast4: string;
  status: string;
  destination: string;
  bundleCode: string | null;
  createdAt: Date;
  orderName: string | null;
  buyer: Buyer | null;
}

export interface FoundOrder {
  id: string;
  by: FoundBy;
  name: string;
  createdAt: Date;
  buyer: Buyer;
}

export interface Found {
  esims: FoundEsim[];
  /** Orders that fit and have no eSIM yet. */
  orders: FoundOrder[];
  /** There are more than are shown. */
  hasMore: boolean;
}

/** Of each kind: who finds more has to say more. */
const MOST = 25;

/**
 * The shop's eSIMs that a typed text may mean: an ICCID or its end, an order, an address, a name, an install code, a
 * supplier's order. What is encrypted is found by its blind index. Newest first within each kind.
 */
export async function searchEsims(shop: Pick<Shop, 'id'>, typed: string): Promise<Found> {
  const terms = searchTerms(typed);
  const [byEsim, byOrder] = await Promise.all([esimsBy(shop.id, terms), ordersBy(shop.id, terms)]);
  const ofOrders = await esimsOfOrders(
    shop.id,
    byOrder.map(({ id }) => id),
  );
  const by = new Map<string, FoundBy>();
  for (const { id, found } of [
    ...byEsim,
    ...ofOrders.map(({ id, orderId }) => ({ id, found: foundBy(byOrder, orderId) })),
  ])
    if (!by.has(id)) by.set(id, found);
  const served = new Set(ofOrders.map(({ orderId }) => orderId));
  const bare = byOrder.filter(({ id }) => !served.has(id));
  const [esims, orders] = await Promise.all([readEsims(shop.id, by), readOrders(shop.id, bare)]);
  const hits = [...byEsim, ...byOrder];
  const hasMore = hits.some(({ found }) => hits.filter((hit) => hit.found === found).length >= MOST);
  return { esims, orders, hasMore };
}

interface Hit {
  id: string;
  found: FoundBy;
}

async function esimsBy(
  shopId: string,
  { iccid, ending, matchingId, reference, email }: SearchTerms,
): Promise<Hit[]> {
  const find = async (found: FoundBy, where: Prisma.EsimWhereInput | null) =>
    where === null
      ? []
      : (
          await db.esim.findMany({
            where: { shopId, ...where },
            select: { id: true },
            orderBy: { createdAt: 'desc' },
            take: MOST,
          })
        ).map(({ id }): Hit => ({ id, found }));
  const hits = await Promise.all([
    find('iccid', iccid === null ? null : { iccidHash: iccidHash(iccid) }),
    ending === null ? [] : esimsEndingIn(shopId, ending),
    find('code', matchingId === null ? null : { matchingIdHash: matchingIdHash(matchingId) }),
    find('email', email === null ? null : { traveller: { emailHash: await hashFor(shopId, email) } }),
    find('reference', reference === null ? null : { orderReference: { in: cases(reference) } }),
  ]);
  return hits.flat();
}

async function hashFor(shopId: string, email: string): Promise<string> {
  const { domain } = await db.shop.findUniqueOrThrow({ where: { id: shopId }, select: { domain: true } });
  return readerHash(domain, email);
}

// People copy a reference in whatever letter case their mail shows.
const cases = (text: string) => [...new Set([text, text.toLowerCase(), text.toUpperCase()])];

/** By the last four digits, which are kept; those before them stand in the sealed number alone. */
async function esimsEndingIn(shopId: string, ending: string): Promise<Hit[]> {
  const isLong = ending.length > 4;
  const rows = await db.esim.findMany({
    where: { shopId, iccidLast4: ending.slice(-4) },
    select: { id: true, shopId: true, secret: isLong },
    orderBy: { createdAt: 'desc' },
    take: isLong ? MOST_OPENED : MOST,
  });
  const fitting = isLong ? rows.filter((row) => openEsim(row).iccid.endsWith(ending)) : rows;
  return fitting.slice(0, MOST).map(({ id }) => ({ id, found: 'ending' }));
}

const MOST_OPENED = 500;

async function ordersBy(shopId: string, { orderNames, email, nameWords }: SearchTerms): Promise<Hit[]> {
  const hits = await Promise.all([
    orderNames.length === 0
      ? []
      : newestOrders('order', Prisma.sql`"shopId" = ${shopId} AND name = ANY(${orderNames})`),
    email === null
      ? []
      : newestOrders('email', Prisma.sql`"shopId" = ${shopId} AND "emailHash" = ${emailHash(shopId, email)}`),
    nameWords.length === 0 ? [] : ordersByName(shopId, nameWords),
  ]);
  const flat = hits.flat();
  return flat.filter(({ id }, position) => flat.findIndex((hit) => hit.id === id) === position);
}

const ordersByName = (shopId: string, words: string[]) =>
  newestOrders(
    'name',
    Prisma.sql`"shopId" = ${shopId} AND "nameHashes" @> ${nameHashes(shopId, words.join(' '))}`,
  );

// Beyond it "the newest" of a very common name is not worth the reading: the merchant is asked for more.
const MOST_READ = 1000;

async function newestOrders(found: FoundBy, condition: Prisma.Sql): Promise<Hit[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    WITH fitting AS MATERIALIZED (SELECT id, "createdAt" FROM "Order" WHERE ${condition} LIMIT ${MOST_READ})
    SELECT id FROM fitting ORDER BY "createdAt" DESC, id LIMIT ${MOST}`;
  return rows.map(({ id }) => ({ id, found }));
}

async function esimsOfOrders(
  shopId: string,
  orderIds: string[],
): Promise<{ id: string; orderId: string | null }[]> {
  if (orderIds.length === 0) return [];
  return db.esim.findMany({
    where: { shopId, orderId: { in: orderIds } },
    select: { id: true, orderId: true },
    orderBy: { createdAt: 'desc' },
    take: 4 * MOST,
  });
}

const foundBy = (orders: Hit[], orderId: string | null): FoundBy =>
  orders.find(({ id }) => id === orderId)?.found ?? 'order';

/** eSIMs of the shop with what of each was typed, newest first. */
export async function readEsims(shopId: string, by: Map<string, FoundBy>): Promise<FoundEsim[]> {
  if (by.size === 0) return [];
  const rows = await db.esim.findMany({
    where: { shopId, id: { in: [...by.keys()] } },
    select: {
      ...{ id: true, iccidLast4: true, status: true, destination: true, bundleCode: true, createdAt: true },
      order: { select: { name: true, ...buyerSelect } },
      traveller: true,
    },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  });
  return rows.map(({ order, traveller, ...row }) => ({
    ...row,
    by: by.get(row.id) ?? 'order',
    orderName: order?.name ?? null,
    buyer: order ? buyerOf(order) : traveller && { name: null, maskedEmail: maskedReader(traveller) },
  }));
}

async function readOrders(shopId: string, hits: Hit[]): Promise<FoundOrder[]> {
  if (hits.length === 0) return [];
  const rows = await db.order.findMany({
    where: { shopId, id: { in: hits.map(({ id }) => id) } },
    select: { name: true, createdAt: true, ...buyerSelect },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  });
  return rows.map((order) => ({
    ...{ id: order.id, name: order.name, createdAt: order.createdAt },
    by: foundBy(hits, order.id),
    buyer: buyerOf(order),
  }));
}

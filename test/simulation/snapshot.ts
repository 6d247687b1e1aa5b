import { canariesIn } from '../e2e/canaries.ts';
import type { Merchant } from '../shop.ts';
import { lookIntoEmbedded, lookIntoPostgres, type Query } from '../tables.ts';
import type { Snapshot, SoldLine } from './invariants.ts';
import type { Machines } from './processes.ts';

/** Looks at both sides. On the embedded database no process may be running. */
export async function takeSnapshot(machines: Machines, merchants: Merchant[]): Promise<Snapshot> {
  const { esimGo, resend } = machines;
  const shopOf = new Map(merchants.map(({ apiKey, domain }) => [apiKey, domain]));
  const codes = new Map(esimGo.esims.map(({ iccid, activationCode }) => [iccid, activationCode]));
  return {
    sold: merchants.flatMap((merchant) => soldBy(machines, merchant)),
    ...(await readBooks(machines)),
    purchases: esimGo.orders.map(({ apiKey, orderReference, items, total, requestArrivedAt }) => ({
      shop: shopOf.get(apiKey) ?? 'no shop',
      reference: orderReference,
      bundle: items.map(({ bundle }) => bundle).join(' and '),
      quantity: items.reduce((sum, { quantity }) => sum + quantity, 0),
      total,
      arrivedAt: requestArrivedAt.getTime(),
      esims: items
        .flatMap(({ iccids }) => iccids)
        .map((iccid) => ({ iccid, activationCode: codes.get(iccid) ?? '' })),
    })),
    buyRequests: esimGo.requests
      .filter(({ method, path }) => method === 'POST' && path === '/orders')
      .map(({ at }) => at.getTime()),
    accounts: merchants.map(({ apiKey, domain, paidIn }) => ({
      shop: domain,
      paidIn,
      left: esimGo.organisations.find((account) => account.apiKey === apiKey)?.balance ?? NaN,
    })),
    mails: resend.mails.map(({ id, to, idempotencyKey, text }) => ({
      to: to.join(' '),
      key: idempotencyKey ?? id,
      text: text ?? '',
    })),
    leaks: canariesIn(machines.output(), machines),
  };
}

function soldBy({ shopify }: Machines, { domain }: Merchant): SoldLine[] {
  return shopify.state.shop(domain).orders.flatMap((order) => {
    const fulfilled = order.fulfillments.flatMap(({ lines }) => lines);
    return order.lines
      .filter(({ sku }) => sku?.startsWith('esim_'))
      .map((line) => ({
        shop: domain,
        order: `gid://shopify/Order/${order.id}`,
        line: `gid://shopify/LineItem/${line.id}`,
        bundle: line.sku ?? '',
        quantity: line.currentQuantity,
        fulfilled: fulfilled
          .filter(({ lineItemId }) => lineItemId === line.id)
          .reduce((sum, { quantity }) => sum + quantity, 0),
        email: order.email ?? '',
      }));
  });
}

const books = {
  units: `SELECT u.id, s.domain AS shop, o."shopifyGid" AS "order", u."lineItemGid" AS line, u.state, u.reason,
    u."attemptId" AS attempt
    FROM "Unit" u JOIN "Shop" s ON s.id = u."shopId" JOIN "Order" o ON o.id = u."orderId"`,
  attempts: `SELECT a.id, s.domain AS shop, a."bundleCode" AS bundle, a.quantity, a.state,
    (extract(epoch FROM a."sentAt") * 1000)::float8 AS "sentAt", a."orderReference" AS reference, a.total::float8 AS total
    FROM "PurchaseAttempt" a JOIN "Shop" s ON s.id = a."shopId"`,
  esims: `SELECT e."unitId" AS unit, s.domain AS shop, e."orderReference" AS reference, e."iccidLast4" AS "iccidLast4"
    FROM "Esim" e JOIN "Shop" s ON s.id = e."shopId"`,
};

type Books = Pick<Snapshot, 'units' | 'attempts' | 'esims'>;

function readBooks({ database }: Machines): Promise<Books> {
  const read = async (query: Query): Promise<Books> => ({
    // The columns are named above as the snapshot names its fields.
    units: await query<Books['units'][number]>(books.units),
    attempts: await query<Books['attempts'][number]>(books.attempts),
    esims: await query<Books['esims'][number]>(books.esims),
  });
  return 'url' in database ? lookIntoPostgres(database.url, read) : lookIntoEmbedded(database.dataDir, read);
}

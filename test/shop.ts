import type { orderView } from '../app/ui/order/view.ts';
import type { OrderView } from './sandbox/esim-go/server.ts';
import type { Order } from './sandbox/shopify/records.ts';
import type { Cart } from './sandbox/shopify/start.ts';
import type { World } from './world.ts';

/** What the page of an order shows. */
export type OrderPage = ReturnType<typeof orderView>;

/** A merchant at work: the app's pages as App Bridge asks for them, signed in with a fresh session token. */
export interface Merchant {
  domain: string;
  /** The supplier's key of this merchant's own account. */
  apiKey: string;
  /** Dollars that were ever paid into that account. */
  paidIn: number;
  topUp: (dollars: number) => void;
  /** What the supplier executed for this merchant, oldest first. */
  purchases: () => OrderView[];
  /** The data of a page's loader; `route` is the file below app/routes. */
  read: <Data>(path: string, route: string) => Promise<Data>;
  /** The text of a file that a route makes. */
  download: (path: string, route: string) => Promise<string>;
  /** Posts a form of a page; answers the status and the action's data. A field may come more than once. */
  send: (
    path: string,
    route: string,
    fields: Record<string, string> | [string, string][],
  ) => Promise<{ status: number; data: unknown }>;
  /** Publishes a bundle with the product of its destination, and returns the Shopify variant that sells it. */
  sell: (bundleCode: string) => Promise<number>;
  /** The variant sells the bundle from now on, or nothing more. */
  link: (variantId: number, bundleCode: string, intent: 'map' | 'unmap') => Promise<void>;
  /** A buyer pays a cart; the webhook is on its way when this returns. */
  checkout: (cart: Cart) => Order;
  /** The app's page of a Shopify order; null before the app took it in. */
  order: (order: Order) => Promise<OrderPage | null>;
  /** Presses a button of that page. */
  press: (order: Order, fields: Record<string, string>) => Promise<{ status: number; data: unknown }>;
  /** What the thank-you page gets to see. */
  thankYou: (order: Order) => Promise<BuyerAnswer>;
}

export interface BuyerAnswer {
  status: 'none' | 'preparing' | 'ready' | 'problem';
  esims: { state: string; code: { activationCode: string } | null }[];
}

// Shopify's package turns robots away.
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) Chrome/153 Safari/537';

/** What a shop needs of its world; the app may run in this process or in another. */
type Place = Pick<World, 'appUrl' | 'shopify' | 'esimGo' | 'until'>;

let count = 0;

/** A shop with the app installed, a supplier account of its own, and the catalogue imported. */
export async function openShop(
  world: Place,
  {
    balance = 500,
    currency = 'USD',
    imports = true,
  }: { balance?: number; currency?: string; imports?: boolean } = {},
): Promise<Merchant> {
  const domain = `shop-${++count}-${process.pid}.myshopify.com`;
  const apiKey = `key-of-${domain}`;
  world.shopify.createShop(domain, { name: `Shop ${count}`, currency });
  world.shopify.installApp(domain);
  world.esimGo.createOrganisation({ apiKey, balance });
  const merchant = signedIn(world, { domain, apiKey, balance });
  const connected = await merchant.send('/app/settings/suppliers', 'app.settings.suppliers', {
    intent: 'connect',
    provider: 'esim-go',
    apiKey,
  });
  if (connected.status !== 200)
    throw new Error(`the supplier was not connected: ${JSON.stringify(connected)}`);
  if (!imports) return merchant;
  await merchant.send('/app/catalogue?index', 'app.catalogue._index', { intent: 'import' });
  await world.until(
    'the catalogue is imported',
    async () => (await catalogue(merchant)).progress?.state === 'done',
  );
  return merchant;
}

interface CatalogueData {
  progress: { state: string } | null;
  rows: { id: string; code: string }[];
}

const catalogue = (merchant: Merchant, search = '') =>
  merchant.read<CatalogueData>(`/app/catalogue?search=${encodeURIComponent(search)}`, 'app.catalogue._index');

function signedIn(
  world: Place,
  { domain, apiKey, balance }: { domain: string; apiKey: string; balance: number },
): Merchant {
  const call = async (path: string, route: string, init: RequestInit = {}) => {
    const url = new URL(path, world.appUrl);
    url.searchParams.set('_data', `routes/${route}`);
    const headers = {
      authorization: `Bearer ${await world.shopify.idToken(domain)}`,
      'user-agent': BROWSER,
      // The app closes connections that were idle for a while, perhaps the moment a story uses one again.
      connection: 'close',
    };
    return fetch(url, { ...init, headers, redirect: 'manual' });
  };
  const merchant: Merchant = {
    domain,
    apiKey,
    paidIn: balance,
    topUp: (dollars) => {
      world.esimGo.topUp(merchant.apiKey, dollars);
      merchant.paidIn += dollars;
    },
    purchases: () => world.esimGo.orders.filter((order) => order.apiKey === merchant.apiKey),
    read: async <Data>(path: string, route: string) => {
      const response = await call(path, route);
      if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
      return (await response.json()) as Data;
    },
    download: async (path, route) => {
      const response = await call(path, route);
      if (!response.ok) throw new Error(`${path} answered ${response.status}`);
      return response.text();
    },
    send: async (path, route, fields) => {
      const response = await call(path, route, { method: 'POST', body: new URLSearchParams(fields) });
      const text = await response.text();
      return { status: response.status, data: text.startsWith('{') ? (JSON.parse(text) as unknown) : text };
    },
    sell: async (bundleCode) => {
      await publish(world, merchant, `bundles=${await bundleId(merchant, bundleCode)}`);
      const variant = world.shopify.state
        .shop(domain)
        .products.flatMap(({ variants }) => variants)
        .find(({ sku }) => sku === bundleCode);
      if (!variant) throw new Error(`${bundleCode} was not published`);
      return variant.id;
    },
    link: async (variantId, bundleCode, intent) => {
      const fields = { intent, variantGid: `gid://shopify/ProductVariant/${variantId}` };
      await merchant.send(
        `/app/catalogue/${await bundleId(merchant, bundleCode)}`,
        'app.catalogue.$bundleId',
        fields,
      );
    },
    checkout: (cart) => world.shopify.checkout(domain, cart),
    order: async (order) => {
      const id = await orderId(merchant, order);
      return id === null ? null : merchant.read<OrderPage>(`/app/orders/${id}`, 'app.orders.$orderId');
    },
    press: async (order, fields) => {
      const id = await orderId(merchant, order);
      if (id === null) throw new Error(`the app does not know ${order.name}`);
      return merchant.send(`/app/orders/${id}`, 'app.orders.$orderId', fields);
    },
    thankYou: async ({ id, checkoutToken }) => {
      const response = await fetch(`${world.appUrl}/api/buyer/esims`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await world.shopify.extensionToken(domain)}`,
          'content-type': 'application/json',
          'user-agent': BROWSER,
          connection: 'close',
        },
        body: JSON.stringify({ orderId: `gid://shopify/OrderIdentity/${id}`, checkoutToken }),
      });
      if (!response.ok) throw new Error(`the thank-you page got ${response.status}`);
      return (await response.json()) as BuyerAnswer;
    },
  };
  return merchant;
}

/** Publishes what a question of the publish page finds, and waits until that is over. */
export async function publish(world: Pick<Place, 'until'>, merchant: Merchant, question: string) {
  await beginPublishing(merchant, question);
  await world.until('the products are published', async () => !(await isPublishing(merchant)));
}

const PUBLISH = 'app.publish._index';

/** Asks to publish what a question of the publish page finds; the work follows. */
export async function beginPublishing(merchant: Merchant, question: string) {
  const started = await merchant.send(`/app/publish?index&${question}`, PUBLISH, { intent: 'publish' });
  if (started.status >= 400) throw new Error(`nothing was published: ${JSON.stringify(started)}`);
}

export async function isPublishing(merchant: Merchant): Promise<boolean> {
  const { underway } = await merchant.read<{ underway: string | null }>('/app/publish?index', PUBLISH);
  return underway !== null;
}

/** The app's id of a bundle in the merchant's catalogue. */
export async function bundleId(merchant: Merchant, bundleCode: string): Promise<string> {
  const { rows } = await catalogue(merchant, bundleCode);
  const bundle = rows.find(({ code }) => code === bundleCode);
  if (!bundle) throw new Error(`the catalogue does not show ${bundleCode}`);
  return bundle.id;
}

async function orderId(merchant: Merchant, { name }: Order): Promise<string | null> {
  const path = `/app/orders?search=${encodeURIComponent(name)}`;
  const { orders } = await merchant.read<{ orders: { id: string; name: string }[] }>(
    path,
    'app.orders._index',
  );
  return orders.find((order) => order.name === name)?.id ?? null;
}

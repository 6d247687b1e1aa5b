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
  /** Further accounts with the same supplier, and the dollars that were ever paid into each. */
  more: { apiKey: string; paidIn: number }[];
  /** An account with the reseller's eSIM API, and the dollars that were ever paid into it; null without one. */
  reseller: { email: string; paidIn: number } | null;
  /** What the supplier executed for this merchant, of all accounts or of one, oldest first. */
  purchases: (apiKey?: string) => OrderView[];
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
  esims: {
    state: string;
    code: { activationCode: string } | null;
    usage: Record<string, unknown> | null;
    topUpUrl: string | null;
  }[];
  topUps: { state: string; iccidLast4: string | null }[];
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
    locale = 'en',
    imports = true,
  }: { balance?: number; currency?: string; locale?: string; imports?: boolean } = {},
): Promise<Merchant> {
  const domain = `shop-${++count}-${process.pid}.myshopify.com`;
  const apiKey = `key-of-${domain}`;
  world.shopify.createShop(domain, { name: `Shop ${count}`, currency, locale });
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

/** Connects a second account with the supplier to a shop and imports what it sells. Returns its key. */
export async function connectAnother(
  world: Place,
  merchant: Merchant,
  { label, balance = 500 }: { label: string; balance?: number },
): Promise<string> {
  const apiKey = `${label}-${merchant.apiKey}`;
  world.esimGo.createOrganisation({ apiKey, balance });
  const fields = { intent: 'connect', provider: 'esim-go', accountId: '', label, apiKey };
  const connected = await merchant.send('/app/settings/suppliers', 'app.settings.suppliers', fields);
  if (connected.status !== 200) throw new Error(`${label} was not connected: ${JSON.stringify(connected)}`);
  merchant.more.push({ apiKey, paidIn: balance });
  await importFrom(world, merchant, { label, search: 'France' });
  return apiKey;
}

export const RESELLER_PASSWORD = 'Wayfarer-canary-9';

/**
 * Connects the reseller's eSIM API to a shop with an account of its own and imports what it sells. Returns the account's
 * e-mail address. It logs in, which the reseller allows five times in a quarter of an hour.
 */
export async function connectReseller(
  world: Place & Pick<World, 'reseller'>,
  merchant: Merchant,
  { balance = 100, billing = 'prepaid' }: { balance?: number; billing?: 'prepaid' | 'postpaid' } = {},
): Promise<string> {
  const { reseller } = world;
  const account = { email: `reseller@${merchant.domain}`, password: RESELLER_PASSWORD };
  reseller.createAccount({ ...account, balance, billing });
  const fields = { intent: 'connect', provider: 'reseller', baseUrl: reseller.apiUrl, ...account };
  const connected = await merchant.send('/app/settings/suppliers', 'app.settings.suppliers', fields);
  if (connected.status !== 200)
    throw new Error(`the reseller was not connected: ${JSON.stringify(connected)}`);
  merchant.reseller = { email: account.email, paidIn: balance };
  await importFrom(world, merchant, { label: 'eSIM API', search: 'plan-FR-1GB-7D' });
  return account.email;
}

/** Imports the catalogue, until what the account sells is in it. */
async function importFrom(
  world: Place,
  merchant: Merchant,
  { label, search }: { label: string; search: string },
) {
  await merchant.send('/app/catalogue?index', 'app.catalogue._index', { intent: 'import' });
  await world.until(`the catalogue of ${label} is imported`, async () => {
    const { choices } = await merchant.read<{ choices: { supplier: string }[] }>(
      `/app/bundles?search=${search}`,
      'app.bundles',
    );
    return choices.some(({ supplier }) => supplier === label);
  });
}

export interface Listed {
  code: string;
  /** The label of the account that sells it; the first one's when left out. */
  supplier?: string;
}

/** A product of the merchant's own, whose one variant sells these bundles. Returns the variant. */
export async function sellList(
  world: Place,
  merchant: Merchant,
  list: Listed[],
  choosing: 'order' | 'cost' | 'stock' = 'order',
  price = '9.90',
): Promise<number> {
  const ids = await Promise.all(
    list.map(async ({ code, supplier = 'eSIM Go' }) => {
      const { choices } = await merchant.read<{ choices: { id: string; code: string; supplier: string }[] }>(
        `/app/bundles?search=${code}`,
        'app.bundles',
      );
      const found = choices.find((each) => each.code === code && each.supplier === supplier);
      if (!found) throw new Error(`${supplier} does not sell ${code}`);
      return found.id;
    }),
  );
  const { variants } = world.shopify.state.createProduct(merchant.domain, {
    title: `eSIM ${list.map(({ code }) => code).join(' else ')}`,
    options: ['Size'],
    variants: [{ price, sku: null, values: ['1 GB'], requiresShipping: false }],
  });
  const variantId = variants[0]?.id ?? 0;
  const saved = await merchant.send(
    `/app/products/mapping/${String(variantId)}`,
    'app.products.mapping.$variantId',
    [
      ['intent', 'save'],
      ['kind', 'esim'],
      ['choosing', choosing],
      ...ids.map((id): [string, string] => ['bundleId', id]),
    ],
  );
  if (saved.status !== 200) throw new Error(`it was not mapped: ${JSON.stringify(saved)}`);
  return variantId;
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
  /** The app's ids of Shopify's orders, to ask for a page at once. */
  const known = new Map<number, string>();
  const idOf = async (order: Order): Promise<string | null> => {
    const id = known.get(order.id) ?? (await orderId(merchant, order));
    if (id !== null) known.set(order.id, id);
    return id;
  };
  const merchant: Merchant = {
    domain,
    apiKey,
    paidIn: balance,
    topUp: (dollars) => {
      world.esimGo.topUp(merchant.apiKey, dollars);
      merchant.paidIn += dollars;
    },
    more: [],
    reseller: null,
    purchases: (only) => {
      const keys =
        only === undefined ? [merchant.apiKey, ...merchant.more.map((other) => other.apiKey)] : [only];
      return world.esimGo.orders.filter((order) => keys.includes(order.apiKey));
    },
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
      const id = await idOf(order);
      if (id === null) return null;
      const response = await call(`/app/orders/${id}`, 'app.orders.$orderId');
      if (response.ok) return (await response.json()) as OrderPage;
      // A database that was put back from a copy may know it by another.
      if (response.status === 404 && known.delete(order.id)) return merchant.order(order);
      throw new Error(`the page of ${order.name} answered ${response.status}: ${await response.text()}`);
    },
    press: async (order, fields) => {
      const id = await idOf(order);
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

/** The app's id of the merchant's first account with a supplier, connected or not. */
export async function accountId(merchant: Merchant, provider = 'esim-go'): Promise<string> {
  const { suppliers } = await merchant.read<{
    suppliers: { provider: string; account: { id: string } | null; formerId: string | null }[];
  }>('/app/settings/suppliers', 'app.settings.suppliers');
  const row = suppliers.find((each) => each.provider === provider);
  const id = row?.account?.id ?? row?.formerId;
  if (id == null) throw new Error(`the shop has no account with ${provider}`);
  return id;
}

async function orderId(merchant: Merchant, { name }: Order): Promise<string | null> {
  const path = `/app/orders?search=${encodeURIComponent(name)}`;
  const { orders } = await merchant.read<{ orders: { id: string; name: string }[] }>(
    path,
    'app.orders._index',
  );
  return orders.find((order) => order.name === name)?.id ?? null;
}

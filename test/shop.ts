import type { Cart } from './sandbox/shopify/start.ts';
import type { World } from './world.ts';

/** A merchant at work: the app's pages as App Bridge asks for them, signed in with a fresh session token. */
export interface Merchant {
  domain: string;
  /** The supplier's key of this merchant's own account. */
  apiKey: string;
  /** The data of a page's loader; `route` is the file below app/routes. */
  read: <Data>(path: string, route: string) => Promise<Data>;
  /** Posts a form of a page; answers the status and the action's data. */
  send: (path: string, route: string, fields: Record<string, string>) => Promise<{ status: number; data: unknown }>;
  /** Publishes a bundle and returns the Shopify variant that sells it. */
  sell: (bundleCode: string) => Promise<number>;
  /** A buyer pays a cart; the webhook is on its way when this returns. */
  checkout: (cart: Cart) => ReturnType<World['shopify']['checkout']>;
}

let count = 0;

/** A shop with the app installed, a supplier account of its own, and the catalogue imported. */
export async function openShop(world: World, { balance = 500 }: { balance?: number } = {}): Promise<Merchant> {
  const domain = `shop-${++count}-${process.pid}.myshopify.com`;
  const apiKey = `key-of-${domain}`;
  world.shopify.createShop(domain, { name: `Shop ${count}`, currency: 'USD' });
  world.shopify.installApp(domain);
  world.esimGo.createOrganisation({ apiKey, balance });
  const merchant = signedIn(world, domain, apiKey);
  const connected = await merchant.send('/app/settings/suppliers', 'app.settings.suppliers', { intent: 'connect', provider: 'esim-go', apiKey });
  if (connected.status !== 200) throw new Error(`the supplier was not connected: ${JSON.stringify(connected)}`);
  await merchant.send('/app/catalogue?index', 'app.catalogue._index', { intent: 'import' });
  await world.until('the catalogue is imported', async () => (await catalogue(merchant)).progress?.state === 'done');
  return merchant;
}

interface CatalogueData {
  progress: { state: string } | null;
  rows: { id: string; code: string }[];
}

const catalogue = (merchant: Merchant, search = '') =>
  merchant.read<CatalogueData>(`/app/catalogue?search=${encodeURIComponent(search)}`, 'app.catalogue._index');

function signedIn(world: World, domain: string, apiKey: string): Merchant {
  const call = async (path: string, route: string, init: RequestInit = {}) => {
    const url = new URL(path, world.appUrl);
    url.searchParams.set('_data', `routes/${route}`);
    const headers = {
      authorization: `Bearer ${await world.shopify.idToken(domain)}`,
      'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Chrome/153 Safari/537',
    };
    return fetch(url, { ...init, headers, redirect: 'manual' });
  };
  const merchant: Merchant = {
    domain,
    apiKey,
    read: async <Data>(path: string, route: string) => {
      const response = await call(path, route);
      if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
      return (await response.json()) as Data;
    },
    send: async (path, route, fields) => {
      const response = await call(path, route, { method: 'POST', body: new URLSearchParams(fields) });
      const text = await response.text();
      return { status: response.status, data: text.startsWith('{') ? (JSON.parse(text) as unknown) : text };
    },
    sell: async (bundleCode) => {
      const { rows } = await catalogue(merchant, bundleCode);
      const bundle = rows.find(({ code }) => code === bundleCode);
      if (!bundle) throw new Error(`the catalogue does not show ${bundleCode}`);
      await merchant.send(`/app/catalogue/${bundle.id}`, 'app.catalogue.$bundleId', { intent: 'publish' });
      const product = world.shopify.state.shop(domain).products.find(({ variants }) => variants.some(({ sku }) => sku === bundleCode));
      const variant = product?.variants[0];
      if (!variant) throw new Error(`${bundleCode} was not published`);
      return variant.id;
    },
    checkout: (cart) => world.shopify.checkout(domain, cart),
  };
  return merchant;
}

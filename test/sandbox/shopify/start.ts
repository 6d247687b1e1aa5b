import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Express } from 'express';
import express from 'express';
import type { Conducts, ServerConducts } from '../conducts.ts';
import { makeConducts } from '../conducts.ts';
import type { GraphqlCall } from './graphql.ts';
import { declareDefinitions } from './definitions.ts';
import { graphqlRoutes } from './graphql.ts';
import { oauthRoutes } from './oauth.ts';
import type { OrderDraft } from './orders.ts';
import { readAppSettings } from './pages/extensions.ts';
import { mountPages } from './pages/mount.ts';
import type { Order, Shop } from './records.ts';
import { covers } from './scopes.ts';
import type { ShopDraft, ShopifyState } from './state.ts';
import { openShopifyState } from './state.ts';
import type { TokenSigner } from './tokens.ts';
import { tokenSigner } from './tokens.ts';
import type { AppWebhooks, Delivery } from './webhooks.ts';
import { openWebhooks } from './webhooks.ts';

export type ShopifyOptions = {
  /** 0 or left out: any free port. */
  port?: number;
  stateFile?: string;
  apiKey: string;
  apiSecret: string;
  appUrl: string;
  /** Named as in the Dev Dashboard; shown in the admin. */
  appName?: string;
  /** What the merchant grants at installation. Default: what `shopify.app.toml` asks for. */
  scopes?: string[];
  /** The app's own settings file and its extensions; default: those of this repository. */
  appToml?: string;
  extensionsFolder?: string;
  /** Conducts switched on from the start. */
  conducts?: string[];
  /** Without it the app's own subscriptions go to `{appUrl}/webhooks/shopify`; `null` sends none. */
  webhooks?: AppWebhooks | null;
  /** How long a minute of the webhook retry schedule lasts. Default: a minute. */
  retryScaleMs?: number;
  now?: () => Date;
};

export type Cart = Pick<OrderDraft, 'lines'> & Partial<OrderDraft>;

export type Shopify = Pick<TokenSigner, 'extensionToken' | 'idToken'> & {
  readonly url: string;
  readonly apiKey: string;
  readonly appName: string;
  /** Changes with `pointAt`. */
  readonly appUrl: string;
  close(): Promise<void>;
  readonly state: ShopifyState;
  readonly conducts: Conducts;
  readonly deliveries: Delivery[];
  readonly graphqlLog: GraphqlCall[];
  createShop(domain: string, draft?: Omit<ShopDraft, 'domain'>): Shop;
  /** The merchant installs the app with the scopes of the options, or with these. */
  installApp(domain: string, scopes?: string[]): void;
  uninstall(domain: string): void;
  /** A buyer pays a cart in the Online Store: makes the order and sends the webhooks. */
  checkout(domain: string, cart: Cart): Order;
  /** The app moved (tests start the sandbox before they know the app's port). */
  pointAt(app: { appUrl: string; webhooksUrl?: string }): void;
  /** The shop's own subscriptions, made through the Admin API, are gone. */
  dropSubscriptions(domain: string): void;
  /** Resolves when every webhook attempt under way has its answer. */
  webhooksQuiet(): Promise<void>;
  /** Sends a recorded webhook again, with the same webhook id. */
  resendWebhook(id: string): Promise<void>;
};

export const shopifyConducts = {
  throttles: 'Refuses every Admin API call with THROTTLED, the bucket being empty.',
  'drops-webhooks': 'Never sends the webhooks of what happens while it is on.',
  'forgets-app-subscriptions':
    'Sends nothing to the subscriptions of the app’s own settings; those of the shop itself work.',
  'sends-webhooks-twice': 'Sends every webhook two times at once, with the same webhook id.',
  'refuses-a-variant':
    'Writes all variants of a list but the first, and says that it could not write that one.',
  'refuses-the-refund': 'Refuses to refund in words, as when the payment provider declines.',
  'loses-the-answer': 'Does what the Admin API is asked, and closes the connection without a word.',
  'answers-502': 'Answers the Admin API and the token endpoint with 502 and a page of HTML.',
  'closes-fulfilment-orders-first':
    'The merchant fulfils automatically: fulfilment orders are closed before the app looks.',
  'hides-email': 'The app is not approved for protected customer data: e-mail addresses and names are null.',
  'forgives-used-refresh-tokens':
    'Takes a used refresh token again until its successor is used, as Shopify promises since August 2026.',
};

/** Starts Shopify on the loopback interface: Admin API, token endpoint, webhooks, and the pages people see. */
export async function startShopify(options: ShopifyOptions): Promise<Shopify> {
  const conducts = makeConducts(shopifyConducts);
  for (const name of options.conducts ?? []) conducts.on(name);
  const state = withAutomaticFulfilment(openShopifyState(options), conducts);
  const tokens = tokenSigner({
    apiKey: options.apiKey,
    apiSecret: options.apiSecret,
    now: () => state.now(),
  });
  const appToml = options.appToml ?? fileURLToPath(new URL('../../../shopify.app.toml', import.meta.url));
  const { name, scopes } = readAppSettings(appToml);
  const appInfo = { apiKey: options.apiKey, name: options.appName ?? name, url: options.appUrl };
  const webhooks = openWebhooks({
    state,
    conducts,
    apiSecret: options.apiSecret,
    subscriptions:
      options.webhooks === undefined ? { url: `${options.appUrl}/webhooks/shopify` } : options.webhooks,
    ...(options.retryScaleMs === undefined ? {} : { retryScaleMs: options.retryScaleMs }),
  });
  const graphqlLog: GraphqlCall[] = [];

  const app = express();
  app.disable('x-powered-by');
  app.use(['/admin/api', '/admin/oauth'], (request, response, next) => {
    if (!conducts.strike('answers-502', `${request.method} ${request.originalUrl}`)) {
      next();
      return;
    }
    response.status(502).type('html').send('<html><body><h1>502 Bad Gateway</h1></body></html>');
  });
  app.use(oauthRoutes({ state, tokens, conducts, apiKey: options.apiKey, apiSecret: options.apiSecret }));
  app.use(graphqlRoutes({ state, conducts, appInfo, log: graphqlLog }));
  const server = await listen(app, options.port ?? 0);
  // A server that listens on TCP has an address with a port.
  const { port } = server.address() as AddressInfo;

  const shopify: Shopify = {
    url: `http://127.0.0.1:${String(port)}`,
    apiKey: options.apiKey,
    appName: appInfo.name,
    get appUrl() {
      return appInfo.url;
    },
    state,
    conducts,
    deliveries: webhooks.deliveries,
    graphqlLog,
    idToken: (domain, claims) => tokens.idToken(domain, claims),
    // `sub` names the buyer only to an app that may read customers.
    extensionToken: (domain, claims) =>
      tokens.extensionToken(
        domain,
        covers(new Set(state.findShop(domain)?.app?.scopes), 'read_customers') ? claims : {},
      ),
    createShop: (domain, draft = {}) => state.createShop({ ...draft, domain }),
    installApp: (domain, granted = options.scopes ?? scopes) => {
      state.installApp(domain, granted);
      declareDefinitions(state, state.shop(domain), appToml);
    },
    uninstall: (domain) => {
      state.uninstallApp(domain);
    },
    checkout: (domain, cart) => state.createOrder(domain, cart),
    pointAt: ({ appUrl, webhooksUrl }) => {
      appInfo.url = appUrl;
      webhooks.pointAt({ ...options.webhooks, url: webhooksUrl ?? `${appUrl}/webhooks/shopify` });
    },
    dropSubscriptions: (domain) => {
      state.shop(domain).webhookSubscriptions = [];
      state.changed();
    },
    webhooksQuiet: () => webhooks.quiet(),
    resendWebhook: (id) => webhooks.resend(id),
    async close() {
      webhooks.close();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      });
      await webhooks.quiet();
      state.flush();
    },
  };
  mountPages(app, shopify, {
    appToml,
    ...(options.extensionsFolder === undefined ? {} : { extensionsFolder: options.extensionsFolder }),
  });
  return shopify;
}

/** Wraps `createOrder`, so that the conduct reaches orders from the checkout page too. */
function withAutomaticFulfilment(state: ShopifyState, conducts: ServerConducts): ShopifyState {
  return {
    ...state,
    createOrder: (domain, draft) =>
      state.createOrder(domain, {
        ...draft,
        fulfilAtOnce: draft.fulfilAtOnce ?? conducts.strike('closes-fulfilment-orders-first') !== null,
      }),
  };
}

function listen(app: Express, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = app.listen(port, '127.0.0.1');
    server.once('listening', () => {
      resolve(server);
    });
    server.once('error', reject);
  });
}

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startConsole } from './console/server.ts';
import { startEcb, type Ecb } from './ecb/server.ts';
import { startEsimGo, type EsimGo } from './esim-go/server.ts';
import { startGoHub, type GoHub } from './gohub/server.ts';
import { startReseller, type Reseller } from './reseller/server.ts';
import { startResend, type Resend } from './resend/server.ts';
import { startSimvox, type Simvox } from './simvox/server.ts';
import { startShopify, type Shopify } from './shopify/start.ts';

export const API_KEY = 'sandbox-api-key';
export const API_SECRET = 'sandbox-api-secret';
export const ESIM_GO_KEY = 'sandbox-esim-go-key';
export const SIMVOX_TOKEN = 'sandbox-simvox-token';
export const GOHUB_KEY = 'sandbox-gohub-key';
export const DEMO_SHOP = 'demo.myshopify.com';

export interface Ports {
  console: number;
  shopify: number;
  esimGo: number;
  resend: number;
  ecb: number;
  simvox: number;
  goHub: number;
  reseller: number;
  app: number;
}

/** Every server takes a free port, for tests and for a check beside a running demo. */
export const anyPorts: Ports = {
  ...{ console: 0, shopify: 0, esimGo: 0, resend: 0, ecb: 0, app: 0 },
  ...{ simvox: 0, goHub: 0, reseller: 0 },
};

export interface Sandbox {
  shopify: Shopify;
  esimGo: EsimGo;
  resend: Resend;
  ecb: Ecb;
  simvox: Simvox;
  goHub: GoHub;
  reseller: Reseller;
  close(): Promise<void>;
}

export interface SandboxOptions {
  ports?: Ports;
  /** Where state survives a restart; without it everything is in memory. */
  folder?: string;
  appUrl: string;
  requestsPerSecond?: number;
  /** What Resend takes; its documented limit when left out. */
  mailsPerSecond?: number;
  /** Countries the suppliers sell in; all when left out. */
  countries?: string[];
  /** How many bundles the supplier sells; all when left out. */
  bundles?: number;
  /** How long a minute of Shopify's webhook retry schedule lasts; a minute when left out. */
  retryScaleMs?: number;
}

/** The other side of the app: Shopify, eSIM Go, Resend and the bank's exchange rates, with their memory. */
export async function openSandbox({
  ports = anyPorts,
  folder,
  appUrl,
  requestsPerSecond,
  mailsPerSecond,
  countries,
  bundles,
  retryScaleMs,
}: SandboxOptions): Promise<Sandbox> {
  if (folder !== undefined) mkdirSync(folder, { recursive: true });
  const file = (name: string) => (folder === undefined ? {} : { stateFile: join(folder, `${name}.json`) });
  const esimGo = await startEsimGo({
    port: ports.esimGo,
    ...file('esim-go'),
    ...(requestsPerSecond !== undefined && { requestsPerSecond }),
    ...(countries && { countries }),
    ...(bundles !== undefined && { bundles }),
  });
  const resend = await startResend({
    port: ports.resend,
    ...file('resend'),
    ...(mailsPerSecond !== undefined && { requestsPerSecond: mailsPerSecond }),
  });
  const simvox = await startSimvox({ port: ports.simvox, ...file('simvox'), tokens: [SIMVOX_TOKEN] });
  const goHub = await startGoHub({ port: ports.goHub, ...file('gohub'), keys: [GOHUB_KEY] });
  const reseller = await startReseller({
    port: ports.reseller,
    ...file('reseller'),
    ...(countries && { countries }),
  });
  const ecb = await startEcb({ port: ports.ecb, ...file('ecb') });
  const shopify = await startShopify({
    port: ports.shopify,
    ...file('shopify'),
    apiKey: API_KEY,
    apiSecret: API_SECRET,
    appUrl,
    ...(retryScaleMs !== undefined && { retryScaleMs }),
  });
  return {
    shopify,
    esimGo,
    resend,
    ecb,
    simvox,
    goHub,
    reseller,
    close: async () => {
      const others = [resend, ecb, simvox, goHub, reseller];
      await Promise.all([shopify.close(), esimGo.close(), ...others.map((server) => server.close())]);
    },
  };
}

/** The page that lists all addresses and switches conducts. */
export function openConsole(
  { shopify, esimGo, resend, ecb, simvox, goHub, reseller }: Sandbox,
  { port, appUrl }: { port: number; appUrl: string },
) {
  const [shopName] = DEMO_SHOP.split('.');
  return startConsole({
    port,
    servers: [
      { name: 'Shopify', url: shopify.url, conducts: shopify.conducts },
      { name: 'eSIM Go', url: esimGo.url, conducts: esimGo.conducts },
      { name: 'eSIM API', url: reseller.url, conducts: reseller.conducts },
      { name: 'Simvox', url: simvox.url, conducts: simvox.conducts },
      { name: 'GoHub', url: goHub.url, conducts: goHub.conducts },
      { name: 'Resend', url: resend.url, conducts: resend.conducts },
      { name: 'Exchange rates', url: ecb.url, conducts: ecb.conducts },
    ],
    links: [
      {
        title: 'Shopify admin',
        url: adminUrl(shopify),
        note: 'Where the merchant works. The app is under Apps.',
      },
      {
        title: 'Storefront',
        url: `${shopify.url}/store/${shopName ?? ''}`,
        note: 'Where a buyer shops and pays.',
      },
      { title: 'Mailbox', url: resend.url, note: 'Every e-mail the app sends arrives here.' },
      {
        title: 'eSIM Go portal',
        url: esimGo.url,
        note: `Orders, eSIMs and the balance. The API key is ${ESIM_GO_KEY}.`,
      },
      {
        title: 'Portal of the eSIM API',
        url: reseller.url,
        note: `The reseller’s orders, eSIMs and credit. The address is ${reseller.apiUrl}; its page names the log-in.`,
      },
      {
        title: 'Simvox portal',
        url: simvox.url,
        note: `Buy an eSIM there, and add it to the app by its ICCID. The token is ${SIMVOX_TOKEN}.`,
      },
      {
        title: 'GoHub portal',
        url: goHub.url,
        note: `The same. The address is ${goHub.url}, the header x-api-key, the key ${GOHUB_KEY}.`,
      },
      { title: 'Exchange rates', url: ecb.url, note: 'Change a rate, or let the rates grow old.' },
      { title: 'The app itself', url: `${appUrl}/healthz`, note: 'Answers 200 while its database answers.' },
    ],
  });
}

export function adminUrl(shopify: Shopify): string {
  const [shopName] = DEMO_SHOP.split('.');
  return `${shopify.url}/admin/store/${shopName ?? ''}/apps/${API_KEY}/app`;
}

interface Addresses {
  shopify: Pick<Shopify, 'url'>;
  esimGo: Pick<EsimGo, 'apiUrl'>;
  resend: Pick<Resend, 'url'>;
  ecb: Pick<Ecb, 'feedUrl'>;
  simvox: Pick<Simvox, 'apiUrl'>;
  goHub: Pick<GoHub, 'url'>;
  reseller: Pick<Reseller, 'url'>;
}

/** The settings with which the app talks to this sandbox and to nothing else. Its keys are for nobody's secrets. */
export function appEnvironment(
  { shopify, esimGo, resend, ecb, simvox, goHub, reseller }: Addresses,
  { appUrl, port, dataDir }: { appUrl: string; port: number; dataDir: string },
): Record<string, string> {
  return {
    SHOPIFY_API_KEY: API_KEY,
    SHOPIFY_API_SECRET: API_SECRET,
    SHOPIFY_APP_URL: appUrl,
    SHOPIFY_ADMIN_URL: shopify.url,
    APP_BRIDGE_URL: `${shopify.url}/app-bridge.js`,
    SANDBOX_SHOPIFY_URL: shopify.url,
    ENCRYPTION_KEYS: `sandbox:${Buffer.alloc(32, 'sandbox').toString('base64')}`,
    BLIND_INDEX_KEY: Buffer.alloc(32, 'index').toString('base64'),
    RESEND_API_KEY: 're_sandbox',
    RESEND_BASE_URL: resend.url,
    MAIL_FROM: 'eSIM Shop <esim@shop.example>',
    SUPPLIER_BASE_URLS: `esim-go=${esimGo.apiUrl},simvox=${simvox.apiUrl}`,
    SUPPLIER_HOSTS_ALLOWED: [goHub.url, reseller.url].map((url) => new URL(url).host).join(','),
    RATES_URL: ecb.feedUrl,
    DATA_DIR: dataDir,
    LISTEN_HOST: '127.0.0.1',
    PORT: String(port),
  };
}

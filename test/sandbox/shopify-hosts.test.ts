import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rewriteShopifyHosts } from './shopify-hosts.mjs';
import type { Shopify } from './shopify/start.ts';
import { startShopify } from './shopify/start.ts';

let shopify: Shopify;

beforeAll(async () => {
  shopify = await startShopify({
    apiKey: 'sandbox-api-key',
    apiSecret: 'sandbox-api-secret',
    appUrl: 'http://127.0.0.1:9',
    webhooks: null,
  });
  shopify.createShop('demo.myshopify.com');
  shopify.installApp('demo.myshopify.com');
});

afterAll(() => shopify.close());

test('only shops are sent to the sandbox', () => {
  expect(
    rewriteShopifyHosts('https://demo.myshopify.com/admin/oauth/access_token?a=1', 'http://127.0.0.1:4001'),
  ).toEqual({
    url: 'http://127.0.0.1:4001/admin/oauth/access_token?a=1',
    shop: 'demo.myshopify.com',
  });
  expect(rewriteShopifyHosts('https://api.esim-go.com/v2.4/orders', 'http://127.0.0.1:4001')).toBeNull();
  expect(rewriteShopifyHosts('https://demo.myshopify.com.evil.example/', 'http://127.0.0.1:4001')).toBeNull();
  expect(rewriteShopifyHosts('https://demo.myshopify.com/', undefined)).toBeNull();
});

test("Shopify's own library signs in, refreshes and asks through the preload file", async () => {
  const script = `
    import '@shopify/shopify-api/adapters/node';
    import { LogSeverity, RequestedTokenType, shopifyApi } from '@shopify/shopify-api';
    const api = shopifyApi({
      apiKey: 'sandbox-api-key', apiSecretKey: 'sandbox-api-secret', hostName: 'app.example', apiVersion: '2026-10',
      isEmbeddedApp: true, logger: { level: LogSeverity.Error },
    });
    const shop = 'demo.myshopify.com';
    const { session } = await api.auth.tokenExchange({
      shop, sessionToken: process.argv[1], requestedTokenType: RequestedTokenType.OfflineAccessToken, expiring: true,
    });
    const refreshed = await api.auth.refreshToken({ shop, refreshToken: session.refreshToken });
    const client = new api.clients.Graphql({ session: refreshed.session });
    const answer = await client.request('{ shop { myshopifyDomain } }');
    console.log(JSON.stringify({
      id: session.id, scope: refreshed.session.scope, expires: refreshed.session.expires, data: answer.data,
    }));`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      '--import',
      new URL('./shopify-hosts.mjs', import.meta.url).href,
      '--input-type=module',
      '-e',
      script,
      await shopify.idToken('demo.myshopify.com'),
    ],
    { env: { ...process.env, SANDBOX_SHOPIFY_URL: shopify.url } },
  );
  const answer: unknown = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  expect(answer).toMatchObject({
    id: 'offline_demo.myshopify.com',
    scope: expect.stringContaining('write_products') as unknown,
    data: { shop: { myshopifyDomain: 'demo.myshopify.com' } },
  });
});

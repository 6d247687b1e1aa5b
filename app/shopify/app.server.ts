import '@shopify/shopify-app-remix/server/adapters/node';
import { ApiVersion, AppDistribution, shopifyApp } from '@shopify/shopify-app-remix/server';
import { config } from '../platform/config.server.ts';
import { log } from '../platform/log.server.ts';
import { sessionStorage } from './session-storage.server.ts';

export const API_VERSION = ApiVersion.October26;

let app: ReturnType<typeof build> | undefined;

/** Shopify's package, set up once the database is open. The only place that imports it. */
export function shopify(): ReturnType<typeof build> {
  app ??= build();
  return app;
}

function build() {
  return shopifyApp({
    apiKey: config.SHOPIFY_API_KEY,
    apiSecretKey: config.SHOPIFY_API_SECRET,
    appUrl: config.SHOPIFY_APP_URL,
    apiVersion: API_VERSION,
    distribution: AppDistribution.AppStore,
    isEmbeddedApp: true,
    authPathPrefix: '/auth',
    sessionStorage: sessionStorage(),
    future: { unstable_newEmbeddedAuthStrategy: true, expiringOfflineAccessTokens: true },
    // Its messages hold shop domains and, on failure, whole answers.
    logger: { log: () => { log.debug('shopify.package'); } },
  });
}

import '@shopify/shopify-app-remix/server/adapters/node';
import { ApiVersion, AppDistribution, shopifyApp } from '@shopify/shopify-app-remix/server';
import { config } from '../platform/config.server.ts';
import { db } from '../platform/db.server.ts';
import { log } from '../platform/log.server.ts';
import { secretForToken } from './api-secrets.server.ts';
import { storageInTurn } from './token-turn.server.ts';
import { currentTime } from '../platform/time.ts';

export const API_VERSION = ApiVersion.October26;

const apps = new Map<string, ReturnType<typeof build>>();

/**
 * Shopify's package, set up once the database is open, to verify this request's token. It knows one client secret, so
 * while one is being replaced there are two of it. The only place that imports it.
 */
export function shopify(request: Request): ReturnType<typeof build> {
  const secret = secretForToken(request);
  const app = apps.get(secret) ?? build(secret);
  apps.set(secret, app);
  return app;
}

function build(apiSecretKey: string) {
  return shopifyApp({
    apiKey: config.SHOPIFY_API_KEY,
    apiSecretKey,
    appUrl: config.SHOPIFY_APP_URL,
    apiVersion: API_VERSION,
    distribution: AppDistribution.AppStore,
    isEmbeddedApp: true,
    authPathPrefix: '/auth',
    sessionStorage: storageInTurn(),
    future: { unstable_newEmbeddedAuthStrategy: true, expiringOfflineAccessTokens: true },
    hooks: {
      // A new token is the proof that the app is installed now: an uninstall that is told later, but happened before,
      // must not end this installation.
      afterAuth: async ({ session }) => {
        await db.shop.updateMany({ where: { domain: session.shop }, data: { installedAt: currentTime() } });
      },
    },
    // Its messages hold shop domains and, on failure, whole answers.
    logger: {
      log: () => {
        log.debug('shopify.package');
      },
    },
  });
}

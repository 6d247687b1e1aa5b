import type { ProviderConnection } from '../connection.ts';
import type { SellingProvider } from '../contract.ts';
import { accountOf } from './account.server.ts';
import { openApi, type EsimGoCredentials } from './api.server.ts';
import { readCallback } from './callback.ts';
import { catalogueOf, laterCatalogueOf } from './catalogue.server.ts';
import { esimsOf, laterEsimsOf } from './esims.server.ts';
import { ordersOf } from './orders.server.ts';
import { revokingOf } from './revoke.server.ts';

/** eSIM Go's API. Its oddities are listed in providers/README.md. */
export function createEsimGo(connection: ProviderConnection<EsimGoCredentials>): SellingProvider {
  const api = openApi(connection);
  const { version, apiKey } = connection.credentials;
  const provider: SellingProvider = {
    ...catalogueOf(api),
    ...ordersOf(api),
    ...esimsOf(api),
    ...revokingOf(api),
    ...accountOf(api),
    readCallback: (call) => readCallback(call, apiKey),
  };
  return version === '2.4' ? provider : { ...provider, ...laterCatalogueOf(api), ...laterEsimsOf(api) };
}

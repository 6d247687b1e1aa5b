import type { Context, View } from './context.ts';
import { metafieldsOf } from './product-view.ts';
import type { ShopWebhookSubscription } from './records.ts';
import { gid } from './records.ts';

export const apiVersions = ['2026-01', '2026-04', '2026-07', '2026-10'];

export function shopView(context: Context): View {
  const { shop } = context;
  const url = `https://${shop.domain}`;
  return {
    __typename: 'Shop',
    id: gid('Shop', shop.id),
    name: shop.name,
    email: shop.email,
    contactEmail: shop.email,
    description: null,
    myshopifyDomain: shop.domain,
    primaryDomain: {
      __typename: 'Domain',
      id: `gid://shopify/Domain/${String(shop.id)}`,
      host: shop.domain,
      sslEnabled: true,
      url,
      localization: { alternateLocales: [], country: null, defaultLocale: shop.locale },
    },
    url,
    currencyCode: shop.currency,
    enabledPresentmentCurrencies: [shop.currency],
    ianaTimezone: shop.timezone,
    timezoneAbbreviation: zone(shop.timezone, 'short'),
    timezoneOffset: zone(shop.timezone, 'longOffset').replace(/^GMT$/, '+00:00').replace(/GMT|:/g, ''),
    timezoneOffsetMinutes: offsetMinutes(shop.timezone),
    shopOwnerName: 'Owner of the sandbox',
    plan: { partnerDevelopment: true, publicDisplayName: 'Development', shopifyPlus: false },
    createdAt: shop.createdAt,
    updatedAt: shop.createdAt,
    checkoutApiSupported: true,
    customerAccounts: 'OPTIONAL',
    marketingSmsConsentEnabledAtCheckout: false,
    orderNumberFormatPrefix: '#',
    orderNumberFormatSuffix: '',
    richTextEditorUrl: `${url}/admin/editor`,
    setupRequired: false,
    shipsToCountries: ['DE', 'FR'],
    taxShipping: false,
    taxesIncluded: true,
    transactionalSmsDisabled: true,
    unitSystem: 'METRIC_SYSTEM',
    weightUnit: 'KILOGRAMS',
    ...metafieldsOf(context, gid('Shop', shop.id), 'SHOP'),
  };
}

export function installationView(context: Context): View {
  const { app, appInfo } = context;
  const id = gid('AppInstallation', app.id);
  return {
    __typename: 'AppInstallation',
    id,
    accessScopes: app.scopes.map(scopeView),
    launchUrl: appInfo.url,
    uninstallUrl: null,
    app: () => appView(context),
    metafield: metafieldsOf(context, id, 'API_PERMISSION')['metafield'],
  };
}

export function appView(context: Context): View {
  const { app, appInfo } = context;
  return {
    __typename: 'App',
    id: gid('App', app.id),
    apiKey: appInfo.apiKey,
    title: appInfo.name,
    handle: appInfo.name.toLowerCase().replace(/\W+/g, '-'),
    description: null,
    developerName: null,
    developerType: 'PARTNER',
    embedded: true,
    features: [],
    appStoreAppUrl: null,
    appStoreDeveloperUrl: null,
    installUrl: null,
    isPostPurchaseAppInUse: false,
    previouslyInstalled: false,
    pricingDetails: null,
    pricingDetailsSummary: '',
    privacyPolicyUrl: null,
    publicCategory: 'OTHER',
    published: false,
    shopifyDeveloped: false,
    uninstallMessage: '',
    webhookApiVersion: '2026-07',
    availableAccessScopes: app.scopes.map(scopeView),
    requestedAccessScopes: app.scopes.map(scopeView),
    installation: () => installationView(context),
  };
}

export function subscriptionView(subscription: ShopWebhookSubscription): View {
  return {
    __typename: 'WebhookSubscription',
    id: gid('WebhookSubscription', subscription.id),
    legacyResourceId: String(subscription.id),
    topic: subscription.topic,
    uri: subscription.uri,
    format: 'JSON',
    filter: null,
    name: null,
    includeFields: [],
    metafieldNamespaces: [],
    apiVersion: { displayName: '2026-10', handle: '2026-10', supported: true },
    createdAt: subscription.createdAt,
    updatedAt: subscription.createdAt,
  };
}

function scopeView(handle: string): View {
  return { handle, description: handle.replace(/_/g, ' ') };
}

function zone(timeZone: string, timeZoneName: 'longOffset' | 'short'): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName }).formatToParts(new Date());
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
}

function offsetMinutes(timeZone: string): number {
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(zone(timeZone, 'longOffset')) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
}

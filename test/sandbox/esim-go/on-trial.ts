import { listenForCalls } from '../listen-for-calls.ts';
import type { CallbackKind } from './callbacks.ts';
import { startEsimGo } from './server.ts';

const keys = { good: 'contract-good-key', wrong: 'contract-wrong-key', penniless: 'contract-poor-key' };

/** What the contract calls what the vendor calls about. */
const callbackWords: Record<string, CallbackKind> = {
  usage: 'Utilisation',
  'first-use': 'FirstUse',
  'first-attachment': 'FirstAttachment',
  'country-change': 'CountryChange',
  'profile-change': 'ProfileStatusChange',
  'low-balance': 'LowBalance',
  'no-balance': 'InsufficientBalance',
  'topped-up': 'AutoTopup',
  'number-enabled': 'MSISDNEnabled',
  'number-disabled': 'MSISDNDisabled',
  'sms-failed': 'SMSFailed',
  'deletion-scheduled': 'esim.deletion_scheduled',
  deleted: 'esim.deleted',
};

/** eSIM Go with one account, for the contract of suppliers. `conducts` are on from the start. */
export async function openEsimGo(
  sells: 'everything' | 'a little',
  {
    signature = 'base64',
    version = '2.4',
    brandingProfile = '',
    paysByConsumption = false,
    conducts = [],
  }: {
    signature?: 'base64' | 'hex';
    version?: '2.4' | '2.5';
    brandingProfile?: string;
    paysByConsumption?: boolean;
    conducts?: string[];
  } = {},
) {
  let passedMs = 0;
  const now = () => Date.now() + passedMs;
  const server = await startEsimGo({
    ...{ requestsPerSecond: 100_000, now },
    ...(sells === 'a little' && { countries: ['FR', 'DE', 'JP'] }),
  });
  const calls = await listenForCalls();
  server.createOrganisation({
    ...{ apiKey: keys.good, balance: 1000 },
    ...{ callbackUrl: calls.url, callbackSignature: signature },
    ...{ brandingProfiles: ['profile-01'], paysByConsumption },
  });
  server.createOrganisation({ apiKey: keys.penniless, balance: 0 });
  for (const conduct of conducts) server.conducts.on(conduct);
  const credentialsOf = (apiKey: string) => ({ apiKey, version, brandingProfile });

  return {
    baseUrl: server.apiUrl,
    credentials: {
      ...{ good: credentialsOf(keys.good), wrong: credentialsOf(keys.wrong) },
      penniless: credentialsOf(keys.penniless),
    },
    misbehave: (
      conduct: string,
      { purchaseOnly = false, ...options }: { purchaseOnly?: boolean; times?: number } = {},
    ) => {
      server.conducts.on(conduct, { ...options, ...(purchaseOnly ? { only: 'POST /orders' } : {}) });
    },
    behave: (conduct: string) => {
      server.conducts.off(conduct);
    },
    buyByHand: (bundle: string) => {
      server.buyByHand(keys.good, bundle, 1);
    },
    addStock: (bundle: string, quantity: number) => {
      server.addStock(keys.good, bundle, quantity);
    },
    useData: async (iccid: string, use: { bytes: number; iso: string }) => {
      await server.useData(iccid, use);
    },
    install: (iccid: string) => {
      server.install(iccid);
    },
    messages: (iccid: string) =>
      server.esims.find((esim) => esim.iccid === iccid)?.messages.map(({ text }) => text) ?? [],
    callAbout: async (kind: string, iccid: string) => {
      const word = callbackWords[kind];
      if (word === undefined) throw new Error(`eSIM Go does not call about ${kind}`);
      await server.fireCallback(word, iccid);
      return calls.last();
    },
    pass: (seconds: number) => {
      passedMs += seconds * 1000;
    },
    now: () => new Date(now()),
    purchases: () =>
      server.orders.map(({ orderReference, items: [item] }) => ({
        orderReference,
        bundle: item?.bundle ?? '',
        quantity: item?.quantity ?? 0,
        iccids: item?.iccids ?? [],
      })),
    mostPerOrder: 10,
    requestCount: () => server.requests.length,
    buyingRequestCount: () =>
      server.requests.filter(
        ({ method, path }) => method === 'POST' && /^\/(orders|esims\/apply)$/.test(path),
      ).length,
    activationCodes: () => server.esims.map(({ activationCode }) => activationCode),
    secrets: () => [
      ...Object.values(keys),
      ...server.esims.flatMap(({ iccid, matchingId }) => [iccid, matchingId]),
      'sandy.box@shop.example',
    ],
    close: async () => {
      await calls.close();
      await server.close();
    },
  };
}

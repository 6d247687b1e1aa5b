import { providers } from '../../app/providers/registry.server.ts';
import { startEsimGo } from '../sandbox/esim-go/server.ts';
import { describeProvider, type Supplier } from './provider-contract.ts';

const keys = { good: 'contract-good-key', wrong: 'contract-wrong-key', penniless: 'contract-poor-key' };

async function openEsimGo(sells: 'everything' | 'a little'): Promise<Supplier> {
  let passedMs = 0;
  const server = await startEsimGo({
    requestsPerSecond: 100_000,
    now: () => Date.now() + passedMs,
    ...(sells === 'a little' && { countries: ['FR', 'DE', 'JP'] }),
  });
  server.createOrganisation({ apiKey: keys.good, balance: 1000 });
  server.createOrganisation({ apiKey: keys.penniless, balance: 0 });

  return {
    connect: ({ credentials, ...wiring }) =>
      providers['esim-go'].create({
        ...wiring,
        credentials: { apiKey: keys[credentials] },
        baseUrl: server.apiUrl,
      }),
    misbehave: (conduct, { purchaseOnly = false, ...options } = {}) => {
      server.conducts.on(conduct, { ...options, ...(purchaseOnly ? { only: 'POST /orders' } : {}) });
    },
    behave: (conduct) => {
      server.conducts.off(conduct);
    },
    buyByHand: (bundle) => {
      server.buyByHand(keys.good, bundle, 1);
    },
    addStock: (bundle, quantity) => {
      server.addStock(keys.good, bundle, quantity);
    },
    pass: (seconds) => {
      passedMs += seconds * 1000;
    },
    purchases: () =>
      server.orders.map(({ orderReference, items: [item] }) => ({
        orderReference,
        bundle: item?.bundle ?? '',
        quantity: item?.quantity ?? 0,
        iccids: item?.iccids ?? [],
      })),
    requestCount: () => server.requests.length,
    activationCodes: () => server.esims.map(({ activationCode }) => activationCode),
    secrets: () => [
      ...Object.values(keys),
      ...server.esims.flatMap(({ iccid, matchingId }) => [iccid, matchingId]),
      'sandy.box@shop.example',
    ],
    close: () => server.close(),
  };
}

describeProvider('eSIM Go', openEsimGo);

// The vendor's documents and its live answers differ in shape; both must work alike.
describeProvider('eSIM Go, answering as documented', async (sells) => {
  const supplier = await openEsimGo(sells);
  supplier.misbehave('answers-as-documented');
  return supplier;
});

describeProvider('eSIM Go, answering CSV', async (sells) => {
  const supplier = await openEsimGo(sells);
  supplier.misbehave('answers-csv');
  return supplier;
});

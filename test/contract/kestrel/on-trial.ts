import { countries } from '../../sandbox/esim-go/countries.ts';
import { startKestrel } from './server.ts';

export const keys = { good: 'kestrel-good-key', wrong: 'kestrel-wrong-key', penniless: 'kestrel-poor-key' };

/** The supplier that does not exist, with one account, for the contract of suppliers. */
export async function openKestrel(sells: 'everything' | 'a little') {
  let passedMs = 0;
  const now = () => Date.now() + passedMs;
  const account = { key: keys.good, cents: 100_000 };
  const server = await startKestrel({
    accounts: [account, { key: keys.penniless, cents: 0 }],
    countries: sells === 'everything' ? countries.map(({ iso }) => iso) : ['DE', 'FR', 'JP'],
    now,
  });
  return {
    server,
    baseUrl: server.url,
    credentials: { good: { key: keys.good }, wrong: { key: keys.wrong }, penniless: { key: keys.penniless } },
    mostPerOrder: 5,
    lacks: { source: true as const },
    misbehave: (
      conduct: string,
      { purchaseOnly = false, ...options }: { purchaseOnly?: boolean; times?: number } = {},
    ) => {
      server.conducts.on(conduct, { ...options, ...(purchaseOnly && { only: 'POST' }) });
    },
    behave: (conduct: string) => {
      server.conducts.off(conduct);
    },
    buyByHand: (bundle: string) => {
      const plan = server.plans.find(({ id }) => id === bundle);
      if (plan) server.sell(account, plan, 1);
    },
    useData: (iccid: string, { bytes }: { bytes: number }) => {
      server.simOf(iccid).usedMegabytes += bytes / 1_000_000;
      return Promise.resolve();
    },
    install: (iccid: string) => {
      server.simOf(iccid).installedAt = now();
    },
    messages: () => [],
    pass: (seconds: number) => {
      passedMs += seconds * 1000;
    },
    now: () => new Date(now()),
    purchases: () =>
      server.sales.map(({ number, plan, count, sims }) => ({
        ...{ orderReference: number, bundle: plan.id, quantity: count },
        iccids: sims.map(({ iccid }) => iccid),
      })),
    requestCount: () => server.requests.length,
    buyingRequestCount: () => server.requests.filter(({ method }) => method === 'POST').length,
    activationCodes: () =>
      server.sales.flatMap(({ sims }) => sims.map(({ code }) => `LPA:1$rsp.kestrel.example$${code}`)),
    secrets: () => [
      ...Object.values(keys),
      ...server.sales.flatMap(({ sims }) => sims.map(({ iccid }) => iccid)),
    ],
    close: () => server.close(),
  };
}

import { startGoHub } from './server.ts';

const keys = { good: 'contract-good-key', wrong: 'contract-wrong-key' };

/** GoHub with one account, for the contract of suppliers. The conduct is on from the start. */
export async function openGoHub(conduct?: string) {
  let passedMs = 0;
  const now = () => Date.now() + passedMs;
  const server = await startGoHub({ keys: [keys.good], now });
  if (conduct !== undefined) server.conducts.on(conduct);
  const credentialsOf = (key: string) => ({ baseUrl: server.url, header: 'X-API-Key', key });
  return {
    baseUrl: server.url,
    credentials: { good: credentialsOf(keys.good), wrong: credentialsOf(keys.wrong) },
    misbehave: (name: string, options?: { only?: string }) => {
      server.conducts.on(name, options);
    },
    behave: (name: string) => {
      server.conducts.off(name);
    },
    buyByHand: () => ({
      ...{ iccid: server.buyByHand(keys.good).iccid, bundle: 'E23XY06GB08DFX', bytes: 6_000_000_000n },
    }),
    install: (iccid: string) => {
      server.install(iccid);
    },
    useData: (iccid: string, bytes: number) => {
      server.useData(iccid, bytes);
    },
    pass: (seconds: number) => {
      passedMs += seconds * 1000;
    },
    now: () => new Date(now()),
    requestCount: () => server.requests.length,
    secrets: () => [...Object.values(keys), ...server.sims.map(({ iccid }) => iccid)],
    close: () => server.close(),
  };
}

import { startSimvox } from './server.ts';

const tokens = { good: 'contract-good-token', wrong: 'contract-wrong-token' };

/** Simvox with one account, for the contract of suppliers. The conduct is on from the start. */
export async function openSimvox(conduct?: string) {
  let passedMs = 0;
  const now = () => Date.now() + passedMs;
  const server = await startSimvox({ tokens: [tokens.good], now });
  if (conduct !== undefined) server.conducts.on(conduct);
  return {
    baseUrl: server.apiUrl,
    credentials: { good: { token: tokens.good }, wrong: { token: tokens.wrong } },
    misbehave: (name: string, options?: { only?: string }) => {
      server.conducts.on(name, options);
    },
    behave: (name: string) => {
      server.conducts.off(name);
    },
    buyByHand: () => {
      const { iccid, plans } = server.buyByHand(tokens.good);
      return { iccid, bundle: plans[0]?.packageId ?? '', bytes: 1_000_000_000n };
    },
    buyPlanByHand: (iccid: string) => {
      server.buyPlanByHand(iccid, '0b1b8d4f6f0f4c0f9a53a7a9b7b8b1d2');
    },
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
    secrets: () => [
      ...Object.values(tokens),
      ...server.esims.flatMap(({ iccid, matchingId }) => [iccid, matchingId]),
    ],
    close: () => server.close(),
  };
}

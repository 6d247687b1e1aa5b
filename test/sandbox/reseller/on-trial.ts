import { listenForCalls } from '../listen-for-calls.ts';
import { startReseller } from './server.ts';

export const accounts = {
  good: { email: 'contract@reseller.example', password: 'Contract-password-1' },
  wrong: { email: 'contract@reseller.example', password: 'Contract-password-2' },
  penniless: { email: 'poor@reseller.example', password: 'Contract-password-3' },
};
export const plenty = { requestsPerHour: 1_000_000 };

const lacks = {
  source: true,
  installation: true,
  codeOfEsim: true,
  refunds: true,
  assignments: true,
  callsExcept: ['profile-change'],
} as const;

/** The reseller API with one account, for the contract of suppliers. */
export async function openReseller(
  sells: 'everything' | 'a little',
  {
    billing = 'prepaid',
    tellsCodes = false,
  }: { billing?: 'prepaid' | 'postpaid'; tellsCodes?: boolean } = {},
) {
  let passedMs = 0;
  const now = () => Date.now() + passedMs;
  const server = await startReseller({
    ...{ ...plenty, now },
    ...(sells === 'a little' && { countries: ['FR', 'DE', 'JP'] }),
  });
  server.createAccount({ ...accounts.good, balance: 1000, billing });
  server.createAccount({ ...accounts.penniless, balance: 0, billing });
  if (tellsCodes) server.conducts.on('tells-activation-codes');
  const calls = await listenForCalls();
  const { codeOfEsim, ...others } = lacks;
  const credentialsOf = (who: keyof typeof accounts) => ({ baseUrl: server.apiUrl, ...accounts[who] });

  return {
    server,
    baseUrl: server.apiUrl,
    credentials: {
      ...{ good: credentialsOf('good'), wrong: credentialsOf('wrong') },
      penniless: credentialsOf('penniless'),
    },
    mostPerOrder: 1,
    lacks: { ...others, ...(!tellsCodes && { codeOfEsim }) },
    // It sells gigabytes of 1024 MB.
    given: (soldBytes: bigint) => (soldBytes / 1000n) * 1024n,
    misbehave: (
      conduct: string,
      { purchaseOnly = false, ...options }: { purchaseOnly?: boolean; times?: number } = {},
    ) => {
      server.conducts.on(conduct, { ...options, ...(purchaseOnly ? { only: 'buy ' } : {}) });
    },
    behave: (conduct: string) => {
      server.conducts.off(conduct);
    },
    buyByHand: (bundle: string) => {
      server.buyByHand(accounts.good.email, bundle);
    },
    useData: (iccid: string, { bytes }: { bytes: number }) => {
      server.useData(iccid, bytes);
      return Promise.resolve();
    },
    install: (iccid: string) => {
      server.install(iccid);
    },
    messages: (iccid: string) => server.esims.find((esim) => esim.iccid === iccid)?.messages ?? [],
    callsAt: calls.url,
    callAbout: async (kind: string, iccid: string) => {
      server.install(iccid);
      await server.callAbout(kind === 'order-change' ? 'ORDER_STATUS' : 'ESIM_STATUS', iccid);
      return calls.last();
    },
    pass: (seconds: number) => {
      passedMs += seconds * 1000;
    },
    now: () => new Date(now()),
    purchases: () =>
      server.orders.map(({ id, plan, quantity, iccids }) => ({
        ...{ orderReference: id, bundle: plan, quantity, iccids },
      })),
    requestCount: () => server.requests.length,
    buyingRequestCount: () =>
      server.requests.filter(({ method, path }) => method === 'POST' && /^\/orders$|\/topup$/.test(path))
        .length,
    activationCodes: () => server.esims.map(({ activationCode }) => activationCode),
    secrets: () => [
      ...Object.values(accounts).flatMap(({ email, password }) => [email, password]),
      ...server.esims.flatMap(({ iccid, matchingId }) => [iccid, matchingId]),
      'access.',
      'refresh.',
    ],
    close: async () => {
      await calls.close();
      await server.close();
    },
  };
}

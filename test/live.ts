import { setTimeout as sleep } from 'node:timers/promises';
import { ProviderError, sells, type EsimProvider, type SellingProvider } from '../app/providers/contract.ts';
import { fieldsOf, type Field } from '../app/providers/form.ts';
import { isProviderKey, providers, type ProviderEntry } from '../app/providers/registry.server.ts';

/*
 * npm run test:live -- <supplier>: the reads of the contract against a real account, given by environment. Nothing is bought,
 * changed or sent: besides reading, only a log-in leaves. Without the account it prints what would be asked. The account is
 * what the connect form asks for: LIVE_API_KEY for its field apiKey. LIVE_BASE_URL is where another than the known address is
 * asked, LIVE_ICCID an eSIM to look at.
 */

const LOG_IN = /\/auth\/(login|refresh)$/;
const DAY_MS = 24 * 3600_000;

async function run(key = ''): Promise<number> {
  if (!isProviderKey(key)) {
    console.error(`Say which supplier: ${Object.keys(providers).join(', ')}.`);
    return 2;
  }
  const entry: ProviderEntry = providers[key];
  const fields = fieldsOf(entry.credentials);
  const of = (variable: string) => process.env[variable] ?? '';
  const isEmpty = ({ name, kind, onlyWith }: Field) =>
    kind !== 'choice' && !onlyWith && of(variableOf(name)) === '';
  const iccid = of('LIVE_ICCID');
  const missing = [
    ...fields.filter(isEmpty).map(({ name }) => variableOf(name)),
    // One that lists nothing can be asked about an eSIM only.
    ...(iccid === '' &&
    reads(
      connect(entry, () => '', printed),
      '',
    ).length === 0
      ? ['LIVE_ICCID']
      : []),
  ];
  const isDry = missing.length > 0;
  if (isDry) console.log(`No account: ${missing.join(', ')} not set. This is what would be asked.\n`);
  const provider = connect(
    entry,
    isDry ? () => '' : (name) => of(variableOf(name)),
    // Half of what its limit is: others may use the account.
    isDry ? printed : readOnly(entry.limits.requestsPerSecond / 2),
  );

  let failed = 0;
  for (const [what, , read] of reads(provider, iccid || (isDry ? '8900000000000000003' : ''))) {
    if (isDry) console.log(what);
    const startedAt = performance.now();
    try {
      const found = await read();
      if (!isDry)
        console.log(
          `ok      ${what}: ${found ?? ''} (${String(Math.round(performance.now() - startedAt))} ms)`,
        );
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      if (isDry) continue;
      failed += 1;
      console.log(`FAILED  ${what}: ${error.kind}, ${error.message}`);
    }
  }
  return failed > 0 ? 1 : 0;
}

const variableOf = (name: string) => `LIVE_${name.replace(/[A-Z]/g, '_$&').toUpperCase()}`;

/** An adapter with what is given for each field, and what stands for it where nothing is. */
function connect(entry: ProviderEntry, given: (name: string) => string, asks: typeof fetch): EsimProvider {
  const fields = fieldsOf(entry.credentials).map(({ name, kind, choices = [], example, onlyWith }) => {
    const standIn = kind === 'choice' ? (choices.at(-1)?.value ?? '') : onlyWith ? '' : (example ?? 'none');
    return [name, given(name) || standIn] as const;
  });
  const credentials = Object.fromEntries(fields);
  const known = process.env['LIVE_BASE_URL'] || entry.baseUrl;
  const baseUrl = known ?? credentials['baseUrl'] ?? '';
  return entry.create({ credentials, baseUrl, fetch: asks });
}

type Read = [what: string, ability: keyof SellingProvider, read: () => Promise<string> | undefined];

/** Everything that only looks, with what it found in a few words: no name, no code, no ICCID. */
function reads(provider: EsimProvider, iccid: string): Read[] {
  const window = { since: new Date(Date.now() - 30 * DAY_MS), until: new Date() };
  const ofAccount: Read[] = [
    ['health', 'checkHealth', () => provider.checkHealth?.().then(({ isHealthy }) => String(isHealthy))],
    ...(sells(provider) ? readsOfSeller(provider, window) : []),
    ['bundles for France', 'findBundles', () => provider.findBundles?.({ country: 'FR' }).then(lengthOf)],
    ['networks of France', 'listNetworks', () => provider.listNetworks?.(['FR']).then(lengthOf)],
    ['groups', 'listGroups', () => provider.listGroups?.().then(lengthOf)],
    [
      ...(['prices by the gigabyte', 'listConsumptionPrices'] as const),
      () => provider.listConsumptionPrices?.().then(lengthOf),
    ],
    ['stock', 'listStock', () => provider.listStock?.().then(lengthOf)],
    ['money moved in 30 days', 'listTransactions', () => counted(provider.listTransactions?.(window))],
    ['pages of eSIMs', 'listEsims', () => counted(provider.listEsims?.())],
  ];
  const ofEsim: Read[] = [
    ['an eSIM', 'getEsim', () => provider.getEsim(iccid).then(({ profileStatus }) => profileStatus)],
    [
      ...(['what is on it', 'listAssignments'] as const),
      () => provider.listAssignments(iccid).then((rows) => rows.map(({ state }) => state).join(', ')),
    ],
    ['its history', 'listHistory', () => provider.listHistory?.(iccid).then(lengthOf)],
    ['where it is', 'locate', () => provider.locate?.(iccid).then(isKnown)],
    ['its top-ups', 'listTopUps', () => provider.listTopUps?.(iccid).then(lengthOf)],
    ['its sale', 'readSale', () => provider.readSale?.(iccid).then(({ product }) => isKnown(product))],
  ];
  return [...ofAccount, ...(iccid === '' ? [] : ofEsim)].filter(([, ability]) => ability in provider);
}

function readsOfSeller(provider: SellingProvider, window: { since: Date; until: Date }): Read[] {
  let first = 'none';
  const firstPage = async () => {
    for await (const { bundles, leftOut, total } of provider.listBundles()) {
      first = bundles[0]?.code ?? first;
      return `${String(bundles.length)} of ${String(total ?? '?')}, ${String(leftOut.length)} left out`;
    }
    return 'none';
  };
  const validate = () => provider.validateOrder({ bundle: first, quantity: 1 }).then(({ status }) => status);
  return [
    [
      ...(['balance', 'getBalance'] as const),
      () => provider.getBalance().then(({ amount, currency }) => `${amount.toFixed()} ${currency}`),
    ],
    ['bundles, first page', 'listBundles', firstPage],
    ['the first of them', 'getBundle', () => provider.getBundle?.(first).then(isKnown)],
    ['whether it could be bought', 'validateOrder', validate],
    ['purchases of 30 days', 'listPurchases', () => counted(provider.listPurchases(window))],
  ];
}

const lengthOf = (rows: unknown[]) => String(rows.length);
const isKnown = (value: object | null) => (value === null ? 'not known' : 'known');

async function counted(rows: AsyncIterable<unknown> | undefined): Promise<string> {
  let count = 0;
  for await (const row of rows ?? []) if (row !== undefined) count += 1;
  return String(count);
}

/** Lets through what reads, a log-in, and eSIM Go's dry run; spaced, as a stranger's limits ask. */
function readOnly(perSecond: number): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const body = typeof init?.body === 'string' ? init.body : '';
    const isDryRun = url.pathname.endsWith('/orders') && body.includes('"type":"validate"');
    const method = init?.method ?? 'GET';
    if (method !== 'GET' && !LOG_IN.test(url.pathname) && !isDryRun)
      throw new Error(`${method} ${url.pathname} is no read, and was not sent`);
    await sleep(1000 / perSecond);
    return fetch(input, init);
  };
}

/** Prints a request. The answer is enough for a log-in and a balance, so that what follows them is seen too. */
const printed: typeof fetch = (input, init) => {
  const url = new URL(input instanceof Request ? input.url : input);
  console.log(`  ${init?.method ?? 'GET'} ${url.pathname}${url.search}`);
  return Promise.resolve(Response.json({ access_token: 'none', balance: 0, currency: 'USD' }));
};

process.exitCode = await run(process.argv[2]);

import { randomUUID } from 'node:crypto';
import { openStateFile } from '../console/state-file.ts';
import { luhnDigit, randomDigits } from '../esim-go/esim-identity.ts';
import { lookUpConducts, startLookUpApi, type LookUpApi, type LookUpCall } from '../look-up-api.ts';
import type { Given } from '../fate.ts';

/*
 * Written from the vendor's pages. They show what is asked, and on the start page how an answer is wrapped and what a package
 * looks like; what an eSIM and a plan on it look like is assumed.
 */

export const simvoxConducts = {
  ...lookUpConducts,
  'numbers-its-esims': 'Knows an eSIM in a path by an id of its own, and not by its ICCID.',
  'answers-bare': 'Answers without the wrapping.',
  'refuses-inside-200': 'Says in the body of a 200 that it refuses.',
} as const satisfies Record<string, string>;

export interface Simvox extends LookUpApi {
  /** What the app is given as the base URL: `{url}/v1`. */
  apiUrl: string;
  /** Every eSIM there is, oldest first. */
  readonly esims: readonly Esim[];
  /** Opens an account. */
  createAccount(token: string): void;
  /** Somebody buys an eSIM in the vendor's portal: 1 GB for 7 days in France. */
  buyByHand(token: string): Esim;
  /** One more plan for an eSIM. */
  buyPlanByHand(iccid: string, packageId: string): void;
  install(iccid: string): void;
  useData(iccid: string, bytes: number): void;
}

interface Esim {
  id: string;
  token: string;
  iccid: string;
  matchingId: string;
  status: 'released' | 'installed';
  networkStatus: 'active' | 'suspended';
  boughtAt: number;
  installedAt: number | null;
  plans: Plan[];
}

interface Plan {
  id: string;
  orderId: string;
  packageId: string;
  usedBytes: number;
  boughtAt: number;
  startedAt: number | null;
}

const BYTES_PER_MB = 1_000_000;
const DAY = 24 * 3600 * 1000;

/** As the start page shows them: numbers in quotes. */
const packages = [
  {
    id: 'bd9f7f7852381da1ac0c4fa1aa009e8e',
    data: '1000',
    day: '7',
    price: '4.50',
    title: 'France 1000 MiB - 7 Days',
  },
  {
    id: '0b1b8d4f6f0f4c0f9a53a7a9b7b8b1d2',
    data: '3000',
    day: '30',
    price: '9.00',
    title: 'France 3000 MiB - 30 Days',
  },
].map((each) => ({
  ...each,
  iso: 'FR',
  type: 'sim',
  amount: each.data,
  is_unlimited: '0',
  voice: null,
  text: null,
}));

/** A stand-in for Simvox's API under `/v1`. The tokens are those of its accounts. */
export async function startSimvox(options: {
  port?: number;
  /** Where to keep the eSIMs between runs. */
  stateFile?: string;
  /** Of the accounts there are from the start. */
  tokens?: string[];
  /** Epoch milliseconds; the system's clock by default. */
  now?: () => number;
}): Promise<Simvox> {
  const now = options.now ?? (() => Date.now());
  const file = openStateFile(options.stateFile, () => ({ esims: [] as Esim[] }));
  const { esims } = file.state;
  const tokens = new Set(options.tokens);

  function find({ key, params, conducts }: LookUpCall): Esim | undefined {
    const by = conducts.isOn('numbers-its-esims') ? 'id' : 'iccid';
    return esims.find((esim) => esim.token === key && esim[by] === params['id']);
  }

  const ofEsim = (handle: (esim: Esim, call: LookUpCall) => unknown) => (call: LookUpCall) => {
    const esim = find(call);
    if (!esim) return refusalIn(call, 404, 'eSIM not found');
    return answer(call, handle(esim, call));
  };

  const api = await startLookUpApi({
    ...(options.port !== undefined && { port: options.port }),
    conducts: simvoxConducts,
    ...{ refuse, now },
    keyOf: (header) => {
      const token = header('authorization')?.replace(/^Bearer /, '');
      return token !== undefined && tokens.has(token) ? token : null;
    },
    endpoints: [
      {
        method: 'get',
        path: '/v1/esims',
        handle: (call) =>
          answer(
            call,
            esims.filter(({ token }) => token === call.key).map((esim) => esimOnTheWire(esim, call)),
          ),
      },
      { method: 'get', path: '/v1/esim/:id', handle: ofEsim(esimOnTheWire) },
      {
        method: 'patch',
        path: '/v1/esim/:id',
        handle: (call) => {
          const { network_status } = call.body;
          if (network_status !== 'active' && network_status !== 'suspended')
            return refusalIn(call, 400, 'network_status is not valid');
          return ofEsim((esim) => {
            esim.networkStatus = network_status;
            file.touch();
            return esimOnTheWire(esim, call);
          })(call);
        },
      },
      {
        method: 'delete',
        path: '/v1/esim/:id',
        handle: ofEsim((esim) => {
          esims.splice(esims.indexOf(esim), 1);
          file.touch();
          return null;
        }),
      },
      {
        method: 'get',
        path: '/v1/esim/:id/plans',
        handle: ofEsim((esim, call) => esim.plans.map((plan) => planOnTheWire(plan, call, now()))),
      },
      { method: 'get', path: '/v1/esim/topups/:id', handle: ofEsim(() => packages) },
      {
        method: 'delete',
        path: '/v1/esim/plans/:id',
        handle: ofEsim((esim) => {
          esim.plans = [];
          file.touch();
          return null;
        }),
      },
    ],
    portal: {
      ...{ title: 'Simvox', accent: '#0b7a75', sells: '1 GB for 7 days in France' },
      connection: () => [['Token', options.tokens?.[0] ?? '']],
      list: () =>
        esims.map(({ iccid, status, networkStatus }) => {
          return { iccid, state: networkStatus === 'active' ? status : networkStatus };
        }),
      buy: () => buyByHand(options.tokens?.[0] ?? ''),
      ...{ install, use: useData },
    },
  });

  function known(iccid: string): Esim {
    const esim = esims.find((each) => each.iccid === iccid);
    if (!esim) throw new Error('the sandbox never issued this ICCID');
    return esim;
  }

  function buyPlan(packageId: string): Plan {
    const orderId = `oid_${randomUUID().slice(0, 12)}`;
    return { id: randomUUID(), orderId, packageId, usedBytes: 0, boughtAt: now(), startedAt: null };
  }

  function buyByHand(token: string): Esim {
    const body = `894450${randomDigits(12)}`;
    const esim: Esim = {
      ...{ id: `esim_${randomUUID().slice(0, 8)}`, token, iccid: body + luhnDigit(body) },
      ...{ matchingId: randomUUID().toUpperCase(), status: 'released', networkStatus: 'active' },
      ...{ boughtAt: now(), installedAt: null, plans: [buyPlan(packages[0]?.id ?? '')] },
    };
    esims.push(esim);
    file.touch();
    return esim;
  }

  function install(iccid: string) {
    Object.assign(known(iccid), { status: 'installed', installedAt: now() });
    file.touch();
  }

  function useData(iccid: string, bytes: number) {
    const [plan] = known(iccid).plans;
    if (!plan) throw new Error('the eSIM has no plan');
    plan.usedBytes += bytes;
    plan.startedAt ??= now();
    file.touch();
  }

  return {
    ...api,
    apiUrl: `${api.url}/v1`,
    esims,
    createAccount(token) {
      tokens.add(token);
    },
    buyPlanByHand(iccid, packageId) {
      known(iccid).plans.push(buyPlan(packageId));
      file.touch();
    },
    ...{ buyByHand, install, useData },
    close: async () => {
      await api.close();
      file.flush();
    },
  };
}

function esimOnTheWire(esim: Esim, { conducts }: LookUpCall) {
  const { id, iccid, matchingId, status, networkStatus, boughtAt, installedAt } = esim;
  const isLoud = conducts.isOn('shouts-its-states');
  return {
    ...{ id, iccid, status: worded(status, conducts.isOn('invents-a-state'), isLoud) },
    network_status: isLoud ? networkStatus.toUpperCase() : networkStatus,
    activation_code: `LPA:1$rsp.simvox.example$${matchingId}`,
    created_at: seconds(boughtAt),
    installed_at: installedAt === null ? null : seconds(installedAt),
  };
}

function planOnTheWire(plan: Plan, { conducts }: LookUpCall, now: number) {
  const sold = packages.find(({ id }) => id === plan.packageId);
  const endsAt = plan.startedAt === null ? null : plan.startedAt + Number(sold?.day) * DAY;
  const isUsedUp = plan.usedBytes >= Number(sold?.data) * BYTES_PER_MB;
  const running = isUsedUp ? 'depleted' : 'active';
  const state = endsAt === null ? 'queued' : now >= endsAt ? 'expired' : running;
  return {
    ...{ id: plan.id, order_id: plan.orderId, package_id: plan.packageId, title: sold?.title },
    status: worded(state, conducts.isOn('invents-a-state'), conducts.isOn('shouts-its-states')),
    order_status: 'completed',
    ...{ data: sold?.data, is_unlimited: '0', data_used: String(plan.usedBytes / BYTES_PER_MB) },
    ...{ created_at: seconds(plan.boughtAt), started_at: plan.startedAt && seconds(plan.startedAt) },
    expires_at: endsAt && seconds(endsAt),
  };
}

function worded(state: string, isInvented: boolean, isLoud: boolean): string {
  if (isInvented) return 'hibernating';
  return isLoud ? state.toUpperCase() : state;
}

function seconds(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}

function answer({ conducts }: LookUpCall, value: unknown): Given {
  const body = conducts.isOn('answers-bare')
    ? (value ?? {})
    : { status: { code: 200, msg: '' }, response: value };
  return { status: 200, type: 'application/json', body: JSON.stringify(body) };
}

function refusalIn({ conducts }: LookUpCall, status: number, msg: string): Given {
  const { body, ...given } = refuse(status, msg);
  return { ...given, body, status: conducts.isOn('refuses-inside-200') ? 200 : status };
}

function refuse(status: number, msg: string, headers: Record<string, string> = {}): Given {
  return {
    status,
    headers,
    type: 'application/json',
    body: JSON.stringify({ status: { code: status, msg } }),
  };
}

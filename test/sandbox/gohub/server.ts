import { randomUUID } from 'node:crypto';
import { openStateFile } from '../console/state-file.ts';
import { randomDigits } from '../esim-go/esim-identity.ts';
import type { Given } from '../fate.ts';
import { lookUpConducts, startLookUpApi, type LookUpApi, type LookUpCall } from '../look-up-api.ts';

/*
 * Written from the vendor's page of the information API, whose one example it answers for a new eSIM. The words of the states,
 * and that usage is told in bytes, stand on that page too.
 */

export const goHubConducts = {
  ...lookUpConducts,
  'sells-by-the-day': 'Every product is a daily one: its data is there anew every day.',
  'tells-only-the-days': 'Leaves the total of the usage out and tells that of each day.',
} as const satisfies Record<string, string>;

export interface GoHub extends LookUpApi {
  /** Every eSIM and card there is, oldest first. */
  readonly sims: readonly Sim[];
  /** Opens an account. */
  createAccount(key: string): void;
  /** Somebody buys an eSIM, or recharges a SIM card, in the vendor's portal: 6 GB for 8 days in India. */
  buyByHand(key: string, type?: 'eSIM' | 'SIM'): Sim;
  install(iccid: string): void;
  useData(iccid: string, bytes: number): void;
}

interface Sim {
  key: string;
  iccid: string;
  type: 'eSIM' | 'SIM';
  orderId: string;
  trackId: string;
  boughtAt: number;
  startedAt: number | null;
  used: { at: number; bytes: number }[];
  log: { at: number; status: string }[];
}

const DAY = 24 * 3600 * 1000;
const DAYS = 8;
const DATA_BYTES = 6e9;

/** A stand-in for GoHub's information API under `/api/v1`. The key is looked for in the header that is named. */
export async function startGoHub(options: {
  port?: number;
  /** Where to keep the eSIMs between runs. */
  stateFile?: string;
  /** Of the accounts there are from the start. */
  keys?: string[];
  header?: string;
  /** Epoch milliseconds; the system's clock by default. */
  now?: () => number;
}): Promise<GoHub> {
  const now = options.now ?? (() => Date.now());
  const file = openStateFile(options.stateFile, () => ({ sims: [] as Sim[] }));
  const { sims } = file.state;
  const keys = new Set(options.keys);
  const header = options.header ?? 'x-api-key';

  const tell = (type: Sim['type']) => (call: LookUpCall) => {
    const sim = sims.find(
      (each) => each.iccid === call.params['iccid'] && each.key === call.key && each.type === type,
    );
    if (!sim) return refuse(404, 'Product not found');
    return { status: 200, type: 'application/json', body: JSON.stringify(onTheWire(sim, call, now())) };
  };

  const api = await startLookUpApi({
    ...(options.port !== undefined && { port: options.port }),
    conducts: goHubConducts,
    ...{ refuse, now },
    keyOf: (headerOf) => {
      const key = headerOf(header);
      return key !== undefined && keys.has(key) ? key : null;
    },
    endpoints: [
      { method: 'get', path: '/api/v1/products/esim/:iccid', handle: tell('eSIM') },
      { method: 'get', path: '/api/v1/products/sim/:iccid', handle: tell('SIM') },
    ],
    portal: {
      ...{ title: 'GoHub', accent: '#c2410c', sells: '6 GB for 8 days in India' },
      connection: (url) => [
        ['Address', url],
        ['Header of the key', header],
        ['Key', options.keys?.[0] ?? ''],
      ],
      list: () => sims.map(({ iccid, log }) => ({ iccid, state: log.at(-1)?.status ?? 'CARD' })),
      buy: () => buyByHand(options.keys?.[0] ?? ''),
      ...{ install, use: useData },
    },
  });

  function known(iccid: string): Sim {
    const sim = sims.find((each) => each.iccid === iccid);
    if (!sim) throw new Error('the sandbox never issued this ICCID');
    return sim;
  }

  function buyByHand(key: string, type: Sim['type'] = 'eSIM'): Sim {
    const sim: Sim = {
      // 20 digits without a check digit, as in the vendor's example.
      ...{ key, type, iccid: `898120${randomDigits(14)}`, orderId: randomDigits(15), trackId: randomUUID() },
      ...{ boughtAt: now(), startedAt: null, used: [] },
      log: type === 'eSIM' ? [{ at: now(), status: 'NOT_DOWNLOADED' }] : [],
    };
    sims.push(sim);
    file.touch();
    return sim;
  }

  function install(iccid: string) {
    for (const status of ['DOWNLOADED', 'INSTALLED']) known(iccid).log.push({ at: now(), status });
    file.touch();
  }

  function useData(iccid: string, bytes: number) {
    const sim = known(iccid);
    if (sim.startedAt === null && sim.type === 'eSIM') sim.log.push({ at: now(), status: 'ENABLED' });
    sim.startedAt ??= now();
    sim.used.push({ at: now(), bytes });
    file.touch();
  }

  return {
    ...api,
    sims,
    createAccount(key) {
      keys.add(key);
    },
    ...{ buyByHand, install, useData },
    close: async () => {
      await api.close();
      file.flush();
    },
  };
}

function onTheWire(sim: Sim, { conducts }: LookUpCall, now: number) {
  const word = (state: string) => {
    if (conducts.isOn('invents-a-state')) return 'HIBERNATING';
    return conducts.isOn('shouts-its-states') ? state.toLowerCase() : state;
  };
  const endsAt = sim.startedAt === null ? null : sim.startedAt + DAYS * DAY;
  const state = endsAt === null ? 'UNUSED' : now >= endsAt ? 'EXPIRED' : 'IN_USE';
  const usedTraffic = sim.used.reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    activityLogs: sim.log.map(({ at, status }) => ({
      eid: null,
      recordTime: local(at),
      status: word(status),
    })),
    usageInfoList: sim.used.map(({ at, bytes }) => ({ usedDate: local(at), usageAmt: bytes })),
    simStatus: {
      planStartTime: sim.startedAt === null ? null : local(sim.startedAt),
      planEndTime: endsAt === null ? null : local(endsAt),
      remainingDays: endsAt === null ? DAYS : Math.max(0, Math.ceil((endsAt - now) / DAY)),
      ...(!conducts.isOn('tells-only-the-days') && { usedTraffic }),
      planStatus: word(state),
    },
    iccid: sim.iccid,
    orderInfo: {
      ...{ orderId: sim.orderId, trackId: sim.trackId },
      ...{ subOrderId: `sub-${sim.orderId}`, subTrackId: `sub-${sim.trackId}` },
      purchaseDate: new Date(sim.boughtAt).toISOString(),
    },
    productInfo: {
      ...{ sku: 'E23XY06GB08DFX', spu: 'E23XY' },
      name: {
        vi: 'eSIM Ấn Độ 06GB tốc độ cao 4G, chỉ có data (6GB - 8 ngày ) ',
        en: '4G high-speed India travel eSIM, data only (6GB - 8 days ) ',
      },
      ...{ type: sim.type, package: conducts.isOn('sells-by-the-day') ? 'DAILY' : 'FIXED', days: DAYS },
      ...{ data: `${String(DATA_BYTES / 1e9)}GB`, apn: 'internet', hotsPot: true, throttleSpeed: 'Stop' },
      ...{ pointContactType: null, smsCall: 'No' },
    },
  };
}

/** As in the example: without a zone, eight hours ahead of UTC. */
function local(at: number): string {
  return new Date(at + 8 * 3600 * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

function refuse(status: number, message: string, headers: Record<string, string> = {}): Given {
  const error = {
    timestamp: new Date().toISOString(),
    statusCode: status,
    errorCode: `E${String(status)}`,
    message,
  };
  return { status, headers, type: 'application/json', body: JSON.stringify(error) };
}

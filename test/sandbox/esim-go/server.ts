import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import express, { type Request } from 'express';
import { makeConducts, type Conducts } from '../conducts.ts';
import { listen } from '../console/listen.ts';
import { openStateFile } from '../console/state-file.ts';
import { answered, deliver, waitUntil, type Fate } from '../fate.ts';
import { putInStock } from './allocate.ts';
import { activationCode, getAssignments } from './assignments.ts';
import { sendCallback, type CallbackDelivery, type CallbackKind } from './callbacks.ts';
import { makeCatalogue, ofSize, UNITS_PER_DOLLAR, type Bundle } from './catalogue.ts';
import { esimGoConducts } from './conducts.ts';
import * as esims from './esims.ts';
import * as inventory from './inventory.ts';
import { makeLimiter } from './limits.ts';
import * as orders from './orders.ts';
import * as organisation from './organisation.ts';
import { mountPortal } from './portal.ts';
import { emptyState, type Esim, type Organisation } from './state.ts';
import { dollars, json, record, refuse, type Answer, type Call, type Vendor } from './vendor.ts';

export interface EsimGoOptions {
  port?: number;
  /** Where to keep the state between runs. */
  stateFile?: string;
  /** Prices follow from it; the same seed gives the same catalogue. */
  seed?: number;
  /** Sells only the bundles of these countries (ISO 3166-1 alpha-2), no regions; all bundles when left out. */
  countries?: string[];
  /** Sells so many bundles: only the first of them, or more of the same under other names. */
  bundles?: number;
  /** The vendor's limit is 10. Raise it where a test is not about limits. */
  requestsPerSecond?: number;
  /** Epoch milliseconds; the system's clock by default. */
  now?: () => number;
}

export interface EsimGo {
  url: string;
  /** What the app is given as the base URL: `{url}/v2.4`. */
  apiUrl: string;
  conducts: Conducts;
  /** Today's view of the organisations; changing it changes nothing. */
  readonly organisations: OrganisationView[];
  /** Every executed purchase, oldest first. Validations and refusals are not among them. */
  readonly orders: OrderView[];
  /** Every eSIM ever issued, oldest first. */
  readonly esims: EsimView[];
  /** Every API request, oldest first, also those that got no answer. */
  readonly requests: RequestView[];
  /** Opens an account. An account of the same key is replaced; its orders and eSIMs stay. Balance in dollars. */
  createOrganisation(options: {
    apiKey: string;
    balance: number;
    name?: string;
    callbackUrl?: string;
    callbackVersion?: 2 | 3;
    callbackSignature?: 'base64' | 'hex';
    refundsEnabled?: boolean;
    /** A card is saved, so the balance can be topped up over the API; it is by default. */
    hasCard?: boolean;
    /** The Profile IDs of its brandings; none by default. */
    brandingProfiles?: string[];
    /** It pays by what is used, and so is told prices by the gigabyte; it is not by default. */
    paysByConsumption?: boolean;
  }): void;
  /** Adds dollars to a balance, as a bank transfer would. */
  topUp(apiKey: string, amount: number): void;
  /**
   * The merchant buys by hand in the portal: an order beside the app's, from another address, which no conduct
   * touches. Throws when it is refused. Answers the order reference.
   */
  buyByHand(apiKey: string, bundle: string, quantity: number, sourceIp?: string): string;
  /** Puts bundles into the inventory out of nowhere: no order, nothing charged. Throws for an unknown bundle. */
  addStock(apiKey: string, bundle: string, quantity: number): void;
  /** The vendor's price of a bundle is another from now on, in dollars. Throws for an unknown bundle. */
  setPrice(bundle: string, price: number): void;
  /** The vendor sells a bundle no more; answers what sells it again as it was. Throws for an unknown bundle. */
  withdraw(bundle: string): () => void;
  /** The buyer installs the profile. */
  install(iccid: string): void;
  /** The buyer uses data (bytes) in a country; callbacks follow, as many as the vendor would send. */
  useData(iccid: string, options: { bytes: number; iso?: string }): Promise<CallbackDelivery[]>;
  /** Sends one callback to the URL of the eSIM's organisation. */
  fireCallback(kind: CallbackKind, iccid: string): Promise<CallbackDelivery[]>;
  close(): Promise<void>;
}

export interface OrganisationView {
  apiKey: string;
  name: string;
  balance: number;
  currency: string;
  callbackUrl: string | null;
}

export interface OrderView {
  orderReference: string;
  apiKey: string;
  items: { bundle: string; quantity: number; pricePerUnit: number; iccids: string[] }[];
  /** Dollars. */
  total: number;
  assigned: boolean;
  createdAt: Date;
  requestArrivedAt: Date;
  /** Where the order came from: the API's caller, or the portal's address for one bought by hand. */
  sourceIp: string;
}

export interface EsimView {
  iccid: string;
  apiKey: string;
  matchingId: string;
  smdpAddress: string;
  /** `LPA:1$host$matchingId`: what every QR code of this eSIM must hold. */
  activationCode: string;
  profileStatus: string;
  customerRef: string;
  bundles: string[];
  /** Null for the organisation's first. */
  brandingId: string | null;
  /** Texts sent to it, oldest first. */
  messages: { from: string; text: string }[];
  returned: boolean;
}

export interface RequestView {
  method: string;
  /** Without the version and the query: `/orders`. */
  path: string;
  query: string;
  /** Null until answered, and for ever when the connection was cut or left hanging. */
  status: number | null;
  /** When it arrived. */
  at: Date;
  body: string;
  /** SHA-256 of the raw body, in hex. */
  bodyHash: string;
  /** It bought or consumed something, whatever the caller was told. Late execution sets it late. */
  executed: boolean;
  /** Of the order or application it made. */
  orderReference: string | null;
}

type Handler = (call: Call) => Answer | Promise<Answer>;

/** Method, path, handler and what a call costs of the rate limit. */
const endpoints: [
  method: 'get' | 'post' | 'put' | 'delete',
  path: string,
  handler: Handler,
  cost?: number,
][] = [
  ['get', '/', () => json(endpoints.map(([method, path]) => `${method.toUpperCase()} ${path}`))],
  ['get', '/catalogue', organisation.listCatalogue, 2],
  ['get', '/catalogue/bundle/:name', organisation.getCatalogueBundle],
  ['get', '/catalogue/prices', since25(organisation.listPrices)],
  ['get', '/organisation', organisation.getOrganisation],
  ['get', '/organisation/groups', organisation.getGroups],
  ['post', '/organisation/balance', organisation.topUpBalance],
  ['post', '/orders', orders.createOrder],
  ['get', '/orders', orders.listOrders],
  ['get', '/orders/:orderReference', orders.getOrder],
  ['post', '/esims/apply', inventory.applyBundles],
  ['get', '/esims/assignments', getAssignments],
  ['get', '/esims/assignments/:reference', getAssignments],
  ['get', '/esims', esims.listEsims],
  ['put', '/esims', esims.updateEsim],
  ['get', '/esims/:iccid', esims.getEsim],
  ['delete', '/esims/:iccid', since25(esims.deleteEsim)],
  ['get', '/esims/:iccid/bundles', esims.listBundlesOnEsim],
  ['get', '/esims/:iccid/bundles/:name', esims.getBundleOnEsim],
  ['delete', '/esims/:iccid/bundles/:name', inventory.revokeBundle],
  ['delete', '/esims/:iccid/bundles/:name/assignments/:assignmentId', inventory.revokeBundle],
  ['get', '/esims/:iccid/compatible/:bundle', esims.getCompatibility],
  ['get', '/esims/:iccid/history', esims.getHistory],
  ['get', '/esims/:iccid/location', esims.getLocation],
  ['get', '/esims/:iccid/refresh', esims.refreshEsim],
  ['post', '/esims/:iccid/sms', esims.sendSms],
  ['post', '/esims/:iccid/suspend', since25(esims.suspendEsim)],
  ['get', '/esims/:iccid/suspend', since25(esims.getSuspension)],
  ['get', '/inventory', inventory.listInventory],
  ['post', '/inventory/refund', inventory.refundInventory],
  ['get', '/networks', organisation.listNetworks, 2],
  // Deprecated by the vendor, still answered.
  ['get', '/esims/qr/:reference', (call) => getAssignments({ ...call, accept: 'application/zip' })],
  ['get', '/esims/csv/:reference', (call) => getAssignments({ ...call, accept: 'text/csv' })],
  ['post', '/esims/:iccid/bundles', applyToOne],
  ['delete', '/esims/:iccid/bundles/:name/applications/:assignmentId', inventory.revokeBundle],
];

/** Where people sit who buy by hand; of the range kept for documentation. */
const PORTAL_ADDRESS = '203.0.113.77';
const LATE_EXECUTION_SECONDS = 90;

const DEMO_KEY = 'sandbox-esim-go-key';
const MOST_REQUESTS_KEPT = 20_000;

/**
 * A stand-in for eSIM Go's API 2.4, under `/v2.4` and `/v2.5`, with the organisations' portal at `/`. Opens with one
 * organisation, key `sandbox-esim-go-key`, and 250 dollars.
 */
export async function startEsimGo(options: EsimGoOptions = {}): Promise<EsimGo> {
  const file = openStateFile(options.stateFile, emptyState);
  const conducts = makeConducts(esimGoConducts);
  const vendor: Vendor = {
    state: file.state,
    catalogue: sold(options),
    conducts,
    // Asked of the clock each time: a test may let time pass after the start.
    now: options.now ?? (() => Date.now()),
    touch: file.touch,
  };
  const spend = makeLimiter(options.requestsPerSecond ?? 10);
  const requests: RequestView[] = [];

  /** Purchases that were cut off and wait for their moment, by the vendor's clock. */
  const postponed: { dueAt: number; execute: () => void }[] = [];

  function catchUp() {
    for (const late of postponed.filter(({ dueAt }) => dueAt <= vendor.now())) {
      postponed.splice(postponed.indexOf(late), 1);
      late.execute();
    }
  }

  async function answer(req: Request, handler: Handler, cost: number, entry: RequestView): Promise<Fate> {
    const name = `${entry.method} ${entry.path}`;
    if (conducts.strike('keeps-silent', name)) return { how: 'silence' };
    // The vendor counts by address and by the wall clock, whatever clock the test has set.
    const budget = spend(req.ip ?? '', cost, Date.now());
    if (!budget.allowed) return answered(refuse(429, 'rate limit exceeded', budget.headers));
    if (conducts.strike('throttles', name))
      return answered(refuse(429, 'rate limit exceeded', { ...budget.headers, 'Retry-After': '1' }));
    if (conducts.strike('throttles-by-date', name))
      return answered(refuse(429, 'rate limit exceeded', waitUntil(vendor.now(), 90)));
    if (conducts.strike('answers-503', name))
      return answered(refuse(503, 'processing, please come back later', { 'Retry-After': '1' }));
    if (conducts.strike('revokes-the-key', name)) return answered(unauthorised(name, 401));

    const organisation = vendor.state.organisations.find(({ apiKey }) => apiKey === req.header('x-api-key'));
    if (!organisation) return answered(unauthorised(name, name === 'POST /orders' ? 401 : 403));

    const call: Call = {
      vendor,
      organisation,
      name,
      params: req.params,
      query: new URL(req.originalUrl, 'http://sandbox').searchParams,
      body: parseJson(entry.body),
      accept: req.header('accept') ?? '',
      version: req.baseUrl.endsWith('2.5') ? '2.5' : '2.4',
      arrivedAt: entry.at.getTime(),
      ip: req.ip ?? '',
    };
    const isPurchase =
      name === 'POST /esims/apply' || (name === 'POST /orders' && record(call.body).type === 'transaction');
    if (isPurchase && conducts.strike('never-executes-and-times-out', name)) return { how: 'silence' };
    const movesMoney =
      isPurchase || name === 'POST /organisation/balance' || name === 'POST /inventory/refund';
    const late = movesMoney ? conducts.strike('executes-late', name) : null;
    if (late) {
      const dueAt = vendor.now() + (late.seconds ?? LATE_EXECUTION_SECONDS) * 1000;
      const execute = async () =>
        note(entry, await handler({ ...call, vendor: { ...vendor, now: () => dueAt } }));
      postponed.push({ dueAt, execute: () => void execute() });
      return { how: 'cut' };
    }

    const given = await handler(call);
    note(entry, given);
    if (given.executed) {
      if (conducts.strike('loses-the-answer', name)) return { how: 'cut' };
      if (conducts.strike('holds-the-answer', name)) return { how: 'silence' };
      if (conducts.strike('answers-when-let', name))
        while (conducts.isOn('answers-when-let')) await sleep(20);
      if (conducts.strike('resets-after-body', name)) return { how: 'reset', given };
    }
    const sent = misdeliver(given, name);
    return answered({ ...sent, headers: { ...budget.headers, ...sent.headers } });
  }

  function misdeliver(given: Answer, name: string): Answer {
    if (given.executed && conducts.strike('charges-then-500', name))
      return refuse(500, 'Internal Server Error');
    if (given.executed && conducts.strike('answers-503-and-executes', name))
      return refuse(503, 'Processing - Please come back later', { 'Retry-After': '1' });
    if (given.status === 200 && conducts.strike('answers-html', name)) {
      return {
        status: 200,
        type: 'text/html',
        body: '<!doctype html><title>Just a moment...</title><h1>Please wait</h1>',
      };
    }
    if (given.status === 200 && conducts.strike('truncates-the-answer', name)) {
      return { ...given, body: given.body.slice(0, Math.floor(given.body.length / 2)) };
    }
    return given;
  }

  const api = express.Router();
  for (const [method, path, handler, cost = 1] of endpoints) {
    api[method](path, (req, res, next) => {
      catchUp();
      const entry = log(requests, req, vendor.now());
      answer(req, handler, cost, entry)
        .then((fate) => {
          deliver(res, fate, entry);
        })
        .catch(next);
    });
  }
  api.use((req, res) => {
    deliver(res, answered(refuse(404, 'not found')), log(requests, req, vendor.now()));
  });

  const app = express().disable('x-powered-by');
  app.use(['/v2.4', '/v2.5'], express.raw({ type: () => true, limit: '1mb' }), api);

  function findOrganisation(apiKey: string): Organisation {
    const organisation = vendor.state.organisations.find((candidate) => candidate.apiKey === apiKey);
    if (!organisation) throw new Error('no organisation has this API key');
    return organisation;
  }

  function find(iccid: string): { esim: Esim; organisation: Organisation } {
    const esim = vendor.state.esims.find((candidate) => candidate.iccid === iccid);
    const organisation = vendor.state.organisations.find(({ apiKey }) => apiKey === esim?.apiKey);
    if (!esim || !organisation) throw new Error('the sandbox never issued this ICCID');
    return { esim, organisation };
  }

  const handle: Omit<EsimGo, 'url' | 'apiUrl' | 'close'> = {
    conducts,
    requests,
    get organisations() {
      catchUp();
      return vendor.state.organisations.map(({ apiKey, name, balanceUnits, currency, callbackUrl }) => ({
        apiKey,
        name,
        balance: dollars(balanceUnits),
        currency,
        callbackUrl,
      }));
    },
    get orders() {
      catchUp();
      return vendor.state.orders
        .filter((order) => order.type === 'bundle')
        .map((order) => ({
          orderReference: order.orderReference,
          apiKey: order.apiKey,
          items: order.items.map(({ bundle, quantity, unitPriceUnits, iccids }) => ({
            bundle,
            quantity,
            pricePerUnit: dollars(unitPriceUnits),
            iccids,
          })),
          total: dollars(order.totalUnits),
          assigned: order.assigned,
          createdAt: new Date(order.createdAt),
          requestArrivedAt: new Date(order.requestArrivedAt),
          sourceIp: order.sourceIp,
        }));
    },
    get esims() {
      catchUp();
      return vendor.state.esims.map((esim) => ({
        iccid: esim.iccid,
        apiKey: esim.apiKey,
        matchingId: esim.matchingId,
        smdpAddress: esim.smdpAddress,
        activationCode: activationCode(esim),
        profileStatus: esim.profileStatus,
        customerRef: esim.customerRef,
        bundles: esim.assignments.map(({ bundle }) => bundle),
        brandingId: esim.brandingId ?? null,
        messages: esim.messages ?? [],
        returned: esim.returnedAt !== null,
      }));
    },
    createOrganisation(given) {
      const others = vendor.state.organisations.filter(({ apiKey }) => apiKey !== given.apiKey);
      others.push({
        apiKey: given.apiKey,
        name: given.name ?? 'Sandbox Travel Ltd',
        currency: 'USD',
        balanceUnits: Math.round(given.balance * UNITS_PER_DOLLAR),
        callbackUrl: given.callbackUrl ?? null,
        callbackVersion: given.callbackVersion ?? 3,
        callbackSignature: given.callbackSignature ?? 'base64',
        refundsEnabled: given.refundsEnabled ?? true,
        hasCard: given.hasCard ?? true,
        brandingProfiles: given.brandingProfiles ?? [],
        paysByConsumption: given.paysByConsumption ?? false,
      });
      vendor.state.organisations = others;
      vendor.touch();
    },
    topUp(apiKey, amount) {
      const account = findOrganisation(apiKey);
      account.balanceUnits += Math.round(amount * UNITS_PER_DOLLAR);
      vendor.touch();
    },
    buyByHand(apiKey, bundle, quantity, sourceIp = PORTAL_ADDRESS) {
      const given = orders.createOrder({
        // Conducts are how the API misbehaves; a person at the portal meets none.
        vendor: { ...vendor, conducts: makeConducts(esimGoConducts) },
        organisation: findOrganisation(apiKey),
        name: 'portal',
        params: {},
        query: new URLSearchParams(),
        body: { type: 'transaction', assign: true, order: [{ type: 'bundle', item: bundle, quantity }] },
        accept: '',
        version: '2.4',
        arrivedAt: vendor.now(),
        ip: sourceIp,
      });
      if (given.orderReference === undefined) throw new Error(`refused: ${String(given.body)}`);
      return given.orderReference;
    },
    addStock(apiKey, bundle, quantity) {
      const found = vendor.catalogue.get(bundle);
      if (!found) throw new Error(`the catalogue has no bundle ${bundle}`);
      putInStock(vendor, {
        apiKey: findOrganisation(apiKey).apiKey,
        bundle,
        quantity,
        boughtAt: vendor.now(),
        unitPriceUnits: found.priceUnits,
      });
      vendor.touch();
    },
    setPrice(bundle, price) {
      const found = vendor.catalogue.get(bundle);
      if (!found) throw new Error(`the catalogue has no bundle ${bundle}`);
      found.priceUnits = Math.round(price * UNITS_PER_DOLLAR);
    },
    withdraw(bundle) {
      const found = vendor.catalogue.get(bundle);
      if (!found) throw new Error(`the catalogue has no bundle ${bundle}`);
      vendor.catalogue.delete(bundle);
      return () => vendor.catalogue.set(bundle, found);
    },
    install(iccid) {
      esims.installEsim(find(iccid).esim, vendor.now());
      vendor.touch();
    },
    async useData(iccid, { bytes, iso = 'GB' }) {
      const { esim, organisation } = find(iccid);
      const daysOf = (bundle: string) => vendor.catalogue.get(bundle)?.days ?? 30;
      const used = esims.useData(esim, { bytes, iso, daysOf, now: vendor.now() });
      vendor.touch();
      if (!used) return [];
      const kinds: CallbackKind[] = used.isFirstUse
        ? ['FirstAttachment', 'FirstUse', 'Utilisation']
        : ['Utilisation'];
      const deliveries: CallbackDelivery[] = [];
      for (const kind of kinds) deliveries.push(...(await sendCallback(vendor, organisation, kind, esim)));
      return deliveries;
    },
    fireCallback(kind, iccid) {
      const { esim, organisation } = find(iccid);
      return sendCallback(vendor, organisation, kind, esim);
    },
  };

  if (vendor.state.organisations.length === 0)
    handle.createOrganisation({
      ...{ apiKey: DEMO_KEY, balance: 250 },
      ...{ brandingProfiles: ['f616f7g8-ey0d-123d-803d-0214a2f5dafb'], paysByConsumption: true },
    });
  mountPortal(app, vendor, handle);

  const { url, close } = await listen(app, options.port);
  return Object.defineProperties(handle as EsimGo, {
    url: { value: url, enumerable: true },
    apiUrl: { value: `${url}/v2.4`, enumerable: true },
    close: {
      value: async () => {
        await close();
        file.flush();
      },
    },
  });
}

/** An endpoint that the version before does not have. */
function since25(handler: Handler): Handler {
  return (call) => (call.version === '2.5' ? handler(call) : refuse(404, 'not found'));
}

function note(entry: RequestView, given: Answer) {
  entry.executed = given.executed === true;
  entry.orderReference = given.orderReference ?? null;
}

function applyToOne(call: Call): Answer {
  const given = inventory.applyBundles({
    ...call,
    body: { ...record(call.body), iccid: call.params.iccid },
  });
  if (given.status !== 200) return given;
  const { orderReference } = given;
  return json(
    { status: 'Successfully Applied Bundle' },
    { executed: true, ...(orderReference !== undefined && { orderReference }) },
  );
}

function unauthorised(name: string, status: number): Answer {
  const message = 'access denied due to invalid api key';
  return name === 'POST /orders' ? { status, type: 'text/plain', body: message } : refuse(status, message);
}

function log(requests: RequestView[], req: Request, now: number): RequestView {
  // express.raw leaves an empty object when there was no body.
  const body = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
  const entry: RequestView = {
    method: req.method,
    path: req.path.length > 1 ? req.path.replace(/\/$/, '') : req.path,
    query: new URL(req.originalUrl, 'http://sandbox').search,
    status: null,
    at: new Date(now),
    body: body.toString('utf8'),
    bodyHash: createHash('sha256').update(body).digest('hex'),
    executed: false,
    orderReference: null,
  };
  requests.push(entry);
  if (requests.length > MOST_REQUESTS_KEPT) requests.shift();
  return entry;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function sold({ seed = 1, countries, bundles }: EsimGoOptions): Map<string, Bundle> {
  const catalogue = sellsIn(makeCatalogue(seed), countries);
  return bundles === undefined ? catalogue : ofSize(catalogue, bundles);
}

function sellsIn(catalogue: ReturnType<typeof makeCatalogue>, countries: string[] | undefined) {
  if (!countries) return catalogue;
  return new Map(
    [...catalogue].filter(([, { base, roaming }]) => roaming.length === 0 && countries.includes(base.iso)),
  );
}

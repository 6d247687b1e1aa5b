import express, { type Request } from 'express';
import QRCode from 'qrcode';
import { makeConducts, type Conducts } from '../conducts.ts';
import { listen } from '../console/listen.ts';
import { openStateFile } from '../console/state-file.ts';
import { answered, deliver, readJson, waitUntil, type Fate } from '../fate.ts';
import * as account from './account.ts';
import { resellerConducts } from './conducts.ts';
import { makeWindow } from './limits.ts';
import * as orders from './orders.ts';
import { makePlans, type Plan } from './plans.ts';
import { mountPortal } from './portal.ts';
import * as profiles from './profiles.ts';
import * as sessions from './sessions.ts';
import { emptyState, type Account, type Delivery, type Profile } from './state.ts';
import { book, dollars, json, refuse, type Answer, type Call, type Vendor } from './vendor.ts';
import * as webhooks from './webhooks.ts';

export interface ResellerOptions {
  port?: number;
  /** Where to keep the state between runs. */
  stateFile?: string;
  /** Sells only the plans of these countries (ISO 3166-1 alpha-2), no regions; all plans when left out. */
  countries?: string[];
  /** By address; 5 when left out, as documented. */
  logInsPerQuarter?: number;
  /** By user; 1000 when left out, as documented. */
  requestsPerHour?: number;
  /** Epoch milliseconds; the system's clock by default. */
  now?: () => number;
}

export interface Reseller {
  url: string;
  /** What the app is given as the base URL: `{url}/api/v1`. */
  apiUrl: string;
  conducts: Conducts;
  readonly accounts: AccountView[];
  /** Every executed order and top-up, oldest first. */
  readonly orders: OrderView[];
  /** Every eSIM ever issued, oldest first. */
  readonly esims: EsimView[];
  /** Every API request, oldest first, also those that got no answer. */
  readonly requests: RequestView[];
  readonly deliveries: Delivery[];
  /** The tokens that are good, for asking and for refreshing. */
  readonly tokens: string[];
  /** Where it calls, and the secret by which the other side knows it. */
  readonly webhooks: { url: string; secret: string }[];
  /**
   * Opens an account, in place of one with the same e-mail address, which a new password logs out. Balance, or credit limit,
   * in dollars.
   */
  createAccount(options: {
    email: string;
    password: string;
    balance: number;
    billing?: 'prepaid' | 'postpaid';
  }): void;
  topUp(email: string, amount: number): void;
  /** A person buys in the vendor's own pages, which no conduct touches. Answers the order's id. */
  buyByHand(email: string, plan: string): string;
  install(iccid: string): void;
  useData(iccid: string, bytes: number): void;
  /** Calls every webhook about an eSIM, or its order, as it stands; waits for the answers. */
  callAbout(event: 'ORDER_STATUS' | 'ESIM_STATUS', iccid: string): Promise<Delivery[]>;
  close(): Promise<void>;
}

export interface AccountView {
  email: string;
  billing: 'prepaid' | 'postpaid';
  /** Dollars; below zero for what a postpaid account owes. */
  balance: number;
}

export interface OrderView {
  id: string;
  email: string;
  plan: string;
  quantity: number;
  total: number;
  isTopUp: boolean;
  /** Its money went back to the account. */
  isCancelled: boolean;
  /** Whom the vendor would have mailed the QR code. */
  mailedTo: string;
  iccids: string[];
  createdAt: Date;
}

export interface EsimView {
  iccid: string;
  email: string;
  matchingId: string;
  /** `LPA:1$host$matchingId` */
  activationCode: string;
  status: string;
  messages: string[];
}

export interface RequestView {
  method: string;
  /** Without `/api/v1` and the query: `/orders`. */
  path: string;
  query: string;
  /** Null until answered, and for ever when the connection was cut or left hanging. */
  status: number | null;
  at: Date;
  body: string;
}

type Handler = (call: Call) => Answer | Promise<Answer>;

/** The document names no paths: these are assumed. The last word marks what charges. */
const endpoints: [
  method: 'get' | 'post' | 'put' | 'delete',
  path: string,
  handler: Handler,
  charges?: 'buy',
][] = [
  ['get', '/plans', account.listPlans],
  ['get', '/plans/regional/:region', account.listRegionalPlans],
  ['get', '/plans/:id', account.getPlan],
  ['post', '/orders', orders.createOrder, 'buy'],
  ['get', '/orders', orders.listOrders],
  ['get', '/orders/:id', orders.getOrder],
  ['delete', '/orders/:id', orders.cancelOrder],
  ['get', '/profiles/:identifier', profiles.getProfile],
  ['get', '/profiles/:identifier/usage', profiles.getUsage],
  ['post', '/profiles/:identifier/suspend', profiles.suspend],
  ['post', '/profiles/:identifier/unsuspend', profiles.unsuspend],
  ['post', '/profiles/:identifier/revoke', profiles.revoke],
  ['post', '/profiles/:identifier/topup', profiles.topUpProfile, 'buy'],
  ['get', '/profiles/:identifier/topup-plans', profiles.listTopUpPlans],
  ['post', '/profiles/:identifier/sms', profiles.sendSms],
  ['get', '/credits/balance', account.getBalance],
  ['get', '/credits/transactions', account.listTransactions],
  ['get', '/usage/orders/:id', profiles.getOrderUsage],
  ['get', '/webhooks', webhooks.listWebhooks],
  ['post', '/webhooks', webhooks.createWebhook],
  ['get', '/webhooks/:id', webhooks.getWebhook],
  ['put', '/webhooks/:id', webhooks.updateWebhook],
  ['delete', '/webhooks/:id', webhooks.deleteWebhook],
  ['post', '/webhooks/:id/test', webhooks.testWebhook],
  ['get', '/webhooks/:id/logs', webhooks.listDeliveries],
];

const QUARTER_MS = 15 * 60_000;
const HOUR_MS = 3600_000;
const LATE_EXECUTION_SECONDS = 90;
const MOST_REQUESTS_KEPT = 20_000;
/** The account there is from the start. */
export const RESELLER_ACCOUNT = {
  email: 'sandbox@reseller.example',
  password: 'Sandbox-password-1',
  balance: 250,
};

/**
 * A stand-in for the reseller "eSIM API" v1, under `/api/v1`, with the accounts' portal at `/`. Opens with one prepaid
 * account, sandbox@reseller.example, and 250 dollars.
 */
export async function startReseller(options: ResellerOptions = {}): Promise<Reseller> {
  const file = openStateFile(options.stateFile, emptyState);
  const conducts = makeConducts(resellerConducts);
  const calling = new Set<Promise<unknown>>();
  const vendor: Vendor = {
    state: file.state,
    plans: sold(options.countries),
    conducts,
    url: '',
    now: options.now ?? (() => Date.now()),
    touch: file.touch,
    tell: (of, event, data) => {
      const call = webhooks.callWebhooks(vendor, of, event, data).finally(() => calling.delete(call));
      calling.add(call);
    },
  };
  const logInWait = makeWindow(options.logInsPerQuarter ?? 5, QUARTER_MS);
  const requestWait = makeWindow(options.requestsPerHour ?? 1000, HOUR_MS);
  const requests: RequestView[] = [];
  const postponed: { dueAt: number; execute: () => void }[] = [];

  function catchUp() {
    for (const late of postponed.filter(({ dueAt }) => dueAt <= vendor.now())) {
      postponed.splice(postponed.indexOf(late), 1);
      late.execute();
    }
  }

  /** What meets every request, whoever sends it. */
  function turnAway(name: string): Answer | null {
    if (conducts.strike('throttles-by-date', name))
      return refuse(429, 'Too many requests', waitUntil(vendor.now(), 90));
    if (conducts.strike('throttles', name)) return refuse(429, 'Too many requests', { 'Retry-After': '1' });
    if (conducts.strike('answers-503', name))
      return refuse(503, 'Service temporarily unavailable', { 'Retry-After': '1' });
    return conducts.strike('revokes-the-key', name) ? refuse(401, 'Unauthorized') : null;
  }

  async function answer(req: Request, entry: RequestView, handler: Handler, charges: boolean): Promise<Fate> {
    const name = `${charges ? 'buy ' : ''}${entry.method} ${entry.path}`;
    if (conducts.strike('keeps-silent', name)) return { how: 'silence' };
    const turnedAway = turnAway(name);
    if (turnedAway) return answered(turnedAway);
    if (conducts.strike('forgets-its-sessions', name)) vendor.state.sessions = [];
    const of = sessions.accountOf(vendor, req.header('authorization'));
    if (!of) return answered(refuse(401, 'Token is invalid or expired'));
    // Counted by the wall clock, whatever clock the test has set.
    const wait = requestWait(of.id, Date.now());
    if (wait > 0) return answered(refuse(429, 'Too many requests', { 'Retry-After': String(wait) }));

    const call: Call = {
      ...{ vendor, account: of, name, params: req.params, body: readJson(entry.body) },
      query: new URL(req.originalUrl, 'http://sandbox').searchParams,
    };
    if (charges && conducts.strike('never-executes-and-times-out', name)) return { how: 'silence' };
    const late = charges ? conducts.strike('executes-late', name) : null;
    if (late) {
      const dueAt = vendor.now() + (late.seconds ?? LATE_EXECUTION_SECONDS) * 1000;
      const execute = () => void handler({ ...call, vendor: { ...vendor, now: () => dueAt } });
      postponed.push({ dueAt, execute });
      return { how: 'cut' };
    }
    const given = await handler(call);
    if (given.executed) {
      if (conducts.strike('loses-the-answer', name)) return { how: 'cut' };
      if (conducts.strike('holds-the-answer', name)) return { how: 'silence' };
      if (conducts.strike('resets-after-body', name)) return { how: 'reset', given };
    }
    return answered(misdeliver(given, name));
  }

  function misdeliver(given: Answer, name: string): Answer {
    if (given.executed && conducts.strike('charges-then-500', name))
      return refuse(500, 'Internal Server Error');
    if (given.executed && conducts.strike('answers-503-and-executes', name))
      return refuse(503, 'Service temporarily unavailable', { 'Retry-After': '1' });
    const isGood = given.status === 200 || given.status === 201;
    if (isGood && conducts.strike('answers-html', name))
      return { status: 200, type: 'text/html', body: '<!doctype html><title>Just a moment...</title>' };
    if (isGood && conducts.strike('truncates-the-answer', name))
      return { ...given, body: given.body.slice(0, Math.floor(given.body.length / 2)) };
    return given;
  }

  /** What needs no session. */
  function openAnswer(
    req: Request,
    entry: RequestView,
    handler: () => Answer | Promise<Answer>,
  ): Fate | Promise<Fate> {
    const name = `${entry.method} ${entry.path}`;
    if (conducts.strike('keeps-silent', name)) return { how: 'silence' };
    const wait = entry.path === '/auth/login' ? logInWait(req.ip ?? '', Date.now()) : 0;
    if (wait > 0) return answered(refuse(429, 'Too many login attempts', { 'Retry-After': String(wait) }));
    const turnedAway = turnAway(name);
    if (turnedAway) return answered(turnedAway);
    return Promise.resolve(handler()).then((given) => answered(misdeliver(given, name)));
  }

  const api = express.Router();
  const serve = (
    method: 'get' | 'post' | 'put' | 'delete',
    path: string,
    answerTo: (req: Request, entry: RequestView) => Fate | Promise<Fate>,
  ) => {
    api[method](path, (req, res, next) => {
      catchUp();
      const entry = log(requests, req, vendor.now());
      Promise.resolve(answerTo(req, entry)).then((fate) => {
        deliver(res, fate, entry);
      }, next);
    });
  };
  serve('post', '/auth/login', (req, entry) =>
    openAnswer(req, entry, () => sessions.logIn(vendor, readJson(entry.body))),
  );
  serve('post', '/auth/refresh', (req, entry) =>
    openAnswer(req, entry, () => sessions.refreshSession(vendor, readJson(entry.body))),
  );
  serve('get', '/health', (req, entry) => openAnswer(req, entry, () => account.health(vendor)));
  for (const [method, path, handler, charges] of endpoints)
    serve(method, path, (req, entry) => answer(req, entry, handler, charges === 'buy'));
  api.use((req, res) => {
    deliver(res, answered(refuse(404, 'Not found')), log(requests, req, vendor.now()));
  });

  const pictures = express.Router();
  pictures.get('/order-:id.png', (req, res, next) => {
    const entry = log(requests, req, vendor.now());
    Promise.resolve(openAnswer(req, entry, () => picture(vendor, req.params.id))).then((fate) => {
      deliver(res, fate, entry);
    }, next);
  });

  const app = express().disable('x-powered-by');
  app.use('/api/v1', express.raw({ type: () => true, limit: '1mb' }), api);
  app.use('/qr', pictures);

  const accountBy = (email: string): Account => {
    const found = vendor.state.accounts.find((known) => known.email === email);
    if (!found) throw new Error('no account has this address');
    return found;
  };
  const emailOf = (accountId: string) =>
    vendor.state.accounts.find(({ id }) => id === accountId)?.email ?? '';
  const profileBy = (iccid: string): Profile => {
    const found = vendor.state.profiles.find((known) => known.iccid === iccid);
    if (!found) throw new Error('the sandbox never issued this ICCID');
    return found;
  };

  const handle: Omit<Reseller, 'url' | 'apiUrl' | 'close'> = {
    conducts,
    requests,
    get accounts() {
      catchUp();
      return vendor.state.accounts.map(({ email, billing, balanceUnits }) => {
        return { email, billing, balance: dollars(balanceUnits) };
      });
    },
    get orders() {
      catchUp();
      return vendor.state.orders.map((order) => ({
        ...{ id: order.id, email: emailOf(order.accountId), plan: order.plan, quantity: order.quantity },
        total: dollars(order.unitPriceUnits * order.quantity),
        isTopUp: order.packageCode !== null,
        isCancelled: order.cancelledAt !== null,
        mailedTo: order.email,
        iccids: order.iccids,
        createdAt: new Date(order.createdAt),
      }));
    },
    get esims() {
      catchUp();
      return vendor.state.profiles.map((profile) => ({
        ...{ iccid: profile.iccid, email: emailOf(profile.accountId), matchingId: profile.matchingId },
        activationCode: profiles.activationCode(profile),
        status: profiles.statusOf(profile, vendor.now()),
        messages: profile.messages,
      }));
    },
    get deliveries() {
      return vendor.state.deliveries;
    },
    get tokens() {
      return vendor.state.sessions.flatMap(({ accessToken, refreshToken }) => [accessToken, refreshToken]);
    },
    get webhooks() {
      return vendor.state.webhooks.map(({ url, secret }) => ({ url, secret }));
    },
    createAccount({ email, password, balance, billing = 'prepaid' }) {
      const { accounts } = vendor.state;
      const units = Math.round(balance * 10_000);
      const isPrepaid = billing === 'prepaid';
      const money = { balanceUnits: isPrepaid ? units : 0, creditLimitUnits: isPrepaid ? 0 : units };
      const known = accounts.find((candidate) => candidate.email === email);
      const id = known?.id ?? `user-${String(accounts.length + 1)}`;
      const opened: Account = {
        id,
        email,
        password,
        name: 'Sandbox Travel Ltd',
        currency: 'USD',
        billing,
        ...money,
      };
      if (known?.password !== password)
        vendor.state.sessions = vendor.state.sessions.filter(({ accountId }) => accountId !== id);
      vendor.state.accounts = [...accounts.filter((candidate) => candidate !== known), opened];
      vendor.touch();
    },
    topUp(email, amount) {
      const amountUnits = Math.round(amount * 10_000);
      book(vendor, accountBy(email), { type: 'topup', amountUnits, description: 'PayPal' });
    },
    buyByHand(email, plan) {
      // Conducts are how the API misbehaves; a person at the portal meets none.
      const calm = { ...vendor, conducts: makeConducts(resellerConducts) };
      return orders.buyByHand(calm, accountBy(email), plan);
    },
    install(iccid) {
      profiles.install(vendor, profileBy(iccid));
    },
    useData(iccid, bytes) {
      profiles.useData(vendor, profileBy(iccid), bytes);
    },
    callAbout(event, iccid) {
      const profile = profileBy(iccid);
      const status = event === 'ESIM_STATUS' ? profiles.statusOf(profile, vendor.now()) : 'active';
      const data = { order_id: profile.orderId, status, ...(event === 'ESIM_STATUS' && { iccid }) };
      return webhooks.callWebhooks(vendor, accountBy(emailOf(profile.accountId)), event, data);
    },
  };

  if (vendor.state.accounts.length === 0) handle.createAccount(RESELLER_ACCOUNT);
  mountPortal(app, vendor, handle);

  const { url, close } = await listen(app, options.port);
  vendor.url = url;
  return Object.defineProperties(handle as Reseller, {
    url: { value: url, enumerable: true },
    apiUrl: { value: `${url}/api/v1`, enumerable: true },
    close: {
      value: async () => {
        await Promise.all(calling);
        await close();
        file.flush();
      },
    },
  });
}

/** The picture of an order's activation code, at an address that nobody guesses. */
async function picture(vendor: Vendor, orderId: string): Promise<Answer> {
  const order = vendor.state.orders.find(({ id }) => id === orderId);
  const profile = vendor.state.profiles.find(({ iccid }) => iccid === order?.iccids[0]);
  if (!profile) return refuse(404, 'Not found');
  const text = vendor.conducts.strike('draws-no-code')
    ? 'https://reseller.example'
    : profiles.activationCode(profile);
  return { ...json({}), type: 'image/png', body: await QRCode.toBuffer(text, { scale: 3 }) };
}

function sold(countries: string[] | undefined): Map<string, Plan> {
  const plans = makePlans();
  if (!countries) return plans;
  return new Map([...plans].filter(([, { region, place }]) => region === null && countries.includes(place)));
}

function log(requests: RequestView[], req: Request, now: number): RequestView {
  // express.raw leaves an empty object when there was no body.
  const body = Buffer.isBuffer(req.body) ? req.body.toString('utf8') : '';
  const path = req.path.length > 1 ? req.path.replace(/\/$/, '') : req.path;
  const query = new URL(req.originalUrl, 'http://sandbox').search;
  const entry: RequestView = { method: req.method, path, query, status: null, at: new Date(now), body };
  requests.push(entry);
  if (requests.length > MOST_REQUESTS_KEPT) requests.shift();
  return entry;
}

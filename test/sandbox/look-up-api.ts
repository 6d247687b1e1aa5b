import express from 'express';
import { makeConducts, type Conducts, type ServerConducts } from './conducts.ts';
import { listen } from './console/listen.ts';
import { mountLookUpPortal, type LookUpPortal } from './look-up-portal.ts';
import { answered, deliver, readJson, waitUntil, type Fate, type Given } from './fate.ts';

/** What goes wrong at any vendor that is only asked about eSIMs. */
export const lookUpConducts = {
  'answers-503': 'Answers 503 with Retry-After to everything and does nothing.',
  'answers-html': 'Does what was asked, then answers 200 with an HTML page.',
  'truncates-the-answer': 'Does what was asked, then sends only half of the JSON.',
  'loses-the-answer': 'Does what was asked, then cuts the connection before answering.',
  'fails-after-all': 'Does what was asked, then answers 500.',
  'holds-the-answer': 'Does what was asked, then keeps the connection open and never answers.',
  throttles: 'Answers 429 with Retry-After to everything.',
  'throttles-by-date': 'The same, with the date after which to ask again, by its own clock.',
  'keeps-silent': 'Takes every request, does nothing and never answers.',
  'revokes-the-key': 'Answers 401 to everything, as if the key had been replaced.',
  'shouts-its-states': 'Writes all states in the other letter case.',
  'invents-a-state': 'Names states that no document has.',
} as const satisfies Record<string, string>;

/** One request of an account. */
export interface LookUpCall {
  /** The key it came with. */
  key: string;
  params: Record<string, string>;
  body: Record<string, unknown>;
  conducts: ServerConducts;
}

export interface Endpoint {
  method: 'get' | 'patch' | 'delete';
  path: string;
  handle: (call: LookUpCall) => Given;
}

export interface LookUpApi {
  url: string;
  conducts: Conducts;
  /** Every request, oldest first, also those that got no answer. */
  readonly requests: { method: string; path: string; status: number | null }[];
  close(): Promise<void>;
}

/** The front of such a vendor's API: who asks, what goes wrong, and the answer. */
export async function startLookUpApi(options: {
  port?: number;
  endpoints: Endpoint[];
  conducts: Record<string, string>;
  /** The account's key in the headers; null for one nobody has. */
  keyOf: (header: (name: string) => string | undefined) => string | null;
  refuse: (status: number, words: string, headers?: Record<string, string>) => Given;
  portal: LookUpPortal;
  /** Epoch milliseconds. */
  now: () => number;
}): Promise<LookUpApi> {
  const { refuse, keyOf } = options;
  const conducts = makeConducts(options.conducts);
  const requests: { method: string; path: string; status: number | null }[] = [];

  function fateOf(name: string, key: string | null, handle: (key: string) => Given): Fate {
    if (conducts.strike('keeps-silent', name)) return { how: 'silence' };
    if (conducts.strike('throttles-by-date', name))
      return answered(refuse(429, 'Too many requests', waitUntil(options.now(), 90)));
    if (conducts.strike('throttles', name))
      return answered(refuse(429, 'Too many requests', { 'Retry-After': '1' }));
    if (conducts.strike('answers-503', name))
      return answered(refuse(503, 'Service unavailable', { 'Retry-After': '1' }));
    if (conducts.strike('revokes-the-key', name) || key === null)
      return answered(refuse(401, 'Unauthorized'));
    const given = handle(key);
    // A refusal is no deed whose answer could be missed.
    if (given.status !== 200) return answered(given);
    if (conducts.strike('loses-the-answer', name)) return { how: 'cut' };
    if (conducts.strike('holds-the-answer', name)) return { how: 'silence' };
    if (conducts.strike('fails-after-all', name)) return answered(refuse(500, 'Internal server error'));
    if (conducts.strike('answers-html', name)) {
      const body = '<!doctype html><title>Just a moment...</title><h1>Please wait</h1>';
      return answered({ status: 200, type: 'text/html', body });
    }
    if (conducts.strike('truncates-the-answer', name))
      return answered({ ...given, body: given.body.slice(0, Math.floor(given.body.length / 2)) });
    return answered(given);
  }

  const app = express()
    .disable('x-powered-by')
    .use(express.text({ type: () => true }));
  for (const { method, path, handle } of options.endpoints) {
    app[method](path, (req, res) => {
      const entry = { method: req.method, path: req.path, status: null };
      requests.push(entry);
      const body = readJson(typeof req.body === 'string' ? req.body : '');
      const key = keyOf((header) => req.header(header));
      const fate = fateOf(`${req.method} ${req.path}`, key, (asking) =>
        handle({ key: asking, params: req.params, body, conducts }),
      );
      deliver(res, fate, entry);
    });
  }
  mountLookUpPortal(app, options.portal);
  app.use((req, res) => {
    const entry = { method: req.method, path: req.path, status: null };
    requests.push(entry);
    deliver(res, answered(refuse(404, 'Not found')), entry);
  });

  const server = await listen(app, options.port);
  return { url: server.url, conducts, requests, close: server.close };
}

import { afterEach, describe, expect, test, vi } from 'vitest';
import { answer, codeOf, notFound, readyEsim, topUp, waitingEsim } from './buyer.fixture.ts';
import { parseOrderEsims, readOrderEsims } from './order-esims.ts';

const question = { sessionToken: 'a.b.c', orderId: 'gid://shopify/OrderIdentity/7', checkoutToken: 'tok' };
const { signal } = new AbortController();

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function appAnswers(reply: (url: string, init: RequestInit) => Promise<Response>) {
  const fetching = vi.fn(reply);
  vi.stubGlobal('fetch', fetching);
  return fetching;
}

describe('asking the app', () => {
  test('carries the proof: session token, order, checkout token', async () => {
    const fetching = appAnswers(() => Promise.resolve(answer('none', [])));
    expect(await readOrderEsims(question, signal)).toEqual({
      kind: 'answer',
      order: { status: 'none', retryAfterMs: null, esims: [], topUps: [] },
    });
    expect(fetching).toHaveBeenCalledWith('https://app.example/api/buyer/esims', expect.anything());
    const [, init] = fetching.mock.calls[0] ?? [];
    expect(init).toMatchObject({
      method: 'POST',
      headers: { Authorization: 'Bearer a.b.c', 'Content-Type': 'application/json' },
      body: '{"orderId":"gid://shopify/OrderIdentity/7","checkoutToken":"tok"}',
    });
  });

  test('404 is an order not known (yet)', async () => {
    appAnswers(() => Promise.resolve(notFound()));
    expect(await readOrderEsims(question, signal)).toEqual({ kind: 'unknown' });
  });

  test.each([
    ['the network is gone', () => Promise.reject(new TypeError('Failed to fetch'))],
    ['the token is refused', () => Promise.resolve(Response.json({}, { status: 401 }))],
    ['the app is down', () => Promise.resolve(new Response('Bad gateway', { status: 502 }))],
    ['a proxy answers HTML', () => Promise.resolve(new Response('<html>'))],
    ['the answer is something else', () => Promise.resolve(Response.json({ ok: true }))],
  ])('unreachable when %s', async (_, reply) => {
    appAnswers(reply);
    expect(await readOrderEsims(question, signal)).toEqual({ kind: 'unreachable' });
  });

  test('an answer that never comes is given up after 15 seconds', async () => {
    vi.useFakeTimers();
    appAnswers(
      (_, init) =>
        new Promise((_resolve, reject) => {
          init.signal?.addEventListener('abort', () => {
            reject(new Error('aborted'));
          });
        }),
    );
    const reading = readOrderEsims(question, signal);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(await reading).toEqual({ kind: 'unreachable' });
  });
});

describe('reading the answer', () => {
  const order = (esim: unknown) => ({ status: 'ready', retryAfterMs: null, esims: [esim] });

  test('takes what it needs and leaves the rest', () => {
    const parsed = parseOrderEsims({ ...order(readyEsim(1, 1, { colour: 'red' })), future: true });
    expect(parsed?.esims[0]).toEqual({
      id: 'esim-1',
      index: 1,
      of: 1,
      destination: { countries: ['FR'], region: null, description: 'France' },
      dataBytes: 5_000_000_000,
      days: 7,
      usage: null,
      topUpUrl: null,
      state: 'ready',
      code: codeOf(1),
    });
  });

  test('a top-up that cannot be read is left out, and the codes are there all the same', () => {
    const read = parseOrderEsims({ ...order(readyEsim(1, 1)), topUps: [topUp(), { id: 1 }, null] });
    expect(read?.topUps).toEqual([topUp()]);
    expect(read?.esims).toHaveLength(1);
  });

  test('a cancelled eSIM has no code, whatever the answer says', () => {
    const parsed = parseOrderEsims(order(readyEsim(1, 1, { state: 'cancelled' })));
    expect(parsed?.esims[0]?.code).toBeNull();
  });

  test('an install link that is not https never becomes a link', () => {
    const code = { ...codeOf(1), appleInstallUrl: 'javascript:alert(1)', androidInstallUrl: null };
    expect(parseOrderEsims(order(readyEsim(1, 1, { code })))?.esims[0]?.code).toMatchObject({
      appleInstallUrl: null,
      androidInstallUrl: null,
    });
  });

  test.each([
    ['no object', null],
    ['a list', []],
    ['an unknown state of the order', { status: 'lost', esims: [] }],
    ['no list of eSIMs', { status: 'ready', esims: null }],
    ['ready without a code', order(readyEsim(1, 1, { code: null }))],
    ['a code with a piece missing', order(readyEsim(1, 1, { code: { activationCode: 'LPA:1$a$b' } }))],
    ['an unknown state of an eSIM', order({ ...waitingEsim(1, 1), state: 'asleep' })],
    ['no destination', order({ ...waitingEsim(1, 1), destination: null })],
    ['a place that is no number', order({ ...waitingEsim(1, 1), index: '1' })],
  ])('cannot be read: %s', (_, input) => {
    expect(parseOrderEsims(input)).toBeNull();
  });
});

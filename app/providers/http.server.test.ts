import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { RemoteError } from '../platform/remote-error.ts';
import type { ProviderAnswer } from './connection.ts';
import { ProviderError } from './contract.ts';
import { request, type ProviderRequest } from './http.server.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A real server on a free port: what matters here are sockets, not mocks. */
async function serve(listener: RequestListener): Promise<{ url: URL; sockets: Set<Socket> }> {
  const sockets = new Set<Socket>();
  const server = createServer(listener);
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  // listen on a port, not on a pipe, so the address is an object
  const { port } = server.address() as AddressInfo;
  return { url: new URL(`http://127.0.0.1:${String(port)}/orders?iccid=8944123456789012345`), sockets };
}

function answers(status: number, body: string, headers: Record<string, string> = {}): RequestListener {
  return (_request, response) => {
    response.writeHead(status, headers).end(body);
  };
}

const schema = z.object({ a: z.string() });

function send(url: URL, more: Partial<ProviderRequest<{ a: string }>> = {}): Promise<{ a: string }> {
  return request({
    fetch,
    supplier: 'eSIM Go',
    act: 'place order',
    reference: 'ref-7',
    method: 'POST',
    url,
    headers: { 'X-API-Key': 'canary-key' },
    body: { canary: 'body' },
    schema,
    ...more,
  });
}

async function failureOf(answer: Promise<unknown>): Promise<ProviderError> {
  const error = await answer.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ProviderError)) throw new Error(`expected a ProviderError, got ${String(error)}`);
  return error;
}

const buying = { buys: true };

describe('what an answer proves', () => {
  test.each([
    // status, body, kind of a read, kind of a purchase
    [400, '{"message":"no"}', 'rejected', 'rejected'],
    [400, '<html>Bad Request</html>', 'rejected', 'unknown-outcome'],
    [401, '', 'credentials', 'credentials'],
    [403, '{"message":"access denied"}', 'credentials', 'credentials'],
    [403, '<html>blocked</html>', 'credentials', 'unknown-outcome'],
    [404, '{"message":"no"}', 'rejected', 'unknown-outcome'],
    [408, '', 'down', 'unknown-outcome'],
    [429, '{"message":"Too Many Requests"}', 'rate-limited', 'rate-limited'],
    [500, '', 'down', 'unknown-outcome'],
    [502, '<html>', 'down', 'unknown-outcome'],
    [503, '{"message":"Processing"}', 'down', 'unknown-outcome'],
    [200, '<html>Welcome</html>', 'unreadable', 'unknown-outcome'],
    [200, '{"a":', 'unreadable', 'unknown-outcome'],
    [200, '', 'unreadable', 'unknown-outcome'],
    [200, '{"b":"x"}', 'unreadable', 'unknown-outcome'],
  ])('%d %j: a read is %s, a purchase %s', async (status, body, read, purchase) => {
    const { url } = await serve(answers(status, body));
    expect((await failureOf(send(url))).kind).toBe(read);
    expect((await failureOf(send(url, buying))).kind).toBe(purchase);
  });

  test('a redirect is not followed: the key would go to another host', async () => {
    const other = await serve(answers(200, '{"a":"x"}'));
    const { url } = await serve(answers(307, '', { location: other.url.href }));
    expect((await failureOf(send(url))).kind).toBe('unreadable');
    expect((await failureOf(send(url, buying))).kind).toBe('unknown-outcome');
    expect(other.sockets.size).toBe(0);
  });

  test('a "no" in the supplier’s words becomes an answer where the caller asks for it', async () => {
    const refusal = (words: string) => ({ a: words });
    const json = await serve(answers(400, '{"message":"insufficient  balance"}'));
    expect(await send(json.url, { ...buying, refusal })).toEqual({ a: 'insufficient balance' });
    const plain = await serve(answers(400, 'unknown bundle\n', { 'content-type': 'text/plain' }));
    expect(await send(plain.url, { ...buying, refusal })).toEqual({ a: 'unknown bundle' });
  });

  test('a 403 becomes an answer only where the caller knows the words', async () => {
    const refusal = (words: string, status: number) =>
      status === 403 && words === 'none left' ? { a: words } : null;
    const known = await serve(answers(403, '{"message":"none left"}'));
    expect(await send(known.url, { ...buying, refusal })).toEqual({ a: 'none left' });
    const unknown = await serve(answers(403, '{"message":"access denied"}'));
    expect((await failureOf(send(unknown.url, { ...buying, refusal }))).kind).toBe('credentials');
    const proxy = await serve(answers(403, '<html>none left</html>'));
    expect((await failureOf(send(proxy.url, { ...buying, refusal }))).kind).toBe('unknown-outcome');
  });

  test('a 503 in the supplier’s words can mean "not yet" to a read, never to a purchase', async () => {
    const notYet = () => ({ a: 'later' });
    const busy = await serve(answers(503, '{"message":"Processing"}'));
    expect(await send(busy.url, { notYet })).toEqual({ a: 'later' });
    expect((await failureOf(send(busy.url, { ...buying, notYet }))).kind).toBe('unknown-outcome');
    const proxy = await serve(answers(503, '<html>Service Unavailable</html>'));
    expect((await failureOf(send(proxy.url, { notYet }))).kind).toBe('down');
  });

  test('a byte order mark is no reason to lose an order', async () => {
    const { url } = await serve(answers(200, '\uFEFF{"a":12345678901234567890}'));
    expect(await send(url, buying)).toEqual({ a: '12345678901234567890' });
  });

  test('an answer without end is cut off', async () => {
    const { url } = await serve((_request, response) => {
      const more = () => {
        while (response.write(Buffer.alloc(1_000_000, 32)));
        response.once('drain', more);
      };
      more();
    });
    expect((await failureOf(send(url))).kind).toBe('unreadable');
    expect((await failureOf(send(url, buying))).kind).toBe('unknown-outcome');
  });

  test.each([
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after': 'whenever' }, null],
    [{}, null],
  ])('asked to wait with %j', async (headers, ms) => {
    const { url } = await serve(answers(429, '', headers));
    expect((await failureOf(send(url, buying))).retryAfterMs).toBe(ms);
  });
});

describe('what no answer proves', () => {
  test('nobody listening: nothing was bought', async () => {
    const { url } = await serve(answers(200, '{}'));
    closers.pop()?.();
    expect((await failureOf(send(url, buying))).kind).toBe('down');
    expect((await failureOf(send(url))).kind).toBe('down');
  });

  test('a host that has no address: nothing was bought', async () => {
    // The reserved name fails the same with and without a resolver.
    expect((await failureOf(send(new URL('http://supplier.invalid/'), buying))).kind).toBe('down');
  });

  test('a server that speaks no TLS: nothing was bought', async () => {
    const { url } = await serve(answers(200, '{}'));
    const tls = new URL(url.href.replace('http:', 'https:'));
    expect((await failureOf(send(tls))).kind).toBe('down');
  });

  test('silence: a purchase may have happened', async () => {
    const { url } = await serve(() => undefined);
    expect((await failureOf(send(url, { ...buying, timeoutMs: 50 }))).kind).toBe('unknown-outcome');
    expect((await failureOf(send(url, { timeoutMs: 50 }))).kind).toBe('down');
  });

  test('silence in the middle of the body counts the same', async () => {
    const { url } = await serve((_request, response) => {
      response.writeHead(200).write('{"a":');
    });
    expect((await failureOf(send(url, { ...buying, timeoutMs: 50 }))).kind).toBe('unknown-outcome');
  });

  test.each([
    ['before a byte of the answer', (socket: Socket) => socket.resetAndDestroy()],
    ['inside the headers', (socket: Socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-le')],
    [
      'inside the body',
      (socket: Socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"a"'),
    ],
    ['with noise', (socket: Socket) => void socket.end('canary-noise\r\n\r\n')],
  ])('cut off %s: a purchase may have happened', async (_when, cut) => {
    const { url } = await serve((request) => {
      cut(request.socket);
    });
    const error = await failureOf(send(url, buying));
    expect(error.kind).toBe('unknown-outcome');
    expect(JSON.stringify([error.message, error.cause, error.stack])).not.toContain('canary');
    expect((await failureOf(send(url))).kind).toBe('down');
  });

  test('no socket is used twice, so a stale one never swallows a purchase', async () => {
    const { url, sockets } = await serve(answers(200, '{"a":"x"}'));
    for (let sent = 0; sent < 3; sent += 1) await send(url, sent === 2 ? buying : {});
    expect(sockets.size).toBe(3);
  });
});

describe('before and beside the request', () => {
  test('a key that no header can carry is the merchant’s to fix, and is not repeated', async () => {
    const { url, sockets } = await serve(answers(200, '{}'));
    const error = await failureOf(send(url, { ...buying, headers: { 'X-API-Key': 'canary\nkey – pasted' } }));
    expect(error.kind).toBe('credentials');
    expect(`${error.message} ${String(error.cause)}`).not.toContain('canary');
    expect(sockets.size).toBe(0);
  });

  test('a spent request budget means that nothing left', async () => {
    class BudgetSpent extends RemoteError<'rate-limited'> {}
    const spent = () => Promise.reject(new BudgetSpent('rate-limited', 'wait', { retryAfterMs: 900 }));
    const error = await failureOf(send(new URL('http://127.0.0.1/'), { ...buying, fetch: spent }));
    expect(error).toMatchObject({ kind: 'rate-limited', retryAfterMs: 900 });
  });

  test('what is not the supplier’s fault climbs', async () => {
    const broken = () => Promise.reject(new Error('database is down'));
    await expect(send(new URL('http://127.0.0.1/'), { fetch: broken })).rejects.toThrow('database is down');
  });

  test('the message names supplier, act, reference and status, and no secret', async () => {
    const { url } = await serve(answers(500, 'canary-answer'));
    const error = await failureOf(send(url, buying));
    expect(error.message).toBe('eSIM Go, place order ref-7: answered 500');
    expect(JSON.stringify([error.message, error.stack, error.cause])).not.toMatch(/canary|8944/);
  });

  test('every request is told to the log, answered or not, without its URL', async () => {
    const { url } = await serve(answers(503, ''));
    const told: ProviderAnswer[] = [];
    const onAnswer = (answer: ProviderAnswer) => void told.push(answer);
    await failureOf(send(url, { onAnswer }));
    closers.pop()?.();
    await failureOf(send(url, { onAnswer }));
    const fields = {
      supplier: 'eSIM Go',
      act: 'place order',
      method: 'POST',
      ms: expect.any(Number) as number,
    };
    expect(told).toEqual([
      { ...fields, status: 503 },
      { ...fields, status: null },
    ]);
  });
});

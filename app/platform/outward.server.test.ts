import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { isOutward, outwardFetch } from './outward.server.ts';

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** The port of a server on this machine, which is as inward as can be. */
async function listen(answer: RequestListener): Promise<{ port: number; asked: () => number }> {
  let asked = 0;
  const opened = createServer((request, response) => {
    asked += 1;
    answer(request, response);
  });
  server = opened;
  await new Promise<void>((done) => opened.listen(0, '127.0.0.1', done));
  const address = opened.address();
  return { port: typeof address === 'object' && address ? address.port : 0, asked: () => asked };
}

const anywhere = outwardFetch(() => true);

test.each(['8.8.8.8', '172.15.0.1', '172.32.0.1', '192.167.1.1', '2606:4700::1111', '2a00:1450::1'])(
  '%s is on the internet',
  (address) => {
    expect(isOutward(address)).toBe(true);
  },
);

test.each([
  ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '169.254.169.254', '172.16.0.1', '192.168.1.1'],
  ...['198.18.0.1', '224.0.0.1', '255.255.255.255', '::', '::1', '::ffff:10.0.0.1', '64:ff9b::a00:1'],
  ...['fe80::1', 'fd00::1', '2002:a00:1::1', '2001:0:a00:1::1', '2001:db8::1', 'localhost', ''],
])('%j is not', (address) => {
  expect(isOutward(address)).toBe(false);
});

test('a machine of ours is not asked, by whatever name', async () => {
  const { port, asked } = await listen((_request, response) => response.end('inward'));
  for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '2130706433'])
    await expect(outwardFetch()(`http://${host}:${String(port)}/`), host).rejects.toMatchObject({
      ...{ name: 'TypeError', cause: { code: 'ERR_INWARD_ADDRESS' } },
    });
  expect(asked()).toBe(0);
});

test('what may be asked is asked as `fetch` does', async () => {
  const { port } = await listen((request, response) => {
    const body: Buffer[] = [];
    request.on('data', (chunk: Buffer) => body.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      response.writeHead(201, { 'retry-after': '7', 'set-cookie': ['a=1', 'b=2'] });
      response.end(JSON.stringify({ method, url, headers, body: Buffer.concat(body).toString() }));
    });
  });
  const response = await anywhere(`http://localhost:${String(port)}/orders?page=1`, {
    ...{ method: 'POST', body: '{"ü":1}', redirect: 'manual' },
    headers: new Headers({ 'content-type': 'application/json', connection: 'close', 'x-api-key': 'k' }),
  });
  expect(response.status).toBe(201);
  expect(response.headers.get('retry-after')).toBe('7');
  expect(await response.json()).toMatchObject({
    ...{ method: 'POST', url: '/orders?page=1', body: '{"ü":1}' },
    headers: {
      'content-type': 'application/json',
      connection: 'close',
      'x-api-key': 'k',
      'content-length': '8',
    },
  });
});

test('a redirect is an answer like any', async () => {
  const { port, asked } = await listen((_request, response) =>
    response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
  );
  expect((await anywhere(`http://127.0.0.1:${String(port)}/`, { redirect: 'manual' })).status).toBe(302);
  expect(asked()).toBe(1);
});

test('an answer that does not come, or stops half-way, fails as in `fetch`', async () => {
  const { port } = await listen((request, response) => {
    if (request.url === '/half')
      response.writeHead(200, { 'content-length': '10' }).write('half', () => response.destroy());
    if (request.url === '/reset') response.destroy();
  });
  const at = (path: string) => `http://127.0.0.1:${String(port)}${path}`;
  const half = await anywhere(at('/half'));
  await expect(half.text()).rejects.toBeInstanceOf(TypeError);
  await expect(anywhere(at('/reset'))).rejects.toMatchObject({
    name: 'TypeError',
    cause: { code: 'ECONNRESET' },
  });
  await expect(anywhere(at('/silence'), { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
    name: 'TimeoutError',
  });
  await expect(anywhere('http://127.0.0.1:1/')).rejects.toMatchObject({ cause: { syscall: 'connect' } });
});

import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { damage, postWebhook, sign, webhookHeaders } from '../webhook.ts';
import { openWorld, type World } from '../world.ts';

let world: World;
const paid = '{"id":5982911946154,"name":"#1001"}';
const accepted: string[] = [];

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.end());

const post: (body: string | Uint8Array, options?: Parameters<typeof postWebhook>[2]) => Promise<number> = (
  body,
  options,
) => postWebhook(world.appUrl, body, options);

/** Which it says of itself only when the database takes its word within two seconds: on a busy machine not each time. */
const isHealthy = () =>
  world.until('the app is healthy', async () => (await fetch(`${world.appUrl}/healthz`)).status === 200);

test('a forged, cut or missing signature is refused', async () => {
  const good = sign(paid);
  const signatures = [
    sign(paid, 'another secret'),
    sign(''),
    good.slice(0, 20),
    'x',
    '====',
    Buffer.alloc(32).toString('base64'),
    good.toUpperCase(),
  ];
  for (const signature of signatures) {
    expect(await post(paid, { changes: { 'x-shopify-hmac-sha256': signature } }), signature).toBe(401);
  }
  expect(await post(paid, { changes: { 'x-shopify-hmac-sha256': null } })).toBe(400);
});

test('one changed byte, or the same JSON written anew, is refused: the bytes are signed', async () => {
  const changes = { 'x-shopify-hmac-sha256': sign(paid) };
  expect(await post(paid.replace('#1001', '#1002'), { changes })).toBe(401);
  expect(await post(JSON.stringify(JSON.parse(paid), null, 1), { changes })).toBe(401);
  expect(await post(`${paid}\n`, { changes })).toBe(401);
});

test('a missing header, an empty body and an unknown topic are bad requests', async () => {
  for (const header of ['topic', 'shop-domain', 'webhook-id', 'api-version']) {
    expect(await post(paid, { changes: { [`x-shopify-${header}`]: null } }), header).toBe(400);
  }
  expect(await post('')).toBe(400);
  for (const topic of ['products/update', 'toString', '__proto__', 'constructor', 'ORDERS/PAID']) {
    expect(await post(paid, { topic }), topic).toBe(400);
  }
});

test('a body over one megabyte is refused, whether its length is announced or not', async () => {
  const big = Buffer.alloc(1_000_001, 32);
  expect(await post(big)).toBe(413);
  const streamed = await fetch(`${world.appUrl}/webhooks/shopify`, {
    method: 'POST',
    headers: webhookHeaders(big),
    body: new Blob([big]).stream(),
    duplex: 'half',
  });
  expect(streamed.status).toBe(413);
  const headers = Object.entries({ ...webhookHeaders('{}'), host: 'x', 'content-length': '99999999999' });
  const answer = await raw(
    `POST /webhooks/shopify HTTP/1.1\r\n${headers.map((pair) => pair.join(': ')).join('\r\n')}\r\n\r\n{}`,
  );
  expect(answer).toMatch(/^HTTP\/1\.1 413/);
});

test('bytes that are no text, cut or misshapen JSON are bad requests even when rightly signed', async () => {
  const bodies: (string | Buffer)[] = [
    Buffer.concat([Buffer.from('{"id":1,"name":"'), Buffer.from([0xff, 0xfe, 0xc0]), Buffer.from('"}')]),
    paid.slice(0, -1),
    '[]',
    'null',
    '1',
    '"text"',
    '{}',
    '{"id":null}',
    '{"id":-1}',
    '{"id":1.5}',
    '{"id":"gid://shopify/Order/1"}',
    '{"id":""}',
    '{"id":[1]}',
    '{"id":1e400}',
    '{"__proto__":{"id":1}}',
    '{"constructor":{"prototype":{"id":1}}}',
    '['.repeat(400_000),
    `{"a":${'['.repeat(300_000)}${']'.repeat(300_000)}}`,
  ];
  for (const body of bodies) expect(await post(body), String(body).slice(0, 60)).toBe(400);
});

test('a deep body with what we read is taken, and so is __proto__ beside it', async () => {
  accepted.push('deep', 'proto', 'text id', 'long id');
  expect(await post(`{"id":11,"a":${'['.repeat(500)}${']'.repeat(500)}}`)).toBe(200);
  expect(await post('{"id":12,"__proto__":{"polluted":true}}')).toBe(200);
  expect(await post('{"id":"820982911946154508"}')).toBe(200);
  expect(await post('{"id":820982911946154508}')).toBe(200);
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});

test('of fifty that come at once, the one the database cannot keep is answered 503, and it alone', async () => {
  // Longer than an entry of an index may be, and of no pattern that would make it shorter.
  const tooLong = randomBytes(5000).toString('hex');
  const ids = Array.from({ length: 50 }, (_, index) => (index === 25 ? tooLong : `at once ${index}`));
  accepted.push(...ids.filter((id) => id !== tooLong));
  const statuses = await Promise.all(
    ids.map((id) => post(paid, { changes: { 'x-shopify-webhook-id': id } })),
  );
  expect(statuses).toEqual(ids.map((id) => (id === tooLong ? 503 : 200)));
  expect(await post(paid, { changes: { 'x-shopify-webhook-id': 'at once 0' } })).toBe(200);
});

test('reading the address answers 405', async () => {
  for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH']) {
    const response = await fetch(`${world.appUrl}/webhooks/shopify`, {
      method,
      ...(method !== 'GET' && method !== 'HEAD' && { body: paid }),
    });
    expect(response.status, method).toBe(405);
  }
});

test('three thousand damaged webhooks are all refused and the app lives on', async () => {
  const signature = sign(paid);
  const statuses = new Map<number, number>();
  for (let round = 0; round < 60; round++) {
    await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const status = await post(damage(paid, round * 50 + index + 1), {
          changes: { 'x-shopify-hmac-sha256': signature },
        });
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }),
    );
  }
  expect([...statuses.keys()].filter((status) => status < 400 || status > 499)).toEqual([]);
  expect([...statuses.values()].reduce((sum, count) => sum + count)).toBe(3000);
  await isHealthy();
});

test('a body that arrives slowly or not to its end keeps nobody waiting and is not taken', async () => {
  const head = Object.entries({ ...webhookHeaders(paid), host: 'x', 'content-length': String(paid.length) });
  const text = `POST /webhooks/shopify HTTP/1.1\r\n${head.map((pair) => pair.join(': ')).join('\r\n')}\r\n\r\n`;
  const slow = Array.from({ length: 20 }, () => connect(Number(new URL(world.appUrl).port), '127.0.0.1'));
  for (const socket of slow) {
    socket.on('error', () => undefined);
    socket.write(text + paid.slice(0, 10));
  }
  await world.until('each is connected', () => slow.every(({ readyState }) => readyState === 'open'));
  await sleep(200);
  await isHealthy();
  // Answered while every one of them was still waited for.
  expect(slow.filter(({ readyState }) => readyState === 'open')).toHaveLength(slow.length);
  for (const socket of slow) socket.destroy();
  await sleep(200);
  await isHealthy();
});

test('of all this, nothing was stored but what was answered with 200', async () => {
  await world.stop();
  await world.lookInto(async (query) => {
    expect(await query('SELECT count(*)::int AS count FROM "Notification"')).toEqual([
      { count: accepted.length },
    ]);
    expect(await query('SELECT 1 FROM "ComplianceRequest"')).toEqual([]);
  });
});

/** What the app answers to bytes on a socket. */
function raw(text: string): Promise<string> {
  return new Promise((done) => {
    const socket = connect(Number(new URL(world.appUrl).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString();
      socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      done(answer);
    });
    socket.write(text);
  });
}

import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { API_KEY, API_SECRET } from '../sandbox/sandbox.ts';
import type { Order } from '../sandbox/shopify/records.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

let world: World;
let merchant: Merchant;
let other: Merchant;
let order: Order;
let othersOrder: Order;
let owner: string;

beforeAll(async () => {
  world = await openWorld();
  [merchant, other] = await Promise.all([openShop(world), openShop(world)]);
  const [customer] = world.shopify.state.shop(merchant.domain).customers;
  owner = `gid://shopify/Customer/${String(customer?.id)}`;
  const variantId = await merchant.sell('esim_1GB_7D_FR_V2');
  const othersVariant = await other.sell('esim_1GB_7D_FR_V2');
  order = merchant.checkout({
    lines: [{ variantId, quantity: 2 }],
    email: 'buyer@example.com',
    customerId: customer?.id ?? null,
  });
  othersOrder = other.checkout({
    lines: [{ variantId: othersVariant, quantity: 1 }],
    email: 'other@example.com',
  });
  await world.until('both e-mails arrive', () => world.resend.mails.length === 2);
});
afterAll(() => world.end());

interface Answer {
  status: string;
  esims: { index: number; of: number; code: { activationCode: string } | null }[];
}

async function ask(body: unknown, token: string | null) {
  const response = await fetch(`${world.appUrl}/api/buyer/esims`, {
    method: 'POST',
    headers: {
      ...browser,
      'content-type': 'application/json',
      ...(token !== null && { authorization: `Bearer ${token}` }),
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    data: (text.startsWith('{') ? JSON.parse(text) : null) as Answer | null,
  };
}

const browser = {
  'user-agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1',
  origin: 'https://extensions.shopifycdn.com',
};
const guest = (shop = merchant) => world.shopify.extensionToken(shop.domain);
const loggedIn = (customerGid: string) => world.shopify.extensionToken(merchant.domain, { customerGid });
const question = (changes: object = {}) => ({
  orderId: `gid://shopify/Order/${String(order.id)}`,
  checkoutToken: order.checkoutToken,
  ...changes,
});
const codes = (answer: Answer | null) => answer?.esims.map(({ code }) => code?.activationCode).sort();

function sign(
  claims: Record<string, unknown>,
  { secret = API_SECRET, audience = API_KEY, seconds = 300 } = {},
) {
  const now = Math.floor(Date.now() / 1000) + Math.min(0, seconds);
  const signer = new SignJWT({ dest: merchant.domain, aud: audience, ...claims }).setProtectedHeader({
    alg: 'HS256',
    typ: 'JWT',
  });
  return signer
    .setIssuedAt(now - 400)
    .setNotBefore(now - 400)
    .setExpirationTime(now + (seconds > 0 ? seconds : 0))
    .sign(new TextEncoder().encode(secret));
}

test('the checkout token of the order shows what the supplier issued, however the order is named', async () => {
  const issued = world.esimGo.esims
    .filter(({ apiKey }) => apiKey === merchant.apiKey)
    .map(({ activationCode }) => activationCode)
    .sort();
  for (const orderId of [
    `gid://shopify/Order/${String(order.id)}`,
    `gid://shopify/OrderIdentity/${String(order.id)}`,
    String(order.id),
  ]) {
    const { status, data, headers } = await ask(question({ orderId }), await guest());
    expect(status).toBe(200);
    expect(data?.status).toBe('ready');
    expect(codes(data)).toEqual(issued);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('access-control-allow-origin')).toBe('*');
  }
});

test('the customer who owns the order sees it without a checkout token', async () => {
  expect((await ask(question({ checkoutToken: null }), await loggedIn(owner))).status).toBe(200);
  const bare = question();
  expect((await ask({ orderId: bare.orderId }, await loggedIn(owner))).status).toBe(200);
});

test('nobody else sees it: not a guest, another customer, another shop, a guessed or foreign token', async () => {
  const refused: [string, unknown, string][] = [
    ['a guest', question({ checkoutToken: null }), await guest()],
    ['another customer', question({ checkoutToken: null }), await loggedIn('gid://shopify/Customer/1')],
    ['a prefix of the customer', question({ checkoutToken: null }), await loggedIn(owner.slice(0, -1))],
    ['a wrong token', question({ checkoutToken: 'a'.repeat(32) }), await guest()],
    ['an empty token', question({ checkoutToken: '' }), await guest()],
    ['the token of another order', question({ checkoutToken: othersOrder.checkoutToken }), await guest()],
    ['the other shop with the right token', question(), await guest(other)],
    [
      "the other shop's order",
      question({ orderId: String(othersOrder.id), checkoutToken: othersOrder.checkoutToken }),
      await guest(),
    ],
    ['an unknown order', question({ orderId: '1' }), await guest()],
    ...[
      '',
      'gid://shopify/Product/1',
      `${String(order.id)} `,
      `gid://shopify/Order/${String(order.id)}?key=1`,
      "1' OR '1'='1",
      '9'.repeat(30),
    ].map((orderId): [string, unknown, string] => [orderId, question({ orderId }), '']),
  ];
  for (const [who, body, token] of refused) {
    const answer = await ask(body, token === '' ? await guest() : token);
    expect(answer.status, who).toBe(404);
    expect(answer.text, who).toBe('{}');
    expect(answer.headers.get('cache-control'), who).toBe('no-store');
    expect(answer.headers.get('access-control-allow-origin'), who).toBe('*');
  }
});

test('a shop that never installed the app is unknown', async () => {
  expect((await ask(question(), await sign({ dest: 'stranger.myshopify.com' }))).status).toBe(404);
});

test('without a token of this app, signed by Shopify and still valid, the answer is 401', async () => {
  expect((await ask(question(), await sign({}))).status).toBe(200);
  const unsigned = (await sign({})).replace(/\.[^.]*$/, '.');
  const bad = [
    null,
    'nonsense',
    unsigned,
    await sign({}, { secret: 'another' }),
    await sign({}, { audience: 'another-app' }),
    await sign({}, { seconds: -3600 }),
  ];
  for (const token of bad) {
    const answer = await ask(question(), token);
    expect(answer.status, String(token)).toBe(401);
    expect(answer.text).not.toContain('LPA');
  }
});

test('a malformed or oversized question is a bad request', async () => {
  const bodies = [
    '',
    'x',
    '[]',
    'null',
    '{}',
    '{"orderId":1}',
    '{"orderId":null,"checkoutToken":null}',
    `{"orderId":"${'1'.repeat(101)}"}`,
    `{"orderId":"1","checkoutToken":"${'x'.repeat(201)}"}`,
  ];
  for (const body of bodies) {
    const answer = await ask(body, await guest());
    expect(answer.status, body.slice(0, 40)).toBe(400);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  }
  expect((await ask(`{"orderId":"1","x":"${'x'.repeat(2_000_000)}"}`, await guest())).status).toBe(413);
});

test("the browser's preflight is answered, and nothing is read by GET", async () => {
  const preflight = await fetch(`${world.appUrl}/api/buyer/esims`, {
    method: 'OPTIONS',
    headers: {
      ...browser,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
  expect(preflight.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('authorization');
  const read = await fetch(`${world.appUrl}/api/buyer/esims?orderId=${String(order.id)}`, {
    headers: { ...browser, authorization: `Bearer ${await guest()}` },
  });
  expect(read.status).toBe(405);
});

import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { API_KEY, API_SECRET } from '../sandbox/sandbox.ts';
import { openWorld, type World } from '../world.ts';

let world: World;
const shop = 'sign-in.myshopify.com';
const host = Buffer.from('admin.shopify.com/store/sign-in').toString('base64url');
const browser = {
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Chrome/153 Safari/537',
  accept: 'text/html',
};

beforeAll(async () => {
  world = await openWorld();
  world.shopify.createShop(shop, { name: 'Sign-in', currency: 'USD' });
  world.shopify.installApp(shop);
});
afterAll(() => world.end());

const visit = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${world.appUrl}${path}`, { headers: { ...browser, ...headers }, redirect: 'manual' });
const frame = (token: string) =>
  visit(`/app?${new URLSearchParams({ shop, host, embedded: '1', id_token: token }).toString()}`);
const ancestors = `frame-ancestors https://${shop} `;

function forge({
  secret = API_SECRET,
  audience = API_KEY,
  seconds = 60,
  alg = 'HS256',
}: {
  secret?: string;
  audience?: string;
  seconds?: number;
  alg?: string;
}) {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ iss: `https://${shop}/admin`, dest: `https://${shop}`, sub: '1', aud: audience })
    .setProtectedHeader({ alg, typ: 'JWT' })
    .setIssuedAt(now + Math.min(0, seconds) - 1)
    .setNotBefore(now + Math.min(0, seconds) - 1)
    .setExpirationTime(now + seconds)
    .sign(new TextEncoder().encode(secret));
}

test('the frame is signed in by its id token, with App Bridge first in the head', async () => {
  const response = await frame(await world.shopify.idToken(shop));
  expect(response.status).toBe(200);
  expect(response.headers.get('content-security-policy')).toContain(ancestors);
  const html = await response.text();
  expect(html).toMatch(
    /<head><meta name="shopify-api-key" content="sandbox-api-key"\/?><script src="[^"]+\/app-bridge\.js"><\/script>/,
  );
});

test('a token that is forged, old, made for another app or signed in another way opens nothing', async () => {
  const [head = '', body = ''] = (await forge({})).split('.');
  const none = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${body}.`;
  const bad = [
    await forge({ secret: 'another secret' }),
    await forge({ seconds: -120 }),
    await forge({ audience: 'another-app' }),
    await forge({ alg: 'HS512' }),
    none,
    `${head}.${body}.`,
    'not-a-token',
  ];
  for (const token of bad) {
    const response = await frame(token);
    expect(response.status, token).toBe(302);
    expect(response.headers.get('location'), token).toMatch(/^\/auth\/session-token\?/);
    const data = await visit('/app?_data=routes%2Fapp', { authorization: `Bearer ${token}` });
    expect(data.status, token).toBe(401);
    expect(await data.text()).toBe('');
  }
});

test('who names no shop is told to open the app in the admin, and finds no form for an address', async () => {
  for (const path of [
    '/',
    '/app',
    '/app/orders',
    '/app?shop=evil.example&host=x',
    '/app?shop=a.myshopify.com.evil.example&host=x',
  ]) {
    let response = await visit(path);
    for (let hops = 0; response.status === 302 && hops < 3; hops++)
      response = await visit(response.headers.get('location') ?? '');
    expect(response.status, path).toBe(400);
    expect(response.headers.get('content-security-policy'), path).toBe("frame-ancestors 'none';");
    const html = await response.text();
    expect(html).toContain('Open the app from your Shopify admin');
    expect(html).not.toMatch(/<form|<input/);
  }
  expect((await visit('/auth/login?shop=sign-in.myshopify.com')).status).toBe(400);
});

test('every document says who may frame it: the shop it is for and the admin, or nobody', async () => {
  const token = await world.shopify.idToken(shop);
  const pages = [
    '/app',
    '/app/orders',
    '/app/catalogue',
    '/app/pricing',
    '/app/settings',
    '/app/settings/suppliers',
    '/app/settings/privacy',
    '/app/orders/unknown',
    '/app/nowhere',
  ];
  for (const page of pages) {
    const response = await visit(
      `${page}?${new URLSearchParams({ shop, host, embedded: '1', id_token: token }).toString()}`,
    );
    expect([200, 404], page).toContain(response.status);
    expect(response.headers.get('content-security-policy'), page).toBe(`${ancestors}${world.shopify.url};`);
  }
  for (const path of [
    '/auth/session-token',
    '/auth/exit-iframe',
    '/auth/nowhere',
    '/nowhere',
    '/i/unknown',
    '/i/unknown/below',
  ]) {
    expect((await visit(path)).headers.get('content-security-policy'), path).toContain(
      "frame-ancestors 'none'",
    );
  }
  for (const wrong of [
    'evil.example',
    'evil.example/',
    `${shop}.evil.example`,
    'a.myshopify.com;',
    "x' *",
    '*',
    'a b.myshopify.com',
    `${shop}, *`,
  ]) {
    for (const path of ['/auth/session-token', '/auth/login', '/auth/exit-iframe', '/nowhere']) {
      const response = await visit(`${path}?shop=${encodeURIComponent(wrong)}&exitIframe=/app`);
      expect(response.headers.get('content-security-policy'), `${path} ${wrong}`).toBe(
        "frame-ancestors 'none';",
      );
    }
  }
  const bounce = await visit(`/auth/session-token?shop=${shop}&shopify-reload=x`);
  expect(bounce.headers.get('content-security-policy')).toBe(`${ancestors}${world.shopify.url};`);
});

test('the way out of the frame leads to the admin of the shop and nowhere else', async () => {
  const exits = [
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '///evil.example',
    'https:evil.example',
    '\thttps://evil.example',
    ' //evil.example',
    'ht\ntps://evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    `https://${shop}@evil.example/admin`,
    `https://${shop}.evil.example/admin`,
    `https://user:pass@${shop}/admin/x`,
    'https://other.myshopify.com/admin',
    `https://${shop}/`,
    `https://${shop}/pages/phish`,
    `https://${shop}/admin/../pages/phish`,
    `https://${shop}/administrator`,
    `http://${shop}/admin`,
    `https://${shop}:8443/admin`,
    'https://admin.shopify.com.evil.example/',
    'https://community.shopify.com/',
    '%2F%2Fevil.example/..//evil.example',
    '',
  ];
  for (const exit of exits) {
    const response = await visit(
      `/auth/exit-iframe?${new URLSearchParams({ shop, exitIframe: exit }).toString()}`,
    );
    const html = await response.text();
    expect(html, exit).not.toMatch(/window\.open|location/);
    expect(response.status, exit).toBe(400);
  }
  for (const wrong of ['evil.example', 'evil.example/admin#', `x@evil.example`, 'evil.example:443']) {
    const response = await visit(
      `/auth/exit-iframe?${new URLSearchParams({ shop: wrong, exitIframe: `https://${wrong}/admin` }).toString()}`,
    );
    expect(response.status, wrong).toBe(400);
  }
  const twice = await visit(
    `/auth/exit-iframe?shop=${shop}&exitIframe=${encodeURIComponent(`https://${shop}/admin/x`)}&exitIframe=https://evil.example`,
  );
  expect(await twice.text()).not.toContain('evil.example');
  const allowed = await visit(
    `/auth/exit-iframe?${new URLSearchParams({ shop, exitIframe: `https://${shop}/admin/charges/1` }).toString()}`,
  );
  expect(allowed.status).toBe(200);
  expect(await allowed.text()).toContain(`window.open("https://${shop}/admin/charges/1", "_top")`);
});

test('a crawler is told that there is nothing here', async () => {
  expect(
    (await visit('/app', { 'user-agent': 'Googlebot/2.1 (+http://www.google.com/bot.html)' })).status,
  ).toBe(410);
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { passTime } from '../clock.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

let world: World;
let merchant: Merchant;
let link: string;
let mail: string;

beforeAll(async () => {
  world = await openWorld();
  merchant = await openShop(world);
  const variantId = await merchant.sell('esim_1GB_7D_FR_V2');
  merchant.checkout({ lines: [{ variantId, quantity: 2 }], email: 'leser@example.com', locale: 'de' });
  await world.until('the e-mail arrives', () => world.resend.mails.length === 1);
  mail = world.resend.mails[0]?.text ?? '';
  link = /http:\/\/127\.0\.0\.1:\d+\/i\/[\w-]{43}/.exec(mail)?.[0] ?? 'no link';
});
afterAll(() => world.end());

const secrets = () =>
  world.esimGo.esims
    .filter(({ apiKey }) => apiKey === merchant.apiKey)
    .flatMap(({ iccid, matchingId, activationCode }) => [iccid, matchingId, activationCode]);
const phone = {
  'user-agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1',
  'accept-language': 'fr-FR,fr;q=0.9',
};

function expectToBeKeptSecret({ headers }: Response) {
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('x-robots-tag')).toContain('noindex');
  expect(headers.get('referrer-policy')).toBe('same-origin');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).toContain("base-uri 'none'");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
}

/** What a browser would fetch for the document: nothing may leave for another host, or for ours. */
function fetched(html: string): string[] {
  return [...html.matchAll(/<(?!a\b)[a-z]+[^>]*?\s(?:src|srcset|href|action|poster|data)="([^"]*)"/gi)].map(
    ([, target]) => target ?? '',
  );
}

test('following the link reveals nothing, however often a mail scanner does it', async () => {
  for (const method of ['GET', 'GET', 'HEAD']) {
    const response = await fetch(link, { method, headers: phone });
    expect(response.status).toBe(200);
    expectToBeKeptSecret(response);
    const html = await response.text();
    for (const secret of secrets()) expect(html).not.toContain(secret);
    expect(html).not.toMatch(/LPA:|esimsetup/);
  }
});

test("the page speaks the order's language and fetches nothing", async () => {
  const html = await (await fetch(link, { headers: phone })).text();
  expect(html).toMatch(/<html lang="de/);
  expect(html).toMatch(/<meta name="robots" content="noindex"/);
  expect(fetched(html)).toEqual([]);
  expect(html).not.toMatch(/<script(?![^>]*nonce)|<link/);
});

test('pressing the button reveals both codes, and the page still fetches nothing', async () => {
  const response = await fetch(link, {
    method: 'POST',
    headers: { ...phone, 'content-type': 'application/x-www-form-urlencoded' },
    body: '',
  });
  expect(response.status).toBe(200);
  expectToBeKeptSecret(response);
  const html = await response.text();
  const mine = world.esimGo.esims.filter(({ apiKey }) => apiKey === merchant.apiKey);
  expect(mine).toHaveLength(2);
  for (const { activationCode, iccid } of mine) {
    expect(html).toContain(activationCode);
    expect(html).not.toContain(iccid);
  }
  expect(fetched(html)).toEqual([]);
  const targets = [...html.matchAll(/<a\b[^>]*href="([^"]*)"/g)].map(
    ([, target]) => new URL((target ?? '').replaceAll('&amp;', '&')).host,
  );
  expect([...new Set(targets)].sort()).toEqual(['esimsetup.android.com', 'esimsetup.apple.com']);
  const nonce = /script-src 'nonce-([^']+)'/.exec(response.headers.get('content-security-policy') ?? '')?.[1];
  expect(html).toContain(`nonce="${nonce ?? ''}"`);
});

test("another site's form cannot press the button", async () => {
  const response = await fetch(link, {
    method: 'POST',
    headers: { ...phone, origin: 'https://evil.example' },
    body: new URLSearchParams(),
  });
  expect(response.headers.get('access-control-allow-origin')).toBeNull();
  const html = await response.text();
  expect(response.status).toBeGreaterThanOrEqual(400);
  for (const secret of secrets()) expect(html).not.toContain(secret);
});

test('an unknown, damaged or misshapen token is a helpful 404 that says no more', async () => {
  const token = link.split('/i/')[1] ?? '';
  const swapped = token.startsWith('A') ? `B${token.slice(1)}` : `A${token.slice(1)}`;
  for (const wrong of [
    'A'.repeat(43),
    swapped,
    token.slice(1),
    `${token}A`,
    token.toUpperCase(),
    'x',
    '%00',
    '..%2F..',
    `${token}%20`,
    "'%20OR%201=1--",
  ]) {
    for (const method of ['GET', 'POST']) {
      const response = await fetch(`${world.appUrl}/i/${wrong}`, { method, headers: phone });
      expect(response.status, `${method} ${wrong}`).toBe(404);
      const html = await response.text();
      for (const secret of secrets()) expect(html).not.toContain(secret);
      expect(html, wrong).toMatch(/<main class="install" lang="fr/);
      expect(html).toMatch(/<h1>/);
      expectToBeKeptSecret(response);
      expect(fetched(html)).toEqual([]);
    }
  }
});

test('a link that has run out is a 404, and the merchant can send a new one', async () => {
  await passTime({ minutes: 181 * 24 * 60 });
  expect((await fetch(link, { headers: phone })).status).toBe(404);
  expect((await fetch(link, { method: 'POST', headers: phone })).status).toBe(404);
  const { orders } = await merchant.read<{ orders: { id: string }[] }>('/app/orders', 'app.orders._index');
  await merchant.send(`/app/orders/${orders[0]?.id ?? ''}`, 'app.orders.$orderId', {
    intent: 'resend',
    pressId: randomUUID(),
    email: '',
  });
  // After half a year Shopify has signed the app out, and the merchant may be mailed about that meanwhile.
  const mails = () => world.mailsTo('leser@example.com');
  await world.until('the second e-mail arrives', () => mails().length === 2);
  const fresh = /http:\/\/127\.0\.0\.1:\d+\/i\/[\w-]{43}/.exec(mails()[1]?.text ?? '')?.[0] ?? '';
  expect(fresh).not.toBe(link);
  expect((await fetch(fresh, { headers: phone })).status).toBe(200);
});

import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectBooksToBalance } from '../books.ts';
import { API_KEY, API_SECRET } from '../sandbox/sandbox.ts';
import { openShop, type Merchant } from '../shop.ts';
import { postWebhook, sign } from '../webhook.ts';
import { openWorld, type World } from '../world.ts';

const NEW_SECRET = 'the-secret-shopify-will-sign-with-next';

let world: World;
let merchant: Merchant;
let variantId: number;

// Shopify still signs with the old secret, as it does until that one is revoked; the app has both.
beforeAll(async () => {
  world = await openWorld({ SHOPIFY_API_SECRET: NEW_SECRET, SHOPIFY_API_SECRET_PREVIOUS: API_SECRET });
  merchant = await openShop(world);
  variantId = await merchant.sell('esim_1GB_7D_FR_V2');
});
afterAll(() => world.end());

test('while the secret is replaced, the merchant is signed in and an order told with the old one is delivered', async () => {
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'rotation@example.com' });
  await world.until('the e-mail arrives', () => world.mailsTo('rotation@example.com').length === 1);
  expect(await merchant.thankYou(order)).toMatchObject({ status: 'ready' });
  await expectBooksToBalance(world, merchant);
});

test('a webhook and a session token of the new secret are taken, those of any other are refused', async () => {
  const body = JSON.stringify({ id: 1 });
  const post = (secret: string) =>
    postWebhook(world.appUrl, body, {
      shop: merchant.domain,
      changes: { 'x-shopify-hmac-sha256': sign(body, secret), 'x-shopify-webhook-id': randomUUID() },
    });
  expect(await post(NEW_SECRET)).toBe(200);
  expect(await post(API_SECRET)).toBe(200);
  expect(await post('a secret of somebody else')).toBe(401);

  const visit = async (secret: string, audience = API_KEY) => {
    const token = await new SignJWT({ dest: `https://${merchant.domain}`, sub: '1' })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuer(`https://${merchant.domain}/admin`)
      .setAudience(audience)
      .setNotBefore('0 s')
      .setExpirationTime('60 s')
      .sign(new TextEncoder().encode(secret));
    const response = await fetch(`${world.appUrl}/app?_data=routes%2Fapp`, {
      headers: {
        authorization: `Bearer ${token}`,
        'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Chrome/153',
      },
    });
    await response.body?.cancel();
    return response.status;
  };
  expect(await visit(NEW_SECRET)).toBe(200);
  expect(await visit(API_SECRET)).toBe(200);
  expect(await visit('a secret of somebody else')).toBe(401);
  expect(await visit(NEW_SECRET, 'another-app')).toBe(401);
  expect(await visit(API_SECRET, 'another-app')).toBe(401);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { passTime } from '../clock.ts';
import { openShop, type Merchant } from '../shop.ts';
import { postWebhook } from '../webhook.ts';
import { openWorld, type World } from '../world.ts';

let world: World;
let merchant: Merchant;
let variantId: number;

beforeAll(async () => {
  world = await openWorld();
  merchant = await openShop(world);
  variantId = await merchant.sell('esim_1GB_7D_FR_V2');
});
afterAll(() => world.end());

const mailsTo = (address: string) => world.resend.mails.filter(({ to }) => to.includes(address));
const buy = async (email: string) => {
  merchant.checkout({ lines: [{ variantId, quantity: 1 }], email });
  await world.until(`the e-mail to ${email} arrives`, () => mailsTo(email).length === 1);
};
const issuedTokens = () =>
  world.shopify.state.shop(merchant.domain).app?.accessTokens.map(({ token }) => token) ?? [];

test('of many jobs that find the token stale at once, one refreshes it', async () => {
  const before = issuedTokens();
  await passTime({ minutes: 56 });
  for (let order = 0; order < 3; order++)
    merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: `stale-${order}@example.com` });
  await world.until('the token is renewed', () => issuedTokens().length > before.length);
  await world.until('all orders are taken in', async () => {
    const { orders } = await merchant.read<{ orders: unknown[] }>('/app/orders', 'app.orders._index');
    return orders.length === 3;
  });
  expect(issuedTokens().filter((token) => !before.includes(token))).toHaveLength(1);
});

test('pages opened together when the token is stale leave a token that jobs can refresh later', async () => {
  for (let visit = 1; visit <= 2; visit++) {
    await passTime({ minutes: 56 });
    await Promise.all(
      [
        'app.settings._index',
        'app.settings.privacy',
        'app.pricing._index',
        'app.catalogue._index',
        'app.orders._index',
      ].map((route) => merchant.read(`/${route.replace('._index', '?index').replaceAll('.', '/')}`, route)),
    );
    await passTime({ minutes: 56 });
    await buy(`after-visit-${visit}@example.com`);
  }
});

test('the three privacy topics are recorded with their due date and shown', async () => {
  const [customer] = world.shopify.state.shop(merchant.domain).customers;
  world.shopify.state.requestCustomerData(merchant.domain, customer?.id ?? 0);
  world.shopify.state.redactCustomer(merchant.domain, customer?.id ?? 0);
  world.shopify.state.redactShop(merchant.domain);
  await world.shopify.webhooksQuiet();
  const delivery = world.shopify.deliveries.find(({ topic }) => topic === 'customers/redact');
  await world.shopify.resendWebhook(delivery?.id ?? '');
  const { requests } = await merchant.read<{ requests: { topic: string; dueIn: string; state: string }[] }>(
    '/app/settings/privacy',
    'app.settings.privacy',
  );
  expect(requests.map(({ topic }) => topic).sort()).toEqual([
    'customers/data_request',
    'customers/redact',
    'shop/redact',
  ]);
  expect(requests.every(({ dueIn, state }) => state === 'open' && /30 days|month/.test(dueIn))).toBe(true);
});

test('an uninstall ends the session and the buying; a reinstall finds everything as it was', async () => {
  world.shopify.uninstall(merchant.domain);
  await world.shopify.webhooksQuiet();
  await world.until('the session is gone', async () => (await visit()) !== 200);
  const bought = world.esimGo.orders.length;
  const order = { id: 5_000_000_000_001, name: '#9' };
  expect(await postWebhook(world.appUrl, JSON.stringify(order), { shop: merchant.domain })).toBe(200);
  expect(world.esimGo.orders).toHaveLength(bought);

  world.shopify.installApp(merchant.domain);
  expect(await visit()).toBe(200);
  await buy('again@example.com');
});

test('a reinstall that is faster than the news of the uninstall works from the second visit on, and the news does not end it', async () => {
  world.shopify.conducts.on('drops-webhooks');
  const uninstalledAt = new Date(Date.now() + 1000).toISOString();
  world.shopify.uninstall(merchant.domain);
  world.shopify.conducts.off('drops-webhooks');
  world.shopify.installApp(merchant.domain);
  await passTime({ minutes: 1 });
  const map = async () => {
    const { rows } = await merchant.read<{ rows: { id: string }[] }>(
      '/app/catalogue?search=esim_2GB_15D_FR',
      'app.catalogue._index',
    );
    return (
      await merchant.send(`/app/catalogue/${rows[0]?.id ?? ''}`, 'app.catalogue.$bundleId', {
        ...{ intent: 'map', variantGid: `gid://shopify/ProductVariant/${variantId}` },
      })
    ).status;
  };
  // A token that still looks alive is found dead by the first visit (502); one that is due is exchanged at once.
  expect([200, 502]).toContain(await map());
  expect(await map()).toBe(200);
  expect(
    await postWebhook(world.appUrl, '{}', {
      topic: 'app/uninstalled',
      shop: merchant.domain,
      changes: { 'x-shopify-triggered-at': uninstalledAt },
    }),
  ).toBe(200);
  await buy('late@example.com');
  expect(await visit()).toBe(200);
});

test('a token that Shopify will not refresh signs the app out, and the next visit signs it in', async () => {
  const app = world.shopify.state.shop(merchant.domain).app;
  if (app) app.refreshTokens = [];
  await passTime({ minutes: 56 });
  merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'refused@example.com' });
  await world.shopify.webhooksQuiet();
  expect(await visit()).toBe(200);
  await passTime({ minutes: 1 });
  await world.until('the order is taken in after all', () => mailsTo('refused@example.com').length === 1);
});

async function visit() {
  const headers = {
    authorization: `Bearer ${await world.shopify.idToken(merchant.domain)}`,
    'user-agent': 'Mozilla/5.0 Chrome/153',
  };
  const response = await fetch(`${world.appUrl}/app/settings/privacy?_data=routes%2Fapp.settings.privacy`, {
    headers,
    redirect: 'manual',
  });
  await response.body?.cancel();
  return response.status;
}

import { afterAll, beforeAll, expect, test } from 'vitest';
import { passTime } from '../clock.ts';
import { openShop, type Merchant } from '../shop.ts';
import { postWebhook } from '../webhook.ts';
import { openWorld, type World } from '../world.ts';

const WATCH = ['/app/settings/watch', 'app.settings.watch'] as const;

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
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email });
  await world.until(`the e-mail to ${email} arrives`, () => mailsTo(email).length === 1);
  // An installation that ends before it is told of the order is another story.
  await world.until('Shopify knows', async () => (await merchant.order(order))?.fulfilment.state === 'done');
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

test('pages opened together when the token is stale ask for one new token, that jobs can refresh later', async () => {
  for (let visit = 1; visit <= 2; visit++) {
    // Looked at before: a job may be faster than the pages, and get the one token for all of them.
    const before = issuedTokens();
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
    expect(issuedTokens().filter((token) => !before.includes(token))).toHaveLength(1);
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
  const read = async () => {
    const { requests } = await merchant.read<{
      requests: { topic: string; dueIn: string; state: string }[];
    }>('/app/settings/privacy', 'app.settings.privacy');
    return requests;
  };
  // Shopify calls again when nobody answers within five seconds.
  await world.until('each is known', async () => (await read()).length >= 3);
  const requests = await read();
  expect(requests.map(({ topic }) => topic).sort()).toEqual([
    'customers/data_request',
    'customers/redact',
    'shop/redact',
  ]);
  expect(requests.every(({ dueIn }) => /30 days|month/.test(dueIn))).toBe(true);
  expect(requests.find(({ topic }) => topic === 'customers/data_request')?.state).toBe('open');
  // A shop that has the app is kept; one that leaves before that is seen would be erased.
  await world.until('the shop is kept', async () =>
    (await read()).some(({ topic, state }) => topic === 'shop/redact' && state === 'closed'),
  );
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

test('a visit in the moment in which the news of an earlier uninstall is worked on signs in', async () => {
  world.shopify.conducts.on('drops-webhooks');
  world.shopify.uninstall(merchant.domain);
  world.shopify.conducts.off('drops-webhooks');
  world.shopify.installApp(merchant.domain);
  // Half of what the news does: the shop is known to have left, and the dead token still lies there.
  await world.lookInto((query) =>
    query(`UPDATE "Shop" SET "uninstalledAt" = '2026-01-01' WHERE domain = '${merchant.domain}'`),
  );
  expect(await visit()).toBe(200);
  await buy('back@example.com');
});

test('a token that Shopify will not refresh signs the app out: the merchant is told, and the next visit signs it in', async () => {
  const watch = () =>
    merchant.read<{ reconcile: { last: { startedAt: string; state: string } | null } }>(...WATCH);
  const before = (await watch()).reconcile.last?.startedAt;
  await merchant.send(...WATCH, { intent: 'reconcile' });
  await world.until('the app has looked while it can', async () => {
    const { last } = (await watch()).reconcile;
    return last?.state === 'done' && last.startedAt !== before;
  });
  const app = world.shopify.state.shop(merchant.domain).app;
  if (app) app.refreshTokens = [];
  await passTime({ minutes: 56 });
  merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'refused@example.com' });
  const { name, email } = world.shopify.state.shop(merchant.domain);
  const title = 'Shopify has signed the app out of your shop';
  await world.until('the merchant is told', () => mailsTo(email).length > 0);
  expect(mailsTo(email)).toMatchObject([
    {
      subject: `${name}: ${title}`,
      text: expect.stringContaining('Open the app from your Shopify admin') as string,
    },
  ]);
  // This visit signs it in: no button has to be found, and no order waits for its next try.
  const home = () => merchant.read<{ attention: { text: string }[] }>('/app?index', 'app._index');
  expect((await home()).attention.map(({ text }) => text)).toContain(title);
  await world.until('the order is taken in after all', () => mailsTo('refused@example.com').length === 1);
  await world.until('the home page is quiet', async () =>
    (await home()).attention.every(({ text }) => text !== title),
  );
  expect(mailsTo(email)).toHaveLength(1);
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

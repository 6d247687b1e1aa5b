import { readFileSync } from 'node:fs';
import type { FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openApp, openBrowser, openPerson } from '../browser.ts';
import { API_KEY } from '../sandbox/sandbox.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';
import { complaintsOf } from './complaints.ts';

/** Costs nothing while things go well, and nothing may fail because the machine is busy. */
const PATIENCE_MS = 120_000;

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.end());

/** Opens a page of the merchant's app, does something there, and looks whether the browser complained. */
async function visit(
  { domain }: Merchant,
  path: string,
  act: (app: FrameLocator, page: Page) => Promise<void>,
) {
  const browser = await openBrowser();
  try {
    const page = await (await openPerson(browser)).newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const complaints = complaintsOf(page);
    const [store = ''] = domain.split('.');
    await act(await openApp(page, `${world.shopify.url}/admin/store/${store}/apps/${API_KEY}${path}`), page);
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
  }
}

const tick = (app: FrameLocator, what: string | RegExp) =>
  app.getByRole('row', { name: what }).getByRole('checkbox').click();

test('the eSIMs that are ticked, and no other, are in the file', async () => {
  const merchant = await openShop(world);
  const variantId = await merchant.sell('esim_1GB_7D_FR_V2');
  const orders = [1, 2, 3].map((buyer) =>
    merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: `buyer-${String(buyer)}@example.com` }),
  );
  for (const order of orders)
    await world.until(
      `${order.name} is sent`,
      async () => (await merchant.order(order))?.units[0]?.state === 'delivered',
    );
  const wanted = orders.slice(0, 2).map(({ name }) => name);
  await visit(merchant, '/app/esims', async (app, page) => {
    for (const name of wanted) await tick(app, new RegExp(name));
    const file = page.waitForEvent('download');
    await app.getByRole('button', { name: 'Export CSV' }).last().click();
    const csv = readFileSync(await (await file).path(), 'utf8').trim();
    const [head = [], ...lines] = csv.split('\r\n').map((line) => line.split(','));
    const inFile = lines.map((cells) => cells[head.indexOf('Order')]);
    expect(inFile.sort()).toEqual(wanted);
  });
});

test('what nothing stopped but the supplier is tried again, what a person meant to stop is released', async () => {
  const merchant = await openShop(world, { balance: 0.01 });
  const variantId = await merchant.sell('esim_1GB_7D_FR_V2');
  const short = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'short@example.com' });
  const tried = merchant.checkout({
    ...{ lines: [{ variantId, quantity: 1 }], email: 'tried@example.com' },
    test: true,
  });
  const waits = (reason: string) =>
    world.until(`one waits: ${reason}`, async () => {
      const { entries } = await merchant.read<{ entries: { reason: string }[] }>(
        '/app/queue?index',
        'app.queue._index',
      );
      return entries.some((entry) => entry.reason === reason);
    });
  await waits('funds');
  await waits('test-order');
  await visit(merchant, '/app/queue', async (app) => {
    const dialog = app.getByRole('dialog');
    await tick(app, new RegExp(tried.name));
    await app.getByRole('button', { name: 'Release', exact: true }).click();
    await dialog.getByText('Release 1 eSIM?').waitFor();
    await dialog.getByText(/No risk, price or quantity holds them back again/).waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await tick(app, new RegExp(tried.name));

    await tick(app, new RegExp(short.name));
    await app.getByRole('button', { name: 'Try again', exact: true }).click();
    await dialog.getByText('Try again to buy 1 eSIM?').waitFor();
    await dialog.getByText(/unless what stopped them still does/).waitFor();
    merchant.topUp(100);
    await dialog.getByRole('button', { name: 'Try again' }).click();
    await world.mailTo('short@example.com');
  });
  expect(world.mailsTo('tried@example.com')).toEqual([]);
  expect(merchant.purchases()).toHaveLength(1);
});

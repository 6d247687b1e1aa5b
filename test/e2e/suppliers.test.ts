import type { FrameLocator, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectBooksToBalance } from '../books.ts';
import { openApp, openBrowser, openPerson } from '../browser.ts';
import { passTime } from '../clock.ts';
import { API_KEY } from '../sandbox/sandbox.ts';
import { connectReseller, openShop, sellList } from '../shop.ts';
import { openWorld, type World } from '../world.ts';
import { faultsOf, widths } from './eyes.ts';

const SHOP = 'four-suppliers';
const RESELLER = { email: 'shop@reseller.example', password: 'Browser-password-1' };
/** Costs nothing while things go well, and nothing may fail because the machine is busy. */
const PATIENCE_MS = 120_000;

let world: World;

beforeAll(async () => {
  world = await openWorld();
  world.shopify.createShop(`${SHOP}.myshopify.com`, { name: 'Four suppliers', currency: 'USD' });
  world.shopify.installApp(`${SHOP}.myshopify.com`);
  world.esimGo.createOrganisation({ apiKey: 'browser-esim-go-key', balance: 250 });
  world.esimGo.createOrganisation({ apiKey: 'browser-second-key', balance: 40 });
  world.reseller.createAccount({ ...RESELLER, balance: 75 });
  world.simvox.createAccount('browser-simvox-token');
  world.goHub.createAccount('browser-gohub-key');
});
afterAll(() => world.end());

test('a merchant connects all four suppliers, one of them twice, and sees what each can do', async () => {
  const browser = await openBrowser();
  try {
    const page = await (await openPerson(browser)).newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const complaints = watch(page);
    const app = await openApp(page, `${world.shopify.url}/admin/store/${SHOP}/apps/${API_KEY}/app`);
    await app.getByRole('link', { name: 'Connect a supplier' }).click();

    await connect(app, 'eSIM Go', { 'API key': 'browser-esim-go-key' });
    await app.getByText('$250.00').waitFor();

    const reseller = formOf(app, 'eSIM API');
    await fill(reseller, { 'API address': 'http://10.0.0.1', 'E-mail': RESELLER.email, Password: 'wrong' });
    await reseller.getByRole('button', { name: 'Connect eSIM API' }).click();
    await reseller
      .getByText(/Enter an address on the internet/)
      .first()
      .waitFor();
    await fill(reseller, { 'API address': world.reseller.apiUrl });
    await reseller.getByRole('button', { name: 'Connect eSIM API' }).click();
    await reseller.getByText('Refused by the supplier.').first().waitFor();
    await connect(app, 'eSIM API', { Password: RESELLER.password });
    await app.getByText('$75.00').waitFor();
    await app.getByRole('button', { name: 'Let eSIM API call' }).click();
    await app.getByText(/^Last received/).waitFor();

    await connect(app, 'Simvox', { Token: 'browser-simvox-token' });
    await connect(app, 'GoHub', {
      ...{ 'API address': world.goHub.url, 'Header of the key': 'x-api-key' },
      Key: 'browser-gohub-key',
    });
    await app.getByText('Connected', { exact: true }).nth(3).waitFor();
    expect(await app.getByText(/^The app buys nothing here/).count()).toBe(2);
    // Neither its secret nor its end is on the page.
    expect(await app.locator('body').innerText()).not.toMatch(/word-1|browser-simvox/);

    await app.getByRole('button', { name: 'Add another eSIM Go account' }).click();
    await connect(app, 'eSIM Go', { 'API key': 'browser-second-key', Name: 'For Japan' }, { version: '2.5' });
    await app.getByRole('heading', { name: 'For Japan' }).waitFor();
    await app.getByText('$40.00').waitFor();

    const disconnect = app.getByRole('button', { name: 'Disconnect', exact: true });
    await disconnect.nth(1).click();
    const dialog = app.getByRole('dialog', { name: 'Disconnect For Japan?' });
    await dialog.getByRole('button', { name: 'Disconnect', exact: true }).click();
    await app.getByText('Not connected', { exact: true }).waitFor();
    await connect(app, 'eSIM Go', { 'API key': 'browser-second-key' });
    await app.getByText('Connected', { exact: true }).nth(4).waitFor();
    await app.getByRole('heading', { name: 'For Japan' }).waitFor();
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
  }
});

const FRANCE = { code: 'esim_3GB_30D_FR_V2', supplier: 'eSIM Go' };
const RESOLD = { code: 'plan-FR-3GB-30D', supplier: 'eSIM API' };
const TOO_SMALL = { code: 'plan-FR-1GB-7D', supplier: 'eSIM API' };

test('one destination is sold through two suppliers: the cheaper one is out of money, the other sells, and the order says why', async () => {
  // Dearer than the same of the reseller, which has less money than it asks.
  world.esimGo.setPrice(FRANCE.code, 9);
  await passTime({ minutes: 16 });
  const merchant = await openShop(world);
  await connectReseller(world, merchant, { balance: 2 });
  const { variants } = world.shopify.state.createProduct(merchant.domain, {
    title: 'France eSIM',
    variants: [{ price: '14.90', sku: null, requiresShipping: false }],
  });
  const variantId = variants[0]?.id ?? 0;
  const browser = await openBrowser();
  try {
    const page = await (await openPerson(browser)).newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const complaints = watch(page);
    const [store = ''] = merchant.domain.split('.');
    const admin = `${world.shopify.url}/admin/store/${store}/apps/${API_KEY}/app`;
    const app = await openApp(page, `${admin}/products/mapping/${String(variantId)}`);
    await addBundle(app, FRANCE);
    await addBundle(app, TOO_SMALL);
    await app
      .getByText(
        /^Covers less than the first: it has 1 GB instead of 3 GB and lasts 7 days instead of 30 days\./,
      )
      .waitFor();
    expect(await faultsIn(page)).toEqual([]);
    await listed(app, TOO_SMALL.code)
      .getByRole('button', { name: /^Remove / })
      .click();
    await addBundle(app, RESOLD);
    expect(await app.getByText('Covers less').count()).toBe(0);
    await app.getByText('The one that costs least now', { exact: true }).click();
    await page.locator('#save-bar').getByRole('button', { name: 'Save' }).click();
    await app.getByText('It costs least now.').waitFor();
    expect(await faultsIn(page)).toEqual([]);

    const email = 'two-suppliers@example.com';
    const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email });
    await world.mailTo(email);
    const [sold, ...others] = world.esimGo.esims.filter(({ apiKey }) => apiKey === merchant.apiKey);
    expect(others).toEqual([]);
    expect(world.mailsTo(email)[0]?.text).toContain(sold?.matchingId);
    expect(world.reseller.orders.filter((each) => each.email === merchant.reseller?.email)).toEqual([]);

    await page.getByTestId('app-nav').getByRole('link', { name: 'Orders' }).click();
    await app.getByRole('link', { name: order.name }).click();
    await app.getByText('Passed over: eSIM API (balance too low)').waitFor();
    await app.getByText(/ · from eSIM Go$/).waitFor();
    await app
      .getByText(/^eSIM API did not sell plan-FR-3GB-30D: balance too low\. Nothing was bought there/)
      .waitFor();
    expect(await faultsIn(page)).toEqual([]);
    await expectBooksToBalance(world, merchant);
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
  }
});

test('a sale that would lose money tells the loss on its button, and is bought when a person takes it', async () => {
  await passTime({ minutes: 16 });
  const merchant = await openShop(world);
  await connectReseller(world, merchant);
  // Between what the two ask.
  const list = [{ code: 'esim_1GB_7D_FR_V2' }, TOO_SMALL];
  const variantId = await sellList(world, merchant, list, 'order', '1.80');
  world.esimGo.conducts.on('withdraws-the-bundle', { only: 'POST /orders', times: 1 });
  const email = 'at-a-loss@example.com';
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email });
  const browser = await openBrowser();
  try {
    const page = await (await openPerson(browser)).newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const complaints = watch(page);
    const [store = ''] = merchant.domain.split('.');
    const admin = `${world.shopify.url}/admin/store/${store}/apps/${API_KEY}/app`;
    await world.until('somebody is asked', async () => {
      const [unit] = (await merchant.order(order))?.units ?? [];
      return unit?.reason === 'loss';
    });
    const app = await openApp(page, `${admin}/orders`);
    await app.getByRole('link', { name: order.name }).click();
    await app.getByText('are together more than the price of this product').waitFor();
    await app.getByText('Passed over: eSIM Go (bundle not sold any more)').waitFor();
    expect(await faultsIn(page)).toEqual([]);
    await app.getByRole('link', { name: 'More choices' }).click();
    const button = app.getByRole('button', { name: 'Buy anyway, at a loss of $0.15' });
    await button.waitFor();
    expect(await faultsIn(page)).toEqual([]);
    await button.click();
    const dialog = app.getByRole('dialog');
    await dialog.getByText('and you lose $0.15').waitFor();
    await dialog.getByRole('button', { name: 'Buy eSIM' }).click();
    await world.mailTo(email);
    await expectBooksToBalance(world, merchant);
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
  }
});

/** Puts a bundle at the end of a variant's list. */
async function addBundle(app: FrameLocator, { code, supplier }: { code: string; supplier: string }) {
  await app.getByRole('searchbox').fill(code);
  await app.getByRole('button', { name: new RegExp(`, ${code} of ${supplier}$`) }).click();
  await listed(app, code).waitFor();
}

const listed = (app: FrameLocator, code: string): Locator =>
  app.locator('li[data-bundle]', { hasText: code });

/** What is wrong with the page of the app, on a desk and on a phone. */
async function faultsIn(page: Page): Promise<string[]> {
  const frame = page.frame({ name: 'app-iframe' });
  if (!frame) throw new Error('the admin shows no app');
  const faults = await faultsOf(page, frame);
  await page.setViewportSize({ width: widths[0], height: 900 });
  return faults;
}

const formOf = (app: FrameLocator, title: string): Locator =>
  app.locator('form', { has: app.getByRole('button', { name: `Connect ${title}` }) });

async function fill(form: Locator, fields: Record<string, string>) {
  for (const [label, value] of Object.entries(fields))
    await form.getByLabel(label, { exact: true }).fill(value);
}

/** Fills in a supplier's form and sends it; it is gone when that is connected. */
async function connect(
  app: FrameLocator,
  title: string,
  fields: Record<string, string>,
  { version }: { version?: string } = {},
) {
  const form = formOf(app, title);
  await fill(form, fields);
  if (version !== undefined) await form.getByLabel('API version').selectOption(version);
  await form.getByRole('button', { name: `Connect ${title}` }).click();
  await form.waitFor({ state: 'detached' });
}

/** What a page complains about; filled while the story goes on. A refusal is an answer, and Chromium logs it as an error. */
function watch(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    const isRefusal =
      message.location().url.includes('/settings/suppliers') && message.text().includes('422');
    if (message.type() === 'error' && !isRefusal) complaints.push(message.text());
  });
  return complaints;
}

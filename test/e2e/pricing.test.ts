import { readFile } from 'node:fs/promises';
import type { FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openApp, openBrowser, openPerson } from '../browser.ts';
import { adminUrl, DEMO_SHOP, ESIM_GO_KEY } from '../sandbox/sandbox.ts';
import { openWorld, type World } from '../world.ts';

const SMALL = 'esim_1GB_7D_FR_V2';
/** Costs nothing while things go well, and nothing may fail because the machine is busy. */
const PATIENCE_MS = 120_000;

let world: World;
/** What the supplier asks for the bundle now, in dollars. */
let cost = 3;
beforeAll(async () => {
  world = await openWorld();
  world.shopify.createShop(DEMO_SHOP, { name: 'Wayfarer', currency: 'USD' });
  world.shopify.installApp(DEMO_SHOP);
  world.esimGo.setPrice(SMALL, cost);
});
afterAll(() => world.end());

test('a merchant imports, sets a rule, publishes a destination, changes its prices and approves what a dearer supplier makes of them', async () => {
  const browser = await openBrowser();
  try {
    const page = await (await openPerson(browser)).newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const shopper = await (await openPerson(browser, { phone: true })).newPage();
    shopper.setDefaultTimeout(PATIENCE_MS);

    const app = await openApp(page, adminUrl(world.shopify));
    await app.getByRole('link', { name: 'Connect a supplier' }).click();
    await app.getByLabel('API key').fill(ESIM_GO_KEY);
    await app.getByRole('button', { name: 'Connect eSIM Go' }).click();
    await app.getByText('$250.00').first().waitFor();
    await visit(page, 'Catalogue');
    await app.getByRole('button', { name: 'Import' }).first().click();
    await app.getByText(/Imported .*bundles/).waitFor();
    expect(await catalogueFile(page, app)).toContain(`,${SMALL},`);

    await addRule(page, app, '100');
    await publishFrance(page);
    expect(await priceOnPhone(shopper)).toBe(priceOf(cost * 2));

    await addRule(page, app, '150', '1');
    await visit(page, 'Pricing');
    await app.getByRole('link', { name: 'Preview prices' }).first().click();
    await app
      .getByText(priceOf(cost * 2.5))
      .first()
      .waitFor();
    // Nothing changes before it is applied.
    expect(await priceOnPhone(shopper)).toBe(priceOf(cost * 2));
    await app.getByRole('button', { name: /^Apply \d+ prices?$/ }).click();
    await app.getByRole('button', { name: 'Apply', exact: true }).click();
    await world.until('the new price is in the shop', () => inShop() === (cost * 2.5).toFixed(2));
    expect(await priceOnPhone(shopper)).toBe(priceOf(cost * 2.5));

    const before = inShop();
    cost *= 2;
    world.esimGo.setPrice(SMALL, cost);
    await visit(page, 'Catalogue');
    await app.getByRole('button', { name: 'Import catalogue' }).first().click();
    await world.until('the new prices wait for somebody', async () => {
      await visit(page, 'Pricing');
      return (await app.getByRole('button', { name: 'Change these prices' }).count()) > 0;
    });
    expect(inShop()).toBe(before);
    await app.getByRole('button', { name: 'Change these prices' }).click();
    await world.until('the approved price is in the shop', () => inShop() !== before);
    expect(inShop()).toBe((cost * 2.5).toFixed(2));
    expect(await priceOnPhone(shopper)).toBe(priceOf(cost * 2.5));
  } finally {
    await browser.close();
  }
});

async function visit(page: Page, name: string) {
  await page.getByTestId('app-nav').getByRole('link', { name }).click();
}

/** The catalogue as the browser saves it. */
async function catalogueFile(page: Page, app: FrameLocator): Promise<string> {
  const saving = page.waitForEvent('download');
  await app.getByRole('button', { name: 'Export CSV' }).click();
  const file = await saving;
  expect(file.suggestedFilename()).toBe('catalogue.csv');
  return readFile(await file.path(), 'utf8');
}

/** "Everything costs so many percent more", with a priority above the rules before it. */
async function addRule(page: Page, app: FrameLocator, percent: string, priority = '0') {
  await visit(page, 'Pricing');
  await app.getByRole('link', { name: 'Add rule' }).first().click();
  await app.getByLabel('For', { exact: true }).selectOption('everything');
  await app.getByLabel('Added to the cost').fill(percent);
  await app.getByLabel('Priority').fill(priority);
  await page.locator('#save-bar').getByRole('button', { name: 'Save' }).click();
  await app.getByText(`Cost + ${percent}%`).first().waitFor();
}

async function publishFrance(page: Page) {
  const app = await openApp(page, `${adminUrl(world.shopify)}/catalogue?country=FR`);
  await app
    .getByRole('checkbox', { name: /Select all/ })
    .first()
    .check();
  await app.getByRole('button', { name: 'Publish', exact: true }).click();
  // The catalogue, which is left until the next page is read, has a button of nearly that name, and shows the price too.
  const start = app.getByRole('button', { name: /^Publish \d+ products?$/ }).first();
  await start.waitFor();
  await app
    .getByText(priceOf(cost * 2))
    .first()
    .waitFor();
  await start.click();
  await app.getByText('Done').first().waitFor();
}

function variant() {
  return world.shopify.state
    .shop(DEMO_SHOP)
    .products.flatMap(({ variants }) => variants)
    .find(({ sku }) => sku === SMALL);
}
const inShop = () => variant()?.price ?? 'not on sale';

const priceOf = (dollars: number) => `$${dollars.toFixed(2)}`;

/** What a shopper sees for the bundle. */
async function priceOnPhone(page: Page): Promise<string> {
  const product = world.shopify.state
    .shop(DEMO_SHOP)
    .products.find(({ variants }) => variants.some(({ sku }) => sku === SMALL));
  await page.goto(`${world.shopify.url}/store/${DEMO_SHOP}/products/${product?.handle ?? ''}`);
  return page
    .locator(`label:has(input[value="${String(variant()?.id ?? '')}"])`)
    .getByTestId('price')
    .innerText();
}

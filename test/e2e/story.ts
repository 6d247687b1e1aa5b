import assert from 'node:assert/strict';
import jsqr from 'jsqr';
import { PNG } from 'pngjs';
import type { Browser, ConsoleMessage, FrameLocator, Page } from 'playwright-core';
import { openApp, openBrowser, openPerson } from '../browser.ts';
import { adminUrl, DEMO_SHOP, ESIM_GO_KEY, type Sandbox } from '../sandbox/sandbox.ts';
import { complaintsOf } from './complaints.ts';

// jsqr is a CommonJS module whose function is its default export, and Node hands out the whole module.
const decode: typeof jsqr = typeof jsqr === 'function' ? jsqr : (jsqr as { default: typeof jsqr }).default;

/** Costs nothing while things go well, and nothing may fail because the machine is busy. */
const PATIENCE_MS = 120_000;

/** The whole story of the app, from an empty shop to two eSIMs in a buyer's hands; returns how long each step took, in ms. */
export async function playStory({ sandbox }: { sandbox: Sandbox }): Promise<Record<string, number>> {
  const browser = await openBrowser();
  try {
    const steps: Record<string, number> = {};
    const timed = async (step: string, act: () => Promise<void>) => {
      const started = performance.now();
      await act().catch(async (error: unknown) => {
        await Promise.all([
          merchant.screenshot({ path: '.cache/merchant.png' }),
          buyer.screenshot({ path: '.cache/buyer.png' }),
        ]);
        throw new Error(
          `The step "${step}" failed; .cache/merchant.png and .cache/buyer.png show the pages.`,
          { cause: error },
        );
      });
      steps[step] = performance.now() - started;
    };
    const merchant = await openPage(browser);
    const buyer = await openPage(browser, { phone: true });
    const complaints = [merchant, buyer].map((page) => complaintsOf(page, isEarly));
    const product = { title: '', codes: [] as string[] };

    await timed('connect', () => connect(merchant, sandbox));
    await timed('import', () => importCatalogue(merchant));
    await timed('publish', async () => {
      product.title = await publish(merchant);
    });
    await timed('cart', () => fillCart(buyer, sandbox, product.title));
    await timed('paid→QR', () => payAndWaitForCodes(buyer));
    await timed('scan', async () => {
      product.codes = await scanBlock(buyer, 'thank-you');
    });
    const issued = sandbox.esimGo.esims.map(({ activationCode }) => activationCode).sort();
    assert.equal(issued.length, 2, 'the supplier issued two eSIMs');
    assert.deepEqual(
      [...product.codes].sort(),
      issued,
      'the codes on the thank-you page are those the supplier issued',
    );

    await timed('order status', async () => {
      await buyer.reload(); // the thank-you page is shown once
      const codes = await scanBlock(buyer, 'order-status');
      assert.deepEqual(
        codes.sort(),
        issued,
        'the order status page shows the same codes to the buyer, logged in',
      );
    });
    await timed('mail', async () => {
      assert.deepEqual(
        (await codesInMail(sandbox)).sort(),
        issued,
        'the codes in the e-mail are those the supplier issued',
      );
    });
    await timed('install page', () => openInstallPage(buyer, sandbox, issued));
    await timed('admin', () => seeOrder(merchant, sandbox));
    assert.equal(sandbox.esimGo.orders.length, 1, 'the supplier was asked to sell once');
    assert.deepEqual(complaints.flat(), [], 'no page complained');
    return steps;
  } finally {
    await browser.close();
  }
}

async function openPage(browser: Browser, options: { phone?: boolean } = {}): Promise<Page> {
  const page = await (await openPerson(browser, options)).newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  return page;
}

async function connect(page: Page, { shopify }: Sandbox) {
  const app = await openApp(page, adminUrl(shopify));
  await app.getByRole('link', { name: 'Connect a supplier' }).click();
  await app.getByLabel('API key').fill(ESIM_GO_KEY);
  await app.getByRole('button', { name: 'Connect eSIM Go' }).click();
  await app.getByText('$250.00').first().waitFor();
}

async function importCatalogue(page: Page) {
  const app = frame(page);
  await page.getByTestId('app-nav').getByRole('link', { name: 'Catalogue' }).click();
  await app.getByRole('button', { name: 'Import' }).first().click();
  await app.getByText(/Imported .*bundles/).waitFor();
}

/** Publishes the first French bundle the catalogue offers; returns the product's title. */
async function publish(page: Page): Promise<string> {
  const app = frame(page);
  await app.getByRole('button', { name: 'Search and filter' }).click();
  await app.getByPlaceholder(/Search/).fill('France');
  await app
    .getByRole('link', { name: /^France/ })
    .first()
    .click();
  await app.getByRole('link', { name: 'Publish as product' }).click();
  await app.getByRole('button', { name: 'Publish 1 product' }).click();
  await app.getByRole('heading', { name: 'Published' }).waitFor();
  return (await app.getByRole('link', { name: /eSIM/ }).innerText()).trim();
}

async function fillCart(page: Page, { shopify }: Sandbox, title: string) {
  await page.goto(`${shopify.url}/store/demo/login`);
  await page.getByTestId('login-ada').click();
  await page.getByTestId('account-link').waitFor();
  await page.goto(`${shopify.url}/store/demo`);
  await page.getByRole('link', { name: title }).first().click();
  await page.getByLabel('Quantity').fill('2');
  await page.getByTestId('buy-now').click();
  await page.getByTestId('email').fill('ada.traveller@example.com');
}

/** From the press of the button to two QR codes on the phone's screen. */
async function payAndWaitForCodes(page: Page) {
  await page.getByTestId('pay-now').click();
  await qrCodes(page, 'thank-you').nth(1).waitFor();
}

const qrCodes = (page: Page, block: 'thank-you' | 'order-status') =>
  page.frameLocator(`[data-testid=extension-${block}]`).locator('s-qr-code canvas');

/** Reads the pixels of the two QR codes on the screen, as a phone's camera would. */
async function scanBlock(page: Page, block: 'thank-you' | 'order-status'): Promise<string[]> {
  await qrCodes(page, block).nth(1).waitFor();
  const canvases = await qrCodes(page, block).all();
  return Promise.all(canvases.map(async (canvas) => scan(await canvas.screenshot())));
}

function scan(png: Buffer): string {
  const { data, width, height } = PNG.sync.read(png);
  return decode(new Uint8ClampedArray(data), width, height)?.data ?? 'unreadable';
}

async function codesInMail({ resend }: Sandbox): Promise<string[]> {
  for (let waited = 0; resend.mails.length === 0 && waited < PATIENCE_MS; waited += 100)
    await new Promise((done) => setTimeout(done, 100));
  assert.equal(resend.mails.length, 1, 'one e-mail was sent');
  const [mail] = resend.mails;
  assert.equal(mail?.attachments.length, 2, 'it carries two QR codes');
  return mail.attachments.map(({ content }) => scan(content));
}

/** Follows the link of the e-mail: nothing is shown before the button is pressed, then both codes are. */
async function openInstallPage(page: Page, { resend }: Sandbox, issued: string[]) {
  const link = /https?:\/\/\S+\/i\/[\w-]+/.exec(resend.mails[0]?.text ?? '')?.[0];
  assert.ok(link, 'the e-mail links to the install page');
  await page.goto(link);
  const before = await page.content();
  for (const code of issued)
    assert.ok(!before.includes(code.split('$')[2] ?? code), 'opening the link reveals nothing');
  await page.getByRole('button').first().click();
  await page.locator('svg').nth(1).waitFor();
  const after = await page.content();
  for (const code of issued)
    assert.ok(after.includes(code.split('$')[2] ?? ''), 'the button reveals both codes');
}

async function seeOrder(page: Page, { shopify }: Sandbox) {
  const app = frame(page);
  await page.getByTestId('app-nav').getByRole('link', { name: 'Orders' }).click();
  const [order] = shopify.state.shop(DEMO_SHOP).orders;
  assert.ok(order, 'Shopify has the order');
  await app.getByRole('link', { name: order.name }).click();
  await app.getByText('Delivered').first().waitFor();
  await waitUntil(() => order.fulfillments.length === 1, 'the order is fulfilled in Shopify');
}

async function waitUntil(condition: () => boolean, sentence: string) {
  for (let waited = 0; waited < PATIENCE_MS; waited += 100) {
    if (condition()) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  assert.fail(`waited in vain: ${sentence}`);
}

function frame(page: Page): FrameLocator {
  return page.frameLocator('[data-testid=app-frame]');
}

/** The block asks before the webhook has arrived, and Chromium logs every 404 as an error. */
const isEarly = (message: ConsoleMessage) =>
  message.location().url.endsWith('/api/buyer/esims') && message.text().includes('404');

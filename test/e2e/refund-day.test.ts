import type { FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { awakeApp, openBrowser, openPerson } from '../browser.ts';
import type { Order } from '../sandbox/shopify/records.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

/** Costs nothing while things go well, and nothing may fail because the machine is busy. */
const PATIENCE_MS = 120_000;

let world: World;
let merchant: Merchant;
let order: Order;

beforeAll(async () => {
  world = await openWorld();
  merchant = await openShop(world);
  const variantId = await merchant.sell('esim_1GB_7D_FR_V2');
  order = merchant.checkout({ lines: [{ variantId, quantity: 4 }], email: 'traveller@example.com' });
  await world.until('the order is sent', async () => {
    const page = await merchant.order(order);
    return page?.units.every(({ state }) => state === 'delivered') ?? false;
  });
  const [installed] = issued();
  world.esimGo.install(installed?.iccid ?? '');
});
afterAll(() => world.end());

const issued = () => world.esimGo.esims.filter(({ apiKey }) => apiKey === merchant.apiKey);
const returned = () => issued().filter((esim) => esim.returned).length;

test('staff see the eSIMs on Shopify’s own page of the order, mail them again, refund one there and one in the app', async () => {
  const browser = await openBrowser();
  try {
    const page = await (await openPerson(browser)).newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    const store = `${world.shopify.url}/admin/store/${merchant.domain.replace('.myshopify.com', '')}`;
    const block = page.frameLocator('[data-testid=extension-admin-order]');

    await page.goto(`${store}/orders/${String(order.id)}`);
    // Whether the installed one is read already depends on how soon the app looked at it.
    await block.getByText(/ICCID/).nth(3).waitFor();

    await mailAgain(page, block);
    await world.mailTo('partner@example.com');

    await page.getByLabel(/^Refund of/).fill('1');
    await page.getByTestId('refund').click();
    await world.until('the supplier took one back', () => returned() === 1);
    await showsOnReload(page, block, 'Taken back');
    expect(await block.getByText('Taken back').count()).toBe(1);
    expect(issued()[0]?.returned).toBe(false);

    await block.getByRole('link', { name: 'All about these eSIMs' }).click();
    const app = await awakeApp(page);
    await app.getByText(/taken back from the eSIM; its price is back in your balance/).waitFor();

    await app.getByRole('button', { name: 'Cancel and refund all unused' }).click();
    await app.getByText(/the supplier is asked whether it is still unused/).waitFor();
    await app.getByRole('dialog').getByRole('button', { name: 'Cancel and refund' }).click();
    await app.getByText(/refunded in Shopify to the original payment/).waitFor();

    expect(returned()).toBe(3);
    expect(issued()[0]?.returned).toBe(false);
    expect(order.refunds).toHaveLength(2);
    expect(order.financialStatus).toBe('PARTIALLY_REFUNDED');
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
  }
});

async function mailAgain(page: Page, block: FrameLocator) {
  await block.getByRole('button', { name: 'Send again' }).click();
  const action = page.frameLocator('[data-testid=extension-admin-order-email]');
  await action.getByLabel('E-mail address').fill('partner@example.com');
  await action.getByRole('button', { name: 'Send e-mail' }).click();
  await action.getByText('The e-mail is on its way.').waitFor();
  await action.getByRole('button', { name: 'Close' }).click();
}

/** The block is read when the page is opened. */
async function showsOnReload(page: Page, block: FrameLocator, text: string) {
  await world.until(`the block says "${text}"`, async () => {
    await page.reload();
    await block.getByText(/ICCID/).first().waitFor();
    return (await block.getByText(text).count()) > 0;
  });
}

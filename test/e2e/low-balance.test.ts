import type { FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openApp, openBrowser, openPerson } from '../browser.ts';
import { expectBooksToBalance } from '../books.ts';
import { API_KEY } from '../sandbox/sandbox.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';
const PRICE = 40;
/** Costs nothing while things go well, and nothing may fail because the machine is busy. */
const PATIENCE_MS = 120_000;

let world: World;
beforeAll(async () => {
  world = await openWorld();
  world.esimGo.setPrice(FRANCE, PRICE);
});
afterAll(() => world.end());

test('the balance runs low, sales are held, the merchant tops up by card, and sales go on', async () => {
  const merchant = await openShop(world, { balance: 2.5 * PRICE });
  const variantId = await merchant.sell(FRANCE);
  const buy = (name: string) =>
    merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: `${name}@example.com` });
  const browser = await openBrowser();
  try {
    const page = await (await openPerson(browser)).newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    const drawings: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('chart-canvas')) drawings.push(request.url());
    });

    // A line is drawn while there is enough.
    const app = await openApp(page, adminOf(merchant, '/settings'));
    await app.getByRole('heading', { name: 'Settings' }).first().waitFor();
    expect(drawings).toEqual([]);
    await visit(page, 'Balance');
    await app.getByText('$100.00').first().waitFor();
    await app.getByLabel('When the balance falls below').fill('50');
    await app.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();

    buy('first');
    buy('second');
    await world.mailTo('first@example.com');
    await world.mailTo('second@example.com');
    await world.until('the merchant is told', () => toMerchant(merchant).length > 0);
    expect(toMerchant(merchant)[0]?.subject).toContain('$20.00 left at eSIM Go');
    const third = buy('third');
    await world.until(
      'the third order is held',
      async () => (await merchant.order(third))?.units[0]?.reason === 'funds',
    );

    await openApp(page, adminOf(merchant));
    await app.getByText('1 eSIM: balance too low').waitFor();
    await app.getByText('$20.00 left at eSIM Go').waitFor();
    await visit(page, 'Balance');
    await app.getByText('Only $20.00 left at eSIM Go').waitFor();
    await chargeCard(app, { typed: '1000', again: '100' });
    expect(charges()).toBe(0);
    await chargeCard(app, { typed: '1000', again: '1000' });
    await page.getByText('The card was charged').first().waitFor();

    await world.mailTo('third@example.com');
    expect(charges()).toBe(1);
    merchant.paidIn += 1000;
    await expectBooksToBalance(world, merchant);
    await openApp(page, adminOf(merchant));
    await app.getByRole('heading', { name: 'Top destinations' }).waitFor();
    await world.until('nothing needs attention', async () => {
      await openApp(page, adminOf(merchant));
      await app.getByRole('heading', { name: 'Top destinations' }).waitFor();
      return (await app.getByRole('heading', { name: 'Needs your attention' }).count()) === 0;
    });
    // Three eSIMs of one price: what the page says was spent is what the supplier took.
    await app
      .getByText(`$${(3 * PRICE).toFixed(2)}`)
      .first()
      .waitFor();
    await visit(page, 'Balance');
    for (const text of ['+$1,000.00', '$980.00', '-$40.00']) await app.getByText(text).first().waitFor();
    await app.getByText('That is what the supplier says.').waitFor();
    expect(drawings.length).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
  }
});

const adminOf = ({ domain }: Merchant, path = '') =>
  `${world.shopify.url}/admin/store/${domain.split('.')[0] ?? ''}/apps/${API_KEY}/app${path}`;

async function visit(page: Page, name: string) {
  await page.getByTestId('app-nav').getByRole('link', { name }).click();
}

/** Presses the button, where the two amounts let it be pressed. */
async function chargeCard(app: FrameLocator, { typed, again }: { typed: string; again: string }) {
  await app.getByLabel('Amount', { exact: true }).fill(typed);
  await app.getByLabel('Type the amount again').fill(again);
  const button = app.getByRole('button', { name: /^Charge/ });
  expect(await button.isEnabled()).toBe(typed === again);
  if (typed === again) await button.click();
}

const charges = () => world.esimGo.requests.filter(({ path }) => path === '/organisation/balance').length;

const toMerchant = ({ domain }: Merchant) => {
  const { name } = world.shopify.state.shop(domain);
  return world.resend.mails.filter(({ subject }) => subject.startsWith(`${name}:`));
};

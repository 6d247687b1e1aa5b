import type { ConsoleMessage, FrameLocator, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openApp, openBrowser, openPerson } from '../browser.ts';
import { API_KEY } from '../sandbox/sandbox.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';
import { complaintsOf } from './complaints.ts';

const SOLD = 'esim_1GB_7D_FR_V2';
/** It brings a telephone number. */
const WITH_CALLS = 'esim_ULP_7D_FR_V2';
const TRAVELLER = 'traveller@example.com';
/** Costs nothing while things go well, and nothing may fail because the machine is busy. */
const PATIENCE_MS = 120_000;

let world: World;
let merchant: Merchant;
let iccid: string;

beforeAll(async () => {
  world = await openWorld();
  merchant = await openShop(world);
  const variantId = await merchant.sell(SOLD);
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: TRAVELLER });
  await world.mailTo(TRAVELLER);
  await world.until('the order is done', async () => (await merchant.order(order))?.state === 'delivered');
  iccid = world.esimGo.esims.find(({ apiKey }) => apiKey === merchant.apiKey)?.iccid ?? '';
  world.esimGo.install(iccid);
  await world.esimGo.useData(iccid, { bytes: 850_000_000, iso: 'FR' });
});
afterAll(() => world.end());

const atSupplier = () => world.esimGo.esims.find((esim) => esim.iccid === iccid);
const refreshes = () => world.esimGo.requests.filter(({ path }) => path === `/esims/${iccid}/refresh`).length;

test('a traveller writes with the last four digits: support finds the eSIM, sees its usage, and helps', async () => {
  const browser = await openBrowser();
  try {
    const page = await (await openPerson(browser)).newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const complaints = complaintsOf(page, isRefusal);
    const [shopName] = merchant.domain.split('.');
    const app = await openApp(page, `${world.shopify.url}/admin/store/${shopName ?? ''}/apps/${API_KEY}/app`);
    await page.getByTestId('app-nav').getByRole('link', { name: 'eSIMs' }).click();

    await find(app, iccid.slice(-4));
    await app.getByText('850 MB of 1 GB used').waitFor();
    await app.getByText('0.15 GB left').waitFor();

    await (await ask(app, 'Refresh connection')).confirm('Refresh connection');
    await app.getByText(/^Made to register anew with its network, by /).waitFor();
    expect(refreshes()).toBe(1);

    // It has no telephone number yet: said in the question, which stays open.
    const text = await ask(app, 'Send SMS');
    await text.dialog.getByLabel('Message').fill('Your data is topped up’');
    await text.dialog.getByText(/^23 of 70 characters: with “’”/).waitFor();
    await text.dialog.getByLabel('Message').fill('Your data is topped up');
    await text.dialog.getByText('22 of 160 characters.').waitFor();
    await text.confirm('Send SMS', { stays: true });
    await text.dialog.getByText(/Only an eSIM with a telephone number gets texts/).waitFor();
    await page.keyboard.press('Escape');
    await text.dialog.waitFor({ state: 'detached' });
    expect(atSupplier()?.messages).toEqual([]);

    const topUp = await ask(app, 'Top up');
    const wanted = topUp.dialog.locator('option', { hasText: 'Unlimited Plus, 7 days' });
    await wanted.waitFor({ state: 'attached' });
    await topUp.dialog.getByLabel('Bundle').selectOption((await wanted.getAttribute('value')) ?? '');
    await topUp.dialog.getByText(/It goes with this eSIM, and costs/).waitFor();
    await topUp.dialog.getByText(/^Your balance: \$.* now, \$.* afterwards\.$/).waitFor();
    await topUp.confirm(/^Buy for \$/);
    await app.getByText(/^Topped up: .*, by /).waitFor();
    expect(atSupplier()?.bundles).toEqual([SOLD, WITH_CALLS]);
    await app.getByText('Unlimited data').waitFor();

    const second = await ask(app, 'Send SMS');
    await second.dialog.getByLabel('Message').fill('Your data is topped up');
    await second.confirm('Send SMS');
    await app.getByText(/^A text message was sent to it, by /).waitFor();
    expect(atSupplier()?.messages).toEqual([{ from: 'eSIM', text: 'Your data is topped up' }]);

    const mail = await ask(app, 'Send e-mail again');
    await mail.dialog.getByLabel('Another address (optional)').fill('new@example.com');
    await mail.dialog.getByLabel('Language').selectOption({ label: 'French' });
    await mail.confirm('Send e-mail');
    await world.mailTo('new@example.com');
    expect(world.mailsTo('new@example.com')[0]?.subject).toMatch(/^Votre eSIM est prête/);

    // The same from the page of the order.
    await app.getByRole('link', { name: /^#\d+$/ }).click();
    await app.getByRole('button', { name: 'Resend e-mail' }).click();
    await app.getByLabel('Another address (optional)').fill('third@example.com');
    await app.getByRole('button', { name: 'Send e-mail', exact: true }).click();
    await world.mailTo('third@example.com');
    await app.getByRole('button', { name: 'Resend e-mail' }).waitFor();
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
  }
});

/** Types what the traveller wrote, and opens what is found. */
async function find(app: FrameLocator, typed: string) {
  await app.getByRole('button', { name: 'Search and filter' }).click();
  await app.getByPlaceholder(/last 4 digits/).fill(typed);
  await app
    .getByRole('link', { name: new RegExp(typed) })
    .first()
    .click();
  await app.getByRole('heading', { name: new RegExp(`…${typed}`) }).waitFor();
}

/** Presses a button of the page; its question opens. `confirm` answers it, and it closes unless it `stays`. */
async function ask(app: FrameLocator, button: string) {
  const dialog = app.getByRole('dialog');
  await app.getByRole('button', { name: button, exact: true }).click();
  return {
    dialog,
    confirm: async (verb: string | RegExp, { stays = false } = {}) => {
      await yes(dialog, verb).click();
      if (!stays) await dialog.waitFor({ state: 'detached' });
    },
  };
}

const yes = (dialog: Locator, verb: string | RegExp) =>
  dialog.getByRole('button', typeof verb === 'string' ? { name: verb, exact: true } : { name: verb });

/** A refusal is an answer, and Chromium logs it as an error. */
const isRefusal = (message: ConsoleMessage) =>
  message.location().url.includes('/act') && message.text().includes('409');

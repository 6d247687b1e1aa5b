import type { FrameLocator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openApp, openBrowser, openPerson } from '../browser.ts';
import { API_KEY } from '../sandbox/sandbox.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';
import { complaintsOf } from './complaints.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';
/** Costs nothing while things go well, and nothing may fail because the machine is busy. */
const PATIENCE_MS = 120_000;

let world: World;
let merchant: Merchant;
beforeAll(async () => {
  world = await openWorld();
  merchant = await openShop(world);
});
afterAll(() => world.end());

test('a merchant chooses a file of mappings, corrects what is wrong with it and applies it, and what it maps is sold', async () => {
  const { variants } = world.shopify.state.createProduct(merchant.domain, {
    title: 'Paris pass',
    variants: [{ price: '9.90', sku: 'PARIS', requiresShipping: false }],
  });
  const browser = await openBrowser();
  try {
    const page = await (await openPerson(browser)).newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const complaints = complaintsOf(page);
    const [store = ''] = merchant.domain.split('.');
    const app = await openApp(
      page,
      `${world.shopify.url}/admin/store/${store}/apps/${API_KEY}/app/products/mapping/csv`,
    );

    await choose(app, 'columns.csv', `Article,Bundle 1\nPARIS,${FRANCE}`);
    await app.getByText('This file cannot be read. Nothing was changed.').waitFor();
    await app.getByText('No column is called "Article"').waitFor();

    await choose(app, 'typo.csv', `SKU,Bundle 1\nPARIS,${FRANCE}\nPARYS,${FRANCE}`);
    await app.getByText('1 line of 2 is wrong. Nothing was changed.').waitFor();
    await app.getByText('no variant with the SKU PARYS').waitFor();
    expect(await app.getByRole('button', { name: /^Apply/ }).count()).toBe(0);

    await choose(app, 'good.csv', `SKU,Bundle 1\nPARIS,${FRANCE}`);
    await app.getByText('1 to be mapped.').waitFor();
    await app.getByText('Nothing is changed yet.').waitFor();
    await app.getByRole('button', { name: 'Apply to 1 variant' }).click();
    await app.getByRole('link', { name: 'Show mapped variants' }).click();
    await app.getByText('Paris pass').first().waitFor();
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
  }
  merchant.checkout({ lines: [{ variantId: variants[0]?.id ?? 0, quantity: 1 }], email: 'a@example.com' });
  await world.until('it is bought', () => merchant.purchases().length === 1);
  expect(JSON.stringify(merchant.purchases())).toContain(FRANCE);
});

/** As a person does in the browser's own window. */
async function choose(app: FrameLocator, name: string, text: string) {
  await app
    .locator('input[type=file]')
    .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
}

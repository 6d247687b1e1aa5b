import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openApp, openBrowser, openPerson } from '../browser.ts';
import { root } from '../build.ts';
import { API_KEY } from '../sandbox/sandbox.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';
import { openBusyShop, type BusyShop } from './busy-shop.ts';
import { complaintsOf } from './complaints.ts';
import { faultsOf, widths } from './eyes.ts';

/** Costs nothing while things go well, and nothing may fail because the machine is busy. */
const PATIENCE_MS = 120_000;

let world: World;
let busy: BusyShop;
let empty: Merchant;
let browser: Browser;

beforeAll(async () => {
  world = await openWorld();
  [busy, empty, browser] = await Promise.all([
    openBusyShop(world),
    openShop(world, { imports: false }),
    openBrowser(),
  ]);
});
afterAll(async () => {
  await browser.close();
  await world.end();
});

/** Every page of the admin: where it is, and words that stand there when it is ready. */
const pages: Record<string, { paths: () => string[]; shows: RegExp; whenEmpty?: RegExp }> = {
  'app._index': { paths: () => ['/app'], shows: /Top destinations/, whenEmpty: /Import the catalogue/ },
  'app.balance._index': { paths: () => ['/app/balance'], shows: /Tell me when it runs low/ },
  'app.balance.stock': { paths: () => ['/app/balance/stock'], shows: /3 left/, whenEmpty: /No stock/ },
  'app.balance.transactions': {
    paths: () => [`/app/balance/transactions?account=${busy.reseller}`],
    shows: /PayPal/,
  },
  'app.catalogue._index': { paths: () => ['/app/catalogue'], shows: /France/, whenEmpty: /No bundles yet/ },
  'app.catalogue.$bundleId': { paths: () => [`/app/catalogue/${busy.bundle}`], shows: /France/ },
  'app.catalogue.compare': { paths: () => ['/app/catalogue/compare?destination=FR'], shows: /France/ },
  'app.catalogue.prices': {
    paths: () => ['/app/catalogue/prices'],
    shows: /Find a country/,
    whenEmpty: /No supplier of yours tells/,
  },
  'app.catalogue.syncs._index': { paths: () => ['/app/catalogue/syncs'], shows: /Imports/ },
  'app.catalogue.syncs.$taskId': { paths: () => [`/app/catalogue/syncs/${busy.sync}`], shows: /Import of/ },
  'app.products._index': { paths: () => ['/app/products'], shows: /France/, whenEmpty: /No products yet/ },
  'app.products.$productId': { paths: () => [`/app/products/${busy.product}`], shows: /Whose is the title/ },
  'app.products.mapping._index': {
    paths: () => ['/app/products/mapping'],
    shows: /More data/,
    whenEmpty: /No variant/,
  },
  'app.products.mapping.$variantId': {
    paths: () => [busy.variant, busy.newVariant].map((id) => `/app/products/mapping/${id}`),
    shows: /What the traveller gets/,
  },
  'app.products.mapping.sku': { paths: () => ['/app/products/mapping/sku'], shows: /Match by SKU/ },
  'app.products.mapping.csv': { paths: () => ['/app/products/mapping/csv'], shows: /Import mappings/ },
  'app.publish._index': {
    paths: () => [`/app/publish?bundles=${busy.bundle}`],
    shows: /France/,
    whenEmpty: /Choose bundles first/,
  },
  'app.publish.$taskId': { paths: () => [`/app/publish/${busy.publishing}`], shows: /Published/ },
  'app.pricing._index': { paths: () => ['/app/pricing'], shows: /Cost \+ 50/ },
  'app.pricing.preview': { paths: () => ['/app/pricing/preview'], shows: /Preview prices/ },
  'app.pricing.rules.$ruleId': {
    paths: () => [busy.rule, 'new'].map((id) => `/app/pricing/rules/${id}`),
    shows: /Added to the cost/,
  },
  'app.orders._index': { paths: () => ['/app/orders'], shows: /#1001/, whenEmpty: /No eSIM orders yet/ },
  'app.orders.$orderId': { paths: () => [`/app/orders/${busy.order}`], shows: /Timeline/ },
  'app.esims._index': { paths: () => ['/app/esims'], shows: /#1001/, whenEmpty: /No eSIMs yet/ },
  'app.esims.$esimId': { paths: () => [`/app/esims/${busy.esim}`], shows: /850 MB of 1 GB used/ },
  'app.esims.add': { paths: () => ['/app/esims/add'], shows: /sold elsewhere/ },
  'app.queue._index': { paths: () => ['/app/queue'], shows: /#1002/, whenEmpty: /Nothing waits/ },
  'app.queue.$entryId': {
    paths: () => busy.entries.map(({ id }) => `/app/queue/${id}`),
    shows: /Waits since/,
  },
  'app.margin._index': { paths: () => ['/app/margin'], shows: /France/ },
  'app.settings._index': { paths: () => ['/app/settings'], shows: /Before money moves/ },
  'app.settings.buying': { paths: () => ['/app/settings/buying'], shows: /Orders that look wrong/ },
  'app.settings.privacy': {
    paths: () => ['/app/settings/privacy'],
    shows: /data/,
    whenEmpty: /No privacy requests/,
  },
  'app.settings.products': { paths: () => ['/app/settings/products'], shows: /Title/ },
  'app.settings.refunds': { paths: () => ['/app/settings/refunds'], shows: /Ask me each time/ },
  'app.settings.suppliers': { paths: () => ['/app/settings/suppliers'], shows: /eSIM Go/ },
  'app.settings.travellers': { paths: () => ['/app/settings/travellers'], shows: /E-mails to travellers/ },
  'app.settings.watch': { paths: () => ['/app/settings/watch'], shows: /eSIM Go/ },
  'app.settings.withdrawn': { paths: () => ['/app/settings/withdrawn'], shows: /withdraws/ },
};

test('this list knows every page of the admin', () => {
  const folder = join(root, 'app/routes');
  const files = readdirSync(folder).filter((name) => name.startsWith('app.') && name !== 'app.tsx');
  const withPage = files.filter((name) =>
    readFileSync(join(folder, name), 'utf8').includes('export default'),
  );
  expect(Object.keys(pages).sort()).toEqual(withPage.map((name) => name.replace(/\.tsx$/, '')).sort());
});

test('every page of the admin can be read by all, on a desk and on a phone', async () => {
  const { merchant } = busy;
  const scenes = Object.values(pages).flatMap(({ paths, shows }) =>
    paths().map((path) => ({ merchant, path, shows })),
  );
  expect(await faultsIn(scenes)).toEqual([]);
});

test('what a button opens can be read by all', async () => {
  const { merchant, entries } = busy;
  const unclear = entries.find(({ reason }) => reason === 'top-up');
  const held = entries.find(({ kind, reason }) => kind === 'held' && reason !== 'top-up');
  const opened = [
    { path: `/app/esims/${busy.esim}`, button: 'Top up', words: /^Bundle$/ },
    { path: `/app/esims/${busy.esim}`, button: 'Send e-mail again', words: /Another address/ },
    { path: `/app/orders/${busy.order}`, button: 'Cancel and refund', words: /Only then Shopify refunds/ },
    { path: `/app/orders/${busy.order}`, button: 'Resend e-mail', words: /Another address/ },
    { path: `/app/queue/${unclear?.id ?? ''}`, button: 'Choose the eSIM', words: /Which eSIM is it for/ },
    { path: `/app/queue/${held?.id ?? ''}`, button: 'Give another bundle', words: /Which bundle instead/ },
    { path: '/app/balance', button: 'Book an entry', words: /What it is/ },
    { path: '/app/balance', button: 'Show as a table', words: /Show as a chart/ },
    { path: '/app/balance/stock', button: 'Give back', words: /How many/ },
  ];
  const scenes = opened.map(({ path, button, words }) => {
    return { merchant, path, shows: new RegExp(`^${button}$`), opens: { button, shows: words } };
  });
  expect(await faultsIn(scenes)).toEqual([]);
});

test('a page with nothing on it says what is missing, to all', async () => {
  const scenes = Object.values(pages).flatMap(({ paths, whenEmpty }) => {
    const [path = ''] = paths();
    return whenEmpty ? [{ merchant: empty, path: path.replace(/\?.*/, ''), shows: whenEmpty }] : [];
  });
  expect(await faultsIn(scenes)).toEqual([]);
});

test('a buyer can read what they get: the install page before and after it shows the code', async () => {
  const { page, complaints } = await openPage();
  await page.goto(busy.installLink);
  const faults = await faultsOf(page, page.mainFrame());
  await page.getByRole('button').first().click();
  await page.locator('svg').first().waitFor();
  faults.push(...(await faultsOf(page, page.mainFrame())));
  expect(faults).toEqual([]);
  expect(complaints).toEqual([]);
});

interface Scene {
  merchant: Merchant;
  path: string;
  shows: RegExp;
  /** The button that opens more, and words that stand there then. */
  opens?: { button: string; shows: RegExp };
}

/** What is wrong with pages of the app in the admin. Two are read at a time. */
async function faultsIn(scenes: Scene[]): Promise<string[]> {
  const faults: string[] = [];
  const left = [...scenes];
  await Promise.all(
    [1, 2].map(async () => {
      const { page, complaints } = await openPage();
      for (let scene = left.shift(); scene; scene = left.shift()) {
        const { path } = scene;
        const found = await read(page, scene);
        faults.push(...[...found, ...complaints.splice(0)].map((fault) => `${path} ${fault}`));
      }
    }),
  );
  return faults;
}

async function read(page: Page, { merchant, path, shows, opens }: Scene): Promise<string[]> {
  const [store = ''] = merchant.domain.split('.');
  await page.setViewportSize({ width: widths[0], height: 900 });
  // A question of the app stands beside its page.
  const app = (
    await openApp(page, `${world.shopify.url}/admin/store/${store}/apps/${API_KEY}${path}`)
  ).locator('body');
  const appears = (words: RegExp) => app.getByText(words).filter({ visible: true }).first().waitFor();
  await appears(shows);
  if (opens) {
    await app.getByRole('button', { name: opens.button, exact: true }).first().click();
    await appears(opens.shows);
  }
  const frame = page.frame({ name: 'app-iframe' });
  if (!frame) throw new Error('the admin shows no app');
  return faultsOf(page, frame);
}

async function openPage() {
  const page = await (await openPerson(browser)).newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  return { page, complaints: complaintsOf(page) };
}

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DeskView } from '../../app/ui/esim/desk-view.ts';
import type { FoundView } from '../../app/ui/esim/found-view.ts';
import { expectBooksToBalance } from '../books.ts';
import { passTime } from '../clock.ts';
import { accountId, openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

// What only API 2.5 can.

const FRANCE = 'esim_1GB_7D_FR_V2';
const SUPPLIERS = ['/app/settings/suppliers', 'app.settings.suppliers'] as const;

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.end());

/** Fills in the form of the shop's account; its key stays. */
async function change(merchant: Merchant, fields: { version: string; brandingProfile?: string }) {
  const id = await accountId(merchant);
  return merchant.send(...SUPPLIERS, {
    ...{ intent: 'connect', provider: 'esim-go', accountId: id, apiKey: '', ...fields },
  });
}

/** A shop whose account is asked by API 2.5. */
async function openLaterShop(
  account: { brandingProfiles?: string[]; paysByConsumption?: boolean } = {},
): Promise<Merchant> {
  const merchant = await openShop(world);
  world.esimGo.createOrganisation({ apiKey: merchant.apiKey, balance: 500, ...account });
  expect((await change(merchant, { version: '2.5' })).status).toBe(200);
  return merchant;
}

const brandingsOf = ({ apiKey }: Merchant) =>
  world.esimGo.esims.filter((esim) => esim.apiKey === apiKey).map(({ brandingId }) => brandingId);

test('new eSIMs get the branding of the settings; where the supplier does not know it nothing is bought until it is put right', async () => {
  const merchant = await openLaterShop({ brandingProfiles: ['f616f7g8-ey0d'] });
  const variantId = await merchant.sell(FRANCE);
  expect(await change(merchant, { version: '2.5', brandingProfile: 'mine, please' })).toMatchObject({
    status: 422,
    data: { fields: { brandingProfile: expect.stringMatching(/Profile ID/) as string } },
  });
  // Of the right form, so it is saved; whether the account has it only an order tells.
  expect((await change(merchant, { version: '2.5', brandingProfile: 'somebody-elses' })).status).toBe(200);
  const order = merchant.checkout({ lines: [{ variantId, quantity: 2 }], email: 'branded@example.com' });
  await world.until('it waits for the branding', async () => {
    const page = await merchant.order(order);
    return page?.units.filter(({ state, reason }) => state === 'held' && reason === 'branding').length === 2;
  });
  expect(merchant.purchases()).toEqual([]);

  expect((await change(merchant, { version: '2.5', brandingProfile: ' f616f7g8-ey0d ' })).status).toBe(200);
  await world.mailTo('branded@example.com');
  expect(brandingsOf(merchant)).toEqual(['f616f7g8-ey0d', 'f616f7g8-ey0d']);

  // The earlier API takes none, and its form does not ask for one.
  await change(merchant, { version: '2.4', brandingProfile: '' });
  merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'plain@example.com' });
  await world.mailTo('plain@example.com');
  expect(brandingsOf(merchant)).toEqual(['f616f7g8-ey0d', 'f616f7g8-ey0d', null]);
  await expectBooksToBalance(world, merchant);
});

test('an order tells the balance, which is then not asked for; one that nobody can explain is', async () => {
  const merchant = await openLaterShop();
  const variantId = await merchant.sell(FRANCE);
  const { conducts } = world.esimGo;
  const only = 'GET /organisation';
  const page = async () =>
    (await merchant.read<{ page: { account: { age: string | null; balance: string } } }>(BALANCE, ROUTE)).page
      .account;
  const expectTheBalance = async () => {
    const account = world.esimGo.organisations.find(({ apiKey }) => apiKey === merchant.apiKey);
    const shown = (await page()).balance.replace(/[^\d.]/g, '');
    expect(Number(shown)).toBeCloseTo(account?.balance ?? 0, 2);
  };
  let buyers = 0;
  const buy = async () => {
    const email = `balance-${String(buyers++)}@example.com`;
    merchant.checkout({ lines: [{ variantId, quantity: 1 }], email });
    await world.mailTo(email);
  };

  for (const conduct of [null, 'runs-its-balance-behind'] as const) {
    conducts.on('answers-503', { only });
    if (conduct) conducts.on(conduct);
    await passTime({ minutes: 10 });
    await buy();
    await world.until('the balance is of now', async () => (await page()).age === 'just now');
    await expectTheBalance();
    if (conduct) conducts.off(conduct);
    conducts.off('answers-503');
  }

  conducts.on('answers-503', { only });
  world.esimGo.buyByHand(merchant.apiKey, FRANCE, 10);
  await buy();
  await world.until('the balance counts as old', async () => (await page()).age === null);
  conducts.off('answers-503');
  await merchant.send(BALANCE, ROUTE, { intent: 'refresh', accountId: await accountId(merchant) });
  expect((await page()).age).toBe('just now');
  await expectTheBalance();
});
const BALANCE = '/app/balance?index';
const ROUTE = 'app.balance._index';

test('an eSIM that was bought by hand is deleted at the supplier, for good', async () => {
  const merchant = await openLaterShop();
  world.esimGo.buyByHand(merchant.apiKey, FRANCE, 1);
  const iccid = world.esimGo.esims.find(({ apiKey }) => apiKey === merchant.apiKey)?.iccid ?? '';
  await merchant.send('/app/esims?index', 'app.esims._index', { intent: 'adopt', iccid });
  const { data } = await merchant.send('/app/esims/search', 'app.esims.search', { typed: iccid });
  const path = `/app/esims/${(data as FoundView).groups[0]?.rows[0]?.id ?? ''}`; // what the route answers
  const page = () => merchant.read<{ status: string; desk: DeskView }>(path, 'app.esims.$esimId');
  expect((await page()).desk.offers).toContain('remove');
  const removed = await merchant.send(`${path}/act`, 'app.esims.$esimId_.act', {
    ...{ intent: 'remove', actionId: randomUUID() },
  });
  expect(removed.status).toBe(200);
  expect(world.esimGo.esims.find((esim) => esim.iccid === iccid)?.returned).toBe(true);
  expect(await page()).toMatchObject({ status: 'revoked', desk: { offers: [] } });
});

interface Prices {
  chosen: { label: string } | null;
  rows: { country: string; profile: string; price: string }[] | null;
  problem: { kind: string } | null;
}
const PRICES = ['/app/catalogue/prices', 'app.catalogue.prices'] as const;

test('an account that pays for what is used sees what a gigabyte costs by country; others are told why not', async () => {
  const merchant = await openLaterShop({ paysByConsumption: true });
  const { rows } = await merchant.read<Prices>(...PRICES);
  expect(rows?.map(({ country }) => country)).toEqual([
    ...['France', 'France', 'Germany', 'Germany', 'Japan', 'Japan'],
  ]);
  expect(rows?.[0]).toMatchObject({ profile: 'Profile 1', price: expect.stringMatching(/^\$\d/) as string });
  expect(await catalogueOf(merchant)).toMatchObject({ hasPricesByData: true });
  const stranger = await openShop(world, { imports: false });
  const theirs = `${PRICES[0]}?account=${await accountId(merchant)}`;
  await expect(stranger.read(theirs, PRICES[1])).rejects.toThrow('404');

  world.esimGo.conducts.on('answers-503', { only: 'GET /catalogue/prices' });
  expect(await merchant.read<Prices>(...PRICES)).toMatchObject({ rows: null, problem: { kind: 'down' } });
  world.esimGo.conducts.off('answers-503');

  world.esimGo.createOrganisation({ apiKey: merchant.apiKey, balance: 500 });
  expect(await merchant.read<Prices>(...PRICES)).toMatchObject({ rows: null, problem: null });

  await change(merchant, { version: '2.4' });
  expect(await merchant.read<Prices>(...PRICES)).toMatchObject({ chosen: null, rows: null });
  expect(await catalogueOf(merchant)).toMatchObject({ hasPricesByData: false });
});

const catalogueOf = (merchant: Merchant) =>
  merchant.read<{ hasPricesByData: boolean }>('/app/catalogue?index', 'app.catalogue._index');

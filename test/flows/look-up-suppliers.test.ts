import { afterAll, beforeAll, expect, test } from 'vitest';
import type { esimPageView } from '../../app/ui/esim/page-view.ts';
import type { FoundView } from '../../app/ui/esim/found-view.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.end());

const connect = (merchant: Merchant, fields: Record<string, string>) =>
  merchant.send('/app/settings/suppliers', 'app.settings.suppliers', { intent: 'connect', ...fields });

const ask = (merchant: Merchant, intent: string, iccid: string) =>
  merchant.send('/app/esims?index', 'app.esims._index', { intent, iccid });

/** The page of an eSIM that was added by its ICCID. */
async function added(merchant: Merchant, iccid: string) {
  expect(await ask(merchant, 'ask-suppliers', iccid)).toMatchObject({ data: { status: 'owned' } });
  expect((await ask(merchant, 'adopt', iccid)).status).toBe(204);
  const { data } = await merchant.send('/app/esims/search', 'app.esims.search', { typed: iccid });
  const { groups } = data as FoundView; // what the route answers
  const id = groups[0]?.rows[0]?.id ?? '';
  return merchant.read<ReturnType<typeof esimPageView>>(`/app/esims/${id}`, 'app.esims.$esimId');
}

/** By what its supplier tells of it, and not by a code that only the supplier understands. */
const TITLED = { title: expect.stringMatching(/^\d+ GB plan, \d+ days$/) as string };

test.concurrent('an eSIM bought at Simvox is served, though the app buys nothing there', async () => {
  const merchant = await openShop(world);
  const token = `token-of-${merchant.domain}`;
  world.simvox.createAccount(token);
  expect(await connect(merchant, { provider: 'simvox', token: 'another' })).toMatchObject({
    ...{ status: 422, data: { problem: { kind: 'credentials' } } },
  });
  expect(await connect(merchant, { provider: 'simvox', token })).toMatchObject({ status: 200 });

  const { iccid } = world.simvox.buyByHand(token);
  world.simvox.install(iccid);
  world.simvox.useData(iccid, 250_000_000);
  expect(await added(merchant, iccid)).toMatchObject({
    ...{ status: 'active', profile: 'Installed', order: null },
    bundles: [{ ...TITLED, use: 'in-use', usage: { label: '250 MB of 1 GB used', percent: 25 } }],
  });

  const { suppliers } = await merchant.read<{
    suppliers: { provider: string; sells: boolean; account: { balance: string | null } | null }[];
  }>('/app/settings/suppliers', 'app.settings.suppliers');
  expect(suppliers.find(({ provider }) => provider === 'simvox')).toMatchObject({
    ...{ sells: false, account: { balance: null } },
  });
  // One account sells and has money, and it is not this one.
  const { accountIds } = await merchant.read<{ accountIds: string[] }>(
    '/app/catalogue?index',
    'app.catalogue._index',
  );
  expect(accountIds).toHaveLength(1);
  expect(
    await merchant.send('/app/catalogue?index', 'app.catalogue._index', { intent: 'import' }),
  ).toMatchObject({ status: 200 });
});

test.concurrent(
  'an eSIM bought at GoHub is found by the 20 digits it has, without a code to send',
  async () => {
    const merchant = await openShop(world, { imports: false });
    const key = `key-of-${merchant.domain}`;
    world.goHub.createAccount(key);
    const typed = {
      provider: 'gohub',
      baseUrl: world.goHub.url,
      header: 'X-API-Key',
      key,
    };
    expect(await connect(merchant, { ...typed, baseUrl: 'http://10.0.0.1', key: '' })).toMatchObject({
      ...{
        status: 422,
        data: { fields: { baseUrl: expect.stringContaining('https://') as string, key: 'Enter the key.' } },
      },
    });
    expect(await connect(merchant, typed)).toMatchObject({ status: 200 });

    const { iccid } = world.goHub.buyByHand(key);
    world.goHub.install(iccid);
    world.goHub.useData(iccid, 3_000_000_000);
    expect(await added(merchant, iccid)).toMatchObject({
      ...{ status: 'active', order: null },
      bundles: [{ ...TITLED, code: 'E23XY06GB08DFX', use: 'in-use', usage: { percent: 50 } }],
    });
  },
);

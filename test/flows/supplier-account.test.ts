import { afterAll, beforeAll, expect, test } from 'vitest';
import { passTime } from '../clock.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';
const JAPAN = 'esim_1GB_7D_JP_V2';
const DAY = { minutes: 24 * 60 + 30 };

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.end());

test('all eSIMs that the account owns and the shop never sold are added, and none that a purchase may be about', async () => {
  const [merchant, other] = await Promise.all([openShop(world), openShop(world)]);
  const variantId = await merchant.sell(FRANCE);
  merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'sold@example.com' });
  await world.mailTo('sold@example.com');
  world.esimGo.buyByHand(other.apiKey, FRANCE, 1);
  world.esimGo.buyByHand(merchant.apiKey, JAPAN, 3);
  await passTime(DAY);
  world.esimGo.buyByHand(merchant.apiKey, JAPAN, 1);
  const bought = merchant.purchases().length;

  expect(await merchant.send(...ADD, { intent: 'adopt-all' })).toMatchObject({ data: { status: 'begun' } });
  await world.until('the list is read', async () => (await adopting())?.state === 'done');
  expect((await adopting())?.counts).toEqual({ adopted: 3, left: 1 });
  expect(await esimsOf(merchant)).toHaveLength(4);

  // Again: what was too young is a day older, and nothing is added twice.
  await passTime(DAY);
  await merchant.send(...ADD, { intent: 'adopt-all' });
  await world.until('the list is read again', async () => (await adopting())?.counts['adopted'] === 1);
  expect(await esimsOf(merchant)).toHaveLength(5);
  expect(merchant.purchases()).toHaveLength(bought);

  async function adopting() {
    return (await merchant.read<{ adopting: Task | null }>(...ADD)).adopting;
  }
});

interface Task {
  id: string;
  state: string;
  counts: Record<string, number>;
}
const ADD = ['/app/esims/add', 'app.esims.add'] as const;
const esimsOf = async (merchant: Merchant) =>
  (await merchant.read<{ rows: { id: string }[] }>('/app/esims?index', 'app.esims._index')).rows;

test('the eSIMs of a file are looked up line by line, and added when the merchant has seen what was found', async () => {
  const [merchant, other] = await Promise.all([openShop(world), openShop(world)]);
  const variantId = await merchant.sell(FRANCE);
  merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'on-record@example.com' });
  await world.mailTo('on-record@example.com');
  world.esimGo.buyByHand(merchant.apiKey, JAPAN, 2);
  world.esimGo.buyByHand(other.apiKey, JAPAN, 1);
  const bought = merchant.purchases().length;
  const iccidsOf = ({ apiKey }: Merchant) =>
    world.esimGo.esims.filter((esim) => esim.apiKey === apiKey).map(({ iccid }) => iccid);
  const [[sold, first, second], [theirs]] = [iccidsOf(merchant), iccidsOf(other)];
  const lines = [sold, first, first, 'Ada', '8.94451E+18', second, theirs].map((iccid) => `${iccid ?? ''};x`);

  for (const csv of ['', 'Name;Note\nAda;x', `ICCID\n${'1\n'.repeat(1001)}`])
    expect(await merchant.send(...ADD, { intent: 'find', csv })).toMatchObject({
      data: { status: 'unreadable', sentences: [expect.any(String)] },
    });
  const { data } = await merchant.send(...ADD, {
    ...{ intent: 'find', name: 'old-sales.csv', csv: ['iccid;note', ...lines].join('\r\n') },
  });
  const { taskId } = data as { taskId: string };
  // Another file does not wait for this one, nor is it taken for it.
  const another = await merchant.send(...ADD, { intent: 'find', csv: `ICCID\n${theirs ?? ''}` });
  expect(another.data).not.toMatchObject({ taskId });
  await world.until('each line is looked up', async () => (await page()).finding?.state === 'done');
  expect((await page()).lines.map(({ line, state, reason }) => [line, state, reason])).toEqual([
    [2, 'refused', 'known'],
    [3, 'done', null],
    [4, 'refused', 'repeated'],
    [5, 'refused', 'not-an-iccid'],
    [6, 'refused', 'rounded'],
    [7, 'done', null],
    [8, 'refused', 'unknown'],
  ]);
  // So far it was a look.
  expect(await esimsOf(merchant)).toHaveLength(1);

  const add = { intent: 'adopt-found', taskId };
  expect((await other.send(...ADD, add)).status).toBe(404);
  await Promise.all([merchant.send(...ADD, add), merchant.send(...ADD, add)]);
  await world.until('they are added', async () => (await page()).adoptingFound?.state === 'done');
  expect((await page()).adoptingFound?.counts).toEqual({ done: 2 });
  const rows = await esimsOf(merchant);
  expect(rows).toHaveLength(3);
  // The desk serves them as any other.
  const { bundles } = await merchant.read<{ bundles: unknown[] }>(
    `/app/esims/${rows[0]?.id ?? ''}`,
    'app.esims.$esimId',
  );
  expect(bundles).toHaveLength(1);
  expect(merchant.purchases()).toHaveLength(bought);

  function page() {
    return merchant.read<{
      finding: Task | null;
      adoptingFound: Task | null;
      lines: { line: number; state: string; reason: string | null }[];
    }>(`/app/esims/add?file=${taskId}`, 'app.esims.add');
  }
});

test('a test of the connection tells what the account may sell', async () => {
  const merchant = await openShop(world);
  const { suppliers } = await merchant.read<{ suppliers: { account: { id: string } | null }[] }>(
    '/app/settings/suppliers',
    'app.settings.suppliers',
  );
  const tested = await merchant.send('/app/settings/suppliers', 'app.settings.suppliers', {
    ...{ intent: 'test', accountId: suppliers[0]?.account?.id ?? '' },
  });
  expect(tested).toMatchObject({
    data: {
      toast: expect.stringContaining('The connection works') as string,
      groups: expect.arrayContaining(['Standard Fixed']) as string[],
    },
  });
});

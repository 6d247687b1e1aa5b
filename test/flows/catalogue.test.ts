import { afterAll, beforeAll, expect, test } from 'vitest';
import { passTime } from '../clock.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';
const GERMANY = 'esim_1GB_7D_DE_V2';
const JAPAN = 'esim_1GB_7D_JP_V2';

let world: World;
let merchant: Merchant;

beforeAll(async () => {
  world = await openWorld();
  merchant = await openShop(world);
});
afterAll(() => world.end());

interface Sync {
  id: string;
  state: string;
  problem: string | null;
  counts: Record<string, number>;
  isByItself: boolean;
}

const syncs = async () =>
  (await merchant.read<{ syncs: Sync[] }>('/app/catalogue/syncs', 'app.catalogue.syncs._index')).syncs;

async function newest(): Promise<Sync> {
  const [first] = await syncs();
  return first ?? expect.fail('there is no sync');
}

const ended = async () => {
  await world.until('the sync ends', async () => !['queued', 'running'].includes((await newest()).state));
  return newest();
};

/** Presses the button and waits for the end. */
async function importAgain(): Promise<Sync> {
  await merchant.send('/app/catalogue?index', 'app.catalogue._index', { intent: 'import' });
  return ended();
}

interface Told {
  what: string;
  title: string;
  reason: string | null;
  changes: { field: string; old: string; new: string }[];
}

const told = async ({ id }: Sync, query = '') =>
  (
    await merchant.read<{ items: Told[] }>(
      `/app/catalogue/syncs/${id}?${query}`,
      'app.catalogue.syncs.$taskId',
    )
  ).items;

const codesOf = (items: Told[]) => items.map(({ title }) => /\(([^()]+)\)$/.exec(title)?.[1] ?? title).sort();

async function isShown(code: string): Promise<boolean> {
  const { rows } = await merchant.read<{ rows: { code: string }[] }>(
    `/app/catalogue?search=${code}`,
    'app.catalogue._index',
  );
  return rows.some((row) => row.code === code);
}

test('the first import counts what is new, and the next one finds nothing', async () => {
  const first = await newest();
  expect(first).toMatchObject({ state: 'done', isByItself: false });
  expect(first.counts['created']).toBe(first.counts['bundles']);
  expect(await told(first)).toEqual([]);
  const again = await importAgain();
  expect(again.counts).toEqual({ bundles: first.counts['bundles'], withdrawn: 0, leftOut: 0 });
  expect(await told(again)).toEqual([]);
});

test('what changed, what is gone and what came back is told, with what it was before', async () => {
  world.esimGo.setPrice(FRANCE, 7.77);
  const sellAgain = world.esimGo.withdraw(GERMANY);
  const changed = await importAgain();
  expect(changed.counts).toMatchObject({ created: 0, changed: 1, withdrawn: 1, returned: 0 });
  const [dearer, gone, ...others] = await told(changed);
  expect([dearer?.what, gone?.what, others]).toEqual(['changed', 'withdrawn', []]);
  expect(dearer?.changes).toMatchObject([{ field: 'Cost', new: '$7.77' }]);
  expect(codesOf(await told(changed, 'what=withdrawn'))).toEqual([GERMANY]);
  expect(codesOf(await told(changed, 'search=1gb_7d_fr'))).toEqual([FRANCE]);
  expect(await isShown(GERMANY)).toBe(false);

  sellAgain();
  const returned = await importAgain();
  expect(returned.counts).toMatchObject({ created: 0, changed: 0, withdrawn: 0, returned: 1 });
  expect(codesOf(await told(returned, 'what=returned'))).toEqual([GERMANY]);
  expect(await isShown(GERMANY)).toBe(true);
});

test('lines nobody can sell are named and left out, and a name that differs in case is another bundle', async () => {
  world.esimGo.conducts.on('lists-oddities');
  const odd = await importAgain();
  expect(odd).toMatchObject({ state: 'done', counts: { created: 1, withdrawn: 0, leftOut: 3 } });
  const items = await told(odd, 'what=left-out');
  expect(items.map(({ reason }) => reason).sort()).toEqual([
    expect.stringMatching(/^No number of days/),
    expect.stringMatching(/^No price/),
    expect.stringMatching(/^No price/),
  ]);
  const [named] = await told(odd, 'what=new');
  const code = codesOf(named ? [named] : [])[0] ?? '';
  expect(code).toBe(code.toLowerCase());
  expect(await isShown(code)).toBe(true);
  expect(await isShown(`${FRANCE}_free`)).toBe(false);
  world.esimGo.conducts.off('lists-oddities');
  expect((await importAgain()).counts).toMatchObject({ withdrawn: 1 });
});

test('two clicks at once are one sync', async () => {
  const before = (await syncs()).length;
  const click = () => merchant.send('/app/catalogue?index', 'app.catalogue._index', { intent: 'import' });
  await Promise.all([click(), click(), click()]);
  await ended();
  expect(await syncs()).toHaveLength(before + 1);
});

test('a supplier that asks to wait in the middle is waited for, and one that breaks off is said so and gone on with', async () => {
  world.esimGo.setPrice(FRANCE, 5);
  world.esimGo.conducts.on('throttles', { only: 'GET /catalogue', times: 2 });
  const patient = await importAgain();
  expect(patient).toMatchObject({ state: 'done', counts: { changed: 1 } });

  const sellAgain = world.esimGo.withdraw(JAPAN);
  world.esimGo.conducts.on('truncates-the-answer', { only: 'GET /catalogue' });
  const failed = await importAgain();
  expect(failed).toMatchObject({
    ...{ state: 'failed', problem: 'The supplier answered in a way we do not understand' },
  });
  expect(await isShown(JAPAN)).toBe(true);

  world.esimGo.conducts.off('truncates-the-answer');
  await merchant.send('/app/catalogue/syncs?index', 'app.catalogue.syncs._index', {
    ...{ intent: 'resume-task', taskId: failed.id },
  });
  const done = await ended();
  expect(done).toMatchObject({ id: failed.id, state: 'done', problem: null, counts: { withdrawn: 1 } });
  sellAgain();
});

test('a cancelled sync takes nothing as withdrawn, and can go on', async () => {
  const sellAgain = world.esimGo.withdraw(GERMANY);
  world.esimGo.conducts.on('throttles', { only: 'GET /catalogue' });
  await merchant.send('/app/catalogue?index', 'app.catalogue._index', { intent: 'import' });
  await world.until('it waits for the supplier', async () => (await newest()).state === 'running');
  await merchant.send('/app/catalogue?index', 'app.catalogue._index', {
    ...{ intent: 'cancel-task', taskId: (await newest()).id },
  });
  expect((await ended()).state).toBe('cancelled');
  expect(await isShown(GERMANY)).toBe(true);
  world.esimGo.conducts.off('throttles');
  sellAgain();
});

test('every night the catalogue is read by itself', async () => {
  const before = (await syncs()).length;
  await passTime({ minutes: 37 * 60 });
  await world.until('the nightly sync is done', async () => {
    const [first] = await syncs();
    return (await syncs()).length > before && first?.state === 'done';
  });
  expect(await newest()).toMatchObject({ isByItself: true });
});

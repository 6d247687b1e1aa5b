import { afterAll, beforeAll, expect, test } from 'vitest';
import { passTime } from '../clock.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';
/** What the supplier takes from one address in a second. */
const LIMIT = 10;

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.end());

test('where the supplier never calls, eSIMs in use are read first, those that ended no more, and never beyond its limit', async () => {
  const merchant = await openShop(world);
  const variantId = await merchant.sell(FRANCE);
  merchant.checkout({ lines: [{ variantId, quantity: 8 }], email: 'eight@example.com' });
  await world.mailTo('eight@example.com');
  expect(world.esimGo.organisations.every(({ callbackUrl }) => callbackUrl === null)).toBe(true);
  const iccids = world.esimGo.esims.map(({ iccid }) => iccid);
  const inUse = iccids.slice(-3);
  const [usedUp = ''] = iccids;
  for (const iccid of [usedUp, ...inUse]) {
    world.esimGo.install(iccid);
    await world.esimGo.useData(iccid, { bytes: iccid === usedUp ? 1_000_000_000 : 100_000_000, iso: 'FR' });
  }

  await passTime({ minutes: 20 });
  await world.until('each is read once', async () => (await read(merchant)) === iccids.length);

  // Those in use were due for ten minutes then, and the others for almost an hour.
  const asked = world.esimGo.requests.length;
  await passTime({ minutes: 70 });
  const since = () => world.esimGo.requests.slice(asked).filter(({ path }) => path.startsWith('/esims/'));
  const order = () => [
    ...new Set(since().map(({ path }) => iccids.find((iccid) => path.includes(iccid)) ?? path)),
  ];
  await world.until('all but one are read again', () => order().length >= iccids.length - 1);
  expect(order().slice(0, inUse.length).sort()).toEqual([...inUse].sort());
  expect(order()).not.toContain(usedUp);

  const instants = since().map(({ at }) => at.getTime());
  const seconds = (Math.max(...instants) - Math.min(...instants)) / 1000;
  expect(since().length - 1).toBeLessThanOrEqual(LIMIT * seconds);
});

/** How many of the merchant's eSIMs were ever read. */
async function read(merchant: Merchant): Promise<number> {
  const { rows } = await merchant.read<{ rows: { usage: { label: string } }[] }>(
    '/app/esims?index',
    'app.esims._index',
  );
  return rows.filter(({ usage }) => usage.label !== 'Not known').length;
}

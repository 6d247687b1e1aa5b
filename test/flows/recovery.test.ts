import { afterAll, beforeAll, expect, test } from 'vitest';
import { backUp, mailed, noteEsims, sold, tagged, waiting } from '../backup.ts';
import { expectBooksToBalance } from '../books.ts';
import { passTime } from '../clock.ts';
import { connectAnother, openShop, sellList } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';
const GERMANY = 'esim_1GB_7D_DE_V2';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.end());

test('purchases that carry no tag yet are adopted where one buyer alone can be meant, else left to a person', async () => {
  const merchant = await openShop(world);
  const [france, germany] = [await merchant.sell(FRANCE), await merchant.sell(GERMANY)];
  const backup = await backUp(world);
  world.esimGo.conducts.on('answers-503', { only: 'PUT /esims' });
  const alone = merchant.checkout({
    lines: [{ variantId: germany, quantity: 1 }],
    email: 'alone@example.com',
  });
  const twins = ['twin-1@example.com', 'twin-2@example.com'].map((email) =>
    merchant.checkout({ lines: [{ variantId: france, quantity: 1 }], email: email }),
  );
  await mailed(world, ['alone@example.com', 'twin-1@example.com', 'twin-2@example.com']);
  const esims = await noteEsims(world, merchant, [alone]);
  const bought = merchant.purchases().length;
  await backup.putBack();
  await world.until('the orders are back', async () => (await waiting(merchant, [alone, ...twins])) === 3);

  await passTime({ minutes: 16 });
  await esims.expectBack();
  for (const twin of twins) {
    await world.until(
      'the twin is parked',
      async () => (await merchant.order(twin))?.units[0]?.state === 'parked',
    );
    expect((await merchant.order(twin))?.units).toMatchObject([{ reason: 'database-restored' }]);
  }
  await passTime({ minutes: 60 });
  await world.restart();
  expect(merchant.purchases()).toHaveLength(bought);
  world.esimGo.conducts.off('answers-503');
});

test('what was passed on to another supplier is found there after a restore, and bought of neither again', async () => {
  const merchant = await openShop(world);
  const second = await connectAnother(world, merchant, { label: 'Second' });
  const variantId = await sellList(world, merchant, [{ code: FRANCE }, { code: FRANCE, supplier: 'Second' }]);
  const backup = await backUp(world);
  world.esimGo.conducts.on('sells-out', { times: 1, only: 'POST /orders' });
  const lost = await sold(world, merchant, { variantId, quantity: 2, email: 'passed-on@example.com' });
  await tagged(world, { ...merchant, apiKey: second });
  const esims = await noteEsims(world, merchant, [lost]);
  expect(merchant.purchases(second)).toHaveLength(1);
  await backup.putBack();
  await esims.expectBack();
  await passTime({ minutes: 16 });
  await sold(world, merchant, { variantId, quantity: 1, email: 'after-that@example.com' });
  expect(merchant.purchases(second)).toHaveLength(1);
  expect(merchant.purchases(merchant.apiKey)).toHaveLength(1);
  await expectBooksToBalance(world, merchant, { resent: ['passed-on@example.com'] });
});

test('an account that the backup does not know is compared when the merchant connects it again', async () => {
  const backup = await backUp(world);
  const merchant = await openShop(world);
  const france = await merchant.sell(FRANCE);
  const lost = await sold(world, merchant, { variantId: france, quantity: 2, email: 'unknown@example.com' });
  await tagged(world, merchant);
  const esims = await noteEsims(world, merchant, [lost]);
  await backup.putBack();
  await merchant.send('/app/settings/suppliers', 'app.settings.suppliers', {
    ...{ intent: 'connect', provider: 'esim-go', apiKey: merchant.apiKey },
  });
  await esims.expectBack();
  await merchant.send('/app/catalogue?index', 'app.catalogue._index', { intent: 'import' });
  const link = () =>
    merchant.link(france, FRANCE, 'map').then(
      () => true,
      () => false, // not imported yet
    );
  await world.until('the bundle is linked again', link);
  await sold(world, merchant, { variantId: france, quantity: 1, email: 'new@example.com' });
  expect(merchant.purchases()).toHaveLength(2);
});

test('while the supplier cannot be asked after a restore nothing is bought', async () => {
  const merchant = await openShop(world);
  const france = await merchant.sell(FRANCE);
  const backup = await backUp(world);
  const lost = await sold(world, merchant, { variantId: france, quantity: 1, email: 'unasked@example.com' });
  const esims = await noteEsims(world, merchant, [lost]);
  world.esimGo.conducts.on('answers-503', { only: 'GET /orders' });
  await backup.putBack();
  await passTime({ minutes: 16 });
  const asked = world.esimGo.requests.length;
  await world.until('the supplier was asked', () =>
    world.esimGo.requests.slice(asked).some(({ method, path }) => `${method} ${path}` === 'GET /orders'),
  );
  expect(merchant.purchases()).toHaveLength(1);
  world.esimGo.conducts.off('answers-503');
  await passTime({ minutes: 2 });
  await esims.expectBack();
  expect(merchant.purchases()).toHaveLength(1);
});

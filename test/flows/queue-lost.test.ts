import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectBooksToBalance } from '../books.ts';
import { passTime } from '../clock.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';

let world: World;
let merchant: Merchant;
let variantId: number;

beforeAll(async () => {
  world = await openWorld();
  merchant = await openShop(world);
  variantId = await merchant.sell(FRANCE);
});
afterAll(() => world.end());

// The embedded database can only be reached by the app.
test.skipIf(process.env['FLOWS_ON'] !== 'postgres')(
  'a queue whose jobs are deleted again and again loses nothing and doubles nothing',
  async () => {
    const database = new pg.Client({ connectionString: process.env['DATABASE_URL'] });
    await database.connect();
    let deleted = 0;
    const over = new AbortController();
    const forgetting = (async () => {
      while (!over.signal.aborted) {
        deleted += await forget(database);
        await sleep(40);
      }
    })();
    world.esimGo.conducts.on('loses-the-answer', { times: 1, only: 'POST /orders' });
    const addresses = ['one', 'two', 'three'].map((name) => `${name}@example.com`);
    for (const email of addresses) merchant.checkout({ lines: [{ variantId, quantity: 2 }], email });
    for (const email of addresses) await world.mailTo(email);
    over.abort();
    await forgetting;
    await database.end();
    expect(deleted).toBeGreaterThan(0);
    expect(merchant.purchases()).toHaveLength(3);
    await expectBooksToBalance(world, merchant);
  },
);

/** Answers how many jobs it deleted. */
async function forget(database: pg.Client): Promise<number> {
  try {
    return (await database.query('DELETE FROM pgboss.job')).rowCount ?? 0;
  } catch (error) {
    // In the way of the queue itself, which ends several jobs at once: the next one deletes them.
    if (error instanceof pg.DatabaseError && error.code === '40P01') return 0;
    throw error;
  }
}

test('a shop all whose jobs fail holds nobody else up, and goes on when it is mended', async () => {
  const broken = await openShop(world);
  const brokenVariantId = await broken.sell(FRANCE);
  const install = world.shopify.state.shop(broken.domain).app;
  if (!install) throw new Error('not installed');
  Object.assign(install, { accessTokens: [], refreshTokens: [] });
  for (const name of ['b1', 'b2', 'b3'])
    broken.checkout({
      lines: [{ variantId: brokenVariantId, quantity: 1 }],
      email: `${name}@broken.example`,
    });
  merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'whole@example.com' });
  await world.mailTo('whole@example.com');
  expect(broken.purchases()).toEqual([]);
  // The merchant opens the app, which gets a new token.
  await broken.read('/app', 'app._index');
  await passTime({ minutes: 2 });
  for (const name of ['b1', 'b2', 'b3']) await world.mailTo(`${name}@broken.example`);
  expect(broken.purchases()).toHaveLength(3);
  for (const each of [merchant, broken]) await expectBooksToBalance(world, each);
});

test('a shop sees what of its own the last look for due work took up, and another shop does not', async () => {
  const [tester, other] = [await openShop(world), await openShop(world)];
  const cart = { lines: [{ variantId: await tester.sell(FRANCE), quantity: 1 }], email: 'test@example.com' };
  const found = async (of: Merchant) => {
    const page = await of.read<{ sweep: { found: string | null } | null }>(
      '/app/settings/watch',
      'app.settings.watch',
    );
    return page.sweep?.found;
  };
  const NOTHING = 'Nothing of yours was left lying.';
  // As long as the supplier cannot be asked, each look finds it again.
  world.esimGo.conducts.on('answers-503', { only: 'POST /orders' });
  tester.checkout({ ...cart, test: true });
  await world.until('the look found it', async () =>
    /test order to check with the supplier/.test((await found(tester)) ?? ''),
  );
  await world.until('nothing of the other is due', async () => (await found(other)) === NOTHING);
  world.esimGo.conducts.off('answers-503');
  await world.until('it was checked', async () => (await found(tester)) === NOTHING);
});

test('a clock that jumps two hours ahead and back again loses nothing and doubles nothing', async () => {
  const jumped = await openShop(world);
  const jumpedVariantId = await jumped.sell(FRANCE);
  const buy = (name: string) =>
    jumped.checkout({ lines: [{ variantId: jumpedVariantId, quantity: 1 }], email: `${name}@jumps.example` });
  world.esimGo.conducts.on('loses-the-answer', { times: 1, only: 'POST /orders' });
  buy('before');
  await world.until('the answer is lost', () => !world.esimGo.conducts.isOn('loses-the-answer'));
  await passTime({ minutes: 120 });
  buy('ahead');
  await world.mailTo('before@jumps.example');
  await world.mailTo('ahead@jumps.example');
  await passTime({ minutes: -120 });
  buy('back');
  await world.mailTo('back@jumps.example');
  expect(jumped.purchases()).toHaveLength(3);
  await expectBooksToBalance(world, jumped);
});

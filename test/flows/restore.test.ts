import { afterAll, beforeAll, expect, test } from 'vitest';
import { backUp, mailed, noteEsims, onPostgres, sold, tagged } from '../backup.ts';
import { expectBooksToBalance } from '../books.ts';
import { passTime } from '../clock.ts';
import { openShop } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';
const GERMANY = 'esim_1GB_7D_DE_V2';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.end());

test('a database put back from a backup buys nothing twice, and every buyer keeps exactly the eSIM they had', async () => {
  const merchant = await openShop(world);
  const [france, germany] = [await merchant.sell(FRANCE), await merchant.sell(GERMANY)];
  const before = await sold(world, merchant, { variantId: france, quantity: 1, email: 'before@example.com' });
  await tagged(world, merchant);
  const backup = await backUp(world);

  const lost = [
    merchant.checkout({ lines: [{ variantId: france, quantity: 2 }], email: 'lost-1@example.com' }),
    merchant.checkout({ lines: [{ variantId: france, quantity: 1 }], email: 'lost-2@example.com' }),
    merchant.checkout({
      lines: [
        { variantId: france, quantity: 1 },
        { variantId: germany, quantity: 3 },
      ],
      email: 'lost-3@example.com',
    }),
  ];
  const addresses = lost.map((_, at) => `lost-${String(at + 1)}@example.com`);
  await mailed(world, addresses);
  await tagged(world, merchant);
  const esims = await noteEsims(world, merchant, [before, ...lost]);
  const bought = merchant.purchases().length;
  await backup.putBack();

  await esims.expectBack();
  const during = merchant.checkout({
    lines: [{ variantId: germany, quantity: 1 }],
    email: 'during@example.com',
  });
  await world.until('it is taken in', async () => (await merchant.order(during)) !== null);
  expect((await merchant.order(during))?.units).toMatchObject([{ state: 'paid' }]);

  await passTime({ minutes: 16 });
  await mailed(world, ['during@example.com']);
  expect(merchant.purchases()).toHaveLength(bought + 1);
  // Whether a buyer was mailed is forgotten with the rest: the same codes are sent once more.
  for (const address of addresses) expect(codesIn(address).size).toBe(1);
  await expectBooksToBalance(world, merchant, { resent: addresses });
});

test.runIf(onPostgres)(
  'a PostgreSQL that is exchanged under the running app is noticed before anything is bought',
  async () => {
    const merchant = await openShop(world);
    const france = await merchant.sell(FRANCE);
    const backup = await backUp(world);
    const lost = await sold(world, merchant, {
      variantId: france,
      quantity: 2,
      email: 'exchanged@example.com',
    });
    await tagged(world, merchant);
    const esims = await noteEsims(world, merchant, [lost]);
    await backup.exchange();
    merchant.checkout({ lines: [{ variantId: france, quantity: 1 }], email: 'after-exchange@example.com' });
    await esims.expectBack();
    expect(merchant.purchases()).toHaveLength(1);
    await passTime({ minutes: 16 });
    await mailed(world, ['after-exchange@example.com']);
    expect(merchant.purchases()).toHaveLength(2);
  },
);

test.skipIf(onPostgres)(
  'an embedded database that lost its last commits with the power finds them in its journal',
  async () => {
    const merchant = await openShop(world);
    const france = await merchant.sell(FRANCE);
    const power = await backUp(world);
    world.esimGo.conducts.on('answers-503', { only: 'PUT /esims' });
    const emails = ['power-1@example.com', 'power-2@example.com', 'power-3@example.com'];
    const lost = emails.map((email, at) =>
      merchant.checkout({ lines: [{ variantId: france, quantity: at + 1 }], email: email }),
    );
    await mailed(world, emails);
    const esims = await noteEsims(world, merchant, lost);
    await power.putBack({ journal: 'kept' });
    await esims.expectBack();
    expect(merchant.purchases()).toHaveLength(3);
    world.esimGo.conducts.off('answers-503');
    const next = await sold(world, merchant, {
      variantId: france,
      quantity: 1,
      email: 'after-power@example.com',
    });
    expect((await merchant.order(next))?.units).toMatchObject([{ state: 'delivered' }]);
    await expectBooksToBalance(world, merchant, { resent: emails });
  },
);

/** Which sets of codes were mailed to an address: one, however often it was mailed. */
function codesIn(address: string): Set<string> {
  const codes = world.esimGo.esims.map(({ activationCode }) => activationCode);
  return new Set(
    world.mailsTo(address).map(({ text }) =>
      codes
        .filter((code) => text?.includes(code))
        .sort()
        .join(),
    ),
  );
}

import { closeSync, existsSync, openSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectBooksToBalance } from '../books.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';
// The embedded database has the journal, and Linux a disk that is always full.
const isHere = process.env['FLOWS_ON'] !== 'postgres' && existsSync('/dev/full');

let world: World;
let merchant: Merchant;
let variantId: number;

beforeAll(async () => {
  world = await openWorld();
  merchant = await openShop(world);
  variantId = await merchant.sell(FRANCE);
});
afterAll(() => world.end());

test.skipIf(!isHere)(
  'what cannot be written in the journal is not bought, and is when there is room again',
  async () => {
    const journal = join(process.env['DATA_DIR'] ?? '', 'purchases.journal');
    const file = descriptorOf(journal);
    const sent = () =>
      world.esimGo.requests.filter(({ method, path }) => method === 'POST' && path === '/orders').length;
    putInPlace(file, '/dev/full');
    const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'full@example.com' });
    await world.until('it was tried, and nothing was sent', async () => {
      const page = await merchant.order(order);
      return page?.events.some(({ text }) => text.startsWith('Nothing was bought')) ?? false;
    });
    expect(sent()).toBe(0);
    putInPlace(file, journal);
    await world.until('the e-mail arrives', () => world.mailsTo('full@example.com').length === 1);
    expect(sent()).toBe(1);
    await expectBooksToBalance(world, merchant);
  },
);

/** The number under which this process has the file open. */
function descriptorOf(file: string): number {
  const found = readdirSync('/proc/self/fd').find((name) => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`) === file;
    } catch {
      return false; // closed meanwhile
    }
  });
  return found === undefined ? expect.fail(`${file} is not open`) : Number(found);
}

/** Opens another file under a number that is in use: the system gives the lowest that is free. */
function putInPlace(descriptor: number, path: string) {
  closeSync(descriptor);
  const others: number[] = [];
  for (;;) {
    const got = openSync(path, 'a');
    if (got === descriptor) break;
    if (got > descriptor) expect.fail('the number was taken meanwhile');
    others.push(got);
  }
  for (const other of others) closeSync(other);
}

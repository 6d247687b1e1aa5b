import { afterAll, beforeAll, expect, test } from 'vitest';
import { choose } from '../settings.ts';
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

/** What a buyer and the merchant see of a variant in Shopify. */
function seen(variantId: number) {
  const { products } = world.shopify.state.shop(merchant.domain);
  const product = products.find(({ variants }) => variants.some(({ id }) => id === variantId));
  const variant = product?.variants.find(({ id }) => id === variantId);
  if (!product || !variant) throw new Error('Shopify has no such variant');
  const isSoldOut = variant.inventoryItem.tracked && variant.inventoryPolicy === 'DENY';
  return { isSoldOut, status: product.status };
}

const choices = (rule: string) =>
  merchant.send('/app/settings/withdrawn', 'app.settings.withdrawn', { intent: 'save', rule });

async function importAgain() {
  await merchant.send('/app/catalogue?index', 'app.catalogue._index', { intent: 'import' });
  await world.until('the catalogue is imported', async () => {
    const { progress } = await merchant.read<{ progress: { state: string } | null }>(
      '/app/catalogue',
      'app.catalogue._index',
    );
    return progress?.state === 'done';
  });
}

test('what the supplier withdrew is sold out, of ours and of the merchant’s own, until it is back', async () => {
  const ours = await merchant.sell(FRANCE);
  const own = world.shopify.state.createProduct(merchant.domain, {
    ...{ title: 'My own eSIM', variants: [{ price: '5.00' }] },
  });
  const mine = own.variants[0]?.id ?? 0;
  await merchant.link(mine, FRANCE, 'map');
  const before = [seen(ours), seen(mine)];
  expect(before.map(({ isSoldOut }) => isSoldOut)).toEqual([false, false]);

  const sellAgain = world.esimGo.withdraw(FRANCE);
  await importAgain();
  await world.until('both are sold out', () => seen(ours).isSoldOut && seen(mine).isSoldOut);
  expect([seen(ours).status, seen(mine).status]).toEqual(before.map(({ status }) => status));

  sellAgain();
  await importAgain();
  await world.until('both sell again', () => !seen(ours).isSoldOut && !seen(mine).isSoldOut);
  expect([seen(ours), seen(mine)]).toEqual(before);
});

test('a variant that is unmapped while it is sold out for want of its bundle is as it was before', async () => {
  const own = world.shopify.state.createProduct(merchant.domain, {
    ...{ title: 'Another eSIM of mine', variants: [{ price: '5.00' }] },
  });
  const mine = own.variants[0]?.id ?? 0;
  await merchant.link(mine, FRANCE, 'map');
  const before = seen(mine);
  const sellAgain = world.esimGo.withdraw(FRANCE);
  await importAgain();
  await world.until('it is sold out', () => seen(mine).isSoldOut);
  const unmapped = await merchant.send('/app/products/mapping?index', 'app.products.mapping._index', {
    ...{ intent: 'unmap', variantGid: `gid://shopify/ProductVariant/${String(mine)}` },
  });
  expect(unmapped).toMatchObject({ status: 200, data: { toast: '1 variant unmapped' } });
  expect(seen(mine)).toEqual(before);
  sellAgain();
  await importAgain();
});

test('a product of which nothing is left is hidden, if the merchant wants it so, and shown again', async () => {
  expect((await choices('draft')).status).toBe(200);
  const variantId = await merchant.sell(GERMANY);
  const sellAgain = world.esimGo.withdraw(GERMANY);
  await importAgain();
  await world.until('it is hidden', () => seen(variantId).status === 'DRAFT');
  sellAgain();
  await importAgain();
  await world.until('it is shown', () => seen(variantId).status === 'ACTIVE');
  await world.until('it sells', () => !seen(variantId).isSoldOut);
});

test('the cheapest bundle that gives as much takes its place, if the price guard lets it', async () => {
  expect((await choices('substitute')).status).toBe(200);
  expect((await choices('burn it')).status).toBe(422);
  const guarded = await merchant.sell(JAPAN);
  world.esimGo.withdraw(JAPAN);
  await importAgain();
  await world.until('too dear a substitute is none', () => seen(guarded).isSoldOut);

  await choose(merchant, { priceGuardPercent: '' });
  const free = await merchant.sell(FRANCE);
  // Its price pays for the dearer one too: else a person would be asked first.
  world.shopify.state.editVariant(merchant.domain, free, { price: '9.90' });
  world.esimGo.withdraw(FRANCE);
  await importAgain();
  // What follows an import comes after its end.
  await world.until('the substitute is on the list', async () => {
    const { rows } = await merchant.read<{ rows: { id: string; substitute: object | null }[] }>(
      '/app/products/mapping?index',
      'app.products.mapping._index',
    );
    return rows.some(({ id, substitute }) => id === String(free) && substitute !== null);
  });
  // The substitute costs more than the usual price brings: a sale at that would be held.
  world.shopify.state.editVariant(merchant.domain, free, { price: '9.00' });
  merchant.checkout({ lines: [{ variantId: free, quantity: 1 }], email: 'instead@example.com' });
  await world.until('the e-mail arrives', () => world.mailsTo('instead@example.com').length === 1);
  expect(seen(free).isSoldOut).toBe(false);
  expect(merchant.purchases().map(({ items }) => items[0]?.bundle)).toEqual(['esim_2GB_15D_FR_V2']);
});

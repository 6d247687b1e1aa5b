import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { passTime } from '../clock.ts';
import type { Product } from '../sandbox/shopify/records.ts';
import { openShop, publish, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

let world: World;
let merchant: Merchant;
beforeAll(async () => {
  world = await openWorld();
  merchant = await openShop(world);
});
afterAll(() => world.end());

const shop = () => world.shopify.state.shop(merchant.domain);
const ours = (country: string): Product => {
  const code = `_${country}_V2`;
  const product = shop().products.findLast(({ variants }) => variants.some(({ sku }) => sku?.endsWith(code)));
  return product ?? expect.fail(`nothing is sold for ${country}`);
};

async function bundleIds(code: string, count: number): Promise<string[]> {
  const { rows } = await merchant.read<{ rows: { id: string; code: string }[] }>(
    `/app/catalogue?country=${code}&kind=country&sort=data`,
    'app.catalogue._index',
  );
  expect(rows.length).toBeGreaterThanOrEqual(count);
  return rows.slice(0, count).map(({ id }) => id);
}

const chosen = (ids: string[]) => ids.map((id) => `bundles=${id}`).join('&');

interface Preview {
  summary: { products: number; made: number; added: number; refused: number };
  rows: { title: string; state: string; added: number }[];
  refusals: { text: string }[];
  last: string | null;
}
const preview = (question: string) =>
  merchant.read<Preview>(`/app/publish?index&${question}`, 'app.publish._index');

interface Result {
  task: { state: string; problem: string | null; counts: Record<string, number> };
  rows: {
    title: string;
    state: string;
    what: string | null;
    notes: string[];
    reason: string | null;
    messages: string[];
  }[];
}
async function result(): Promise<Result> {
  const { last } = await preview('');
  return merchant.read<Result>(`/app/publish/${last ?? ''}`, 'app.publish.$taskId');
}

describe('a destination', () => {
  test('becomes one product with its picture, its texts, its metafields and a variant of each bundle, on sale at once', async () => {
    const some = await bundleIds('FR', 4);
    expect(await preview(chosen(some))).toMatchObject({
      summary: { products: 1, made: 1, added: 4, refused: 0 },
      rows: [{ title: 'France eSIM', state: 'new' }],
    });
    const before = world.shopify.graphqlLog.length;
    await publish(world, merchant, chosen(some));
    const product = ours('FR');
    expect(product).toMatchObject({
      ...{
        title: 'France eSIM',
        handle: 'france-esim',
        status: 'ACTIVE',
        productType: 'eSIM',
        vendor: shop().name,
      },
      options: [{ name: 'Data' }, { name: 'Validity' }],
      tags: ['eSIM', 'France'],
    });
    expect(product.variants).toHaveLength(4);
    for (const { inventoryItem, price } of product.variants) {
      expect(inventoryItem).toMatchObject({ requiresShipping: false, tracked: false });
      expect(Number(price)).toBeGreaterThan(Number(inventoryItem.cost));
    }
    await world.until('Shopify has fetched the picture', () => product.media[0]?.status !== 'UPLOADED');
    expect(product.media).toMatchObject([
      { status: 'READY', alt: 'France eSIM', content: { type: 'image/png' } },
    ]);
    const calls = world.shopify.graphqlLog.slice(before).map(({ operationName }) => operationName ?? '');
    expect(calls.filter((name) => name.includes('Product'))).toEqual([
      'ProductByHandle',
      'SetProduct',
      'PublishProduct',
    ]);
    const page = await fetch(`${world.shopify.url}/store/${merchant.domain}/products/france-esim`);
    const html = await page.text();
    for (const { title } of product.variants) expect(html).toContain(title);
    expect(html).toContain('<dt>Country codes</dt>');
  });

  test('sells what a buyer chose', async () => {
    const [, second] = ours('FR').variants;
    merchant.checkout({
      lines: [{ variantId: second?.id ?? 0, quantity: 1 }],
      email: 'a@example.com',
    });
    await world.until('it is bought', () => merchant.purchases().length === 1);
    expect(JSON.stringify(merchant.purchases())).toContain(second?.sku ?? 'no sku');
  });

  test('published again, gets what it lacks; whatever the merchant made or changed stays', async () => {
    const product = ours('FR');
    const { state } = world.shopify;
    state.editProduct(merchant.domain, product.id, {
      ...{
        title: 'La France!',
        descriptionHtml: '<p>Mine</p>',
        tags: ['mine'],
        seo: { title: 'Mine', description: null },
      },
    });
    const [first, second, third] = product.variants;
    state.editVariant(merchant.domain, first?.id ?? 0, { price: '99.00' });
    state.deleteVariant(merchant.domain, second?.id ?? 0);
    const own = state.addVariant(merchant.domain, product.id, {
      values: ['Sticker', '1 day'],
      price: '3.00',
      sku: 'STICKER',
    });
    state.addMedia(merchant.domain, product.id, 'https://cdn.example/beach.jpg');
    const pictures = product.media.length;
    const data = product.options[0]?.values.find(({ name }) => name === third?.selectedOptions[0]?.value);
    const renamed = `${data?.name ?? ''} of data`;
    for (const { selectedOptions } of product.variants)
      for (const option of selectedOptions) if (option.value === data?.name) option.value = renamed;
    if (data) data.name = renamed;
    product.vendor = 'Shop';
    await publish(world, merchant, chosen(await bundleIds('FR', 12)));
    expect(ours('FR')).toBe(product);
    expect(product).toMatchObject({
      ...{ title: 'La France!', descriptionHtml: '<p>Mine</p>', tags: ['mine'], vendor: 'Shop' },
      seo: { title: 'Mine' },
    });
    expect(product.media).toHaveLength(pictures);
    expect(product.variants).toContain(own);
    expect(product.variants.find(({ id }) => id === first?.id)?.price).toBe('99.00');
    expect(product.variants.some(({ sku }) => sku === second?.sku)).toBe(false);
    expect(product.variants).toHaveLength(3 + 1 + 8);
    const { rows } = await result();
    expect(rows[0]).toMatchObject({ state: 'done', what: '8 variants added' });
    expect(rows[0]?.notes.join(' ')).toMatch(/deleted 1 variant.*title, description/);
    const values = product.options[0]?.values.map(({ name }) => name) ?? [];
    expect(
      values.filter((name) => name.startsWith(renamed.replace(' of data', '')) && name !== renamed),
    ).toEqual(values.filter((name) => name.startsWith(renamed.replace(' of data', '0'))));
  });

  test('published a third time, is left as it is, and costs Shopify one look', async () => {
    const before = JSON.stringify(ours('FR').variants);
    const calls = world.shopify.graphqlLog.length;
    const { rows } = await result();
    expect(rows).toHaveLength(1);
    const sold = ours('FR').variants.map(({ sku }) => sku);
    const { rows: listed } = await merchant.read<{ rows: { id: string; code: string }[] }>(
      '/app/catalogue?country=FR&kind=country&sort=data',
      'app.catalogue._index',
    );
    await publish(
      world,
      merchant,
      chosen(listed.filter(({ code }) => sold.includes(code)).map(({ id }) => id)),
    );
    expect(JSON.stringify(ours('FR').variants)).toBe(before);
    expect((await result()).rows[0]).toMatchObject({ what: 'Nothing to change' });
    const asked = world.shopify.graphqlLog.slice(calls).map(({ operationName }) => operationName ?? '');
    expect(asked.filter((name) => name.includes('Product'))).toEqual(['ProductState']);
  });
});

test('what is added to a product comes to stand by its size, unless the merchant chose an order', async () => {
  const { rows } = await merchant.read<{ rows: { id: string; code: string }[] }>(
    '/app/catalogue?country=JP&kind=country&sort=data',
    'app.catalogue._index',
  );
  const id = (code: string) => rows.find((row) => row.code === `esim_${code}_JP_V2`)?.id ?? expect.fail(code);
  const names = (at: number) => ours('JP').options[at]?.values.map(({ name }) => name);
  await publish(world, merchant, chosen([id('5GB_30D'), id('1GB_7D')]));
  expect([names(0), names(1)]).toEqual([
    ['1 GB', '5 GB'],
    ['7 days', '30 days'],
  ]);
  await publish(world, merchant, chosen([id('2GB_15D')]));
  expect([names(0), names(1)]).toEqual([
    ['1 GB', '2 GB', '5 GB'],
    ['7 days', '15 days', '30 days'],
  ]);
  expect(ours('JP').variants.map(({ title }) => title)).toEqual([
    ...['1 GB / 7 days', '2 GB / 15 days', '5 GB / 30 days'],
  ]);
  ours('JP').options[0]?.values.reverse();
  await publish(world, merchant, chosen([id('3GB_30D')]));
  expect(names(0)).toEqual(['5 GB', '2 GB', '1 GB', '3 GB']);
  world.shopify.state.deleteProduct(merchant.domain, ours('JP').id);
});

test('what is no more true of a product goes with the next look at it', async () => {
  const product = ours('FR');
  const fields = () =>
    shop().metafields.filter(({ ownerGid }) => ownerGid.endsWith(`/Product/${String(product.id)}`));
  expect(fields().map(({ key }) => key)).toContain('networks');
  const count = fields().length;
  world.esimGo.conducts.on('lists-no-networks');
  // Networks are read again once in a while.
  await passTime({ minutes: 8 * 24 * 60 });
  await merchant.send('/app/catalogue?index', 'app.catalogue._index', { intent: 'import' });
  await world.until('the catalogue is read', async () => {
    const { progress } = await merchant.read<{ progress: { state: string } }>(
      '/app/catalogue',
      'app.catalogue._index',
    );
    return progress.state === 'done';
  });
  world.esimGo.conducts.off('lists-no-networks');
  await merchant.send('/app/products?index', 'app.products._index', { intent: 'refresh' });
  await world.until('the products are looked at', async () => {
    const { task } = await merchant.read<{ task: { state: string } | null }>(
      '/app/products?index',
      'app.products._index',
    );
    return task?.state === 'done';
  });
  expect(fields().map(({ key }) => key)).not.toContain('networks');
  expect(fields()).toHaveLength(count - 1);
});

test('a variant whose answer was lost is taken up, and not made twice', async () => {
  const [, id = ''] = await bundleIds('DE', 2);
  await publish(world, merchant, chosen((await bundleIds('DE', 1)).slice(0, 1)));
  const { rows } = await merchant.read<{
    rows: { variants: { title: string; code: string; price: string | null }[] }[];
  }>(`/app/publish?index&${chosen([id])}`, 'app.publish._index');
  const missing = rows[0]?.variants.find(({ price }) => price !== null) ?? expect.fail('nothing is missing');
  world.shopify.state.addVariant(merchant.domain, ours('DE').id, {
    ...{ values: missing.title.split(' / '), sku: missing.code, price: '9.00' },
  });
  await publish(world, merchant, chosen([id]));
  expect(ours('DE').variants.map(({ sku }) => sku)).toEqual([
    ...new Set(ours('DE').variants.map(({ sku }) => sku)),
  ]);
  expect((await preview(chosen([id]))).summary.added).toBe(0);
});

test('a product that was deleted in Shopify is noticed, offered again, and never made again by itself', async () => {
  const [id = ''] = await bundleIds('DE', 1);
  const first = ours('DE');
  world.shopify.state.deleteProduct(merchant.domain, first.id);
  await world.until('the app has heard of it', async () => {
    const { rows } = await preview(chosen([id]));
    return rows[0]?.state === 'deleted';
  });
  await publish(world, merchant, chosen([id]));
  expect(ours('DE').id).not.toBe(first.id);
  expect(ours('DE').handle).toBe('germany-esim');
});

test('one that is deleted without our hearing of it is noticed when it is looked at', async () => {
  const [, second = ''] = await bundleIds('DE', 2);
  world.shopify.conducts.on('drops-webhooks');
  world.shopify.state.deleteProduct(merchant.domain, ours('DE').id);
  world.shopify.conducts.off('drops-webhooks');
  await publish(world, merchant, chosen([second]));
  expect((await result()).rows).toMatchObject([
    { state: 'refused', reason: expect.stringContaining('You deleted') as string },
  ]);
  expect(shop().products.some(({ handle }) => handle === 'germany-esim')).toBe(false);
});

test('a product of the merchant with the same address is never touched', async () => {
  const own = world.shopify.state.createProduct(merchant.domain, {
    title: 'Japan eSIM',
    handle: 'japan-esim',
  });
  const before = JSON.stringify(own);
  const [id = ''] = await bundleIds('JP', 1);
  await publish(world, merchant, chosen([id]));
  expect(JSON.stringify(own)).toBe(before);
  expect(ours('JP').handle).toBe('japan-esim-2');
});

test('products that wish for the same address at once are products of their own', async () => {
  const settings = await merchant.read<{ saved: Record<string, string> }>(
    '/app/settings/products',
    'app.settings.products',
  );
  const save = (handle: string) =>
    merchant.send('/app/settings/products', 'app.settings.products', {
      ...settings.saved,
      handle,
      intent: 'save',
    });
  await save('one-and-the-same');
  const some = (await bundleIds('DE', 10)).slice(4);
  await publish(world, merchant, `shape=bundle&${chosen(some)}`);
  await save(settings.saved['handle'] ?? '');
  const made = shop().products.filter(({ handle }) => handle.startsWith('one-and-the-same'));
  expect(new Set(made.map(({ variants }) => variants[0]?.sku)).size).toBe(6);
  expect((await result()).task.counts).toMatchObject({ made: 6, variants: 6 });
});

test('what Shopify refuses is named and why, the rest is made, and can be tried again', async () => {
  const [fr = ''] = (await bundleIds('FR', 14)).slice(13);
  const product = ours('FR');
  world.shopify.state.addVariant(merchant.domain, product.id, { values: ['x', 'y'], price: '1' });
  // A third option: Shopify would not know which value a new variant has.
  product.options.push({ id: 1, name: 'Colour', values: [{ id: 2, name: 'Red' }] });
  const [, , de = ''] = await bundleIds('DE', 3);
  await publish(world, merchant, chosen([fr, de]));
  const { task, rows } = await result();
  expect(task).toMatchObject({ state: 'done', counts: { refused: 1, made: 1 } });
  expect(rows.find(({ state }) => state === 'refused')?.reason).toContain(
    'options of this product were changed',
  );
  product.options.pop();
  const { last } = await preview('');
  await merchant.send(`/app/publish/${last ?? ''}`, 'app.publish.$taskId', { intent: 'again' });
  await world.until(
    'it was tried again',
    async () => (await result()).task.state === 'done' && (await preview('')).last !== last,
  );
  expect((await result()).rows).toMatchObject([{ state: 'done', what: '1 variant added' }]);
});

test('a Shopify that throttles in the middle slows the work and spoils nothing', async () => {
  world.shopify.conducts.on('throttles', { times: 3, only: 'SetProduct' });
  await publish(world, merchant, 'shape=bundle&country=JP&kind=country&dataMax=2');
  const { task, rows } = await result();
  expect(task).toMatchObject({ state: 'done' });
  expect(rows.every(({ state }) => state === 'done')).toBe(true);
  expect(world.shopify.graphqlLog.filter(({ throttled }) => throttled)).toHaveLength(3);
  const titles = shop().products.map(({ handle }) => handle);
  expect(new Set(titles).size).toBe(titles.length);
});

test('new texts reach the products whose texts are still the app’s, after a look at what would change', async () => {
  const settings = await merchant.read<{ saved: Record<string, string> }>(
    '/app/settings/products',
    'app.settings.products',
  );
  const save = (changes: Record<string, string>, intent = 'save') =>
    merchant.send('/app/settings/products', 'app.settings.products', {
      ...settings.saved,
      ...changes,
      intent,
      example: 'DE',
    });
  const title = '{{ destination }}: {{ data | first }} and more';
  expect(await save({ title }, 'preview')).toMatchObject({
    status: 200,
    data: { preview: { title: expect.stringMatching(/^Germany: .* and more$/) as string } },
  });
  for (const [field, text, sentence] of [
    ['title', '{{ nothing }}', 'There is no field “nothing”. Choose one from the list.'],
    ['description', '{{ data | raw }}', 'There is no filter “raw”.'],
  ] as const)
    expect(await save({ [field]: text })).toMatchObject({
      status: 422,
      data: { fields: { [field]: sentence } },
    });
  // Right for some places and wrong for others, whose products would be refused later.
  expect(
    await save({ title: '{% if destination == "Germany" %}{{ nothing }}{% endif %}eSIM' }),
  ).toMatchObject({
    status: 422,
    data: { fields: { title: 'Germany: There is no field “nothing”. Choose one from the list.' } },
  });
  expect((await save({ title, theirs: 'tags' })).status).toBe(200);

  const page = () =>
    merchant.read<{
      preview: { changing: number } | null;
      task: { state: string } | null;
      rows: { title: string; kept: string }[];
    }>('/app/products?index&look=yes', 'app.products._index');
  const { rows, preview: look } = await page();
  expect(look?.changing).toBe(rows.filter((row) => !row.title.startsWith('La France')).length);
  const before = JSON.stringify(ours('FR'));
  await merchant.send('/app/products?index', 'app.products._index', { intent: 'refresh' });
  await world.until('the products are looked at', async () => (await page()).task?.state === 'done');
  expect(ours('DE').title).toMatch(/^Germany: .* and more$/);
  expect(ours('DE').tags).toEqual(['eSIM', 'Germany']);
  expect(ours('FR').title).toBe('La France!');
  expect(JSON.parse(before)).toMatchObject({
    descriptionHtml: ours('FR').descriptionHtml,
    tags: ours('FR').tags,
  });
  const after = await page();
  expect(after.preview?.changing).toBe(0);
  expect(after.rows.find((row) => row.title === 'La France!')?.kept).toContain('title');
});

test('a shop begins with texts in the first language of its pages, and in English where the app has none', async () => {
  const austrian = await openShop(world, { locale: 'de-AT' });
  const settingsOf = (whom: Merchant) =>
    whom.read<{ saved: { language: string }; first: { name: string; language: string | null } }>(
      '/app/settings/products',
      'app.settings.products',
    );
  const { rows } = await austrian.read<{ rows: { id: string }[] }>(
    '/app/catalogue?country=JP&kind=country&sort=data',
    'app.catalogue._index',
  );
  await publish(world, austrian, chosen(rows.slice(0, 2).map(({ id }) => id)));
  const made = world.shopify.state.shop(austrian.domain).products.at(-1);
  expect(made).toMatchObject({
    ...{ title: 'eSIM Japan', handle: 'japan-esim' },
    options: [{ name: 'Datenvolumen' }, { name: 'Gültigkeit' }],
  });
  expect(made?.descriptionHtml).toContain('Mobile Daten für Japan');
  expect(await settingsOf(austrian)).toMatchObject({
    ...{ saved: { language: 'de' }, first: { name: 'Austrian German', language: 'de' } },
  });

  // A language that is chosen later, in Shopify, changes nothing under the products that are there.
  world.shopify.state.shop(austrian.domain).locale = 'it';
  expect(await settingsOf(austrian)).toMatchObject({
    ...{ saved: { language: 'de' }, first: { name: 'Italian', language: null } },
  });
  const italian = await openShop(world, { locale: 'it', imports: false });
  expect(await settingsOf(italian)).toMatchObject({ saved: { language: 'en' } });
});

describe('whose a text is', () => {
  const TEXTS = 'app.products.$productId';
  const page = async (look = '') =>
    merchant.read<{
      preview: { changing: number; over: number; examples: { title: string; what: string }[] } | null;
      task: { state: string } | null;
      rows: { id: string; title: string; kept: string }[];
    }>(`/app/products?index${look}`, 'app.products._index');
  const check = async () => {
    await merchant.send('/app/products?index', 'app.products._index', { intent: 'refresh' });
    await world.until('the products are looked at', async () => (await page()).task?.state === 'done');
  };
  const asForAll = {
    ...{ title: '', description: '', seoTitle: '', seoDescription: '' },
    ...{ tags: '', productType: '', vendor: '' },
  };
  const france = async () => {
    const { rows } = await page();
    const row = rows.find(({ title }) => title === ours('FR').title) ?? expect.fail('France is not listed');
    return `/app/products/${row.id}`;
  };
  const textsOf = async (path: string) => {
    const { texts } = await merchant.read<{
      texts: { field: string; now: string; template: string; differs: boolean; own: string }[];
    }>(path, TEXTS);
    return new Map(texts.map((text) => [text.field, text]));
  };

  test('the merchant takes one text of one product back from the app and gives another up; the rest stays theirs', async () => {
    const path = await france();
    const before = { ...ours('FR') };
    const texts = await textsOf(path);
    expect(texts.get('title')).toMatchObject({ now: 'La France!', differs: true, own: '' });
    expect(texts.get('description')).toMatchObject({ now: 'Mine', differs: true });
    expect((await merchant.send(path, TEXTS, { ...asForAll, title: 'ours' })).status).toBe(200);
    expect(ours('FR').title).toBe(texts.get('title')?.template);
    expect(ours('FR')).toMatchObject({
      ...{ descriptionHtml: before.descriptionHtml, tags: before.tags, vendor: before.vendor },
      seo: { title: 'Mine' },
    });
    expect((await textsOf(path)).get('title')).toMatchObject({ differs: false, own: 'ours' });

    // From now on also what they write there later, and nothing else.
    world.shopify.state.editProduct(merchant.domain, ours('FR').id, {
      ...{ title: 'Encore!', descriptionHtml: '<p>Mine again</p>' },
    });
    await check();
    expect(ours('FR')).toMatchObject({
      title: texts.get('title')?.template,
      descriptionHtml: '<p>Mine again</p>',
    });

    // As for all again: what they write is theirs.
    await merchant.send(path, TEXTS, asForAll);
    world.shopify.state.editProduct(merchant.domain, ours('FR').id, { title: 'La France!' });
    await check();
    expect(ours('FR').title).toBe('La France!');
  });

  test('a choice for one product goes before that for all, and a look says whose words go before they do', async () => {
    const { saved } = await merchant.read<{ saved: Record<string, string> }>(
      '/app/settings/products',
      'app.settings.products',
    );
    const save = (changes: Record<string, string>) =>
      merchant.send('/app/settings/products', 'app.settings.products', {
        ...{ ...saved, ...changes, intent: 'save', theirs: '' },
      });
    const path = await france();
    await merchant.send(path, TEXTS, { ...asForAll, description: 'theirs' });
    expect((await save({ ours: 'title description' })).status).toBe(200);
    const { preview: look } = await page('&look=yes');
    expect(look).toMatchObject({ over: 1 });
    // What goes is not called left alone.
    expect((await page()).rows.find(({ title }) => title === 'La France!')?.kept).not.toMatch(/^title/);
    expect(look?.examples[0]).toMatchObject({
      title: 'La France!',
      what: expect.stringContaining('your own title goes') as string,
    });
    expect(ours('FR').title).toBe('La France!');
    await check();
    expect(ours('FR').title).toBe((await textsOf(path)).get('title')?.template);
    expect(ours('FR').descriptionHtml).toBe('<p>Mine again</p>');
    await save({ ours: '', theirs: saved['theirs'] ?? '' });
  });

  test('a choice that Shopify would not hear of is kept, and the next look follows it', async () => {
    const path = await france();
    world.shopify.conducts.on('answers-502');
    const answer = await merchant.send(path, TEXTS, { ...asForAll, description: 'ours' });
    world.shopify.conducts.off('answers-502');
    expect(answer.status).toBe(502);
    expect(ours('FR').descriptionHtml).toBe('<p>Mine again</p>');
    await check();
    expect(ours('FR').descriptionHtml).not.toContain('Mine');
    expect((await merchant.send(path, TEXTS, { title: 'nobody' })).status).toBe(400);
  });

  test('a product that is gone has no texts to choose of', async () => {
    const path = await france();
    world.shopify.conducts.on('drops-webhooks');
    world.shopify.state.deleteProduct(merchant.domain, ours('FR').id);
    world.shopify.conducts.off('drops-webhooks');
    await expect(textsOf(path)).rejects.toThrow('404');
    expect((await merchant.send(path, TEXTS, { ...asForAll, title: 'ours' })).status).toBe(404);
  });
});

test('the picture of a place is public and is nobody’s; what is no place has none', async () => {
  const picture = (name: string) => fetch(`${world.appUrl}/pictures/${name}`);
  const france = await picture('FR.png');
  expect([france.status, france.headers.get('content-type')]).toEqual([200, 'image/png']);
  expect(france.headers.get('cache-control')).toContain('public');
  for (const name of ['ZZ.png', 'FR', 'fr.png', '..%2F..%2Fpackage.json', 'FR-DE.png', '__proto__.png'])
    expect((await picture(name)).status, name).toBe(404);
});

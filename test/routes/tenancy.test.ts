import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../build.ts';
import { openShop, type Merchant, type OrderPage } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

let world: World;
let victim: Merchant;
let intruder: Merchant;
let ids: {
  task: string;
  order: string;
  unit: string;
  heldUnit: string;
  attempt: string;
  bundle: string;
  account: string;
  sync: string;
  variant: string;
  view: string;
  rule: string;
  application: string;
  request: string;
  esim: string;
  bundleKey: string;
  product: string;
};
let wait: string;

beforeAll(async () => {
  world = await openWorld();
  [victim, intruder] = await Promise.all([openShop(world), openShop(world)]);
  const variantId = await victim.sell('esim_1GB_7D_FR_V2');
  victim.checkout({ lines: [{ variantId, quantity: 1 }], email: 'victim@example.com' });
  await world.until('the e-mail arrives', () => world.resend.mails.length === 1);
  const order =
    idsIn((await victim.read<{ orders: unknown[] }>('/app/orders', 'app.orders._index')).orders)[0] ?? '';
  const { units, purchases } = await victim.read<OrderPage>(`/app/orders/${order}`, 'app.orders.$orderId');
  victim.checkout({ lines: [{ variantId, quantity: 1 }], email: 'victim@example.com', test: true });
  const held = async () =>
    (
      await victim.read<{ entries: { waits: string[]; validation: string | null }[] }>(
        '/app/queue?index',
        'app.queue._index',
      )
    ).entries[0];
  // What the app still does by itself would pass for what the intruder did.
  await world.until('an eSIM is held, and the supplier was asked about it', async () => {
    const entry = await held();
    return entry !== undefined && entry.validation !== null;
  });
  await world.until('Shopify knows what was sent', async () => {
    const { fulfilment } = await victim.read<OrderPage>(`/app/orders/${order}`, 'app.orders.$orderId');
    return fulfilment.state === 'done';
  });
  wait = (await held())?.waits[0] ?? '';
  const account = idsIn(await victim.read('/app/settings/suppliers', 'app.settings.suppliers'))[0] ?? '';
  const { rows } = await victim.read<{ rows: { id: string }[] }>(
    '/app/catalogue?search=esim_1GB_7D_FR_V2',
    'app.catalogue._index',
  );
  const { syncs } = await victim.read<{ syncs: { id: string }[] }>(
    '/app/catalogue/syncs?index',
    'app.catalogue.syncs._index',
  );
  await victim.send('/app/catalogue/views', 'app.catalogue.views', {
    ...{ intent: 'save', name: 'Mine', query: 'country=FR' },
  });
  const { views } = await victim.read<{ views: { id: string }[] }>(
    '/app/catalogue?index',
    'app.catalogue._index',
  );
  await victim.send('/app/pricing/rules/new', 'app.pricing.rules.$ruleId', {
    ...{ scope: 'everything', priority: '0', method: 'percent', percent: '50' },
  });
  const { version } = await victim.read<{ version: string }>('/app/pricing/preview', 'app.pricing.preview');
  await victim.send('/app/pricing/preview', 'app.pricing.preview', { intent: 'apply', version });
  const pricing = () =>
    victim.read<{ rules: { id: string }[]; history: { id: string; canUndo: boolean }[] }>(
      '/app/pricing?index',
      'app.pricing._index',
    );
  await world.until('the price is applied', async () => (await pricing()).history[0]?.canUndo === true);
  const { rules, history } = await pricing();
  const { last } = await victim.read<{ last: string | null }>('/app/publish?index', 'app.publish._index');
  const products = await victim.read<{ rows: { id: string }[] }>(
    '/app/products?index',
    'app.products._index',
  );
  const { state } = world.shopify;
  state.requestCustomerData(victim.domain, state.shop(victim.domain).customers[0]?.id ?? 0);
  const requests = async () =>
    idsIn(
      (await victim.read<{ requests: unknown[] }>('/app/settings/privacy', 'app.settings.privacy')).requests,
    );
  await world.until('a customer asks for their data', async () => (await requests()).length === 1);
  const esim = units[0]?.esimId ?? '';
  await victim.send(`/app/esims/${esim}`, 'app.esims.$esimId', { intent: 'look' });
  const { bundles } = await victim.read<{ bundles: { key: string }[] }>(
    `/app/esims/${esim}`,
    'app.esims.$esimId',
  );
  ids = {
    request: (await requests())[0] ?? '',
    ...{ esim, bundleKey: bundles[0]?.key ?? '' },
    ...{ rule: rules[0]?.id ?? '', application: history[0]?.id ?? '' },
    product: products.rows[0]?.id ?? '',
    order,
    unit: units[0]?.id ?? '',
    heldUnit: wait.slice(0, 36),
    attempt: purchases[0]?.id ?? '',
    account,
    sync: syncs[0]?.id ?? '',
    bundle: rows[0]?.id ?? '',
    variant: `gid://shopify/ProductVariant/${String(variantId)}`,
    view: views[0]?.id ?? '',
    task: last ?? '',
  };
});
afterAll(() => world.end());

const idsIn = (data: unknown) =>
  JSON.stringify(data).match(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g) ?? [];

/** Every page of the admin: what an intruder would ask of it. A page that takes no id lists only its own shop's rows. */
const pages: Record<
  string,
  {
    path: () => string;
    isOfOneRow?: boolean;
    /** A file is text, and what only takes forms has nothing to read. */
    holds?: 'file' | 'forms';
    posts?: () => Record<string, string>[];
  }
> = {
  app: { path: () => '/app' },
  'app._index': { path: () => '/app?index' },
  'app.catalogue._index': {
    path: () => '/app/catalogue?index',
  },
  'app.catalogue.$bundleId': {
    path: () => `/app/catalogue/${ids.bundle}`,
    isOfOneRow: true,
    posts: () => [
      { intent: 'map', variantGid: ids.variant },
      { intent: 'unmap', variantGid: ids.variant },
    ],
  },
  'app.catalogue.syncs._index': {
    path: () => '/app/catalogue/syncs?index',
    posts: () => [
      { intent: 'resume-task', taskId: ids.sync },
      { intent: 'cancel-task', taskId: ids.sync },
    ],
  },
  'app.catalogue.syncs.$taskId': { path: () => `/app/catalogue/syncs/${ids.sync}`, isOfOneRow: true },
  'app.catalogue.export': { path: () => '/app/catalogue/export', holds: 'file' },
  'app.catalogue.views': {
    path: () => '/app/catalogue/views',
    holds: 'forms',
    posts: () => [
      { intent: 'rename', viewId: ids.view, name: 'Stolen' },
      { intent: 'change', viewId: ids.view, query: '' },
      { intent: 'delete', viewId: ids.view },
    ],
  },
  'app.catalogue.compare': { path: () => '/app/catalogue/compare?destination=FR' },
  'app.catalogue.compare_.today': { path: () => '/app/catalogue/compare/today?destination=FR' },
  'app.catalogue.prices': { path: () => '/app/catalogue/prices' },
  'app.products.mapping._index': {
    path: () => '/app/products/mapping?index',
    posts: () => [
      { intent: 'look', variantGid: ids.variant },
      { intent: 'unmap', variantGid: ids.variant },
    ],
  },
  'app.products.mapping.$variantId': {
    path: () => `/app/products/mapping/${ids.variant.split('/').at(-1) ?? ''}`,
    isOfOneRow: true,
    posts: () => [{ intent: 'save', kind: 'esim', bundleId: ids.bundle }, { intent: 'unmap' }],
  },
  'app.products.mapping.export': { path: () => '/app/products/mapping/export', holds: 'file' },
  'app.products.mapping.sku': {
    path: () => '/app/products/mapping/sku',
    posts: () => [
      { intent: 'read', pattern: '{code}', after: '' },
      { intent: 'map', pair: `${ids.variant.split('/').at(-1) ?? ''}=${ids.bundle}` },
    ],
  },
  'app.products.mapping.csv': {
    path: () => '/app/products/mapping/csv',
    posts: () => [
      { intent: 'check', csv: `Variant ID,Bundle 1\n${ids.variant},esim_1GB_7D_FR_V2` },
      { intent: 'apply', taskId: ids.sync, approval: 'x' },
      { intent: 'cancel-task', taskId: ids.sync },
      { intent: 'resume', taskId: ids.sync },
    ],
  },
  'app.publish._index': {
    path: () => `/app/publish?index&bundles=${ids.bundle}`,
    posts: () => [{ intent: 'publish' }],
  },
  'app.publish.$taskId': {
    path: () => `/app/publish/${ids.task}`,
    isOfOneRow: true,
    posts: () => [{ intent: 'cancel-task' }, { intent: 'resume' }, { intent: 'again' }],
  },
  'app.products._index': {
    path: () => '/app/products?index&look=yes',
    posts: () => [
      { intent: 'refresh' },
      { intent: 'resume', taskId: ids.task },
      { intent: 'cancel-task', taskId: ids.task },
    ],
  },
  'app.products.$productId': {
    path: () => `/app/products/${ids.product}`,
    isOfOneRow: true,
    posts: () => [
      {
        ...{ title: 'ours', description: 'ours', seoTitle: '', seoDescription: '' },
        ...{ tags: '', productType: '', vendor: 'ours' },
      },
    ],
  },
  'app.settings.products': { path: () => '/app/settings/products' },
  'app.orders._index': { path: () => '/app/orders?index' },
  'app.orders.$orderId': {
    path: () => `/app/orders/${ids.order}`,
    isOfOneRow: true,
    posts: () => [
      { intent: 'show-email' },
      { intent: 'retry', unitId: ids.unit },
      { intent: 'resend', pressId: randomUUID(), email: '' },
      { intent: 'resend', pressId: randomUUID(), email: 'thief@example.com' },
      { intent: 'refund', refundId: randomUUID(), unit: ids.unit, anyway: 'on', notify: '' },
      { intent: 'retry-refund', refundId: randomUUID() },
    ],
  },
  'app.esims._index': {
    path: () => '/app/esims?index',
    posts: () => [
      { intent: 'look-many', ids: ids.esim },
      { intent: 'resend-many', ids: ids.esim },
    ],
  },
  'app.esims.add': {
    path: () => '/app/esims/add',
    posts: () => [
      { intent: 'find', csv: `ICCID\n${world.esimGo.esims[0]?.iccid ?? ''}` },
      { intent: 'adopt-found', taskId: ids.task },
      { intent: 'cancel-task', taskId: ids.task },
      { intent: 'resume', taskId: ids.task },
    ],
  },
  'app.esims.export': { path: () => `/app/esims/export?ids=${ids.esim}`, holds: 'file' },
  'app.esims.views': {
    path: () => '/app/esims/views',
    holds: 'forms',
    posts: () => [{ intent: 'delete', viewId: ids.view }],
  },
  'app.esims.search': {
    path: () => '/app/esims/search',
    holds: 'forms',
    posts: () => [{ typed: '#1001' }],
  },
  'app.esims.$esimId': {
    path: () => `/app/esims/${ids.esim}`,
    isOfOneRow: true,
    posts: () => [{ intent: 'look' }, { intent: 'reveal' }],
  },
  'app.esims.$esimId_.told': { path: () => `/app/esims/${ids.esim}/told`, isOfOneRow: true },
  'app.esims.$esimId_.act': {
    path: () => `/app/esims/${ids.esim}/act`,
    holds: 'forms',
    posts: () => {
      const actionId = randomUUID();
      return [
        { intent: 'refresh', actionId },
        { intent: 'replace', actionId },
        { intent: 'sms', actionId, message: 'Hello' },
        { intent: 'reference', actionId, reference: 'stolen' },
        { intent: 'top-up', actionId, bundleId: ids.bundle, seen: 'x' },
        { intent: 'revoke', actionId, bundleKey: ids.bundleKey, seen: 'x' },
        { intent: 'resend', actionId, email: 'thief@example.com', language: '' },
        { intent: 'end', action: actionId, happened: 'yes' },
      ];
    },
  },
  'app.esims.$esimId_.top-up': { path: () => `/app/esims/${ids.esim}/top-up`, isOfOneRow: true },
  'app.esims.$esimId_.revoke': {
    path: () => `/app/esims/${ids.esim}/revoke?bundle=${encodeURIComponent(ids.bundleKey)}`,
    isOfOneRow: true,
  },
  'app.queue._index': {
    path: () => '/app/queue?index',
    posts: () => [{ intent: 'release', wait }],
  },
  'app.queue.$entryId': {
    path: () => `/app/queue/unit-${ids.heldUnit}`,
    isOfOneRow: true,
    posts: () => [
      { intent: 'release', wait },
      { intent: 'give', wait, bundleId: ids.bundle },
      { intent: 'buy-instead', bundleId: ids.bundle },
      { intent: 'top-up', wait, esimId: randomUUID() },
      { intent: 'close', wait, note: 'theft' },
      { intent: 'send-anyway' },
      { intent: 'revoke-anyway' },
      { intent: 'cancel-order', clickId: randomUUID() },
      { intent: 'decide-cancel', actionId: randomUUID(), happened: 'yes' },
    ],
  },
  'app.queue.esims': {
    path: () => '/app/queue/esims',
    holds: 'forms',
    posts: () => [
      { unitId: ids.heldUnit, typed: '' },
      { unitId: ids.heldUnit, typed: 'victim@example.com' },
    ],
  },
  'app.pricing._index': {
    path: () => '/app/pricing?index',
    posts: () => [
      { intent: 'delete', ruleId: ids.rule },
      { intent: 'undo', taskId: ids.application },
      { intent: 'resume', taskId: ids.application },
      { intent: 'approve', taskId: ids.application },
      {
        ...{ intent: 'save', rounding: 'whole', feePercent: '90', feeFixed: '0', minMarginPercent: '0' },
        ...{ minMargin: '0', ladder: '', repriceBySelf: '', approveAbove: '0', rateSource: 'fixed' },
      },
    ],
  },
  'app.pricing.preview': {
    path: () => '/app/pricing/preview',
    posts: () => [
      { intent: 'apply', version: 'any', variantGid: ids.variant },
      { intent: 'lock', variantGid: ids.variant },
    ],
  },
  'app.pricing.rules.$ruleId': {
    path: () => `/app/pricing/rules/${ids.rule}`,
    isOfOneRow: true,
    posts: () => [{ scope: 'everything', priority: '0', method: 'percent', percent: '900' }],
  },
  'app.balance._index': {
    path: () => `/app/balance?index&account=${ids.account}`,
    isOfOneRow: true,
    posts: () =>
      [
        { intent: 'refresh' },
        { intent: 'compare' },
        { intent: 'alert-line', alertBelow: '9999' },
        { intent: 'adjust', clickId: randomUUID(), kind: 'adjustment', amount: '5', note: 'theft' },
        { intent: 'charge', clickId: randomUUID(), amount: '1000', confirm: '1000' },
        { intent: 'decide-charge', actionId: randomUUID(), happened: 'yes' },
      ].map((fields) => ({ ...fields, accountId: ids.account })),
  },
  'app.balance.export': {
    path: () => `/app/balance/export?account=${ids.account}`,
    isOfOneRow: true,
    holds: 'file',
  },
  'app.balance.transactions': {
    path: () => `/app/balance/transactions?account=${ids.account}`,
    isOfOneRow: true,
  },
  // The victim's supplier has no such list either.
  'app.balance.transactions_.export': {
    path: () => `/app/balance/transactions/export?account=${ids.account}`,
    isOfOneRow: true,
    holds: 'forms',
  },
  'app.balance.stock': {
    path: () => `/app/balance/stock?account=${ids.account}`,
    isOfOneRow: true,
    posts: () =>
      [
        { intent: 'refund', clickId: randomUUID(), bundle: 'esim_1GB_7D_FR_V2', batchId: '1', quantity: '1' },
        { intent: 'decide-refund', actionId: randomUUID(), happened: 'yes' },
      ].map((fields) => ({ ...fields, accountId: ids.account })),
  },
  'app.margin._index': { path: () => `/app/margin?index&by=order&after=${ids.order}` },
  'app.margin.export': { path: () => '/app/margin/export?by=order', holds: 'file' },
  'app.bundles': { path: () => '/app/bundles' },
  'app.settings.buying': {
    path: () => '/app/settings/buying',
    posts: () => [
      {
        ...{ intent: 'save', riskHold: 'off', buyDelayMinutes: '0', mostPerOrder: '', priceGuardPercent: '' },
        ...{ buyTestOrders: '', [`reserve ${ids.account}`]: '99', [`stockFirst ${ids.account}`]: 'on' },
        [`rebuy ${ids.account}`]: 'on',
      },
    ],
  },
  'app.settings.withdrawn': {
    path: () => '/app/settings/withdrawn',
    posts: () => [{ intent: 'save', rule: 'draft' }],
  },
  'app.settings.travellers': {
    path: () => '/app/settings/travellers',
    posts: () => [{ intent: 'save', mails: 'first-use' }],
  },
  'app.settings.refunds': {
    path: () => '/app/settings/refunds',
    posts: () => [{ intent: 'save', refundRule: 'ask', chargebackRule: 'leave' }],
  },
  'app.settings._index': { path: () => '/app/settings?index' },
  'app.settings.privacy': {
    path: () => '/app/settings/privacy',
    posts: () => [{ intent: 'close', requestId: ids.request }],
  },
  'app.settings.privacy.export': {
    path: () => `/app/settings/privacy/export?request=${ids.request}`,
    // Its own merchant's look would leave a trace on the order.
    holds: 'forms',
    isOfOneRow: true,
  },
  'app.settings.watch': {
    path: () => '/app/settings/watch',
    posts: () => [
      { intent: 'audit', accountId: ids.account },
      // One of this shop: flows/strange-rows.
      { intent: 'try-again', receiptId: 'nobody' },
    ],
  },
  'app.settings.suppliers': {
    path: () => '/app/settings/suppliers',
    posts: () => [
      { intent: 'test', accountId: ids.account },
      { intent: 'disconnect', accountId: ids.account },
    ],
  },
};

test('this list knows every page of the admin', () => {
  const files = readdirSync(join(root, 'app/routes')).map((name) => name.replace(/\.tsx?$/, ''));
  expect(Object.keys(pages).sort()).toEqual(
    files.filter((name) => name === 'app' || name.startsWith('app.')).sort(),
  );
});

const seenBy = (merchant: Merchant) =>
  Promise.all(
    Object.entries(pages).map(async ([route, page]) => [route, await look(merchant, route, page)] as const),
  );
async function look(merchant: Merchant, route: string, { path, holds }: (typeof pages)[string]) {
  if (holds === 'forms') return null;
  return holds === 'file' ? merchant.download(path(), route) : merchant.read(path(), route);
}
// "2 minutes ago" goes on by itself, the watch looks by itself, and a click has another id each time.
const withoutClock = (seen: (readonly [string, unknown])[]) =>
  JSON.stringify(seen.filter(([route]) => route !== 'app.settings.watch'))
    .replace(/"[^"]*(ago|now|second|minute)[^"]*"/g, '""')
    .replace(/"clickId":"[^"]*"/g, '');

test("no page shows another shop's rows: an id that is another shop's answers as an unknown one does", async () => {
  for (const [route, page] of Object.entries(pages)) {
    if (page.isOfOneRow) {
      await expect(intruder.read(page.path(), route), route).rejects.toThrow(/answered 404/);
      continue;
    }
    const data = JSON.stringify(await look(intruder, route, page));
    for (const [what, id] of Object.entries(ids))
      expect(data, `${route} shows the ${what}`).not.toContain(id);
    expect(data).not.toContain(victim.domain);
  }
});

test('no form of another shop changes anything of this one, buys, mails or shows an address', async () => {
  const before = withoutClock(await seenBy(victim));
  const [mails, orders] = [world.resend.mails.length, world.esimGo.orders.length];
  const products = JSON.stringify(world.shopify.state.shop(victim.domain).products);
  for (const [route, { path, posts, isOfOneRow }] of Object.entries(pages)) {
    for (const fields of posts?.() ?? []) {
      const { status, data } = await intruder.send(path(), route, fields);
      const what = `${route} ${JSON.stringify(fields)} answered ${String(status)} ${JSON.stringify(data)}`;
      expect(status, what).toBeLessThan(500);
      if (isOfOneRow && route.startsWith('app.orders')) expect(status, what).toBe(404);
      if (/^app\.(queue\.\$|balance)/.test(route)) expect(status, what).toBe(404);
      if (
        [
          ...['app.settings.suppliers', 'app.settings.watch', 'app.settings.privacy'],
          'app.catalogue.views',
        ].includes(route)
      )
        expect(status, what).toBe(404);
      expect(JSON.stringify(data), what).not.toMatch(/victim@example\.com|LPA:/);
    }
  }
  expect(withoutClock(await seenBy(victim))).toBe(before);
  expect(JSON.stringify(world.shopify.state.shop(victim.domain).products)).toBe(products);
  expect([world.resend.mails.length, world.esimGo.orders.length]).toEqual([mails, orders]);
});

test('the shop is the one of the session token, whatever the address says', async () => {
  const data = await intruder.read<{ orders: unknown[] }>(
    `/app/orders?shop=${victim.domain}`,
    'app.orders._index',
  );
  expect(data.orders).toEqual([]);
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShop, type Merchant, type OrderPage } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

let world: World;
let merchant: Merchant;
let order: string;
let bundle: string;
let esim: string;

beforeAll(async () => {
  world = await openWorld();
  merchant = await openShop(world);
  const variantId = await merchant.sell('esim_1GB_7D_FR_V2');
  merchant.checkout({ lines: [{ variantId, quantity: 1 }], email: 'buyer@example.com' });
  await world.until('the e-mail arrives', () => world.resend.mails.length === 1);
  order =
    (await merchant.read<{ orders: { id: string }[] }>('/app/orders', 'app.orders._index')).orders[0]?.id ??
    '';
  esim =
    (await merchant.read<OrderPage>(`/app/orders/${order}`, 'app.orders.$orderId')).units[0]?.esimId ?? '';
  const { rows } = await merchant.read<{ rows: { id: string }[] }>(
    '/app/catalogue?search=esim_1GB_7D_FR_V2',
    'app.catalogue._index',
  );
  bundle = rows[0]?.id ?? '';
});
afterAll(() => world.end());

/** A sentence for people stands somewhere in the answer. */
const inWords = (data: unknown) => /[A-Z][a-z]+ [a-z]+ [^"]*[.?]/.test(JSON.stringify(data));

async function expectRefused(path: string, route: string, fields: Record<string, string>) {
  const { status, data } = await merchant.send(path, route, fields);
  const what = `${route} ${JSON.stringify(fields).slice(0, 100)} answered ${String(status)} ${JSON.stringify(data)}`;
  expect(status, what).toBeGreaterThanOrEqual(400);
  expect(status, what).toBeLessThan(500);
  return { what, data };
}

test('a price rule that is no sensible one is refused at its field, and changes no price', async () => {
  const page = ['/app/pricing/rules/new', 'app.pricing.rules.$ruleId'] as const;
  const rules = async () =>
    (await merchant.read<{ rules: unknown }>('/app/pricing?index', 'app.pricing._index')).rules;
  const before = await rules();
  const rule = { scope: 'everything', scopeValue: '', priority: '0', method: 'percent', percent: '40' };
  for (const percent of [
    '',
    '-1',
    '-0.01',
    'forty',
    'NaN',
    '1e9',
    '9'.repeat(400),
    '0x10',
    '10,5',
    "40'--",
  ]) {
    const { what, data } = await expectRefused(...page, { ...rule, percent });
    expect(data, what).toMatchObject({ fields: { percent: expect.stringMatching(/\w+ \w+.*\./) as string } });
  }
  for (const wrong of [
    ...[
      { scope: 'world' },
      { scope: 'country', scopeValue: 'XX' },
      { scope: 'bundle', scopeValue: 'nothing' },
    ],
    ...[
      { scope: 'supplier', scopeValue: bundle },
      { priority: '-1' },
      { priority: '1.5' },
      { method: 'guess' },
    ],
    ...[
      { method: 'final', price: '0' },
      { method: 'final', price: '1.999' },
      { method: 'fixed', amount: '-2' },
    ],
    ...[{ method: 'tiers', upTo: '5', percent: '40' }],
  ])
    await expectRefused(...page, { ...rule, ...wrong });
  expect(await rules()).toEqual(before);
});

test('fees and margins that leave nothing for the cost are refused at their field, and change nothing', async () => {
  const page = ['/app/pricing?index', 'app.pricing._index'] as const;
  const settings = async () => (await merchant.read<{ saved: Record<string, string> }>(...page)).saved;
  const before = await settings();
  const save = { ...before, intent: 'save' };
  for (const [field, value] of [
    ...[
      ['rounding', '.77'],
      ['rounding', '__proto__'],
      ['feePercent', '-1'],
      ['feePercent', '100'],
    ],
    ...[
      ['feeFixed', '0.001'],
      ['minMarginPercent', '100'],
      ['minMargin', '-1'],
      ['approveAbove', 'much'],
    ],
    ...[
      ['rateSource', 'guess'],
      ['rate EUR', '0'],
      ['rate EUR', '-1'],
      ['rate EUR', 'one'],
      ['ladder', 'perhaps'],
    ],
  ] as [string, string][])
    await expectRefused(...page, { ...save, [field]: value });
  await expectRefused(...page, { ...save, feePercent: '60', minMarginPercent: '40' });
  expect(await settings()).toEqual(before);
});

test('a supplier is not connected with an empty, wrong or absurd key, and the old one stays', async () => {
  // The refusals take their time, in which the balance grows older.
  const suppliers = async () =>
    JSON.stringify(
      await merchant.read('/app/settings/suppliers', 'app.settings.suppliers'),
      (key, value: unknown) => (key === 'balanceAge' ? null : value),
    );
  const before = await suppliers();
  for (const apiKey of [
    '',
    '   ',
    'not-a-key',
    'x'.repeat(10_000),
    'schlüssel',
    'key\r\nX-Injected: 1',
    '\u0000',
  ]) {
    const { what, data } = await expectRefused('/app/settings/suppliers', 'app.settings.suppliers', {
      intent: 'connect',
      provider: 'esim-go',
      apiKey,
    });
    if (apiKey.length > 3) expect(JSON.stringify(data), what).not.toContain(apiKey);
  }
  for (const provider of ['', 'unknown', '__proto__', 'toString']) {
    await expectRefused('/app/settings/suppliers', 'app.settings.suppliers', {
      intent: 'connect',
      provider,
      apiKey: 'x',
    });
  }
  expect(await suppliers()).toBe(before);
});

test('an e-mail is not sent again to something that is no address', async () => {
  for (const email of [
    'nobody',
    'a@b',
    'a@@b.example',
    'a b@example.com',
    'a@example.com\r\nBcc: x@example.com',
    'a@example.com, b@example.com',
    `${'a'.repeat(1000)}@`,
  ]) {
    const { what, data } = await expectRefused(`/app/orders/${order}`, 'app.orders.$orderId', {
      intent: 'resend',
      pressId: randomUUID(),
      email,
    });
    expect(inWords(data), what).toBe(true);
  }
  expect(world.resend.mails).toHaveLength(1);
});

test('the sixth e-mail of an order within a day is refused in words', async () => {
  for (let time = 1; time <= 5; time++) {
    expect(
      (
        await merchant.send(`/app/orders/${order}`, 'app.orders.$orderId', {
          intent: 'resend',
          pressId: randomUUID(),
          email: '',
        })
      ).status,
    ).toBe(200);
  }
  const { what, data } = await expectRefused(`/app/orders/${order}`, 'app.orders.$orderId', {
    intent: 'resend',
    pressId: randomUUID(),
    email: '',
  });
  expect(inWords(data), what).toBe(true);
});

test('what stops an order is not changed by anything that is no sensible number, and not by half', async () => {
  const settings = () =>
    merchant.read<{ saved: Record<string, string>; accounts: { accountId: string }[] }>(
      '/app/settings/buying',
      'app.settings.buying',
    );
  const before = await settings();
  const id = before.accounts[0]?.accountId ?? '';
  const good = { ...before.saved, intent: 'save', riskHold: 'medium', buyTestOrders: 'on' };
  const bad: [string, string[]][] = [
    ['riskHold', ['', 'low', '__proto__']],
    ['buyDelayMinutes', ['', '-1', '61', '1.5', 'soon', '1e1', '0x3', '9'.repeat(300)]],
    ['mostPerOrder', ['0', '-1', '1001', 'many']],
    ['priceGuardPercent', ['-1', '1001', '20%']],
    ['buyTestOrders', ['yes', 'true']],
    [`reserve ${id}`, ['', '-5', '25,50', '25.505', '1e9', 'NaN', '$25', '9'.repeat(40)]],
    [`stockFirst ${id}`, ['yes']],
    [`rebuy ${id}`, ['always']],
  ];
  for (const [name, values] of bad) {
    for (const value of values) {
      const { what, data } = await expectRefused('/app/settings/buying', 'app.settings.buying', {
        ...good,
        [name]: value,
      });
      expect(data, what).toMatchObject({ fields: { [name]: expect.stringMatching(/\w/) as unknown } });
    }
  }
  const { data } = await expectRefused('/app/settings/buying', 'app.settings.buying', {
    ...{ ...good, buyDelayMinutes: 'soon' },
    [`reserve ${id}`]: 'much',
  });
  expect(Object.keys((data as { fields: object }).fields).sort()).toEqual([
    'buyDelayMinutes',
    `reserve ${id}`,
  ]);
  await expectRefused('/app/settings/buying', 'app.settings.buying', { intent: 'save' });
  expect(await settings()).toEqual(before);

  const answer = await merchant.send('/app/settings/buying', 'app.settings.buying', {
    ...good,
    [`reserve ${id}`]: '25.50',
    [`rebuy ${id}`]: 'on',
  });
  expect(answer.status).toBe(200);
  expect((await settings()).saved).toMatchObject({
    ...{ riskHold: 'medium', buyTestOrders: 'on' },
    ...{ [`reserve ${id}`]: '25.5', [`rebuy ${id}`]: 'on', [`stockFirst ${id}`]: '' },
  });
});

test('a look that is asked for is made, and says what it found', async () => {
  const watch = () =>
    merchant.read<{ audits: { accountId: string; last: { state: string; found: string } | null }[] }>(
      '/app/settings/watch',
      'app.settings.watch',
    );
  const accountId = (await watch()).audits[0]?.accountId ?? '';
  for (const fields of [{ intent: 'sweep' }, { intent: 'reconcile' }, { intent: 'audit', accountId }])
    expect((await merchant.send('/app/settings/watch', 'app.settings.watch', fields)).status).toBe(200);
  await world.until('it was made', async () => (await watch()).audits[0]?.last?.state === 'done');
  expect((await watch()).audits[0]?.last?.found).toBe('1 order compared. Every one belongs to an order.');
  await expectRefused('/app/settings/watch', 'app.settings.watch', { intent: 'audit', accountId: 'nobody' });
});

test('what staff ask of an eSIM is refused at its field when it is no sensible thing, and the supplier hears nothing', async () => {
  // New eSIMs are tagged meanwhile, which is a PUT.
  const asked = () =>
    world.esimGo.requests.filter(({ method }) => method === 'POST' || method === 'DELETE').length;
  const before = asked();
  const actionId = randomUUID();
  for (const [intent, good, field, values] of [
    ['sms', {}, 'message', ['', '   ', 'x'.repeat(161), 'ж'.repeat(71), '€'.repeat(81)]],
    ['reference', {}, 'reference', ['', ' ', 'x'.repeat(101), 'two\nlines', 'zero\u0000']],
    ['top-up', { seen: 'x' }, 'bundleId', ['', 'cheapest', '1']],
    ['top-up', { bundleId: bundle }, 'seen', ['', 'x'.repeat(3000)]],
    [
      'resend',
      { language: '' },
      'email',
      ['nobody', 'a@example.com, b@example.com', 'a@example.com\r\nBcc: x@example.com'],
    ],
    ['resend', { email: '' }, 'language', ['xx', 'EN', '__proto__']],
    ['refresh', {}, 'actionId', ['', 'twice', '1']],
    ['end', { action: 'x' }, 'happened', ['', 'perhaps']],
  ] as [string, Record<string, string>, string, string[]][]) {
    for (const value of values) {
      const fields = { intent, actionId, ...good, [field]: value };
      const { what, data } = await expectRefused(`/app/esims/${esim}/act`, 'app.esims.$esimId_.act', fields);
      expect(data, what).toMatchObject({
        fields: { [field]: expect.stringMatching(/^[A-Z].*\.$/) as string },
      });
    }
  }
  expect(asked()).toBe(before);
});

test('a form that a page does not have, or no form at all, is a bad request', async () => {
  const pages: [string, string][] = [
    ['/app?index', 'app._index'],
    ['/app/catalogue?index', 'app.catalogue._index'],
    ['/app/catalogue/syncs?index', 'app.catalogue.syncs._index'],
    ['/app/settings/withdrawn', 'app.settings.withdrawn'],
    [`/app/catalogue/${bundle}`, 'app.catalogue.$bundleId'],
    [`/app/orders/${order}`, 'app.orders.$orderId'],
    ['/app/pricing?index', 'app.pricing._index'],
    ['/app/pricing/preview', 'app.pricing.preview'],
    ['/app/pricing/rules/new', 'app.pricing.rules.$ruleId'],
    ['/app/settings/suppliers', 'app.settings.suppliers'],
    ['/app/settings/buying', 'app.settings.buying'],
    ['/app/settings/watch', 'app.settings.watch'],
    ['/app/queue?index', 'app.queue._index'],
    [`/app/publish?index&bundles=${bundle}`, 'app.publish._index'],
    [`/app/esims/${esim}`, 'app.esims.$esimId'],
    [`/app/esims/${esim}/act`, 'app.esims.$esimId_.act'],
  ];
  for (const [path, route] of pages) {
    await expectRefused(path, route, { intent: 'drop-tables' });
    await expectRefused(path, route, {});
  }
  const products = JSON.stringify(world.shopify.state.shop(merchant.domain).products);
  for (const variantGid of ['', '1', 'gid://shopify/Product/1', 'gid://shopify/ProductVariant/1 OR 1=1']) {
    await expectRefused(`/app/catalogue/${bundle}`, 'app.catalogue.$bundleId', { intent: 'map', variantGid });
  }
  for (const question of ['', '&bundles=not-an-id', `&bundles=${order}`, '&shape=bundle&country=XX'])
    await expectRefused(`/app/publish?index${question}`, 'app.publish._index', { intent: 'publish' });
  await expectRefused(`/app/orders/${order}`, 'app.orders.$orderId', {
    intent: 'retry',
    unitId: 'not-an-id',
  });
  expect(JSON.stringify(world.shopify.state.shop(merchant.domain).products)).toBe(products);
});

import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseLosslessJson } from '../../platform/lossless-json.ts';
import {
  dataBytes,
  orderState,
  ownUrl,
  purchaseOutcome,
  refusalOf,
  regionCode,
  toAssignment,
  toBalance,
  toBundle,
  toEsim,
  toProfile,
  toPurchase,
  toRefusal,
  topUpOutcome,
  toTopUpOption,
  toTransaction,
  validation,
} from './map.ts';
import * as wire from './wire.ts';

// Answers are the examples of the vendor's document. Where it shows none (plans, lists) they are invented in its words.

const read = (value: object | string) =>
  parseLosslessJson(typeof value === 'string' ? value : JSON.stringify(value));

const documented = {
  order: {
    success: true,
    message: 'Order created successfully',
    order: {
      id: 'ord-abc123def456',
      user_id: 'user-123',
      plan_id: 'plan-123',
      plan_name: '5GB - USA',
      quantity: 1,
      unit_price: 15.0,
      total_amount: 15.0,
      currency: 'USD',
      status: 'active',
      iccid: '8901234567890123456',
      qr_code_url: 'https://api.example.com/qr/order-123.png',
    },
  },
  profile: {
    success: true,
    profile: { iccid: '89012345678901234567', status: 'active', data_remaining: 4500, validity_days: 28 },
  },
  usage: { success: true, usage: { data_used: 500, data_limit: 5000, percent_used: 10 } },
  orderUsage: {
    success: true,
    order_id: 'ord-abc123',
    usage: {
      data_used: '1.2GB',
      data_total: '5GB',
      data_remaining: '3.8GB',
      percentage_used: 24.0,
      validity_remaining_days: 25,
    },
  },
  topUpPlans: {
    success: true,
    plans: [{ package_code: 'PKG_5GB_30D', data_volume_mb: 5120, price: 15.0, validity_days: 30 }],
  },
  balance:
    '{"success":true,"balance":1500.00,"currency":"USD","billing_mode":"prepaid","soft_limit_threshold":100.00,"current_usage":50.00,"available_credit":1450.00}',
};

describe('plans', () => {
  const plan = {
    id: 'plan-123',
    name: '5GB - USA',
    country_code: 'us',
    package_code: 'PKG_5GB_30D',
    data_volume_mb: 5120,
    validity_days: 30,
    price: '15.0000000000000000001',
    currency: 'usd',
  };
  const bundle = (row: object) => toBundle(wire.Plan.parse(read(row)), 'EUR');

  test('a plan of one country, with every digit of its price', () => {
    const { cost, ...rest } = bundle(plan) ?? {};
    expect(cost?.amount.toFixed()).toBe('15.0000000000000000001');
    expect(cost?.currency).toBe('USD');
    expect(rest).toMatchObject({
      ...{ code: 'plan-123', description: '5GB - USA', countries: ['US'], region: null, days: 30 },
      dataBytes: 5_000_000_000n,
    });
  });

  test('a size is what it is sold as, and what is no whole gigabyte is what it says', () => {
    const bytes = (megabytes: number) => bundle({ ...plan, data_volume_mb: megabytes })?.dataBytes;
    expect([1024, 10_240].map(bytes)).toEqual([1_000_000_000n, 10_000_000_000n]);
    expect([500, 512, 1000, 5000].map(bytes)).toEqual(
      [500, 512, 1000, 5000].map((mb) => BigInt(mb) * 1_000_000n),
    );
  });

  test('a regional plan, in whatever form its countries come', () => {
    const region = { ...plan, country_code: null, region_code: 'EU' };
    for (const countries of [
      ['FR', 'at'],
      [{ code: 'FR' }, { iso: 'AT' }],
      [{ country_code: 'AT' }, 'FR', 7],
    ])
      expect(bundle({ ...region, countries })).toMatchObject({ region: 'Europe+', countries: ['AT', 'FR'] });
    const named = (region_code: string) =>
      bundle({ ...region, region_code, countries: ['FR', 'AT'] })?.region;
    expect(['NA', 'asia', 'ME'].map(named)).toEqual(['North America', 'Asia', 'ME']);
    expect(['Europe+', 'Asia', 'ME'].map(regionCode)).toEqual(['EU', 'ASIA', 'ME']);
    expect(bundle({ ...plan, countries: ['CA'] })).toMatchObject({ region: 'Global' });
  });

  test('without a currency it is the account’s, and without a price nobody can sell it', () => {
    const { price, currency, ...bare } = plan;
    expect(bundle({ ...bare, price })?.cost.currency).toBe('EUR');
    expect(bundle({ ...bare, currency, unit_price: 2 })?.cost.amount).toEqual(new Decimal(2));
    for (const none of [{}, { price: null }, { price: 0 }, { price: -1 }, { price: 'free' }])
      expect(bundle({ ...bare, ...none })).toBeNull();
  });

  test('unlimited by its flag, by a number below zero or by a word', () => {
    for (const data of [{ is_unlimited: true }, { data_volume_mb: -1 }, { data_volume_mb: 'Unlimited' }])
      expect(bundle({ ...plan, ...data })?.dataBytes).toBeNull();
  });

  test.each([
    { plans: [plan, { id: 'odd' }, 'x'], pagination: { page: 1, total: 3 } },
    { data: [plan, { id: 'odd' }, 'x'], total: 3 },
    { data: { plans: [plan, { id: 'odd' }, 'x'] }, pagination: { total: '3' } },
  ])('a page in any of its forms: %j', (page) => {
    const answer = wire.Plans.parse(read(page));
    expect(answer).toMatchObject({
      plans: [{ id: 'plan-123' }],
      unreadable: ['odd', null],
      lines: 3,
      total: 3,
    });
  });

  test('a page on which nothing can be read is no empty page', () => {
    for (const page of [{ plans: [{ id: 'odd' }] }, {}, { plans: null }, 'null', '"plans"'])
      expect(wire.Plans.safeParse(read(page)).success).toBe(false);
    expect(wire.Plans.parse([])).toMatchObject({ plans: [], total: null });
  });
});

describe('money', () => {
  const balance = (answer: object | string) => toBalance(wire.OneBalance.parse(read(answer)));

  test('a prepaid account spends its balance', () => {
    expect(balance(documented.balance)).toEqual({
      ...{ amount: new Decimal(1500), currency: 'USD', testCredit: null },
    });
  });

  test('a postpaid account spends the credit that is left, told or counted', () => {
    const postpaid = {
      currency: 'usd',
      billing_mode: 'POSTPAID',
      credit_limit: 500,
      current_usage: '499.99',
    };
    expect(balance({ ...postpaid, available_credit: '0.01' })?.amount.toFixed()).toBe('0.01');
    expect(balance(postpaid)?.amount.toFixed()).toBe('0.01');
    expect(balance({ ...postpaid, balance: 77 })?.amount.toFixed()).toBe('0.01');
    expect(balance({ data: { ...postpaid, current_usage: 0 } })?.amount.toFixed()).toBe('500');
    expect(balance({ currency: 'USD', billing_mode: 'postpaid', balance: 77 })).toBeNull();
  });

  test('an order is affordable to the last digit, and not beyond', () => {
    const cost = (amount: string) => ({ amount: new Decimal(amount), currency: 'USD' });
    const has = { ...cost('1.0001'), testCredit: null };
    expect(validation(cost('1.0001'), has)).toEqual({ status: 'accepted', total: cost('1.0001') });
    expect(validation(cost('1.00010000000000000001'), has)).toMatchObject({ reason: 'funds' });
  });

  test('a transaction in our words', () => {
    const row = {
      id: 'txn-1',
      type: 'TOPUP',
      amount: 500,
      status: 'pending',
      created_at: '2025-01-15T10:00:00Z',
    };
    const transaction = (more: object) =>
      toTransaction(
        wire.Transactions.parse({ transactions: [{ ...row, ...more }] }).transactions[0] ?? never(),
        'USD',
      );
    expect(transaction({})).toEqual({
      ...{
        id: 'txn-1',
        kind: 'topup',
        description: '',
        isSettled: false,
        at: new Date('2025-01-15T10:00:00Z'),
      },
      amount: { amount: new Decimal(500), currency: 'USD' },
    });
    expect(transaction({ type: 'constructor' })).toMatchObject({ kind: 'unknown' });
    expect(transaction({ created_at: 'yesterday' })).toBeNull();
  });
});

describe('purchase', () => {
  const outcome = (answer: object | string) => purchaseOutcome(wire.OrderAnswer.parse(read(answer)));

  test('the documented answer is an order, of one eSIM whose code is in a picture', () => {
    const placed = outcome(documented.order);
    if (placed?.status !== 'placed') throw new Error('no order');
    expect(orderState(placed.order)).toBe('ready');
    expect(placed.order).toMatchObject({ id: 'ord-abc123def456', iccid: '8901234567890123456' });
    expect(toEsim(placed.order.iccid, placed.order.activation_code)).toBeNull();
  });

  test('an order that is named is bought, whatever else the answer says', () => {
    expect(outcome({ ...documented.order, success: false })).toMatchObject({ status: 'placed' });
    expect(outcome({ order: { id: 'o' } })).toMatchObject({ status: 'placed' });
  });

  test('a no is a refusal, and everything else proves nothing', () => {
    expect(outcome({ success: false, message: 'Insufficient credit balance' })).toMatchObject({
      ...{ status: 'refused', reason: 'funds' },
    });
    for (const answer of [
      {},
      { success: true },
      { order: {} },
      { order: { id: '' } },
      { message: 'Order created' },
    ])
      expect(outcome(answer)).toBeNull();
  });

  test('whatever JSON comes back, only an order that is named is one', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const answer = wire.OrderAnswer.safeParse(read(text));
        const placed = answer.success ? purchaseOutcome(answer.data) : null;
        expect(placed?.status === 'placed' ? placed.order.id : 'none').not.toBe('');
      }),
    );
  });

  test('a top-up that names no order is in doubt', () => {
    const topUp = (answer: object) => topUpOutcome(wire.TopUpAnswer.parse(read(answer)));
    expect(topUp({ success: true, message: 'Profile topped up successfully', topup_details: {} })).toBeNull();
    expect(topUp({ success: true, topup_details: { order_id: 7 } })).toEqual({
      ...{ status: 'placed', orderReference: '7' },
    });
    expect(topUp({ success: false, message: 'Package not found' })).toMatchObject({ status: 'refused' });
  });

  test.each([
    ['pending', 'preparing'],
    ['ACTIVE', 'ready'],
    ['completed', 'ready'],
    ['expired', 'ready'],
    ['cancelled', 'refused'],
    ['constructor', 'ready'],
    [null, 'ready'],
  ])('an order that is %s, with an eSIM, is %s', (status, state) => {
    expect(orderState({ status, iccid: '8901234567890123456' })).toBe(state);
    expect(orderState({ status, iccid: null })).toBe(state === 'refused' ? 'refused' : 'preparing');
  });

  test.each([
    ['Insufficient credit balance', 'funds'],
    ['Initial deposit must be completed', 'funds'],
    ['Plan not found or not available', 'bundle-unavailable'],
    ['Package is not compatible with this eSIM', 'incompatible'],
    ['customer_name is required', 'rejected'],
  ])('"%s" is %s', (words, reason) => {
    expect(toRefusal(words)).toEqual({ status: 'refused', reason, detail: words });
    expect(refusalOf(words, 400)).toMatchObject({ reason });
    expect(refusalOf(words, 403)?.reason ?? null).toBe(reason === 'funds' ? 'funds' : null);
  });

  test('rows of the list are evidence: one that cannot be read makes all unreadable', () => {
    const { order } = documented.order;
    const dated = { ...order, created_at: '2025-01-15T10:00:00Z' };
    const { orders } = wire.Orders.parse(read({ orders: [dated] }));
    expect(orders.map(toPurchase)).toMatchObject([
      {
        orderReference: 'ord-abc123def456',
        createdAt: new Date('2025-01-15T10:00:00Z'),
        items: [{ bundle: 'plan-123', quantity: 1, iccids: ['8901234567890123456'] }],
        total: { amount: new Decimal(15), currency: 'USD' },
      },
    ]);
    for (const odd of [{ ...dated, id: '' }, { ...dated, plan_id: null }, 'order'])
      expect(wire.Orders.safeParse(read({ orders: [dated, odd] })).success).toBe(false);
    expect(() => wire.Orders.parse(read({ orders: [order] })).orders.map(toPurchase)).toThrow(TypeError);
  });
});

describe('an eSIM', () => {
  const profile = (more: object = {}) =>
    wire.OneProfile.parse(read({ profile: { ...documented.profile.profile, ...more } }));
  const usage = (answer: object) => wire.OneUsage.parse(read(answer));
  const now = new Date('2026-11-21T12:00:00Z');

  test('the documented profile and its usage', () => {
    expect(toProfile(profile())).toMatchObject({
      ...{ iccid: '89012345678901234567', profileStatus: 'enabled', isSuspended: false },
      ...{ smdpAddress: null, matchingId: null, installedAt: null },
    });
    expect(toAssignment(profile(), usage(documented.usage), now)).toEqual({
      ...{ id: null, bundle: 'unknown', state: 'active', reference: null },
      ...{ initialBytes: 5_000_000_000n, remainingBytes: 4_500_000_000n },
      ...{ assignedAt: null, startsAt: null, endsAt: new Date('2026-12-19T23:59:59.999Z') },
    });
  });

  test('a number of days that no plan has is no end', () => {
    for (const validity_days of ['1e29', '99999999', -1, 'many', null])
      expect(toAssignment(profile({ validity_days }), usage({}), now).endsAt).toBeNull();
    expect(toAssignment(profile({ validity_days: 0 }), usage({}), now).endsAt).toEqual(
      new Date('2026-11-21T23:59:59.999Z'),
    );
  });

  test('usage in the words of an order', () => {
    expect(toAssignment(profile(), usage(documented.orderUsage), now)).toMatchObject({
      ...{ initialBytes: 5_000_000_000n, remainingBytes: 3_800_000_000n },
    });
  });

  test('without figures what is left is all that is known, and more used than sold leaves nothing', () => {
    expect(toAssignment(profile(), usage({ usage: {} }), now)).toMatchObject({
      ...{ initialBytes: null, remainingBytes: 4_500_000_000n },
    });
    expect(toAssignment(profile(), usage({ usage: { data_used: 6, data_limit: 5 } }), now)).toMatchObject({
      ...{ state: 'depleted', remainingBytes: 0n },
    });
    const unlimited = toAssignment(profile(), usage({ usage: { data_used: 6, data_limit: -1 } }), now);
    expect(unlimited).toMatchObject({ state: 'active', initialBytes: null, remainingBytes: null });
  });

  test.each([
    ['Active', 'enabled', 'active'],
    ['IN USE', 'enabled', 'active'],
    ['got_resource', 'released', 'queued'],
    ['suspended', 'disabled', 'active'],
    ['used-up', 'enabled', 'depleted'],
    ['revoked', 'unavailable', 'revoked'],
    ['unused_expired', 'unknown', 'lapsed'],
    ['constructor', 'unknown', 'unknown'],
    [null, 'unknown', 'unknown'],
  ])('that is %s is %s, and what is on it %s', (status, profileStatus, state) => {
    expect(toProfile(profile({ status })).profileStatus).toBe(profileStatus);
    expect(toAssignment(profile({ status }), usage(documented.usage), now).state).toBe(state);
  });

  test('every word there is, or may come to be, has a state', () => {
    fc.assert(
      fc.property(fc.string(), (status) => {
        expect(toProfile(profile({ status })).profileStatus).toBeTypeOf('string');
        expect(toAssignment(profile({ status }), usage({}), now).state).toBeTypeOf('string');
      }),
    );
  });

  test('what it can be topped up with', () => {
    const [option] = wire.TopUpPlans.parse(read(documented.topUpPlans));
    expect(option && toTopUpOption(option, 'USD')).toEqual({
      ...{ bundle: 'PKG_5GB_30D', description: 'PKG_5GB_30D', dataBytes: 5_000_000_000n, days: 30 },
      cost: { amount: new Decimal(15), currency: 'USD' },
    });
  });

  test('its activation code, where it is told in text', () => {
    expect(toEsim('8901234567890123456F', ' lpa:1$https://rsp.example.com/$A-1$oid$1 ')).toMatchObject({
      ...{ iccid: '8901234567890123456', smdpAddress: 'rsp.example.com', matchingId: 'A-1' },
    });
    for (const code of [
      null,
      '',
      'LPA:1$rsp.example.com',
      'LPA:1$$A-1',
      'https://rsp.example.com',
      'LPA:2$a$b',
    ])
      expect(toEsim('8901234567890123456', code)).toBeNull();
    expect(toEsim(null, 'LPA:1$rsp.example.com$A-1')).toBeNull();
  });
});

test.each([
  ['1.2GB', 1_200_000_000n],
  ['3.8 gb', 3_800_000_000n],
  ['500MB', 500_000_000n],
  ['1KB', 1_000n],
  ['0', 0n],
  ['4500', 4_500_000_000n],
  ['0.1234567', 123_457n],
  ['1.2.3GB', null],
  ['GB', null],
  ['Unlimited', null],
  ['-1', null],
  ['', null],
  [null, null],
])('%s of data is %s bytes', (amount, bytes) => {
  expect(dataBytes(amount)).toBe(bytes);
});

test('a picture is fetched from the supplier’s own host and from no other', () => {
  const base = 'https://api.example.com/api/v1';
  expect(ownUrl('https://api.example.com/qr/order-123.png', base)?.href).toBe(
    'https://api.example.com/qr/order-123.png',
  );
  expect(ownUrl('/qr/order-123.png', base)?.href).toBe('https://api.example.com/qr/order-123.png');
  for (const other of [
    'http://api.example.com/qr.png',
    'https://api.example.com:8443/qr.png',
    'https://evil.example/qr.png',
    'http://169.254.169.254/',
    'file:///etc/passwd',
    '//evil.example/qr.png',
    'https://',
    null,
  ])
    expect(ownUrl(other, base)).toBeNull();
});

function never(): never {
  throw new Error('no row');
}

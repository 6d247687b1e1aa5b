import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseLosslessJson } from '../../platform/lossless-json.ts';
import {
  applyOutcome,
  applyRefusal,
  balanceOffer,
  orderProgress,
  parseAssignments,
  purchaseOutcome,
  revokeOutcome,
  toAssignments,
  toBundle,
  toConsumptionPrices,
  toNetworks,
  toLine,
  toPage,
  toEsims,
  toProfile,
  toPurchase,
  toRefusal,
  toStock,
  validationOutcome,
} from './map.ts';
import * as wire from './wire.ts';

// Answers are the examples of eSIM Go's OpenAPI 2.4, trimmed, and the live shapes that public clients read.

const read = (json: string | object) =>
  parseLosslessJson(typeof json === 'string' ? json : JSON.stringify(json));

const catalogue = wire.catalogue((row) => row);

describe('catalogue', () => {
  const unitedKingdom = {
    name: 'esim_1GB_7D_GB_V2',
    description: 'eSIM, 1GB, 7 Days, United Kingdom, V2',
    groups: ['Standard Fixed'],
    countries: [{ name: 'United Kingdom', region: 'Europe', iso: 'GB' }],
    dataAmount: 1000,
    duration: 7,
    speed: ['2G', '3G', '4G', '5G'],
    autostart: true,
    unlimited: false,
    roamingEnabled: false,
    imageUrl: 'https://images.example.com/gb.png',
    price: 1.36,
    billingType: 'FixedCost',
  };
  const bundle = (row: object | string) => {
    const found = toBundle(wire.BundleRow.parse(read(row)), 'USD');
    if (!found) throw new Error('no price');
    return found;
  };

  test('a bundle for one country', () => {
    const { cost, ...rest } = bundle(unitedKingdom);
    expect(rest).toEqual({
      code: 'esim_1GB_7D_GB_V2',
      description: 'eSIM, 1GB, 7 Days, United Kingdom, V2',
      countries: ['GB'],
      roaming: [],
      region: null,
      dataBytes: 1_000_000_000n,
      fairUse: null,
      days: 7,
      speeds: ['2G', '3G', '4G', '5G'],
      groups: ['Standard Fixed'],
      autostart: true,
      allowances: [],
      imageUrl: 'https://images.example.com/gb.png',
    });
    expect(cost.amount.toString()).toBe('1.36');
    expect(cost.currency).toBe('USD');
  });

  test('a regional bundle names its region and the countries it roams in', () => {
    const europe = bundle({
      ...unitedKingdom,
      countries: [{ name: 'Europe+', region: 'Europe', iso: 'Europe+' }],
      roamingEnabled: [
        { name: 'France', region: 'Europe', iso: 'FR' },
        { name: 'Austria', region: 'Europe', iso: 'AT' },
      ],
    });
    expect(europe).toMatchObject({ region: 'Europe+', countries: ['AT', 'FR'], roaming: ['AT', 'FR'] });
  });

  test('countries of several regions without a name together are global', () => {
    const row = {
      ...unitedKingdom,
      countries: [...unitedKingdom.countries, { name: 'Japan', region: 'Asia', iso: 'jp' }],
    };
    expect(bundle(row)).toMatchObject({ region: 'Global', countries: ['GB', 'JP'] });
  });

  test('an unlimited bundle has no number of bytes, and says what unlimited means where the vendor does', () => {
    const unlimited = { ...unitedKingdom, unlimited: 'TRUE', dataAmount: -1 };
    expect(bundle(unlimited)).toMatchObject({ dataBytes: null, fairUse: null });
    expect(bundle({ ...unlimited, groups: ['Standard Unlimited Plus'] }).fairUse).toBe(
      '2 GB a day at full speed, then 2 Mbps',
    );
    expect(bundle({ ...unitedKingdom, groups: ['Standard Unlimited Plus'] }).fairUse).toBeNull();
  });

  test('calls and messages that come with it are counted, and data is not told twice', () => {
    const allowances = [
      { type: 'DATA', service: 'ROAMING', amount: 1000, unit: 'MB', unlimited: false },
      { type: 'Voice', service: 'STANDARD', amount: 120, unit: 'MINS', unlimited: false },
      { type: 'SMS', service: 'STANDARD', amount: -1, unit: 'SMS', unlimited: true },
      { type: 'SMS', amount: 0 },
      { type: 'FAX', amount: 3 },
    ];
    expect(bundle({ ...unitedKingdom, allowances }).allowances).toEqual([
      { kind: 'voice', amount: 120 },
      { kind: 'sms', amount: null },
    ]);
    expect(bundle({ ...unitedKingdom, allowances: null }).allowances).toEqual([]);
  });

  test('a bundle without a price is left out by name, one that cannot be read at least counted', () => {
    const page = wire
      .catalogue((row) => toLine(row, 'USD'))
      .parse(
        read({
          bundles: [
            unitedKingdom,
            { ...unitedKingdom, name: 'free', price: null },
            { name: 'odd' },
            'nonsense',
          ],
          rows: 4,
        }),
      );
    expect(toPage(page)).toMatchObject({
      bundles: [{ code: 'esim_1GB_7D_GB_V2' }],
      leftOut: [
        { code: 'free', reason: 'no-price' },
        { code: 'odd', reason: 'unreadable' },
        { code: null, reason: 'unreadable' },
      ],
      lines: 4,
      total: 4,
    });
  });

  test('networks are of the country that was asked for, by its code or its name', () => {
    const network = { name: 'Orange', brandName: '', mcc: '208', mnc: '01', speed: ['4G'] };
    const answer = read({
      countryNetworks: [
        { name: 'fr', networks: [network] },
        { name: 'Germany', networks: [{ ...network, name: null, mcc: 262 }] },
        { name: 'ES', networks: [network] },
      ],
    });
    expect(toNetworks(wire.Networks.parse(answer), ['DE', 'FR'])).toEqual([
      { country: 'FR', name: 'Orange', brand: null, mcc: '208', mnc: '01', speeds: ['4G'] },
      { country: 'DE', name: '262-01', brand: null, mcc: '262', mnc: '01', speeds: ['4G'] },
    ]);
  });

  test('numbers as text, missing lists and unknown fields stop nothing', () => {
    const bare = {
      name: 'b',
      duration: '30',
      dataAmount: '500',
      price: '0.0050',
      brandNew: [{}],
      speed: null,
    };
    const { cost, ...rest } = bundle(bare);
    expect(rest).toMatchObject({
      days: 30,
      dataBytes: 500_000_000n,
      speeds: [],
      countries: [],
      region: null,
    });
    expect(cost.amount.toNumber()).toBe(0.005);
  });

  test('a price keeps every digit it was written with', () => {
    const digits = fc.stringMatching(/^[1-9]\d{0,14}\.\d{0,14}[1-9]$/);
    fc.assert(
      fc.property(digits, (price) => {
        const json = JSON.stringify({ ...unitedKingdom, price: 0 }).replace('"price":0', `"price":${price}`);
        expect(bundle(json).cost.amount.toFixed()).toBe(price);
      }),
    );
  });

  test('both shapes of the catalogue are one', () => {
    const page = (answer: object) => catalogue.parse(read(answer));
    expect(page([unitedKingdom])).toMatchObject({ rows: null, bundles: [{ name: 'esim_1GB_7D_GB_V2' }] });
    expect(page({ bundles: [unitedKingdom], pageCount: 52, rows: 5148, pageSize: 100 })).toMatchObject({
      rows: 5148,
      bundles: [{ name: 'esim_1GB_7D_GB_V2' }],
    });
  });

  test('one bundle that cannot be read does not hide the others, a page of such is not an empty catalogue', () => {
    const unreadable = { ...unitedKingdom, duration: null };
    expect(catalogue.parse(read([unreadable, unitedKingdom])).bundles).toHaveLength(1);
    expect(catalogue.safeParse(read([unreadable])).success).toBe(false);
    expect(catalogue.parse([]).bundles).toEqual([]);
  });
});

test('prices by the gigabyte keep every digit, and what names none is left out', () => {
  const country = { iso: 'FR', name: 'France' };
  const answer = {
    hash: 'a1b2c3',
    prices: [
      {
        country,
        prices: [
          { id: '1', price: '1.1250', currency: 'usd', profile: 'Profile 1', country },
          { id: '2', price: 2, currency: 'USD', profile: '' },
          { id: '3', price: 'on request', currency: 'USD', profile: 'Profile 3' },
        ],
      },
      { country: { iso: 'AN', name: 'Neverland' }, prices: [] },
      { country: { name: 'Somewhere' }, prices: [{ price: '0.9', currency: 'USD' }] },
    ],
  };
  const prices = toConsumptionPrices(wire.ConsumptionPrices.parse(read(answer)));
  expect(
    prices.map(({ perGigabyte: { amount, currency }, ...row }) => ({
      ...row,
      cost: `${amount.toFixed()} ${currency}`,
    })),
  ).toEqual([
    { country: 'FR', countryName: 'France', profile: 'Profile 1', cost: '1.125 USD' },
    { country: 'FR', countryName: 'France', profile: null, cost: '2 USD' },
    { country: null, countryName: 'Somewhere', profile: null, cost: '0.9 USD' },
  ]);
});

describe('organisation', () => {
  const acme = {
    name: 'Acme Corp',
    apiKey: 'ak_1',
    currency: 'USD',
    balance: 10000.005,
    testCredit: 12.5,
    users: [{ emailAddress: 'a@b.c' }],
  };

  test.each([[acme], [{ organisations: [acme] }], [[acme]]])(
    'only balance, test credit and currency leave the schema',
    (answer) => {
      const { balance, testCredit, ...rest } = wire.Organisation.parse(read(answer));
      expect(balance.toFixed()).toBe('10000.005');
      expect(testCredit?.toFixed()).toBe('12.5');
      expect(rest).toEqual({ currency: 'USD' });
    },
  );
});

const bought = {
  order: [
    {
      esims: [
        {
          iccid: '8912345678901234567',
          matchingId: 'AB-12C3DE-4FGHIJ5',
          smdpAddress: 'http://rsp.mockprovider.com',
        },
      ],
      type: 'bundle',
      item: 'esim_5GB_30D_EU_V3',
      iccids: ['8912345678901234567'],
      quantity: 1,
      subTotal: 9.99,
      pricePerUnit: 9.99,
      AllowReassign: true,
    },
  ],
  total: 9.99,
  currency: 'USD',
  status: 'completed',
  statusMessage: 'Order completed: 1 eSIMs assigned',
  orderReference: '1a2b3c4d-5e6f-7g8h-9i10-11j12k13l14m',
  createdDate: '2023-06-15T10:30:45.123456789Z',
  assigned: true,
  sourceIP: '244.178.44.111',
};

describe('purchase', () => {
  const outcome = (answer: string | object, quantity = 1) =>
    purchaseOutcome(wire.OrderAnswer.parse(read(answer)), quantity);

  test('the documented answer is an eSIM with its code', () => {
    expect(outcome(bought)).toMatchObject({
      status: 'ready',
      orderReference: bought.orderReference,
      total: { currency: 'USD' },
      sourceIp: '244.178.44.111',
      esims: [
        {
          iccid: '8912345678901234567',
          smdpAddress: 'rsp.mockprovider.com',
          matchingId: 'AB-12C3DE-4FGHIJ5',
          appleInstallUrl: null,
        },
      ],
    });
  });

  test('an ICCID that arrives as a number keeps its digits', () => {
    const json = JSON.stringify(bought).replaceAll('"8912345678901234567"', '8912345678901234567');
    expect(outcome(json)).toMatchObject({ esims: [{ iccid: '8912345678901234567' }] });
  });

  test('fewer eSIMs than asked for, or none yet, is still being prepared', () => {
    expect(outcome(bought, 3)).toMatchObject({ status: 'preparing' });
    expect(outcome({ orderReference: 'r', total: 9.99, currency: 'USD' })).toMatchObject({
      status: 'preparing',
      orderReference: 'r',
      sourceIp: null,
    });
  });

  test('an answer without an order reference proves nothing', () => {
    expect(outcome({ ...bought, orderReference: '' })).toBeNull();
    expect(outcome({})).toBeNull();
    expect(outcome({ message: 'Processing' })).toBeNull();
  });

  test('a balance that is too low is a refusal, said with valid:false or in words', () => {
    expect(outcome({ valid: false })).toEqual({ status: 'refused', reason: 'funds', detail: '' });
    expect(outcome({ message: 'Insufficient balance' })).toMatchObject({ reason: 'funds' });
    expect(outcome({ valid: false, message: 'bundle not found' })).toMatchObject({
      reason: 'bundle-unavailable',
    });
  });

  test('an order reference counts more than any other word in the answer', () => {
    expect(outcome({ ...bought, valid: false })).toMatchObject({ status: 'ready' });
  });

  test('whatever JSON comes back, nothing is ever ready without a reference and all its codes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 1, max: 10 }), (value, quantity) => {
        const answer = wire.OrderAnswer.safeParse(read(JSON.stringify(value)));
        const result = answer.success ? purchaseOutcome(answer.data, quantity) : null;
        if (result?.status === 'ready') expect(result.esims.length).toBeGreaterThanOrEqual(quantity);
      }),
    );
  });

  test('2.5 tells the balance beside the order, as text', () => {
    expect(outcome({ ...bought, runningBalance: '1240.0315' })).toMatchObject({
      runningBalance: { amount: new Decimal('1240.0315'), currency: 'USD' },
    });
    for (const runningBalance of [undefined, null, '', 'n/a'])
      expect(outcome({ ...bought, runningBalance })).toMatchObject({ status: 'ready', runningBalance: null });
  });

  test.each([
    ['branding profile not found', 'branding'],
    ['invalid profileID for item esim_1GB', 'branding'],
    ['the bundle is not compatible with the eSIM profile', 'incompatible'],
    ['bundle profile is not available', 'bundle-unavailable'],
  ])('“%s” is refused as %s', (words, reason) => {
    expect(toRefusal(words)).toMatchObject({ status: 'refused', reason, detail: words });
  });

  test('a validation says yes, no, or nothing', () => {
    const validation = (answer: object) => validationOutcome(wire.OrderAnswer.parse(read(answer)));
    expect(validation({ valid: true, total: 2.28, currency: 'USD', assigned: true })).toEqual({
      status: 'accepted',
      total: { amount: new Decimal('2.28'), currency: 'USD' },
    });
    expect(validation({ valid: true })).toEqual({ status: 'accepted', total: null });
    expect(validation({ valid: false })).toMatchObject({ status: 'refused', reason: 'funds' });
    expect(validation({ total: 2.28 })).toBeNull();
  });

  test.each([
    ['insufficient balance', 'funds'],
    ['Insufficient funds to place order', 'funds'],
    ['Your balance is too low', 'funds'],
    ['bundle esim_1GB_7D_XX not found', 'bundle-unavailable'],
    ['Unknown bundle', 'bundle-unavailable'],
    ['item is out of stock', 'bundle-unavailable'],
    ['unmarshal error: quantity', 'rejected'],
    ['', 'rejected'],
  ])('%j is refused as %s, in the supplier’s own words', (words, reason) => {
    expect(toRefusal(words)).toEqual({ status: 'refused', reason, detail: words });
  });
});

describe('assignments', () => {
  const documented = {
    iccid: '8944123456789012345',
    matchingId: 'A1B2-C3D4-E5F6-G7H8',
    smdpAddress: 'http://smdp.example.com',
  };
  const esim = {
    iccid: '8944123456789012345',
    matchingId: 'A1B2-C3D4-E5F6-G7H8',
    smdpAddress: 'smdp.example.com',
  };
  const esims = (body: string) => toEsims(wire.Assignments.parse(parseAssignments(body)));

  test.each([
    ['an object', JSON.stringify({ ...documented, profileStatus: 'Released', pin: '1234' })],
    ['an array', JSON.stringify([documented])],
    ['a wrapped array', JSON.stringify({ esims: [documented] })],
    [
      'a number for the ICCID',
      '[{"iccid":8944123456789012345,"matchingId":"A1B2-C3D4-E5F6-G7H8","smdpAddress":"smdp.example.com/"}]',
    ],
    [
      'CSV',
      'ICCID,Matching ID,RSP URL,Bundle,Reference\r\n8944123456789012345,A1B2-C3D4-E5F6-G7H8,smdp.example.com,esim_1GB,ref\r\n',
    ],
    [
      'quoted CSV',
      '\uFEFF"Matching ID","SMDP Address","ICCID"\n"A1B2-C3D4-E5F6-G7H8","https://smdp.example.com","8944123456789012345"',
    ],
  ])('%s gives the same eSIM', (_shape, body) => {
    expect(esims(body)).toEqual([{ ...esim, appleInstallUrl: null, androidInstallUrl: null }]);
  });

  test.each(['[]', '{"esims":[]}', '', 'ICCID,Matching ID,RSP URL\n'])(
    '%j means that none is ready yet',
    (body) => {
      expect(esims(body)).toEqual([]);
    },
  );

  test.each(['<html><body>Bad gateway</body></html>', 'PK\u0003\u0004', 'Processing', '[{"iccid":'])(
    '%j is not a list of eSIMs',
    (body) => {
      expect(() => parseAssignments(body)).toThrow();
    },
  );

  test('half a row is no eSIM: a buyer must never get half a code', () => {
    expect(esims('ICCID,Matching ID,RSP URL\n8944123456789012345,A1B2')).toEqual([]);
    expect(esims(JSON.stringify([{ ...documented, matchingId: '' }]))).toEqual([]);
    expect(esims(JSON.stringify([{ ...documented, smdpAddress: '' }]))).toEqual([]);
    expect(esims(JSON.stringify([{ ...documented, iccid: '' }]))).toEqual([]);
  });

  test('a code that cannot be right is passed on: left out, it would look like an eSIM never issued', () => {
    for (const broken of [{ iccid: '89441' }, { matchingId: 'A1B2$C3' }, { smdpAddress: 'not a host' }])
      expect(esims(JSON.stringify([{ ...documented, ...broken }]))).toMatchObject([broken]);
  });

  test('an SM-DP+ address is a host, with whatever scheme and slashes it came', () => {
    const scheme = fc.constantFrom('', 'http://', 'https://', 'HTTPS://');
    fc.assert(
      fc.property(fc.domain(), scheme, fc.constantFrom('', '/', '//'), (host, before, after) => {
        const [row] = esims(JSON.stringify([{ ...documented, smdpAddress: ` ${before}${host}${after} ` }]));
        expect(row?.smdpAddress).toBe(host);
      }),
    );
  });

  test('an ICCID keeps every digit, quoted or not, in JSON and in CSV', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[1-9]\d{18,19}$/), (iccid) => {
        const json = JSON.stringify([{ ...documented, iccid }]);
        const csv = `ICCID,Matching ID,RSP URL\n${iccid},A1B2,smdp.example.com\n`;
        for (const body of [json, json.replace(`"${iccid}"`, iccid), csv])
          expect(esims(body)).toMatchObject([{ iccid }]);
      }),
    );
  });

  test('CSV cut anywhere never gives half a code as a whole one', () => {
    const row = `${documented.iccid},${documented.matchingId},smdp.example.com`;
    const csv = `ICCID,Matching ID,RSP URL\n${row}\n`;
    for (let length = csv.indexOf('\n') + 1; length < csv.length - 1; length += 1) {
      for (const found of esims(csv.slice(0, length))) expect(found).toMatchObject({ ...esim });
    }
  });

  test('one-tap links of the supplier are kept when they are https', () => {
    const link = 'https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=LPA:1$a$b';
    const body = JSON.stringify([
      { ...documented, appleInstallUrl: link, androidInstallUrl: 'javascript:alert(1)' },
    ]);
    expect(esims(body)).toMatchObject([{ appleInstallUrl: link, androidInstallUrl: null }]);
  });
});

describe('orders read back', () => {
  const list = (answer: object) => wire.OrderList.parse(read(answer)).map(toPurchase);

  test.each([[[bought]], [{ orders: [bought] }], [bought]])(
    'every shape of the listing gives the purchase',
    (answer) => {
      expect(list(answer)).toMatchObject([
        {
          orderReference: bought.orderReference,
          createdAt: new Date('2023-06-15T10:30:45.123Z'),
          items: [{ bundle: 'esim_5GB_30D_EU_V3', quantity: 1, iccids: ['8912345678901234567'] }],
          isPurchase: true,
          sourceIp: '244.178.44.111',
        },
      ]);
    },
  );

  test('the date under its other name, without a zone, is UTC', () => {
    const undated = { ...bought, createdDate: null };
    const older = [{ ...undated, createDate: '2023-06-15T10:30:45.123456' }];
    expect(list(older)[0]?.createdAt).toEqual(new Date('2023-06-15T10:30:45.123Z'));
    expect(() => list([undated])).toThrow();
  });

  test('applying a bundle from the inventory is not a purchase', () => {
    const applied = { ...bought, order: [{ type: 'bundleAssignment', item: 'b', quantity: 1 }] };
    expect(list([applied])).toMatchObject([{ isPurchase: false, items: [{ iccids: [] }] }]);
  });

  test('one unreadable order makes the whole evidence unreadable', () => {
    expect(wire.OrderList.safeParse(read([bought, { total: 1 }])).success).toBe(false);
  });

  test('an order says how many were asked for and whether it is complete', () => {
    const order = wire.OneOrder.parse(read([bought]));
    expect(orderProgress(order)).toMatchObject({ quantity: 1, complete: true });
    expect(orderProgress({ ...order, status: 'Processing' })).toMatchObject({ complete: false });
  });
});

describe('stock and revoking', () => {
  const stock = (answer: object, now = '2026-11-21T12:00:00Z') =>
    toStock(wire.Stock.parse(read(answer)), new Date(now));
  const bundle = {
    name: 'esim_1GB_7D_GB_V2',
    available: [
      { id: 1, total: 5, remaining: 2, expiry: '2027-01-01' },
      { id: 2, total: 5, remaining: 3, expiry: '2027-06-01T00:00:00.000000019Z' },
      { id: 3, total: 9, remaining: 9, expiry: '2026-11-20' },
      { id: 4, total: 1, remaining: '1' },
    ],
  };

  test.each([[[bundle]], [{ bundles: [bundle, { name: 'sold', available: null }, {}] }]])(
    'what is left of a bundle is the sum of its batches without the expired',
    (answer) => {
      expect(stock(answer)[0]).toEqual({
        bundle: 'esim_1GB_7D_GB_V2',
        remaining: 6,
        batches: [
          { id: '1', remaining: 2, expiresAt: new Date('2027-01-01') },
          { id: '2', remaining: 3, expiresAt: new Date('2027-06-01') },
          { id: '4', remaining: 1, expiresAt: null },
        ],
      });
      const sold = { bundle: 'sold', remaining: 0, batches: [] };
      expect(stock(answer).slice(1)).toEqual(Array.isArray(answer) ? [] : [sold]);
    },
  );

  test('an application is a reference to read back, or it proves nothing', () => {
    const outcome = (answer: object) => applyOutcome(wire.ApplyAnswer.parse(read(answer)));
    expect(outcome({ esims: [{ iccid: '1', status: 'ACTIVE' }], applyReference: 'a-1' })).toEqual({
      status: 'preparing',
      orderReference: 'a-1',
      total: null,
      sourceIp: null,
    });
    expect(outcome({ esims: [{ iccid: '1' }] })).toBeNull();
  });

  test('a 403 is an empty stock only when it says so: it is a bad key as well', () => {
    const words = 'the user does not have any available Bundles left';
    expect(applyRefusal(words, 403)).toMatchObject({ reason: 'bundle-unavailable', detail: words });
    expect(applyRefusal('access denied due to invalid api key', 403)).toBeNull();
    expect(applyRefusal('bundle not found', 400)).toMatchObject({ reason: 'bundle-unavailable' });
  });

  test.each([
    ['Successfully Revoked Bundle, bundle has been refunded to inventory', 'stock'],
    ['Successfully Revoked Bundle, bundle has been refunded to balance', 'balance'],
    ['Successfully Revoked Bundle', 'nothing'],
  ])('%j gave back %s', (words, refundedTo) => {
    expect(revokeOutcome(words)).toEqual({ status: 'revoked', refundedTo });
  });

  test.each([
    [{ offers: [{ offerId: 1 }, { offerId: 2, refundToBalance: 'TRUE' }] }, '2'],
    [[{ offerId: 'o', refundToBalance: true }], 'o'],
    [{ offerId: 'o', refundToBalance: true }, 'o'],
    [{ offers: [{ offerId: 'o' }] }, null],
    [{ status: 'Bundle can be revoked' }, null],
  ])('of the options %j the one with money back is %j', (answer, offerId) => {
    expect(balanceOffer(wire.RevokeOptions.parse(read(answer)))).toBe(offerId);
  });
});

describe('one eSIM', () => {
  const details = {
    iccid: '894123456789123456',
    pin: '0000',
    puk: '123445678',
    matchingId: 'JQ-123456-ABCDEPFX',
    smdpAddress: 'http://rsp.example.com',
    profileStatus: 'Installed',
    firstInstalledDateTime: 1723541877280,
    customerRef: '',
  };
  const profile = (row: object) => toProfile(wire.EsimDetails.parse(read(row)));

  test.each([{ profileStatus: 'Deactivated' }, { profileStatus: 'Released', state: 'deactivated' }])(
    'one that 2.5 calls deactivated is gone for good: %j',
    (words) => {
      expect(profile({ ...details, ...words })).toMatchObject({ profileStatus: 'deleted' });
    },
  );

  test('its profile, with the date as epoch milliseconds or as ISO', () => {
    expect(profile(details)).toEqual({
      iccid: '894123456789123456',
      smdpAddress: 'rsp.example.com',
      matchingId: 'JQ-123456-ABCDEPFX',
      profileStatus: 'installed',
      installedAt: new Date(1723541877280),
      tag: null,
      isSuspended: null,
      appleInstallUrl: null,
      androidInstallUrl: null,
    });
    expect(profile({ ...details, customerRef: 'unit-7' }).tag).toBe('unit-7');
    expect(profile({ ...details, firstInstalledDateTime: '2023-06-15T14:30:00.000Z' }).installedAt).toEqual(
      new Date('2023-06-15T14:30:00.000Z'),
    );
  });

  test('a word we do not know yet is unknown, in any letter case', () => {
    expect(profile({ ...details, profileStatus: 'ENABLED' }).profileStatus).toBe('enabled');
    expect(profile({ ...details, profileStatus: 'Teleported', firstInstalledDateTime: 0 })).toMatchObject({
      profileStatus: 'unknown',
      installedAt: null,
    });
  });

  test('its bundles, newest first, data only', () => {
    const row = (id: string, more: object) => ({
      id,
      callTypeGroup: 'data',
      initialQuantity: 1000000000,
      remainingQuantity: 1000000000,
      bundleState: 'queued',
      unlimited: false,
      ...more,
    });
    const answer = {
      bundles: [
        {
          name: 'esim_1GB_7D_GB_V2',
          assignments: [
            row('1', {
              assignmentDateTime: '2024-12-11T10:47:00.34523Z',
              assignmentReference: '3a6e2e40-c674-45e9-b289-b35027bf72a9-0',
            }),
            row('2', {
              assignmentDateTime: '2024-12-12T10:47:00.34523Z',
              bundleState: 'Active',
              remainingQuantity: 5,
            }),
          ],
        },
        { name: 'voice', assignments: [row('3', { callTypeGroup: 'voice' })] },
        { name: 'unlimited', assignments: [row('4', { unlimited: true, bundleState: 'Napping' })] },
      ],
    };
    expect(toAssignments(wire.BundlesOnEsim.parse(read(answer)))).toMatchObject([
      { bundle: 'esim_1GB_7D_GB_V2', state: 'active', initialBytes: 1_000_000_000n, remainingBytes: 5n },
      // The reference of the order, without the number of the piece.
      {
        bundle: 'esim_1GB_7D_GB_V2',
        state: 'queued',
        startsAt: null,
        reference: '3a6e2e40-c674-45e9-b289-b35027bf72a9',
      },
      { bundle: 'unlimited', state: 'unknown', initialBytes: null, remainingBytes: null },
    ]);
  });
});

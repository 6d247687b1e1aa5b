import { expect, test } from 'vitest';
import { parseLosslessJson } from '../../platform/lossless-json.ts';
import { toAssignments, toHistory, toProfile, toSale } from './map.ts';
import { Sim } from './wire.ts';

// The vendor's own example, trimmed.
const example = {
  activityLogs: [{ eid: null, recordTime: '2025-05-13 22:42:42', status: 'NOT_DOWNLOADED' }],
  usageInfoList: [],
  simStatus: {
    planStartTime: null,
    planEndTime: null,
    remainingDays: 1,
    usedTraffic: 0,
    planStatus: 'UNUSED',
  },
  iccid: '89812003916820447472',
  orderInfo: {
    orderId: '481989189736539',
    subOrderId: '68235a3f02fe66336899c820',
    purchaseDate: '2025-05-13T14:42:07.069Z',
  },
  productInfo: {
    sku: 'E23XY06GB08DFX',
    name: {
      vi: 'eSIM Ấn Độ 06GB tốc độ cao 4G, chỉ có data (6GB - 8 ngày ) ',
      en: '4G high-speed India travel eSIM, data only (6GB - 8 days ) ',
    },
    type: 'eSIM',
    package: 'FIXED',
    days: 8,
    data: '6GB',
    apn: 'internet',
    hotsPot: true,
    throttleSpeed: 'Stop',
    pointContactType: null,
    smsCall: 'No',
  },
};
const read = (sim: object) => Sim.parse(parseLosslessJson(JSON.stringify(sim)));
const withStatus = (simStatus: object) =>
  read({ ...example, simStatus: { ...example.simStatus, ...simStatus } });
const withProduct = (productInfo: object) =>
  read({ ...example, productInfo: { ...example.productInfo, ...productInfo } });

test('the vendor’s example is an eSIM that waits, with its order and its product in both languages', () => {
  const sim = read(example);
  expect(toProfile(sim)).toMatchObject({
    ...{ iccid: '89812003916820447472', profileStatus: 'released', installedAt: null, matchingId: null },
  });
  expect(toAssignments(sim)).toEqual([
    {
      id: '68235a3f02fe66336899c820',
      bundle: 'E23XY06GB08DFX',
      state: 'queued',
      initialBytes: 6_000_000_000n,
      remainingBytes: 6_000_000_000n,
      assignedAt: new Date('2025-05-13T14:42:07.069Z'),
      startsAt: null,
      endsAt: null,
      reference: '481989189736539',
    },
  ]);
  // Half a minute after it was bought, not eight hours.
  expect(toHistory(sim)).toEqual([
    { what: 'not downloaded', bundle: null, at: new Date('2025-05-13T14:42:42Z') },
  ]);
  expect(toSale(sim)).toEqual({
    orderReference: '481989189736539',
    purchasedAt: new Date('2025-05-13T14:42:07.069Z'),
    product: {
      code: 'E23XY06GB08DFX',
      names: {
        vi: 'eSIM Ấn Độ 06GB tốc độ cao 4G, chỉ có data (6GB - 8 ngày )',
        en: '4G high-speed India travel eSIM, data only (6GB - 8 days )',
      },
      isEsim: true,
      dataBytes: 6_000_000_000n,
      isDaily: false,
      days: 8,
      apn: 'internet',
      hasHotspot: true,
      afterwards: 'Stop',
      calls: 'No',
    },
  });
});

test.each([
  ['UNUSED', 'queued'],
  ['in_use', 'active'],
  ['EXPIRED', 'expired'],
  ['UNAVAILABLE', 'unknown'],
  ['constructor', 'unknown'],
  [null, 'unknown'],
])('a plan that is said to be %s is %s', (planStatus, state) => {
  expect(toAssignments(withStatus({ planStatus }))).toMatchObject([{ state }]);
});

test.each([
  [999_999_999, 'active', 5_000_000_001n],
  [6_000_000_000, 'depleted', 0n],
  [6_000_000_001, 'depleted', 0n],
  [-1, 'active', 6_000_000_000n],
  ['a lot', 'active', 6_000_000_000n],
])('with %s bytes used a plan in use is %s', (usedTraffic, state, remainingBytes) => {
  expect(toAssignments(withStatus({ planStatus: 'IN_USE', usedTraffic }))).toMatchObject([
    { state, remainingBytes },
  ]);
});

test('without a total the days are added up', () => {
  const simStatus = { ...example.simStatus, usedTraffic: undefined };
  const usageInfoList = [{ usageAmt: 1_000 }, { usageAmt: '2000' }, { usageAmt: null }, {}];
  const [plan] = toAssignments(read({ ...example, simStatus, usageInfoList }));
  expect(plan?.remainingBytes).toBe(5_999_997_000n);
});

test.each([
  ['6GB', 6_000_000_000n],
  ['500 MB', 500_000_000n],
  ['1.5gb', 1_500_000_000n],
  ['Unlimited', null],
  ['', null],
  [null, null],
])('%s of data are %s bytes', (data, bytes) => {
  expect(toSale(withProduct({ data })).product?.dataBytes).toBe(bytes);
  expect(toAssignments(withProduct({ data }))[0]?.initialBytes).toBe(bytes);
});

test('a plan by the day has no end of data, and is told what a day has', () => {
  const daily = withProduct({ package: 'DAILY', data: '1GB' });
  expect(toAssignments(daily)).toMatchObject([{ initialBytes: null, remainingBytes: null }]);
  expect(toSale(daily).product).toMatchObject({ isDaily: true, dataBytes: 1_000_000_000n });
});

test('the newest activity is the state, and what came first on a phone its time, in whatever order they come', () => {
  const activityLogs = [
    { recordTime: '2025-05-14 10:00:00', status: 'ENABLED' },
    { recordTime: '2025-05-13 22:42:42', status: 'NOT_DOWNLOADED' },
    { recordTime: '2025-05-16 10:00:00', status: 'DISABLED' },
    { recordTime: '2025-05-14 10:00:00', status: 'INSTALLED' },
    { recordTime: 'soon', status: 'DELETED' },
  ];
  expect(toProfile(read({ ...example, activityLogs }))).toMatchObject({
    ...{ profileStatus: 'disabled', installedAt: new Date('2025-05-14T02:00:00Z') },
  });
});

test('a card, of which little is told, breaks nothing', () => {
  const card = read({ iccid: 8981200391682, productInfo: { sku: 'S1', name: null } });
  expect(toProfile(card)).toMatchObject({ iccid: '8981200391682', profileStatus: 'unknown' });
  expect(toAssignments(card)).toEqual([]);
  expect(toHistory(card)).toEqual([]);
  expect(toSale(card)).toMatchObject({
    orderReference: null,
    product: { code: 'S1', names: {}, isEsim: null },
  });
});

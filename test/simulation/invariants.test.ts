import { expect, test } from 'vitest';
import { tallyOf, violationsOf, type Snapshot } from './invariants.ts';

/** Two shops, each of which sold one order; the first one of two eSIMs, of which one is parked. */
function healthy(): Snapshot {
  return {
    sold: [
      sold({ shop: 'a', order: '1', line: '11', quantity: 2, fulfilled: 1, email: 'ada@example.com' }),
      sold({ shop: 'b', order: '2', line: '21', quantity: 1, fulfilled: 1, email: 'ben@example.com' }),
    ],
    units: [
      { id: 'u1', shop: 'a', order: '1', line: '11', state: 'delivered', reason: null, attempt: 't1' },
      { id: 'u2', shop: 'a', order: '1', line: '11', state: 'parked', reason: 'short', attempt: 't1' },
      { id: 'u3', shop: 'b', order: '2', line: '21', state: 'delivered', reason: null, attempt: 't2' },
    ],
    attempts: [
      attempt({ id: 't1', shop: 'a', quantity: 2, state: 'parked', sentAt: 100, reference: 'r1', total: 8 }),
      attempt({ id: 't2', shop: 'b', quantity: 1, state: 'bought', sentAt: 200, reference: 'r2', total: 4 }),
      attempt({
        id: 't3',
        shop: 'b',
        quantity: 1,
        state: 'refused',
        sentAt: 150,
        reference: null,
        total: null,
      }),
    ],
    esims: [
      { unit: 'u1', shop: 'a', reference: 'r1', iccidLast4: '0001' },
      { unit: 'u3', shop: 'b', reference: 'r2', iccidLast4: '0003' },
    ],
    purchases: [
      purchase({ shop: 'a', reference: 'r1', quantity: 2, total: 8, arrivedAt: 101, codes: ['0001'] }),
      purchase({ shop: 'b', reference: 'r2', quantity: 1, total: 4, arrivedAt: 205, codes: ['0003'] }),
    ],
    buyRequests: [101, 160, 205],
    accounts: [
      { shop: 'a', paidIn: 50, left: 42 },
      { shop: 'b', paidIn: 50, left: 46 },
    ],
    mails: [
      { to: 'ada@example.com', key: 'k1', text: 'Scan LPA:0001, please' },
      { to: 'ben@example.com', key: 'k2', text: 'Scan LPA:0003, please' },
    ],
    leaks: [],
  };
}

const sold = (line: Omit<Snapshot['sold'][number], 'bundle'>) => ({ ...line, bundle: 'FR' });
const attempt = (given: Omit<Snapshot['attempts'][number], 'bundle'>) => ({ ...given, bundle: 'FR' });
const purchase = ({
  codes,
  ...given
}: Omit<Snapshot['purchases'][number], 'bundle' | 'esims'> & { codes: string[] }) => ({
  ...given,
  bundle: 'FR',
  esims: codes.map((digits) => ({ iccid: `8944${digits}`, activationCode: `LPA:${digits}` })),
});

/** Changes row `index` of a part of the snapshot. */
function change<Part extends 'sold' | 'units' | 'attempts' | 'esims' | 'purchases' | 'accounts' | 'mails'>(
  part: Part,
  index: number,
  fields: Partial<Snapshot[Part][number]>,
): Snapshot {
  const snapshot = healthy();
  Object.assign(snapshot[part][index] ?? expect.fail(`there is no ${part} ${index}`), fields);
  return snapshot;
}

/** Takes row `index` out. */
function drop(part: 'units' | 'attempts' | 'esims' | 'purchases' | 'mails', index: number): Snapshot {
  const snapshot = healthy();
  snapshot[part].splice(index, 1);
  return snapshot;
}

test('of a healthy run nothing is said', () => {
  expect(violationsOf(healthy())).toEqual([]);
  expect(tallyOf(healthy())).toEqual({ lines: 3, boughtTwice: 0, lost: 0, silent: 0, parked: 1 });
});

const third = purchase({
  shop: 'b',
  reference: 'r9',
  quantity: 1,
  total: 4,
  arrivedAt: 300,
  codes: ['0009'],
});
const withThird = (fields: Partial<typeof third> = {}): Snapshot => {
  const snapshot = healthy();
  snapshot.purchases.push({ ...third, ...fields });
  return snapshot;
};

test.each<[string, string, Snapshot]>([
  ['I1', 'a paid piece that nobody took in', drop('units', 2)],
  ['I1', 'a piece that is paid and cancelled', change('units', 2, { state: 'cancelled' })],
  ['I1', 'a piece that stays in the middle', change('units', 1, { state: 'buying', reason: null })],
  ['I1', 'a piece parked without a word', change('units', 1, { reason: null })],
  ['I1', 'a piece nobody paid', change('sold', 0, { quantity: 1 })],
  ['I2', 'a purchase that is on no record', withThird()],
  ['I2', 'an order the supplier does not have', change('attempts', 1, { reference: 'r8' })],
  ['I2', 'two attempts with one order', change('attempts', 2, { reference: 'r2' })],
  [
    'I2',
    'an eSIM issued twice',
    change('purchases', 1, { esims: [{ iccid: '89440001', activationCode: 'x' }] }),
  ],
  ['I2', 'a piece with two eSIMs', change('esims', 1, { unit: 'u1' })],
  ['I2', 'an eSIM on a piece that was cancelled', change('units', 0, { state: 'cancelled' })],
  ['I2', 'an eSIM that was never issued', change('esims', 1, { iccidLast4: '7777' })],
  ['I2', 'an eSIM that was bought and given to nobody', drop('esims', 1)],
  ['I2', 'more eSIMs than were paid', change('purchases', 1, { quantity: 2 })],
  ['I3', 'money gone without an order', change('accounts', 1, { left: 42 })],
  ['I3', 'money gone that our books do not know', change('attempts', 1, { total: null })],
  ['I3', 'money in our books that is not gone', change('attempts', 1, { total: 5 })],
  ['I4', 'a piece delivered and not fulfilled', change('sold', 1, { fulfilled: 0 })],
  ['I4', 'a piece fulfilled that is parked', change('sold', 0, { fulfilled: 2 })],
  ['I5', 'a piece delivered without an e-mail', drop('mails', 1)],
  ['I5', 'an e-mail to another address', change('mails', 1, { to: 'ada@example.com' })],
  ['I5', 'two e-mails under one key', change('mails', 1, { key: 'k1' })],
  ['I6', 'a secret in a log', { ...healthy(), leaks: ['ICCID'] }],
  ['I7', 'a piece bought by another shop', change('units', 2, { attempt: 't1' })],
  ['I7', 'an eSIM of another shop', change('esims', 1, { shop: 'a' })],
  ['I7', 'a piece of an order of another shop', change('units', 2, { order: '1' })],
  ['I8', 'a purchase that arrived before its attempt was written', change('attempts', 1, { sentAt: 206 })],
  ['I8', 'a request without an attempt', drop('attempts', 2)],
])('%s finds %s', (invariant, _what, snapshot) => {
  expect(violationsOf(snapshot).map((each) => each.invariant)).toContain(invariant);
});

test('the tally counts what was bought for nobody, what was lost, and what rests in silence', () => {
  expect(tallyOf(withThird())).toMatchObject({ boughtTwice: 1, lost: 0 });
  expect(tallyOf(drop('units', 2))).toMatchObject({ lost: 1, silent: 0 });
  expect(tallyOf(drop('mails', 1))).toMatchObject({ lost: 1 });
  expect(tallyOf(change('units', 1, { state: 'buying', reason: null }))).toMatchObject({
    lost: 1,
    silent: 1,
  });
});

test('a purchase in doubt that a person has to decide upon may be the one the supplier lists', () => {
  const snapshot = withThird({ shop: 'a', quantity: 1 });
  snapshot.attempts.push(
    attempt({ id: 't4', shop: 'a', quantity: 1, state: 'parked', sentAt: 290, reference: null, total: null }),
  );
  snapshot.units.push({ ...(snapshot.units[1] ?? expect.fail()), id: 'u4', attempt: 't4' });
  snapshot.sold[0] = { ...(snapshot.sold[0] ?? expect.fail()), quantity: 3 };
  snapshot.accounts[0] = { shop: 'a', paidIn: 50, left: 38 };
  snapshot.buyRequests.push(300);
  expect(violationsOf(snapshot)).toEqual([]);
  expect(tallyOf(snapshot)).toMatchObject({ boughtTwice: 0, lost: 0, parked: 2 });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, callbacksOf, pressCallbacks } from '../callbacks.ts';
import { passTime } from '../clock.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';
const MB = 1_000_000;

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.end());

/** The merchant does in the supplier's portal what the page says. */
async function setUp(
  merchant: Merchant,
  how: { callbackVersion?: 2 | 3; callbackSignature?: 'base64' | 'hex' } = {},
) {
  const { url } = await callbacksOf(merchant);
  const { apiKey } = merchant;
  const balance = world.esimGo.organisations.find((each) => each.apiKey === apiKey)?.balance ?? 0;
  world.esimGo.createOrganisation({ apiKey, balance, callbackUrl: url, ...how });
}

async function chooseMails(merchant: Merchant, mails: string[]) {
  const fields = mails.map((kind): [string, string] => ['mails', kind]);
  await merchant.send('/app/settings/travellers', 'app.settings.travellers', [['intent', 'save'], ...fields]);
}

/** A traveller with an eSIM, an hour after it was mailed. */
async function traveller(merchant: Merchant, email: string): Promise<string> {
  const before = world.esimGo.esims.length;
  merchant.checkout({ lines: [{ variantId: await merchant.sell(FRANCE), quantity: 1 }], email });
  await world.mailTo(email);
  await passTime({ minutes: 61 });
  return world.esimGo.esims[before]?.iccid ?? '';
}

const subjects = (email: string) => world.mailsTo(email).map(({ subject }) => subject);
/** How long ago the merchant's one eSIM was read, as its page says. */
async function readAt(merchant: Merchant): Promise<string | null> {
  const { rows } = await merchant.read<{ rows: { id: string }[] }>('/app/esims?index', 'app.esims._index');
  const { freshness } = await merchant.read<{ freshness: { asOf: string | null } }>(
    `/app/esims/${rows[0]?.id ?? ''}`,
    'app.esims.$esimId',
  );
  return freshness.asOf;
}
const readings = (iccid: string) =>
  world.esimGo.requests.filter(({ path }) => path === `/esims/${iccid}`).length;

test.each([
  { callbackSignature: 'base64' as const, email: 'base64@example.com' },
  { callbackSignature: 'hex' as const, email: 'hex@example.com' },
])(
  'a traveller goes online and is told at once, however often the supplier calls ($callbackSignature)',
  async ({ callbackSignature, email }) => {
    const merchant = await openShop(world);
    await chooseMails(merchant, ['first-use', 'data-80', 'data-100']);
    await setUp(merchant, { callbackSignature });
    const iccid = await traveller(merchant, email);
    world.esimGo.conducts.on('calls-back-twice', { times: 3 });
    const deliveries = await world.esimGo.useData(iccid, { bytes: 100 * MB, iso: 'FR' });
    expect(deliveries.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    await world.until('the traveller is told', () => subjects(email).length === 2);
    expect(subjects(email)[1]).toBe('Your eSIM is online: France');
    await passTime({ minutes: 61 });
    await world.esimGo.useData(iccid, { bytes: 750 * MB, iso: 'FR' });
    await world.until('the traveller is told', () => subjects(email).length === 3);
    expect(subjects(email)[2]).toBe('80% of your data is used: France');
  },
);

test('an old call that comes late changes nothing: the supplier is asked how it is', async () => {
  const merchant = await openShop(world);
  await chooseMails(merchant, ['first-use', 'data-80', 'data-100']);
  await setUp(merchant);
  const email = 'late@example.com';
  const iccid = await traveller(merchant, email);
  const { url } = await callbacksOf(merchant);
  const body = JSON.stringify({
    ...{ iccid, alertType: 'Utilisation' },
    bundle: { name: FRANCE, initialQuantity: 1e9, remainingQuantity: 0, unlimited: false },
  });
  const before = readings(iccid);
  expect(await call(url, body, { key: merchant.apiKey })).toBe(200);
  await world.until('the eSIM is read', () => readings(iccid) > before);
  await world.esimGo.useData(iccid, { bytes: 10 * MB, iso: 'FR' });
  await world.until('the traveller is told what is true', () => subjects(email).length === 2);
  expect(subjects(email)[1]).toBe('Your eSIM is online: France');
});

test('unsigned calls are turned away, and when the merchant takes them they are no more than a reason to ask', async () => {
  const merchant = await openShop(world);
  await chooseMails(merchant, ['first-use', 'data-100']);
  await setUp(merchant, { callbackVersion: 2 });
  const email = 'unsigned@example.com';
  const iccid = await traveller(merchant, email);
  const refused = await world.esimGo.fireCallback('FirstUse', iccid);
  expect(refused.map(({ status }) => status)).toEqual([401]);
  await pressCallbacks(merchant, { intent: 'take-unsigned', unsigned: 'on' });
  // An unsigned call makes nobody ask again within a minute, and after an hour the eSIM was due to be asked about.
  await world.until('it was read in its turn', async () => (await readAt(merchant)) !== null);
  await passTime({ minutes: 2 });
  const claimed = await world.esimGo.fireCallback('FirstUse', iccid);
  expect(claimed.map(({ status }) => status)).toEqual([200]);
  // Written, and not only asked: what is written later than the next jump of the clock would be read too lately.
  await world.until('the eSIM is read', async () => (await readAt(merchant)) === 'just now');
  await passTime({ minutes: 2 });
  await world.esimGo.useData(iccid, { bytes: 10 * MB, iso: 'FR' });
  await world.until('the traveller is told', () => subjects(email).length === 2);
  expect(subjects(email)[1]).toBe('Your eSIM is online: France');
});

test('all a supplier tells of an eSIM stands on its page, each once', async () => {
  const merchant = await openShop(world);
  await chooseMails(merchant, ['first-use']);
  await setUp(merchant);
  const email = 'timeline@example.com';
  const iccid = await traveller(merchant, email);
  world.esimGo.install(iccid);
  await world.esimGo.useData(iccid, { bytes: 600 * MB, iso: 'FR' });
  await world.until('the traveller is told', () => subjects(email).length === 2);
  for (const kind of [
    ...(['CountryChange', 'ProfileStatusChange', 'MSISDNEnabled', 'SMSFailed'] as const),
    ...(['esim.deletion_scheduled', 'FirstUse', 'FirstAttachment'] as const),
  ]) {
    const deliveries = await world.esimGo.fireCallback(kind, iccid);
    expect(deliveries.map(({ status }) => status)).toEqual([200]);
  }
  const esims = await merchant.read<{ rows: { id: string }[] }>('/app/esims?index', 'app.esims._index');
  const told = async () => {
    const { events } = await merchant.read<{ events: { text: string }[] }>(
      `/app/esims/${esims.rows[0]?.id ?? ''}`,
      'app.esims.$esimId',
    );
    return events.map(({ text }) => text);
  };
  await world.until('the last of it is told', async () =>
    (await told()).includes('The supplier will delete it: it was idle for long'),
  );
  const texts = await told();
  for (const text of [
    ...['Installed on a phone', 'Used for the first time', 'Seen in a network for the first time'],
    ...['Seen in another country: France', 'Its telephone number was switched on'],
    ...['A text message could not be delivered to it', 'E-mail to the traveller: First use'],
  ])
    expect(
      texts.filter((each) => each === text),
      text,
    ).toHaveLength(1);
  expect(texts.filter((text) => text.startsWith('50 % of the data is used'))).toHaveLength(1);
});

test('money arrives: who waits for it is served at once, and the merchant is told once that it ran low', async () => {
  const merchant = await openShop(world, { balance: 4 });
  await setUp(merchant);
  const iccid = await traveller(merchant, 'first@example.com');
  await world.esimGo.fireCallback('LowBalance', iccid);
  await world.esimGo.fireCallback('InsufficientBalance', iccid);
  const { name } = world.shopify.state.shop(merchant.domain);
  const alerts = () => world.resend.mails.filter(({ subject }) => subject.startsWith(`${name}:`));
  await world.until('the merchant is told', () => alerts().length > 0);
  expect(alerts()[0]?.subject).toMatch(/left at eSIM Go$/);
  expect(alerts()[0]?.text).toContain('eSIM Go called to say that your balance is low');
  const variantId = await merchant.sell(FRANCE);
  merchant.checkout({ lines: [{ variantId, quantity: 6 }], email: 'waits@example.com' });
  interface Queue {
    entries: { reason?: string | null }[];
  }
  await world.until('the order waits for money', async () => {
    const { entries } = await merchant.read<Queue>('/app/queue?index', 'app.queue._index');
    return entries.length > 0;
  });
  merchant.topUp(100);
  await world.esimGo.fireCallback('Topup', iccid);
  // Looking by itself would take five minutes, and this clock stands still.
  await world.mailTo('waits@example.com');
  expect(alerts().filter(({ subject }) => /left at eSIM Go$/.test(subject))).toHaveLength(1);
});

test('a call that finds the supplier down is worked on when it is back', async () => {
  const merchant = await openShop(world);
  await chooseMails(merchant, ['first-use']);
  await setUp(merchant);
  const email = 'down@example.com';
  const iccid = await traveller(merchant, email);
  world.esimGo.conducts.on('answers-503');
  const deliveries = await world.esimGo.useData(iccid, { bytes: 10 * MB, iso: 'FR' });
  expect(deliveries.map(({ status }) => status)).toEqual([200, 200, 200]);
  await world.until('it stands on the page', async () => {
    await passTime({ minutes: 1 });
    return (await callbacksOf(merchant)).stuck > 0;
  });
  await world.restart();
  world.esimGo.conducts.off('answers-503');
  await passTime({ minutes: 60 });
  await world.until('the traveller is told', () => subjects(email).length === 2);
  await world.until('nothing is left of it', async () => (await callbacksOf(merchant)).stuck === 0);
});

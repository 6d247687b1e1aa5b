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
  const variantId = await merchant.sell(FRANCE);
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email });
  await world.mailTo(email);
  // Written down too: a mail of after the jump of the clock would let no other go for an hour.
  await world.until('it counts as sent', async () => (await merchant.order(order))?.mail.state === 'sent');
  await passTime({ minutes: 61 });
  return world.esimGo.esims[before]?.iccid ?? '';
}

const subjects = (email: string) => world.mailsTo(email).map(({ subject }) => subject);
interface EsimPage {
  freshness: { asOf: string | null };
  events: { text: string }[];
}
/** Where the page of the merchant's one eSIM is. */
async function pathOf(merchant: Merchant): Promise<string> {
  const { rows } = await merchant.read<{ rows: { id: string }[] }>('/app/esims?index', 'app.esims._index');
  return `/app/esims/${rows[0]?.id ?? ''}`;
}
const PAGE = 'app.esims.$esimId';
const esimPage = async (merchant: Merchant) => merchant.read<EsimPage>(await pathOf(merchant), PAGE);
/** How long ago it was read, as its page says. */
const readAt = async (merchant: Merchant) => (await esimPage(merchant)).freshness.asOf;
const told = async (merchant: Merchant) => (await esimPage(merchant)).events.map(({ text }) => text);
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
    await world.until('that counts as sent', async () =>
      (await told(merchant)).includes('E-mail to the traveller: First use'),
    );
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

// The embedded database has one connection: there, nothing waits for a row.
test.runIf(process.env['FLOWS_ON'] === 'postgres')(
  'a look of before the traveller went online, though it is written down after that, keeps no mail from them',
  async () => {
    const merchant = await openShop(world);
    await chooseMails(merchant, ['first-use']);
    const email = 'looked-before@example.com';
    const iccid = await traveller(merchant, email);
    await world.until('it was read in its turn', async () => (await readAt(merchant)) !== null);
    // Then a person may ask.
    await passTime({ minutes: 3 });
    const [path, { url }] = await Promise.all([pathOf(merchant), callbacksOf(merchant)]);
    const { status } = await world.lookInto(async (query) => {
      const wait = (readings: number) =>
        world.until(`${String(readings)} readings wait to be written`, async () => {
          const waiting = await query(
            `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
          );
          return waiting.length === readings;
        });
      await query('BEGIN');
      await query(`SELECT id FROM "Esim" WHERE "iccidLast4" = '${iccid.slice(-4)}' FOR NO KEY UPDATE`);
      const pressed = merchant.send(path, PAGE, { intent: 'look' });
      await wait(1);
      await world.esimGo.useData(iccid, { bytes: 10 * MB, iso: 'FR' });
      const body = JSON.stringify({ iccid, alertType: 'FirstUse' });
      expect(await call(url, body, { key: merchant.apiKey })).toBe(200);
      await wait(2);
      await query('COMMIT');
      return pressed;
    });
    expect(status).toBe(200);
    await world.until('the traveller is told', () => subjects(email).length === 2);
    expect(subjects(email)[1]).toBe('Your eSIM is online: France');
  },
);

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
  await world.until('the last of it is told', async () =>
    (await told(merchant)).includes('The supplier will delete it: it was idle for long'),
  );
  const texts = await told(merchant);
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
  const order = merchant.checkout({ lines: [{ variantId, quantity: 6 }], email: 'waits@example.com' });
  await world.until('all of it waits for money', async () => {
    const page = await merchant.order(order);
    return page?.units.every(({ reason }) => reason === 'funds') ?? false;
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

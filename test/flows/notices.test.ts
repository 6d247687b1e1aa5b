import { afterAll, beforeAll, expect, test } from 'vitest';
import { passTime } from '../clock.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';
const MB = 1_000_000;

let world: World;
/** Who looks at what the app does. */
let anybody: Merchant;

beforeAll(async () => {
  world = await openWorld({ SWEEP_SECONDS: '0.5' });
  anybody = await openShop(world, { imports: false });
});
afterAll(() => world.end());

async function choose(merchant: Merchant, mails: string[]) {
  const fields: [string, string][] = [
    ['intent', 'save'],
    ...mails.map((kind): [string, string] => ['mails', kind]),
  ];
  const { status } = await merchant.send('/app/settings/travellers', 'app.settings.travellers', fields);
  expect(status).toBe(200);
}

/** A traveller with an eSIM, an hour after it was mailed. */
async function traveller(
  merchant: Merchant,
  variantId: number,
  { email, locale = 'en' }: { email: string; locale?: string },
) {
  const before = world.esimGo.esims.length;
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email, locale });
  await world.mailTo(email);
  await passTime({ minutes: 61 });
  const { iccid } = world.esimGo.esims[before] ?? { iccid: '' };
  return { order, iccid };
}

const subjects = (email: string) => world.mailsTo(email).map(({ subject }) => subject);

/** Time enough for every look, every sweep and every mail that could follow. */
async function letHoursPass(...steps: number[]) {
  for (const hours of steps) {
    await passTime({ minutes: hours * 60 + 1 });
    await settled();
  }
}

/** What sweeps find is done: some went by, and nothing was asked of the supplier or mailed. */
async function settled() {
  let last = '';
  const sweeps = new Set<string>();
  await world.until('nothing more happens', async () => {
    const { sweep } = await anybody.read<{ sweep: { startedAt: string } }>(
      '/app/settings/watch',
      'app.settings.watch',
    );
    const now = `${String(world.esimGo.requests.length)} ${String(world.resend.mails.length)}`;
    if (now !== last) sweeps.clear();
    last = now;
    sweeps.add(sweep.startedAt);
    return sweeps.size > 3;
  });
}

test('a traveller is told of each event once, in their language, whoever was asked how often', async () => {
  const merchant = await openShop(world);
  await choose(merchant, ['first-use', 'data-80', 'data-100']);
  const variantId = await merchant.sell(FRANCE);
  const email = 'trip@example.com';
  const { iccid } = await traveller(merchant, variantId, { email, locale: 'de-DE' });
  world.esimGo.install(iccid);
  await world.esimGo.useData(iccid, { bytes: 100 * MB, iso: 'FR' });
  await letHoursPass(2);
  expect(subjects(email)).toEqual([
    expect.stringMatching(/^Ihre eSIM ist bereit/),
    'Ihre eSIM ist online: Frankreich',
  ]);
  await world.esimGo.useData(iccid, { bytes: 750 * MB, iso: 'FR' });
  await letHoursPass(2);
  await world.esimGo.useData(iccid, { bytes: 100 * MB, iso: 'FR' });
  await letHoursPass(2);
  expect(subjects(email).slice(2)).toEqual(['80\u00a0% Ihres Datenvolumens sind verbraucht: Frankreich']);
  await world.esimGo.useData(iccid, { bytes: 500 * MB, iso: 'FR' });
  await letHoursPass(2);
  expect(subjects(email).slice(3)).toEqual(['Ihr Datenvolumen ist aufgebraucht: Frankreich']);
  await world.restart();
  await letHoursPass(2);
  expect(subjects(email)).toHaveLength(4);
  const codes = world.esimGo.esims.flatMap(({ iccid: each, matchingId }) => [each, matchingId]);
  for (const { text, html } of world.mailsTo(email).slice(1))
    for (const code of codes) expect(`${String(text)}${String(html)}`).not.toContain(code);
});

test('all data used within the hour is one mail, about that', async () => {
  const merchant = await openShop(world);
  await choose(merchant, ['first-use', 'data-80', 'data-100']);
  const variantId = await merchant.sell(FRANCE);
  const email = 'hasty@example.com';
  const { iccid } = await traveller(merchant, variantId, { email });
  world.esimGo.install(iccid);
  await world.esimGo.useData(iccid, { bytes: 850 * MB, iso: 'FR' });
  await world.esimGo.useData(iccid, { bytes: 500 * MB, iso: 'FR' });
  await letHoursPass(2, 2);
  expect(subjects(email).slice(1)).toEqual(['Your data is used up: France']);
});

test('who did not install gets a link that installs; who did, or was refunded, or whose shop did not ask for it, gets nothing', async () => {
  const [merchant, silent] = await Promise.all([openShop(world), openShop(world)]);
  await choose(merchant, ['not-installed']);
  const variantId = await merchant.sell(FRANCE);
  await traveller(merchant, variantId, { email: 'forgot@example.com' });
  const installed = await traveller(merchant, variantId, { email: 'did@example.com' });
  const refunded = await traveller(merchant, variantId, { email: 'refunded@example.com' });
  await traveller(silent, await silent.sell(FRANCE), { email: 'silent@example.com' });
  world.shopify.state.refundOrder(merchant.domain, refunded.order.id);
  // Hours before the three days are over: our own looks are rarer than that.
  await letHoursPass(66);
  world.esimGo.install(installed.iccid);
  await letHoursPass(3, 1, 1);
  await world.until('who forgot is reminded', () => subjects('forgot@example.com').length === 2);
  const reminder = world.mailsTo('forgot@example.com')[1];
  expect(reminder?.subject).toBe('Your eSIM is not installed yet: France');
  const link = /http\S+\/i\/[\w-]{43}/.exec(reminder?.text ?? '')?.[0] ?? '';
  const page = await fetch(link, { headers: { connection: 'close' } });
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('France');
  await letHoursPass(12, 12);
  expect(subjects('forgot@example.com')).toHaveLength(2);
  for (const buyer of ['did', 'refunded', 'silent']) expect(subjects(`${buyer}@example.com`)).toHaveLength(1);
});

test('a mail whose answer is lost arrives once; an address that takes none is not written to for ever', async () => {
  const merchant = await openShop(world);
  await choose(merchant, ['first-use', 'expires']);
  const variantId = await merchant.sell(FRANCE);
  const email = 'lost@example.com';
  const { iccid } = await traveller(merchant, variantId, { email });
  world.esimGo.install(iccid);
  world.resend.conducts.on('answers-500-after-accepting', { times: 1 });
  await world.esimGo.useData(iccid, { bytes: 100 * MB, iso: 'FR' });
  await letHoursPass(2, 1);
  expect(world.resend.conducts.isOn('answers-500-after-accepting')).toBe(false);
  expect(subjects(email).slice(1)).toEqual(['Your eSIM is online: France']);
  await letHoursPass(6 * 24 - 5, 6, 1);
  expect(subjects(email).slice(2)).toEqual(['Your eSIM ends soon: France']);
});

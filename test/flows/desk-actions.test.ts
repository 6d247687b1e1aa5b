import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DeskAnswer } from '../../app/ui/esim/answer.ts';
import type { DeskView } from '../../app/ui/esim/desk-view.ts';
import type { esimPageView } from '../../app/ui/esim/page-view.ts';
import { passTime } from '../clock.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const FRANCE = 'esim_1GB_7D_FR_V2';
/** With a telephone number. */
const WITH_CALLS = 'esim_ULP_7D_FR_V2';
const PRICE = 2.35;

let world: World;
beforeAll(async () => {
  world = await openWorld();
  world.esimGo.setPrice(FRANCE, PRICE);
});
afterAll(() => world.end());

type EsimPage = ReturnType<typeof esimPageView> & { desk: DeskView };
type Desk = Awaited<ReturnType<typeof openDesk>>;

/** A shop that sold one eSIM, and the page of that eSIM with it. */
async function openDesk(email: string, bundle = FRANCE) {
  const merchant = await openShop(world);
  const variantId = await merchant.sell(bundle);
  const order = merchant.checkout({ lines: [{ variantId, quantity: 1 }], email });
  await world.mailTo(email);
  await world.until('the order is done', async () => (await merchant.order(order))?.state === 'delivered');
  const { iccid } = world.esimGo.esims.filter(({ apiKey }) => apiKey === merchant.apiKey).at(-1) ?? {
    iccid: '',
  };
  const esimId = (await merchant.order(order))?.units[0]?.esimId ?? '';
  const page = () => merchant.read<EsimPage>(`/app/esims/${esimId}`, 'app.esims.$esimId');
  return {
    ...{ merchant, order, email, iccid, esimId, page },
    /** Presses a button once; the same `actionId` is the same press. */
    press: async (fields: Record<string, string>, actionId: string = randomUUID()) => {
      const { status, data } = await merchant.send(`/app/esims/${esimId}/act`, 'app.esims.$esimId_.act', {
        actionId,
        ...fields,
      });
      return { http: status, ...(data as DeskAnswer) };
    },
    look: () => merchant.send(`/app/esims/${esimId}`, 'app.esims.$esimId', { intent: 'look' }),
    topUps: (search = '') =>
      merchant.read<Offered>(`/app/esims/${esimId}/top-up${search}`, 'app.esims.$esimId_.top-up'),
    revoke: (bundleKey: string) =>
      merchant.read<Offered>(
        `/app/esims/${esimId}/revoke?bundle=${encodeURIComponent(bundleKey)}`,
        'app.esims.$esimId_.revoke',
      ),
    atSupplier: () => world.esimGo.esims.find((esim) => esim.iccid === iccid),
    /** Of the eSIM and of its order, which has no other. */
    takings: async () => {
      const [{ takings: ofEsim }, ofOrder] = [await page(), (await merchant.order(order))?.takings];
      return {
        ofEsim,
        ofOrder: ofOrder && { paid: ofOrder.paid, cost: ofOrder.costs.join(' + '), margin: ofOrder.margin },
      };
    },
    timeline: async () => (await page()).events.map(({ text }) => text),
    ledger: async () => (await ledgerOf(merchant)).map(({ kind, amount }) => [kind, amount]),
  };
}

/** What the dry runs answer, of both kinds. */
interface Offered {
  status: string;
  mark: string;
  bundleId: string;
  cost: string;
  before: string;
  after: string;
  back: string;
  takesEsim: boolean;
  sentence: string;
  choices: { id: string; code: string; label: string }[];
}

const ledgerOf = async (merchant: Merchant) =>
  (
    await merchant.read<{ page: { lines: { kind: string; amount: string }[] } }>(
      '/app/balance?index',
      'app.balance._index',
    )
  ).page.lines;

const balance = ({ apiKey }: Merchant) =>
  world.esimGo.organisations.find((each) => each.apiKey === apiKey)?.balance ?? Number.NaN;
const requests = (method: string, path: string) =>
  world.esimGo.requests.filter((each) => each.method === method && each.path === path).length;
const staff = /, by /;

/** The bundle on the eSIM, once it was read. */
async function bundleKey(desk: Desk): Promise<string> {
  await desk.look();
  return (await desk.page()).bundles[0]?.key ?? '';
}

test.concurrent('a refresh reaches the eSIM once for each press, and says who pressed', async () => {
  const desk = await openDesk('refresh@example.com');
  const path = `/esims/${desk.iccid}/refresh`;
  const actionId = randomUUID();
  expect(await desk.press({ intent: 'refresh' }, actionId)).toMatchObject({ http: 200, status: 'done' });
  expect(await desk.press({ intent: 'refresh' }, actionId)).toMatchObject({ http: 200, status: 'done' });
  expect(requests('GET', path)).toBe(1);
  expect(await desk.press({ intent: 'refresh' })).toMatchObject({ status: 'done' });
  expect(requests('GET', path)).toBe(2);
  const lines = (await desk.timeline()).filter((line) => line.startsWith('Made to register anew'));
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(staff);
});

test.concurrent('a text message arrives once, and is kept nowhere', async () => {
  const desk = await openDesk('sms@example.com', WITH_CALLS);
  expect((await desk.page()).desk).toMatchObject({ smsSender: 'eSIM' });
  const [message, actionId] = ['Switch on data roaming, please. {} €', randomUUID()];
  const sent = { intent: 'sms', message };
  await Promise.all([desk.press(sent, actionId), desk.press(sent, actionId)]);
  expect(await desk.press(sent, actionId)).toMatchObject({ status: 'done' });
  expect(desk.atSupplier()?.messages).toEqual([{ from: 'eSIM', text: message }]);
  const page = await desk.page();
  expect(page.events.map(({ text }) => text).join('\n')).toMatch(/A text message was sent to it, by /);
  expect(JSON.stringify(page)).not.toContain('roaming');

  for (const wrong of ['', ' ', 'x'.repeat(161), `${'x'.repeat(70)}’`]) {
    const refused = await desk.press({ intent: 'sms', message: wrong });
    expect(refused).toMatchObject({
      http: 400,
      fields: { message: expect.stringMatching(/160 characters/) as string },
    });
  }
  expect(desk.atSupplier()?.messages).toHaveLength(1);
});

test.concurrent('an eSIM without a telephone number gets no text, and staff read why', async () => {
  const desk = await openDesk('no-number@example.com');
  expect(await desk.press({ intent: 'sms', message: 'Hello' })).toMatchObject({
    http: 409,
    sentence: expect.stringContaining('Only an eSIM with a telephone number') as string,
  });
  expect((await desk.page()).desk.open).toEqual([]);
});

test.concurrent(
  'a text message whose answer was lost is never sent again: a person says what came of it',
  async () => {
    const desk = await openDesk('lost-sms@example.com', WITH_CALLS);
    const path = `/esims/${desk.iccid}/sms`;
    world.esimGo.conducts.on('loses-the-answer', { times: 1, only: `POST ${path}` });
    const [message, actionId] = ['Are you online again?', randomUUID()];
    const press = (id?: string) => desk.press({ intent: 'sms', message }, id);
    expect(await press(actionId)).toMatchObject({ http: 202, status: 'waiting' });
    expect(await press(actionId)).toMatchObject({ http: 202, status: 'waiting' });
    expect(await press()).toMatchObject({ http: 409, reason: 'doubted' });
    const { open } = (await desk.page()).desk;
    expect(open).toMatchObject([{ id: actionId, kind: 'sms', next: 'person' }]);
    expect(await desk.press({ intent: 'end', action: actionId, happened: 'yes' })).toMatchObject({
      status: 'done',
    });
    expect(await desk.press({ intent: 'end', action: actionId, happened: 'no' })).toMatchObject({
      http: 409,
    });
    expect(desk.atSupplier()?.messages).toHaveLength(1);
    expect((await desk.page()).desk.open).toEqual([]);
    const lines = await desk.timeline();
    expect(lines.filter((line) => line.startsWith('A text message was sent to it'))).toHaveLength(1);
    expect(lines.join('\n')).toMatch(/Said about the text message in doubt: it was done, by /);
    expect(await press()).toMatchObject({ status: 'done' });
  },
);

test.concurrent(
  'the merchant’s own reference stands at the supplier, and stays when the eSIM is read',
  async () => {
    const desk = await openDesk('reference@example.com');
    expect(await desk.press({ intent: 'reference', reference: 'Ticket 4711' })).toMatchObject({
      status: 'done',
    });
    expect(desk.atSupplier()?.customerRef).toBe('Ticket 4711');
    await desk.look();
    expect((await desk.page()).desk.customerRef).toBe('Ticket 4711');
    for (const reference of ['', 'x'.repeat(101), 'two\nlines'])
      expect(await desk.press({ intent: 'reference', reference })).toMatchObject({ http: 400 });
    expect(desk.atSupplier()?.customerRef).toBe('Ticket 4711');
  },
);

test.concurrent(
  'the e-mail goes again in another language and to another address, once for each press',
  async () => {
    const desk = await openDesk('first@example.com');
    const [other, actionId] = ['second@example.com', randomUUID()];
    const again = { intent: 'resend', email: other, language: 'ja' };
    await Promise.all([desk.press(again, actionId), desk.press(again, actionId)]);
    await world.mailTo(other);
    expect(await desk.press(again, actionId)).toMatchObject({ http: 200, status: 'done' });
    const [mail] = world.mailsTo(other);
    expect(mail?.subject).toContain('eSIMのご用意ができました');
    const link = /https?:\/\/\S+\/i\/[\w-]+/.exec(mail?.text ?? '')?.[0] ?? '';
    const shown = await fetch(link, { headers: { connection: 'close' } });
    expect(await shown.text()).toContain('lang="ja"');
    expect(await desk.press({ intent: 'resend', email: '', language: '' })).toMatchObject({ status: 'done' });
    await world.until('the buyer has a second one', () => world.mailsTo(desk.email).length === 2);
    expect(world.mailsTo(desk.email).at(-1)?.subject).toMatch(/^Your eSIM is ready/);
    expect(world.mailsTo(other)).toHaveLength(1);
    for (const wrong of [
      { email: 'nobody', language: '' },
      { email: '', language: 'xx' },
    ])
      expect(await desk.press({ intent: 'resend', ...wrong })).toMatchObject({ http: 400 });
  },
);

test.concurrent(
  'a bundle comes back for what the dry run said, and the eSIM goes with its last one',
  async () => {
    const desk = await openDesk('revoke@example.com');
    const key = await bundleKey(desk);
    const offer = await desk.revoke(key);
    expect(offer).toMatchObject({ status: 'offered', takesEsim: true });
    expect(offer.back).toBe('The supplier pays $2.35 back to your balance.');
    expect(desk.atSupplier()?.returned).toBe(false);
    const before = balance(desk.merchant);
    const [fields, actionId] = [{ intent: 'revoke', bundleKey: key, seen: offer.mark }, randomUUID()];
    await Promise.all([desk.press(fields, actionId), desk.press(fields, actionId)]);
    expect(await desk.press(fields, actionId)).toMatchObject({ http: 200, status: 'done' });
    expect(balance(desk.merchant)).toBeCloseTo(before + PRICE, 2);
    expect(desk.atSupplier()?.returned).toBe(true);
    expect(await desk.ledger()).toContainEqual(['refund', expect.stringContaining('2.35')]);
    const { ofEsim, ofOrder } = await desk.takings();
    expect(ofEsim).toMatchObject({ cost: '$0.00', margin: expect.stringContaining('100%') as string });
    expect(ofEsim).toEqual(ofOrder);
    const page = await desk.page();
    expect(page).toMatchObject({ status: 'revoked', bundles: [{ use: 'revoked' }] });
    expect(page.desk.offers).toEqual(['replace']);
    expect(await desk.merchant.thankYou(desk.order)).toMatchObject({ status: 'none', esims: [] });
    const link = /https?:\/\/\S+\/i\/[\w-]+/.exec(world.mailsTo(desk.email)[0]?.text ?? '')?.[0] ?? '';
    for (const method of ['GET', 'POST']) {
      const shown = await (await fetch(link, { method, headers: { connection: 'close' } })).text();
      expect(shown).toContain('This eSIM was cancelled');
      expect(shown).not.toContain(desk.atSupplier()?.matchingId);
    }
    for (const fields of [
      { intent: 'refresh' },
      { intent: 'sms', message: 'Hello' },
      { intent: 'reference', reference: 'late' },
    ])
      expect(await desk.press(fields)).toMatchObject({ http: 409, reason: 'changed' });
  },
);

test.concurrent('a revoke whose answer was lost is looked up, booked once and not sent again', async () => {
  const desk = await openDesk('lost-revoke@example.com');
  const key = await bundleKey(desk);
  const { mark } = await desk.revoke(key);
  world.esimGo.conducts.on('loses-the-answer', { times: 1, only: `DELETE /esims/${desk.iccid}` });
  const before = balance(desk.merchant);
  const ended = await desk.press({ intent: 'revoke', bundleKey: key, seen: mark });
  expect(ended).toMatchObject({ status: 'done' });
  expect(balance(desk.merchant)).toBeCloseTo(before + PRICE, 2);
  expect((await desk.ledger()).filter(([kind]) => kind === 'refund')).toHaveLength(1);
});

test.concurrent('what changed since the dry run is not done', async () => {
  const desk = await openDesk('changed@example.com');
  const key = await bundleKey(desk);
  const { mark } = await desk.revoke(key);
  world.esimGo.install(desk.iccid);
  await world.esimGo.useData(desk.iccid, { bytes: 1_000_000, iso: 'FR' });
  const refused = await desk.press({ intent: 'revoke', bundleKey: key, seen: mark });
  expect(refused).toMatchObject({ http: 409, reason: 'changed' });
  const again = await desk.revoke(key);
  expect(again).toMatchObject({ takesEsim: false });
  expect(again.back).toMatch(/^Nothing comes back/);
  expect(
    world.esimGo.requests.some(
      ({ method, path, executed }) => method === 'DELETE' && path.includes(desk.iccid) && executed,
    ),
  ).toBe(false);
});

test.concurrent('another shop, and an unknown eSIM, get nothing done', async () => {
  const [desk, stranger] = await Promise.all([openDesk('victim@example.com'), openShop(world)]);
  const key = await bundleKey(desk);
  const send = (fields: Record<string, string>) =>
    stranger.send(`/app/esims/${desk.esimId}/act`, 'app.esims.$esimId_.act', {
      actionId: randomUUID(),
      ...fields,
    });
  for (const fields of [
    ...[{ intent: 'refresh' }, { intent: 'replace' }, { intent: 'sms', message: 'Hello' }],
    ...[
      { intent: 'reference', reference: 'mine' },
      { intent: 'revoke', bundleKey: key, seen: 'x' },
    ],
    ...[{ intent: 'top-up', bundleId: randomUUID(), seen: 'x' }],
    { intent: 'resend', email: 'thief@example.com', language: '' },
  ] as Record<string, string>[])
    expect((await send(fields)).status, JSON.stringify(fields)).toBe(404);
  expect((await send({ intent: 'end', action: 'x', happened: 'yes' })).status).toBe(409);
  expect(desk.atSupplier()).toMatchObject({ returned: false, messages: [] });
  expect(world.mailsTo('thief@example.com')).toEqual([]);
});

test.concurrent(
  'with a supplier that is disconnected, only the e-mail is offered, and all else is refused',
  async () => {
    const desk = await openDesk('disconnected@example.com');
    const { suppliers } = await desk.merchant.read<{ suppliers: { account: { id: string } | null }[] }>(
      '/app/settings/suppliers',
      'app.settings.suppliers',
    );
    await desk.merchant.send('/app/settings/suppliers', 'app.settings.suppliers', {
      ...{ intent: 'disconnect', accountId: suppliers[0]?.account?.id ?? '' },
    });
    expect((await desk.page()).desk).toMatchObject({ offers: ['resend'], smsSender: null });
    expect(await desk.press({ intent: 'refresh' })).toMatchObject({ http: 409, reason: 'credentials' });
  },
);

test('a top-up is checked, charged once and on the eSIM; a price that changed meanwhile is asked about again', async () => {
  const desk = await openDesk('top-up@example.com');
  await desk.look();
  const { choices } = await desk.topUps();
  const bundleId = choices.find(({ code }) => code === FRANCE)?.id ?? '';
  expect(choices.every(({ code }) => code.includes('_FR_'))).toBe(true);
  const offer = await desk.topUps(`?bundle=${bundleId}`);
  const before = balance(desk.merchant);
  expect(offer).toMatchObject({ status: 'offered', cost: '$2.35', bundleId });
  expect(offer.before).toBe(`$${before.toFixed(2)}`);
  expect(offer.after).toBe(`$${(before - PRICE).toFixed(2)}`);

  world.esimGo.setPrice(FRANCE, PRICE + 1);
  const stale = { intent: 'top-up', bundleId, seen: offer.mark };
  expect(await desk.press(stale)).toMatchObject({ http: 409, reason: 'changed' });
  world.esimGo.setPrice(FRANCE, PRICE);
  expect(desk.merchant.purchases()).toHaveLength(1);
  expect((await desk.takings()).ofEsim.cost).toBe(`$${PRICE.toFixed(2)}`);

  const [fields, actionId] = [
    { ...stale, seen: (await desk.topUps(`?bundle=${bundleId}`)).mark },
    randomUUID(),
  ];
  await Promise.all([desk.press(fields, actionId), desk.press(fields, actionId)]);
  await world.until('it is done', async () => (await desk.press(fields, actionId)).status === 'done');
  expect(desk.merchant.purchases()).toHaveLength(2);
  expect(desk.atSupplier()?.bundles).toEqual([FRANCE, FRANCE]);
  expect(balance(desk.merchant)).toBeCloseTo(before - PRICE, 2);
  expect((await desk.ledger()).filter(([kind]) => kind === 'purchase')).toHaveLength(2);
  const { ofEsim, ofOrder } = await desk.takings();
  expect(ofEsim.cost).toBe(`$${(2 * PRICE).toFixed(2)}`);
  expect(ofEsim).toEqual(ofOrder);
  expect((await desk.timeline()).join('\n')).toMatch(/Topped up: .*, by /);
  expect((await desk.page()).bundles).toHaveLength(2);
});

test('a top-up whose answer was lost is found at the supplier, and never bought again', async () => {
  const desk = await openDesk('lost-top-up@example.com');
  const { choices } = await desk.topUps();
  const bundleId = choices.find(({ code }) => code === FRANCE)?.id ?? '';
  const { mark: seen } = await desk.topUps(`?bundle=${bundleId}`);
  world.esimGo.conducts.on('loses-the-answer', { times: 1, only: 'POST /orders' });
  const actionId = randomUUID();
  const press = (id: string) => desk.press({ intent: 'top-up', bundleId, seen }, id);
  await press(actionId);
  await world.until('it is found', async () => {
    if ((await press(actionId)).status === 'done') return true;
    await passTime({ minutes: 1 });
    return false;
  });
  expect(desk.merchant.purchases()).toHaveLength(2);
  expect(desk.atSupplier()?.bundles).toEqual([FRANCE, FRANCE]);
  expect((await desk.page()).desk.open).toEqual([]);
});

test('a top-up that is not found waits for a person in the queue, and the page of the eSIM says so', async () => {
  const desk = await openDesk('parked-top-up@example.com');
  const { choices } = await desk.topUps();
  const bundleId = choices.find(({ code }) => code === FRANCE)?.id ?? '';
  const { mark: seen } = await desk.topUps(`?bundle=${bundleId}`);
  world.esimGo.conducts.on('answers-503', { times: 1, only: 'POST /orders' });
  const actionId = randomUUID();
  const press = (id: string = randomUUID()) => desk.press({ intent: 'top-up', bundleId, seen }, id);
  expect(await press(actionId)).toMatchObject({ status: 'waiting' });
  await world.until('it is left for a person', async () => {
    const { entries } = await desk.merchant.read<{ entries: { id: string; kind: string; reason: string }[] }>(
      '/app/queue?index',
      'app.queue._index',
    );
    if (entries.some(({ id, kind }) => id === `attempt-${actionId}` && kind === 'parked')) return true;
    await passTime({ minutes: 2 });
    return false;
  });
  expect((await desk.page()).desk.open).toMatchObject([{ id: actionId, kind: 'top-up', next: 'queue' }]);
  expect(await press()).toMatchObject({ http: 409, reason: 'doubted' });
  expect(await desk.press({ intent: 'end', action: actionId, happened: 'yes' })).toMatchObject({ http: 409 });
  // Hours later, after the app stopped looking things up at suppliers.
  await passTime({ minutes: 120 });
  const entry = `/app/queue/attempt-${actionId}`;
  const closed = await desk.merchant.send(entry, 'app.queue.$entryId', {
    ...{ intent: 'close', note: 'Not in the portal either' },
  });
  expect(closed.status).toBeLessThan(400);
  await world.until('the page knows', async () => {
    await passTime({ minutes: 1 });
    return (await desk.page()).desk.open.length === 0;
  });
  expect(await press(actionId)).toMatchObject({ status: 'refused' });
  expect(desk.merchant.purchases()).toHaveLength(1);
});

test('an eSIM is replaced: the old one is paid back, another is bought and mailed with another code', async () => {
  const desk = await openDesk('replace@example.com');
  await desk.look();
  const before = balance(desk.merchant);
  const actionId = randomUUID();
  await Promise.all([
    desk.press({ intent: 'replace' }, actionId),
    desk.press({ intent: 'replace' }, actionId),
  ]);
  expect(await desk.press({ intent: 'replace' }, actionId)).toMatchObject({ http: 200, status: 'done' });
  await world.until('the second e-mail arrives', () => world.mailsTo(desk.email).length === 2);
  expect(desk.merchant.purchases()).toHaveLength(2);
  const [first, second] = world.esimGo.esims.filter(({ apiKey }) => apiKey === desk.merchant.apiKey);
  expect(first?.returned).toBe(true);
  expect(second?.returned).toBe(false);
  const [one, two] = world.mailsTo(desk.email);
  expect(one?.text).toContain(first?.matchingId);
  expect(two?.text).toContain(second?.matchingId);
  expect(two?.text).not.toContain(first?.matchingId);
  expect(balance(desk.merchant)).toBeCloseTo(before, 2);
  const old = await desk.page();
  expect(old.replacedById).not.toBeNull();
  expect(old.takings).toEqual({ paid: null, cost: '$0.00', margin: null });
  expect(old.desk.offers).toEqual([]);
  expect(old.events.map(({ text }) => text).join('\n')).toMatch(/Replaced by another eSIM, by /);
  expect(await desk.press({ intent: 'replace' })).toMatchObject({ http: 409, reason: 'changed' });
  expect(desk.merchant.purchases()).toHaveLength(2);
  await world.until(
    'it is fulfilled',
    async () => (await desk.merchant.order(desk.order))?.state === 'delivered',
  );
  expect((await desk.ledger()).map(([kind]) => kind).sort()).toEqual([
    'opening',
    'purchase',
    'purchase',
    'refund',
  ]);
});

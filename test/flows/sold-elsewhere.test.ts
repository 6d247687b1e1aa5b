import { afterAll, beforeAll, expect, test } from 'vitest';
import type { esimPageView } from '../../app/ui/esim/page-view.ts';
import type { FoundView } from '../../app/ui/esim/found-view.ts';
import { passTime } from '../clock.ts';
import { openShop, type Merchant } from '../shop.ts';
import { openWorld, type World } from '../world.ts';

const MB = 1_000_000;

let world: World;

beforeAll(async () => {
  world = await openWorld({ SWEEP_SECONDS: '0.5' });
});
afterAll(() => world.end());

/** A shop that has its travellers told of data, with an account at Simvox. */
async function openWithSimvox() {
  const merchant = await openShop(world, { imports: false });
  const token = `token-of-${merchant.domain}`;
  world.simvox.createAccount(token);
  await merchant.send('/app/settings/suppliers', 'app.settings.suppliers', {
    ...{ intent: 'connect', provider: 'simvox', token },
  });
  await merchant.send('/app/settings/travellers', 'app.settings.travellers', [
    ['intent', 'save'],
    ['mails', 'data-80'],
    ['mails', 'data-100'],
  ]);
  return { merchant, token };
}

const adopt = (merchant: Merchant, fields: Record<string, string>) =>
  merchant.send('/app/esims?index', 'app.esims._index', { intent: 'adopt', ...fields });

async function found(merchant: Merchant, typed: string): Promise<string[]> {
  const { data } = await merchant.send('/app/esims/search', 'app.esims.search', { typed });
  const { groups } = data as FoundView; // what the route answers
  return groups.flatMap(({ rows }) => rows.map(({ id }) => id));
}

const pageOf = (merchant: Merchant, esimId: string) =>
  merchant.read<ReturnType<typeof esimPageView>>(`/app/esims/${esimId}`, 'app.esims.$esimId');

const press = (merchant: Merchant, esimId: string, fields: Record<string, string>) =>
  merchant.send(`/app/esims/${esimId}`, 'app.esims.$esimId', fields);

/** A traveller uses data, and the merchant looks at it: a press that the app's own look was faster than comes too soon. */
async function use(merchant: Merchant, esimId: string, iccid: string, bytes: number) {
  world.simvox.useData(iccid, bytes);
  await passTime({ minutes: 61 });
  expect([200, 429]).toContain((await press(merchant, esimId, { intent: 'look' })).status);
  expect((await pageOf(merchant, esimId)).freshness).toMatchObject({ asOf: 'just now', problem: null });
}

async function mailTo(email: string) {
  await world.mailTo(email);
  const [mail] = world.mailsTo(email);
  return mail ?? expect.fail('no mail');
}

const linkIn = ({ text }: { text: string | null }) =>
  /http\S+\/i\/[\w-]{43}/.exec(text ?? '')?.[0] ?? 'no link';
const closing = { headers: { connection: 'close' } };

test('the traveller of an eSIM that another place sold is told of its data, and has a page to look at it', async () => {
  const { merchant, token } = await openWithSimvox();
  const email = `elsewhere.${merchant.domain}@example.com`;
  const { iccid, matchingId } = world.simvox.buyByHand(token);
  world.simvox.install(iccid);
  expect(await adopt(merchant, { iccid, email: 'nobody', language: 'de' })).toMatchObject({
    ...{ status: 400, data: { fields: { email: expect.stringContaining('e-mail address') as string } } },
  });
  expect(await found(merchant, iccid)).toEqual([]);
  expect((await adopt(merchant, { iccid, email: ` ${email} `, language: 'de' })).status).toBe(204);
  const [esimId = ''] = await found(merchant, email.toUpperCase());
  expect(await pageOf(merchant, esimId)).toMatchObject({
    ...{ isSoldElsewhere: true, reader: { maskedEmail: expect.stringMatching(/^e•••@/) as string } },
  });

  await use(merchant, esimId, iccid, 850 * MB);
  const mail = await mailTo(email);
  expect(mail.subject).toMatch(/80\s% Ihres Datenvolumens/);
  expect(mail.text).not.toContain(matchingId);
  const link = linkIn(mail);
  const page = await (await fetch(link, closing)).text();
  expect(page).toMatch(/850\sMB von 1\sGB verbraucht/);
  expect(page).not.toContain(matchingId);
  const revealed = await fetch(link, { ...closing, method: 'POST', body: new URLSearchParams() });
  expect(await revealed.text()).toContain(`LPA:1$rsp.simvox.example$${matchingId}`);

  // Another address gets another link, and what follows.
  const other = `other.${merchant.domain}@example.com`;
  expect((await press(merchant, esimId, { intent: 'reader', email: other, language: 'en' })).status).toBe(
    200,
  );
  expect((await fetch(link, closing)).status).toBe(404);
  await use(merchant, esimId, iccid, 150 * MB);
  const last = await mailTo(other);
  expect(last.subject).toContain('Your data is used up');
  expect((await fetch(linkIn(last), closing)).status).toBe(200);
  expect(world.mailsTo(email)).toHaveLength(1);
  expect((await press(merchant, esimId, { intent: 'reader', email: '', language: 'en' })).status).toBe(200);
  expect((await fetch(linkIn(last), closing)).status).toBe(404);
  expect((await pageOf(merchant, esimId)).reader).toBeNull();
});

test('a file names whom to tell; a line with a wrong address adds nothing, and one without tells nobody', async () => {
  const { merchant, token } = await openWithSimvox();
  const [told, wrong, silent] = [0, 1, 2].map(() => world.simvox.buyByHand(token).iccid);
  const email = `file.${merchant.domain}@example.com`;
  const lines = [
    `${told ?? ''};${email};FR`,
    `${wrong ?? ''};nobody;en`,
    `${silent ?? ''};;`,
    `${wrong ?? ''};;xx`,
  ];
  const ADD = ['/app/esims/add', 'app.esims.add'] as const;
  const csv = ['ICCID;E-mail;Language', ...lines].join('\n');
  const { data } = await merchant.send(...ADD, { intent: 'find', name: 'sold.csv', csv });
  const { taskId } = data as { taskId: string };
  const file = () =>
    merchant.read<{
      finding: { state: string } | null;
      adoptingFound: { state: string } | null;
      lines: { state: string; reason: string | null; reader: string | null }[];
    }>(`/app/esims/add?file=${taskId}`, 'app.esims.add');
  await world.until('each line is looked up', async () => (await file()).finding?.state === 'done');
  expect((await file()).lines.map(({ reason, reader }) => [reason, reader])).toEqual([
    [null, expect.stringMatching(/^f•••@/)],
    ['not-an-email', null],
    [null, null],
    ['not-a-language', null],
  ]);
  await merchant.send(...ADD, { intent: 'adopt-found', taskId });
  await world.until('they are added', async () => (await file()).adoptingFound?.state === 'done');
  const [toldId = ''] = await found(merchant, email);
  const [silentId = ''] = await found(merchant, silent ?? '');
  expect((await pageOf(merchant, toldId)).reader).toMatchObject({ language: 'fr' });
  expect((await pageOf(merchant, silentId)).reader).toBeNull();
  const before = world.resend.mails.length;
  await use(merchant, silentId, silent ?? '', 900 * MB);
  await use(merchant, toldId, told ?? '', 900 * MB);
  expect((await mailTo(email)).subject).toContain('80');
  expect(world.resend.mails.length).toBe(before + 1);
});

test('who asks for it gets what is kept of their eSIM of another place, and is erased with it', async () => {
  const { merchant, token } = await openWithSimvox();
  const email = `gone.${merchant.domain}@example.com`;
  const [{ iccid }, stays] = [world.simvox.buyByHand(token), world.simvox.buyByHand(token)];
  await adopt(merchant, { iccid, email, language: 'en' });
  await adopt(merchant, { iccid: stays.iccid, email: `stays.${email}`, language: 'en' });
  const [esimId = ''] = await found(merchant, email);
  const names = { firstName: 'Ada', lastName: 'Elsewhere', email };
  const customer = world.shopify.state.addCustomer(merchant.domain, names);

  const PRIVACY = ['/app/settings/privacy', 'app.settings.privacy'] as const;
  const requests = async () =>
    (await merchant.read<{ requests: { id: string; topic: string; state: string }[] }>(...PRIVACY)).requests;
  world.shopify.state.requestCustomerData(merchant.domain, customer.id);
  await world.until('it is on the page', async () => (await requests()).length === 1);
  const requestId = (await requests())[0]?.id ?? '';
  const text = await merchant.download(
    `/app/settings/privacy/export?request=${requestId}`,
    'app.settings.privacy.export',
  );
  for (const known of [email, iccid]) expect(text).toContain(known);
  expect(text).not.toContain(stays.iccid);
  expect((await merchant.send(...PRIVACY, { intent: 'close', requestId })).status).toBe(200);

  world.shopify.state.redactCustomer(merchant.domain, customer.id);
  await world.until('the customer is erased', async () =>
    (await requests()).some(({ topic, state }) => topic === 'customers/redact' && state === 'closed'),
  );
  await expect(pageOf(merchant, esimId)).rejects.toThrow(/404/);
  for (const typed of [email, iccid]) expect(await found(merchant, typed)).toEqual([]);
  expect(await found(merchant, stays.iccid)).toHaveLength(1);
});

import { Resend as ResendClient } from 'resend';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../../until.ts';
import { startResend, type Resend } from './server.ts';

const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const mail = {
  from: 'Shop <shop@shop.example>',
  to: 'buyer@example.com',
  subject: 'Your eSIM',
  html: '<p>Hello</p>',
  text: 'Hello',
};

let now = Date.UTC(2026, 10, 21);
let resend: Resend;
let client: ResendClient;

beforeEach(async () => {
  resend = await startResend({ requestsPerSecond: 1000, apiKey: 're_sandbox', now: () => now });
  client = new ResendClient('re_sandbox', { baseUrl: resend.url });
});
afterEach(() => resend.close());

test('a mail sent with the SDK arrives with its inline image', async () => {
  const { data, error } = await client.emails.send(
    {
      ...mail,
      html: '<img src="cid:qr-1">',
      replyTo: 'help@shop.example',
      tags: [{ name: 'order', value: '1' }],
      attachments: [{ filename: 'qr-1.png', content: pixel, contentId: 'qr-1' }],
    },
    { idempotencyKey: 'order/1' },
  );

  expect(error).toBeNull();
  expect(resend.mails).toEqual([
    {
      id: data?.id,
      to: ['buyer@example.com'],
      from: 'Shop <shop@shop.example>',
      subject: 'Your eSIM',
      html: '<img src="cid:qr-1">',
      text: 'Hello',
      attachments: [{ filename: 'qr-1.png', content: pixel, contentId: 'qr-1', contentType: 'image/png' }],
      idempotencyKey: 'order/1',
      at: new Date(now),
    },
  ]);
  const shown = await (await fetch(`${resend.url}/mails/${String(data?.id)}/html`)).text();
  const [, image] = /src="(\/mails\/[^"]+)"/.exec(shown) ?? [];
  const content = await (await fetch(resend.url + String(image))).arrayBuffer();
  expect(Buffer.from(content)).toEqual(pixel);
});

test('a mail can be read back', async () => {
  const { data } = await client.emails.send(mail);

  const read = await client.emails.get(data?.id ?? '');

  expect(read.data).toMatchObject({
    object: 'email',
    to: ['buyer@example.com'],
    subject: 'Your eSIM',
    last_event: 'delivered',
  });
});

test('a batch arrives as its mails', async () => {
  const { data } = await client.batch.send([mail, { ...mail, to: 'other@example.com' }]);

  expect(data?.data).toHaveLength(2);
  expect(resend.mails.map(({ to }) => to[0])).toEqual(['buyer@example.com', 'other@example.com']);
});

test('the same key and mail within a day is one mail with one id', async () => {
  const first = await client.emails.send(mail, { idempotencyKey: 'order/1' });
  const second = await client.emails.send(mail, { idempotencyKey: 'order/1' });

  expect(second.data).toEqual(first.data);
  expect(resend.mails).toHaveLength(1);

  now += 24 * 3_600_000;
  await client.emails.send(mail, { idempotencyKey: 'order/1' });
  expect(resend.mails).toHaveLength(2);
});

test('the same key with another mail is refused', async () => {
  await client.emails.send(mail, { idempotencyKey: 'order/1' });
  const { error } = await client.emails.send({ ...mail, subject: 'Other' }, { idempotencyKey: 'order/1' });

  expect(error).toEqual({
    statusCode: 409,
    name: 'invalid_idempotent_request',
    message: 'Same idempotency key used with a different request payload.',
  });
  expect(resend.mails).toHaveLength(1);
});

test('a wrong key, a missing field and a bad address are refused in words', async () => {
  const stranger = new ResendClient('re_wrong', { baseUrl: resend.url });
  expect((await stranger.emails.send(mail)).error).toMatchObject({
    statusCode: 403,
    name: 'invalid_api_key',
  });
  expect((await client.emails.send({ ...mail, to: 'nobody' })).error).toMatchObject({
    statusCode: 422,
    name: 'validation_error',
    message: expect.stringContaining('Invalid `to` field.') as string,
  });
  const response = await fetch(`${resend.url}/emails`, {
    method: 'POST',
    headers: { authorization: 'Bearer re_sandbox', 'content-type': 'application/json' },
    body: JSON.stringify({ from: mail.from, to: mail.to, text: 'x' }),
  });
  expect(await response.json()).toEqual({
    statusCode: 422,
    name: 'missing_required_field',
    message: 'Missing `subject` field.',
  });
  expect(resend.mails).toHaveLength(0);
});

test('an answer lost after accepting is made good by the same key', async () => {
  resend.conducts.on('answers-500-after-accepting', { times: 1 });
  const lost = await client.emails.send(mail, { idempotencyKey: 'order/1' });
  const again = await client.emails.send(mail, { idempotencyKey: 'order/1' });

  expect(lost.error).toMatchObject({ statusCode: 500 });
  expect(again.data?.id).toBe(resend.mails[0]?.id);
  expect(resend.mails).toHaveLength(1);
});

test('a mail accepted without an answer has arrived all the same', async () => {
  resend.conducts.on('times-out-after-accepting', { times: 1 });
  const headers = { authorization: 'Bearer re_sandbox', 'content-type': 'application/json' };
  const patience = new AbortController();
  const sending = fetch(`${resend.url}/emails`, {
    method: 'POST',
    headers,
    body: JSON.stringify(mail),
    signal: patience.signal,
  });

  await until('it has arrived', () => resend.mails.length > 0);
  patience.abort();
  await expect(sending).rejects.toThrow();
  expect(resend.mails).toHaveLength(1);
});

test('too fast, or a refused address, sends nothing', async () => {
  resend.conducts.on('answers-429', { times: 1 });
  const fast = await client.emails.send(mail);
  expect(fast.error).toMatchObject({ statusCode: 429, name: 'rate_limit_exceeded' });
  expect(fast.headers).toMatchObject({ 'retry-after': '1', 'ratelimit-limit': '1000' });

  resend.conducts.on('refuses-the-address', { times: 1 });
  expect((await client.emails.send(mail)).error).toMatchObject({ statusCode: 422, name: 'validation_error' });

  expect(resend.mails).toHaveLength(0);
});

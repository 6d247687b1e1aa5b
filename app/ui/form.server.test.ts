import { expect, test } from 'vitest';
import { z } from 'zod';
import { listOf, parseForm } from './form.server.ts';

const schema = z.object({ email: z.email('Enter an e-mail address.'), id: listOf(z.string()) });

function posted(...entries: [string, string][]): Request {
  return new Request('https://app.example/', { method: 'POST', body: new URLSearchParams(entries) });
}

test('a field may come once, several times or not at all', async () => {
  const ids = async (...entries: [string, string][]) =>
    parseForm(posted(['email', 'a@b.example'], ...entries), schema);
  expect(await ids()).toEqual({ status: 'valid', input: { email: 'a@b.example', id: [] } });
  expect(await ids(['id', '1'])).toMatchObject({ input: { id: ['1'] } });
  expect(await ids(['id', '1'], ['id', '2'])).toMatchObject({ input: { id: ['1', '2'] } });
});

test('a mistyped field comes back with a sentence', async () => {
  expect(await parseForm(posted(['email', 'nobody']), schema)).toEqual({
    status: 'invalid',
    fields: { email: 'Enter an e-mail address.' },
  });
});

test('a body that is no form is a 400', async () => {
  const request = new Request('https://app.example/', {
    method: 'POST',
    body: '{',
    headers: { 'content-type': 'application/json' },
  });
  await expect(parseForm(request, schema)).rejects.toMatchObject({ status: 400 });
});

import { expect, test } from 'vitest';
import { createSimvox } from './provider.server.ts';

// How it is asked; the promises themselves are kept in test/contract.

/** An adapter whose supplier is a function from a request to the status and text it answers. */
function simvox(answer: (name: string) => [status: number, body: string]) {
  const sent: { name: string; init: RequestInit | undefined }[] = [];
  const fetch = (input: string | URL | Request, init?: RequestInit) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const name = `${init?.method ?? 'GET'} ${url.pathname}`;
    sent.push({ name, init });
    const [status, body] = answer(name);
    return Promise.resolve(new Response(status === 204 ? null : body, { status }));
  };
  const provider = createSimvox({
    credentials: { token: 't' },
    baseUrl: 'https://simvox.example/v1/',
    fetch,
  });
  return { provider, sent };
}

const iccid = '8944501234567890123';
const plan = JSON.stringify({ status: { code: 200 }, response: [{ package_id: 'p' }] });
const names = (sent: { name: string }[]) => sent.map(({ name }) => name);

test('a deletion is sent as one, though the vendor’s examples print a read', async () => {
  const { provider, sent } = simvox((name) => (name.endsWith('/plans') ? [200, plan] : [204, '']));
  await provider.deleteEsim?.(iccid);
  expect(await provider.revoke?.({ iccid, bundle: 'p' })).toMatchObject({ status: 'revoked' });
  expect(names(sent)).toEqual([
    `DELETE /v1/esim/${iccid}`,
    `GET /v1/esim/${iccid}/plans`,
    `DELETE /v1/esim/plans/${iccid}`,
  ]);
});

test('the network status is sent as documented, with the token in a header only', async () => {
  const { provider, sent } = simvox(() => [200, '{}']);
  await provider.unsuspend?.(iccid);
  expect(names(sent)).toEqual([`PATCH /v1/esim/${iccid}`]);
  expect(sent[0]?.init?.body).toBe('{"network_status":"active"}');
  expect(new Headers(sent[0]?.init?.headers).get('authorization')).toBe('Bearer t');
});

test('an ICCID that is no id is looked for in the list, once', async () => {
  const list = JSON.stringify([{ id: 'esim_7', iccid: `${iccid}F` }]);
  const { provider, sent } = simvox((name) => {
    if (name.endsWith('/esims')) return [200, list];
    return name.endsWith('esim_7') ? [200, JSON.stringify({ iccid })] : [404, '{}'];
  });
  expect(await provider.getEsim(iccid)).toMatchObject({ iccid });
  expect(names(sent)).toEqual([`GET /v1/esim/${iccid}`, 'GET /v1/esims', 'GET /v1/esim/esim_7']);
});

test.each([
  ['400', 'unknown-outcome'],
  ['404', 'unknown-outcome'],
  ['500', 'unknown-outcome'],
  ['401', 'credentials'],
  ['429', 'rate-limited'],
])('a plan’s deletion that is answered 200 with code %s inside is %s', async (code, kind) => {
  const body = JSON.stringify({ status: { code, msg: 'no' } });
  const { provider, sent } = simvox((name) => [200, name.endsWith('/plans') ? plan : body]);
  await expect(provider.revoke?.({ iccid, bundle: 'p' })).rejects.toMatchObject({ kind });
  expect(names(sent).filter((name) => name.startsWith('DELETE'))).toHaveLength(1);
});

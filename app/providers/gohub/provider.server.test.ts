import { expect, test } from 'vitest';
import { createGoHub } from './provider.server.ts';

// How it is asked; the promises themselves are kept in test/contract.

/** An adapter whose supplier is a function from a path to the status it answers. */
function goHub(
  status: (path: string) => number,
  header = 'Authorization',
  key = 'Bearer k',
  errorCode: unknown = 'E1',
) {
  const sent: { path: string; headers: Headers }[] = [];
  const fetch = (input: string | URL | Request, init?: RequestInit) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    sent.push({ path: pathname, headers: new Headers(init?.headers) });
    const body = { iccid: '89812003916820447472', statusCode: status(pathname), errorCode, message: 'words' };
    return Promise.resolve(new Response(JSON.stringify(body), { status: status(pathname) }));
  };
  const provider = createGoHub({ credentials: { header, key }, baseUrl: 'https://gohub.example/', fetch });
  return { provider, sent };
}

const paths = (sent: { path: string }[]) => sent.map(({ path }) => path);
const iccid = '89812003916820447472';

test('the key goes in the header that the merchant names', async () => {
  const { provider, sent } = goHub(() => 200, 'X-Merchant-Key', 'k');
  await provider.getEsim(iccid);
  expect(paths(sent)).toEqual([`/api/v1/products/esim/${iccid}`]);
  expect(sent[0]?.headers.get('x-merchant-key')).toBe('k');
});

test('what is no eSIM is asked for as a card', async () => {
  const { provider, sent } = goHub((path) => (path.includes('/sim/') ? 200 : 404));
  expect(await provider.getEsim(iccid)).toMatchObject({ iccid });
  expect(paths(sent)).toEqual([`/api/v1/products/esim/${iccid}`, `/api/v1/products/sim/${iccid}`]);
});

test.each([401, 403, 429, 500, 503])('a %s is not asked about again', async (status) => {
  const { provider, sent } = goHub(() => status);
  await expect(provider.getEsim(iccid)).rejects.toThrow('GoHub, read eSIM');
  expect(sent).toHaveLength(1);
});

test('its word for what went wrong is told, and nothing else of the answer', async () => {
  const told = async (errorCode: unknown) =>
    goHub(() => 500, 'Authorization', 'k', errorCode)
      .provider.getEsim(iccid)
      .then(String, String);
  expect(await told('UPSTREAM_BUSY')).toMatch(/answered 500 \(UPSTREAM_BUSY\)$/);
  for (const other of [iccid, `E${iccid}`, 'no eSIM of Ada', 7, null, ''])
    expect(await told(other)).toMatch(/answered 500$/);
});

test.each([
  ['no header', 'k'],
  ['', 'k'],
  ['Authorization', 'k\nk'],
])('a header %j that cannot be is the merchant’s to fix', async (header, key) => {
  const { provider, sent } = goHub(() => 200, header, key);
  await expect(provider.getEsim(iccid)).rejects.toMatchObject({ kind: 'credentials' });
  expect(sent).toEqual([]);
});

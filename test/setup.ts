import { afterEach, beforeEach, expect, vi } from 'vitest';
import { shopifyHostsFetch } from './sandbox/shopify-hosts.mjs';

// A test that writes to console.error, or asks anybody but this machine, fails. Closed before the app is loaded,
// because Shopify's library keeps the `fetch` it finds at import.
const outside: string[] = [];
const open = globalThis.fetch;
const closed: typeof fetch = (input, init) => {
  const url = new URL(input instanceof Request ? input.url : input);
  // Names below .invalid exist nowhere: asking for one is how a test meets a host that is gone.
  if (url.hostname === '127.0.0.1' || url.hostname.endsWith('.invalid')) return open(input, init);
  outside.push(url.hostname);
  return Promise.reject(new TypeError(`the test network is closed: ${url.hostname}`));
};
globalThis.fetch = (input, init) =>
  shopifyHostsFetch(closed, process.env['SANDBOX_SHOPIFY_URL'])(input, init);

let errors: { mock: { calls: unknown[][] } };

beforeEach(() => {
  outside.length = 0;
  errors = vi.spyOn(console, 'error').mockImplementation(() => undefined);
});

afterEach(() => {
  expect(outside, 'requests to other machines').toEqual([]);
  expect(errors.mock.calls, 'console.error').toEqual([]);
  vi.restoreAllMocks();
});

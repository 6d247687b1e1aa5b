/**
 * Sends requests for `https://{shop}.myshopify.com/…` to the sandbox's Shopify. Loaded before the app
 * (`node --import ./test/sandbox/shopify-hosts.mjs`), because Shopify's library keeps the `fetch` it finds at import.
 * `SANDBOX_SHOPIFY_URL` says where the sandbox listens; without it nothing is changed.
 */

/**
 * The sandbox's address for a shop's address, and the shop to name in the header `x-sandbox-shop`; null for any other host.
 *
 * @param {string | URL} url
 * @param {string} [sandboxUrl]
 * @returns {{ url: string, shop: string } | null}
 */
export function rewriteShopifyHosts(url, sandboxUrl = process.env.SANDBOX_SHOPIFY_URL) {
  const wanted = URL.canParse(url) ? new URL(url) : null;
  if (!sandboxUrl || !wanted || !wanted.hostname.endsWith('.myshopify.com')) return null;
  return { url: new URL(wanted.pathname + wanted.search, sandboxUrl).href, shop: wanted.hostname };
}

/**
 * A `fetch` that reaches shops in the sandbox and everything else as before.
 *
 * @param {typeof fetch} fetch
 * @param {string} [sandboxUrl]
 * @returns {typeof fetch}
 */
export function shopifyHostsFetch(fetch, sandboxUrl) {
  return (input, init) => {
    const asked = input instanceof Request ? input.url : String(input);
    const target = rewriteShopifyHosts(asked, sandboxUrl);
    if (!target) return fetch(input, init);
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    headers.set('x-sandbox-shop', target.shop);
    return input instanceof Request
      ? fetch(new Request(target.url, input), { ...init, headers })
      : fetch(target.url, { ...init, headers });
  };
}

if (process.env.SANDBOX_SHOPIFY_URL) globalThis.fetch = shopifyHostsFetch(globalThis.fetch);

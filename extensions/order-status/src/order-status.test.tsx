import { getExtension } from '@shopify/ui-extensions-tester';
import { render } from 'preact';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { answer, notFound, readyEsim, textsOf, translator } from '../../shared/buyer.fixture.ts';

const extension = getExtension('customer-account.order-status.block.render');

beforeEach(() => {
  vi.useFakeTimers();
  extension.setUp();
  // Reason for `as`: Shopify's type also allows components among the values; our texts hold only words and numbers.
  extension.shopify.i18n.translate = translator(textsOf('order-status', 'en.default'), 'en') as never;
  extension.shopify.localization.extensionLanguage.value = { isoCode: 'en' };
  orderFrom(Date.now() - 86_400_000);
});

afterEach(() => {
  render(null, document.body);
  extension.tearDown();
  vi.useRealTimers();
});

test('the signed-in buyer sees the codes again, proved by the session token alone', async () => {
  const fetching = await open(() => answer('ready', [readyEsim(1, 2), readyEsim(2, 2)]));
  expect(fetching.mock.calls[0]?.[1]?.body).toBe(
    '{"orderId":"gid://shopify/OrderIdentity/7","checkoutToken":null}',
  );
  expect(document.body.querySelectorAll('s-qr-code')).toHaveLength(2);
  expect(document.body.querySelectorAll('s-section s-section')).toHaveLength(2);
});

test('what is left of the data is shown once the eSIM is installed, with the moment it was known', async () => {
  const usage = {
    usedBytes: 1_250_000_000,
    totalBytes: 5_000_000_000,
    isUnlimited: false,
    endsAt: new Date(Date.now() + 86_400_000).toISOString(),
    asOf: new Date().toISOString(),
  };
  await open(() => answer('ready', [readyEsim(1, 2, { usage }), readyEsim(2, 2)]));
  expect(document.body.textContent).toContain('3.8 GB of 5 GB left');
  expect(document.body.textContent).toContain('As of ');
  const bars = [...document.body.querySelectorAll('s-progress')];
  expect(bars.map((bar) => bar.getAttribute('accessibilitylabel') ?? bar.accessibilityLabel)).toEqual([
    'Data used, eSIM 1 of 2',
  ]);
});

test('more data is offered beside the usage, where the shop sells some, and only by an https address', async () => {
  const usage = {
    usedBytes: 1,
    totalBytes: 2,
    isUnlimited: false,
    endsAt: null,
    asOf: new Date().toISOString(),
  };
  const topUpUrl = 'https://shop.example/cart/1:1?properties=eyJ9';
  await open(() =>
    answer('ready', [
      readyEsim(1, 3, { usage, topUpUrl }),
      readyEsim(2, 3, { usage, topUpUrl: 'javascript:alert(1)' }),
      readyEsim(3, 3, { topUpUrl }),
    ]),
  );
  const offers = [...document.body.querySelectorAll('s-button')].filter(
    ({ textContent }) => textContent === 'Add data',
  );
  expect(offers.map((button) => button.getAttribute('href') ?? button.href)).toEqual([topUpUrl]);
});

test('unlimited data is said so, and a usage that cannot be read never hides the codes', async () => {
  const unlimited = {
    usedBytes: null,
    totalBytes: null,
    isUnlimited: true,
    endsAt: null,
    asOf: '2026-11-21T12:00:00Z',
  };
  await open(() =>
    answer('ready', [readyEsim(1, 2, { usage: unlimited }), readyEsim(2, 2, { usage: { asOf: 'soon' } })]),
  );
  expect(document.body.textContent).toContain('Unlimited data');
  expect(document.body.querySelectorAll('s-qr-code')).toHaveLength(2);
  expect(document.body.querySelectorAll('s-progress')).toHaveLength(0);
});

test('many eSIMs fold up, each named by what it is', async () => {
  await open(() => answer('ready', [readyEsim(1, 3), readyEsim(2, 3), readyEsim(3, 3)]));
  const summaries = [...document.body.querySelectorAll('s-summary')].map((summary) => summary.textContent);
  expect(summaries).toContain('eSIM 2 of 3 · France · 5 GB · 7 days');
  expect(document.body.querySelectorAll('s-section s-section')).toHaveLength(0);
  expect(document.body.querySelectorAll('s-qr-code')).toHaveLength(3);
});

test("another buyer's order, or one without eSIMs, shows nothing and is asked about once", async () => {
  const fetching = await open(notFound);
  await pass(60 * 60_000);
  expect(document.body.childElementCount).toBe(0);
  expect(fetching).toHaveBeenCalledTimes(1);
});

test('nothing is shown while we ask', async () => {
  await open(() => new Promise(() => undefined));
  expect(document.body.childElementCount).toBe(0);
});

test('reloading the thank-you page seconds after paying still ends with the code', async () => {
  orderFrom(Date.now() - 5_000);
  const answers = [notFound(), notFound(), answer('ready', [readyEsim(1, 1)])];
  await open(() => answers.shift() ?? notFound());
  expect(document.body.childElementCount).toBe(0);
  await pass(3_000);
  expect(document.body.querySelectorAll('s-qr-code')).toHaveLength(1);
});

test('without an order there is nothing to ask', async () => {
  extension.shopify.order.value = undefined;
  const fetching = await open(notFound);
  expect(fetching).not.toHaveBeenCalled();
  expect(document.body.childElementCount).toBe(0);
});

function orderFrom(time: number): void {
  extension.shopify.order.value = {
    id: 'gid://shopify/OrderIdentity/7',
    name: '#1001',
    processedAt: new Date(time).toISOString(),
  };
}

async function open(app: () => Response | Promise<Response>) {
  const fetching = vi.fn<typeof globalThis.fetch>(() => Promise.resolve(app()));
  extension.fetch = fetching;
  await extension.render();
  await pass(0);
  return fetching;
}

/** Lets time go by, then lets Preact draw what came of it. */
async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  await vi.advanceTimersByTimeAsync(50);
}

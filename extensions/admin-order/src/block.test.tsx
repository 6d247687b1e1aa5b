import { getExtension } from '@shopify/ui-extensions-tester';
import { render } from 'preact';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { textsOf, translator } from '../../shared/buyer.fixture.ts';
import { answer, esim, settled } from './staff.fixture.ts';

const extension = getExtension('admin.order-details.block.render');

beforeEach(() => {
  extension.setUp();
  // Reason for `as`: Shopify's type also allows components among the values; our texts hold only words and numbers.
  extension.shopify.i18n.translate = translator(textsOf('admin-order', 'en.default'), 'en') as never;
  extension.shopify.i18n.formatNumber = (number, options) =>
    new Intl.NumberFormat('en', options).format(number);
  extension.shopify.data = { selected: [{ id: 'gid://shopify/Order/7' }] };
});

afterEach(() => {
  render(null, document.body);
  extension.tearDown();
});

test('each eSIM is shown with its state and usage, and leads to its page in the app', async () => {
  const usage = {
    ...{ usedBytes: 250_000_000, totalBytes: 1_000_000_000, isUnlimited: false },
    ...{ endsAt: '2026-12-03T00:00:00Z', asOf: '2026-11-21T12:00:00Z' },
  };
  const fetching = await open(() =>
    answer([esim(1, { state: 'active', usage }), esim(2, { state: 'refunded', path: '/app/queue/unit-2' })]),
  );
  expect(fetching.mock.calls).toEqual([['/api/admin/order?order=gid%3A%2F%2Fshopify%2FOrder%2F7']]);
  expect([...document.querySelectorAll('s-badge')].map((badge) => badge.textContent)).toEqual([
    'In use',
    'Refunded, still with the buyer',
  ]);
  expect(document.body.textContent).toContain('250 MB of 1 GB used · until ');
  expect(document.body.textContent).toContain('1 of 2 · ICCID ends in 0001');
  expect([...document.querySelectorAll('s-link')].map((link) => link.getAttribute('href'))).toEqual([
    'app:app/esims/1',
    'app:app/queue/unit-2',
    'app:app/orders/7',
  ]);
});

test('the e-mail is sent from the action, which the block opens', async () => {
  const navigate = vi.fn();
  extension.shopify.navigation = { navigate };
  await open(() => answer([esim(1)]));
  document.querySelector('s-button')?.click();
  expect(navigate).toHaveBeenCalledWith('extension:admin-order-email');
});

test('where nothing can be sent there is no button for it', async () => {
  await open(() => answer([esim(1, { state: 'waits', path: '/app/queue/unit-1' })], { canResend: false }));
  expect(document.querySelector('s-button')).toBeNull();
  expect(document.body.textContent).toContain('Needs you');
});

test('an order without eSIMs says so', async () => {
  await open(() => Response.json({}, { status: 404 }));
  expect(document.body.textContent).toContain('No eSIM was sold with this order.');
});

test('an app that cannot be reached is asked again when the merchant wants it', async () => {
  const answers: (() => Response | Promise<Response>)[] = [
    () => Promise.reject(new TypeError('offline')),
    () => answer([esim(1)]),
  ];
  await open(() => (answers.shift() ?? answers[0])?.() ?? Response.error());
  expect(document.body.textContent).toContain('cannot be reached');
  document.querySelector('s-button')?.click();
  await settled();
  expect(document.body.textContent).toContain('Not installed');
});

test('a link that leads out of the app, or an answer of another shape, is not shown', async () => {
  await open(() => answer([esim(1, { path: 'https://elsewhere.example' })]));
  expect(document.body.textContent).toContain('cannot be reached');
  expect(document.querySelector('s-link')).toBeNull();
});

test('a state of a newer app is shown as under way', async () => {
  await open(() => answer([esim(1, { state: 'teleported' })]));
  expect(document.querySelector('s-badge')?.textContent).toBe('On its way');
});

async function open(app: () => Response | Promise<Response>) {
  const fetching = vi.fn<typeof globalThis.fetch>(async () => app());
  extension.fetch = fetching;
  await extension.render();
  await settled();
  return fetching;
}

import { getExtension } from '@shopify/ui-extensions-tester';
import { createCartLine } from '@shopify/ui-extensions-tester/checkout';
import { render } from 'preact';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  answer,
  notFound,
  readyEsim,
  textsOf,
  topUp,
  translator,
  waitingEsim,
} from '../../shared/buyer.fixture.ts';

const extension = getExtension('purchase.thank-you.block.render');
const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15';
const ANDROID = 'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36';
const COMPUTER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36';

beforeEach(() => {
  vi.useFakeTimers();
  extension.setUp();
  const line = createCartLine();
  extension.shopify.lines.value = [
    { ...line, merchandise: { ...line.merchandise, requiresShipping: false } },
  ];
  extension.shopify.checkoutToken.value = 'checkout-token';
  speak('en');
  browseWith(COMPUTER);
});

afterEach(() => {
  render(null, document.body);
  extension.tearDown();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('preparing', () => {
  test('the first moment keeps the place without a word: it may be a gift card', async () => {
    await open(() => new Promise(() => undefined));
    expect(all('s-skeleton-paragraph')).toHaveLength(1);
    expect(text()).toBe('');
  });

  test('an order of parcels alone shows nothing while we ask', async () => {
    extension.shopify.lines.value = [createCartLine()];
    await open(() => new Promise(() => undefined));
    expect(document.body.childElementCount).toBe(0);
  });

  test('says that it takes seconds and that an e-mail follows', async () => {
    await open(() => answer('preparing', [waitingEsim(1, 1)], 2_000));
    expect(headings()).toEqual(['Your eSIM is on its way']);
    expect(text()).toContain('This usually takes a few seconds. We’ll e-mail it to you as well.');
    expect(one('s-spinner').getAttribute('accessibilityLabel')).toBe('Getting your eSIM ready');
  });

  test('becomes ready by itself, though the order was not known at first', async () => {
    const answers = [
      notFound(),
      answer('preparing', [waitingEsim(1, 1)], 1_000),
      answer('ready', [readyEsim(1, 1)]),
    ];
    await open(() => answers.shift() ?? notFound());
    expect(all('s-skeleton-paragraph')).toHaveLength(1);
    await pass(1_000);
    expect(headings()).toEqual(['Your eSIM is on its way']);
    await pass(1_000);
    expect(headings()[0]).toBe('Your eSIM is ready');
  });

  test('an order of a top-up alone says so, and that there is nothing to install', async () => {
    const answers = [
      answer('preparing', [], 1_000, [topUp({ state: 'preparing' })]),
      answer('ready', [], null, [topUp()]),
    ];
    await open(() => answers.shift() ?? notFound());
    expect(headings()).toEqual(['More data is on its way to your eSIM']);
    await pass(1_000);
    expect(headings()).toEqual(['More data is on your eSIM']);
    expect(text()).toContain('eSIM ending in 1234 · France · 5 GB · 7 days');
    expect(text()).toContain('There is nothing to install');
    expect(all('s-qr-code')).toHaveLength(0);
  });

  test('a new eSIM and a top-up in one order are both shown', async () => {
    await open(() => answer('ready', [readyEsim(1, 1)], null, [topUp()]));
    expect(headings()).toEqual(['Your eSIM is ready', 'eSIM 1 of 1', 'More data is on your eSIM']);
  });

  test('shows the eSIM that is ready while the other is not', async () => {
    await open(() => answer('preparing', [readyEsim(1, 2), waitingEsim(2, 2)], 2_000));
    expect(headings()).toEqual(['Your eSIMs are on their way', 'eSIM 1 of 2', 'eSIM 2 of 2']);
    expect(all('s-qr-code')).toHaveLength(1);
    expect(text()).toContain('Almost ready …');
  });

  test('after ten minutes it stops asking, says so kindly, and asks again on request', async () => {
    let ready = false;
    await open(() => (ready ? answer('ready', [readyEsim(1, 1)]) : answer('preparing', [waitingEsim(1, 1)])));
    await pass(11 * 60_000);
    expect(text()).toContain('You can close this page: we’ll e-mail you as soon as your eSIM is ready.');
    expect(all('s-spinner')).toHaveLength(0);
    ready = true;
    await press(button('Try again'));
    expect(headings()[0]).toBe('Your eSIM is ready');
  });
});

describe('ready', () => {
  test('asks with the order, the checkout token and a session token', async () => {
    const fetching = await open(() => answer('ready', [readyEsim(1, 1)]));
    expect(fetching).toHaveBeenCalledTimes(1);
    const [url, init] = fetching.mock.calls[0] ?? [];
    expect(url).toBe('https://app.example/api/buyer/esims');
    expect(init?.headers).toMatchObject({ Authorization: 'Bearer mock-session-token' });
    expect(init?.body).toBe('{"orderId":"gid://shopify/Order/1","checkoutToken":"checkout-token"}');
  });

  test('quantity two is two labelled codes', async () => {
    await open(() => answer('ready', [readyEsim(1, 2), readyEsim(2, 2)]));
    expect(headings()).toEqual(['Your 2 eSIMs are ready', 'eSIM 1 of 2', 'eSIM 2 of 2']);
    expect(all('s-qr-code').map((code) => code.getAttribute('content'))).toEqual([
      'LPA:1$rsp.example.com$MATCH-1',
      'LPA:1$rsp.example.com$MATCH-2',
    ]);
    expect(all('s-qr-code').map((code) => code.getAttribute('accessibilityLabel'))).toEqual([
      'QR code, eSIM 1 of 2',
      'QR code, eSIM 2 of 2',
    ]);
  });

  test('one variant on two lines is both', async () => {
    await open(() =>
      answer('ready', [readyEsim(1, 2), readyEsim(2, 2, { lineItemId: 'gid://shopify/LineItem/2' })]),
    );
    expect(all('s-qr-code')).toHaveLength(2);
  });

  test('the code can be copied in its parts and whole, each under its own name', async () => {
    await open(() => answer('ready', [readyEsim(1, 2), readyEsim(2, 2)]));
    expect(all('s-clipboard-item').map((item) => item.getAttribute('text'))).toEqual([
      ...['rsp.example.com', 'MATCH-1', 'LPA:1$rsp.example.com$MATCH-1'],
      ...['rsp.example.com', 'MATCH-2', 'LPA:1$rsp.example.com$MATCH-2'],
    ]);
    const ids = all('s-clipboard-item').map((item) => item.id);
    expect(new Set(ids).size).toBe(6);
    const copying = all('s-button[command="--copy"]');
    expect(copying.map((each) => each.getAttribute('commandFor'))).toEqual(ids);
    expect(copying[1]?.getAttribute('accessibilityLabel')).toBe('Copy: Activation code, eSIM 1 of 2');
    const labels = copying.map((each) => each.getAttribute('accessibilityLabel'));
    expect(new Set(labels).size).toBe(6);
  });

  test('a copy is confirmed on its button for a moment', async () => {
    await open(() => answer('ready', [readyEsim(1, 1)]));
    one('s-clipboard-item').dispatchEvent(new Event('copy'));
    await pass(0);
    expect(all('s-button[command="--copy"]').map((each) => each.textContent)).toEqual([
      'Copied',
      'Copy',
      'Copy',
    ]);
    await pass(3_000);
    expect(one('s-button[command="--copy"]').textContent).toBe('Copy');
  });

  test.each([
    ['an iPhone', IPHONE, ['esimsetup.apple.com', 'esimsetup.android.com'], ['primary', 'secondary'], true],
    [
      'an Android phone',
      ANDROID,
      ['esimsetup.android.com', 'esimsetup.apple.com'],
      ['primary', 'secondary'],
      true,
    ],
    [
      'a computer',
      COMPUTER,
      ['esimsetup.apple.com', 'esimsetup.android.com'],
      ['secondary', 'secondary'],
      false,
    ],
  ])(
    'on %s the one-tap links come in the order that suits it',
    async (_, agent, hosts, variants, beforeQr) => {
      browseWith(agent);
      await open(() => answer('ready', [readyEsim(1, 1)]));
      const links = all('s-button[href]');
      expect(links.map((link) => new URL(link.getAttribute('href') ?? '').host)).toEqual(hosts);
      expect(links.map((link) => link.getAttribute('variant'))).toEqual(variants);
      for (const link of links) {
        expect(link.getAttribute('accessibilityLabel')).toBe(`${link.textContent}, eSIM 1 of 1`);
      }
      const inOrder = all('s-qr-code, s-button[href]').map((element) => element.localName);
      expect(inOrder[0] === 's-button').toBe(beforeQr);
    },
  );

  test('without one-tap links the QR code leads on a phone too', async () => {
    browseWith(IPHONE);
    const code = { activationCode: 'LPA:1$a$b', smdpAddress: 'a', matchingId: 'b' };
    await open(() => answer('ready', [readyEsim(1, 1, { code })]));
    expect(all('s-button[href]')).toHaveLength(0);
    expect(text()).toContain('Scan this code with the phone you’re taking along.');
  });

  test.each(['de', 'fr', 'es', 'ja'])('every word is there in %s', async (language) => {
    speak(language);
    await open(() => answer('ready', [readyEsim(1, 2), readyEsim(2, 2, { state: 'cancelled' })]));
    expect(headings()).toHaveLength(3);
    expect(text()).not.toMatch(/undefined|{{/);
    expect(all('s-list-item')).toHaveLength(3);
  });
});

describe('problem', () => {
  test('says that the money arrived and somebody is on it, and nothing technical', async () => {
    await open(() => answer('problem', [readyEsim(1, 2), { ...waitingEsim(2, 2), state: 'problem' }]));
    expect(headings()).toEqual(['We’re on it', 'eSIM 1 of 2', 'eSIM 2 of 2']);
    expect(text()).toContain('Your payment has arrived');
    expect(text()).toContain('This eSIM needs a little more time. The shop has been told.');
    expect(all('s-qr-code')).toHaveLength(1);
  });
});

describe('nothing to show', () => {
  test('an order without eSIMs leaves no trace', async () => {
    await open(() => answer('none', []));
    expect(document.body.childElementCount).toBe(0);
  });

  test('an order never heard of is silent after a minute', async () => {
    const fetching = await open(notFound);
    await pass(60_000);
    expect(document.body.childElementCount).toBe(0);
    const asked = fetching.mock.calls.length;
    await pass(60 * 60_000);
    expect(fetching).toHaveBeenCalledTimes(asked);
  });

  test('when the page goes, the asking ends', async () => {
    const fetching = await open(() => answer('preparing', [waitingEsim(1, 1)]));
    render(null, document.body);
    await pass(60_000);
    expect(fetching).toHaveBeenCalledTimes(1);
  });
});

describe('no network', () => {
  test('is said kindly, with a button that tries again', async () => {
    let online = false;
    await open(() =>
      online ? answer('ready', [readyEsim(1, 1)]) : Promise.reject(new TypeError('Failed to fetch')),
    );
    await pass(10_000);
    expect(headings()).toEqual(['We can’t reach your eSIM right now']);
    expect(text()).toContain('Nothing is lost.');
    online = true;
    await press(button('Try again'));
    expect(headings()[0]).toBe('Your eSIM is ready');
  });

  test('no session token is the same to the buyer', async () => {
    extension.shopify.sessionToken.get = () => Promise.reject(new Error('offline'));
    const fetching = await open(notFound);
    await pass(10_000);
    expect(headings()).toEqual(['We can’t reach your eSIM right now']);
    expect(fetching).not.toHaveBeenCalled();
  });
});

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

async function press(element: Element): Promise<void> {
  element.dispatchEvent(new Event('click'));
  await pass(0);
}

function speak(language: string): void {
  const locale = language === 'en' ? 'en.default' : language;
  // Reason for `as`: Shopify's type also allows components among the values; our texts hold only words and numbers.
  extension.shopify.i18n.translate = translator(textsOf('thank-you', locale), language) as never;
  extension.shopify.localization.extensionLanguage.value = { isoCode: language };
}

function browseWith(userAgent: string): void {
  vi.spyOn(globalThis.navigator, 'userAgent', 'get').mockReturnValue(userAgent);
}

function all(selector: string): Element[] {
  return [...document.body.querySelectorAll(selector)];
}

function one(selector: string): Element {
  const [first] = all(selector);
  if (first === undefined) throw new Error(`No ${selector} on the page`);
  return first;
}

function button(label: string): Element {
  const found = all('s-button').find((each) => each.textContent === label);
  if (found === undefined) throw new Error(`No button "${label}"`);
  return found;
}

function headings(): (string | null)[] {
  return all('[heading]').map((element) => element.getAttribute('heading'));
}

function text(): string {
  return document.body.textContent;
}

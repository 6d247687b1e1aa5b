import { getExtension } from '@shopify/ui-extensions-tester';
import { render } from 'preact';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { textsOf, translator } from '../../shared/buyer.fixture.ts';
import { answer, esim, settled } from './staff.fixture.ts';

const extension = getExtension('admin.order-details.action.render');

beforeEach(() => {
  extension.setUp();
  // Reason for `as`: Shopify's type also allows components among the values; our texts hold only words and numbers.
  extension.shopify.i18n.translate = translator(textsOf('admin-order', 'en.default'), 'en') as never;
  extension.shopify.data = { selected: [{ id: 'gid://shopify/Order/7' }] };
});

afterEach(() => {
  render(null, document.body);
  extension.tearDown();
});

test('the e-mail goes to the address of the order, which is shown masked, and the button is gone', async () => {
  const { presses } = await open(() => Response.json({}));
  expect(document.querySelector('s-email-field')?.getAttribute('details')).toContain('k…@example.com');
  await press('Send e-mail');
  expect(presses).toMatchObject([{ order: 'gid://shopify/Order/7', email: '' }]);
  expect(document.body.textContent).toContain('The e-mail is on its way.');
  expect(button('Send e-mail')).toBeUndefined();
});

test('a press that was not answered is repeated as the same one', async () => {
  const answers = [() => Promise.reject(new TypeError('offline')), () => Response.json({})];
  const { presses } = await open(() => answers.shift()?.() ?? Response.error());
  await press('Send e-mail');
  expect(document.body.textContent).toContain('it is sent once');
  await press('Send e-mail');
  expect(presses[1]).toEqual(presses[0]);
  expect(document.body.textContent).toContain('The e-mail is on its way.');
});

test('another address is another press', async () => {
  const { presses } = await open(() => Response.json({ reason: 'address' }, { status: 422 }));
  await press('Send e-mail');
  expect(document.body.textContent).toContain('Enter an e-mail address');
  await type('other@example.com');
  await press('Send e-mail');
  expect(presses.map(({ email }) => email)).toEqual(['', 'other@example.com']);
  expect(presses[0]?.pressId).not.toBe(presses[1]?.pressId);
});

test('an order without an eSIM that can be sent offers nothing to send', async () => {
  await open(() => Response.error(), { canResend: false });
  expect(document.body.textContent).toContain('no eSIM that can be sent');
  expect(button('Send e-mail')).toBeUndefined();
});

test('it can be closed without sending', async () => {
  const close = vi.fn();
  extension.shopify.close = close;
  await open(() => Response.error());
  await press('Cancel');
  expect(close).toHaveBeenCalledOnce();
});

interface Press {
  order: string;
  pressId: string;
  email: string;
}

async function open(app: () => Response | Promise<Response>, order: Record<string, unknown> = {}) {
  const presses: Press[] = [];
  extension.fetch = async (_input, init) => {
    if (init?.method !== 'POST') return answer([esim(1)], order);
    // Reason for `as`: what the action itself wrote, as a text.
    presses.push(JSON.parse(init.body as string) as Press);
    return app();
  };
  await extension.render();
  await settled();
  return { presses };
}

function button(label: string): HTMLElement | undefined {
  return [...document.querySelectorAll('s-button')].find(({ textContent }) => textContent === label);
}

async function press(label: string): Promise<void> {
  const found = button(label);
  if (!found) throw new Error(`There is no button "${label}".`);
  found.click();
  await settled();
}

async function type(text: string): Promise<void> {
  const field = document.querySelector('s-email-field');
  if (!field) throw new Error('There is no field for an address.');
  Object.assign(field, { value: text });
  field.dispatchEvent(new Event('input', { bubbles: true }));
  await settled();
}

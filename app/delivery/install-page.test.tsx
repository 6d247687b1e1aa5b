import { Window } from 'happy-dom';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { InstallPage, LinkNotFound, type InstallPageProps, type RevealedEsim } from './install-page.tsx';
import { LANGUAGES } from '../platform/language.ts';
import { qrSvg } from './qr.ts';

const SECRET = 'ID-7QX4-93KD';

const props = (changes: Partial<InstallPageProps> = {}): InstallPageProps => ({
  locale: 'en',
  shopName: 'Sim & Sons',
  orderName: '#1001',
  device: 'other',
  nonce: 'abc123',
  esims: [1, 2].map((index) => ({
    index,
    of: 2,
    destination: { countries: ['FR'], region: null, description: '' },
    dataBytes: null,
    days: 7,
    state: 'ready',
    usage: null,
  })),
  revealed: null,
  ...changes,
});

const revealed = async (...indexes: number[]): Promise<RevealedEsim[]> =>
  Promise.all(
    indexes.map(async (index) => {
      const activationCode = `LPA:1$rsp.example.com$${SECRET}-${index}`;
      return {
        index,
        qrSvg: await qrSvg(activationCode),
        activationCode,
        smdpAddress: 'rsp.example.com',
        matchingId: `${SECRET}-${index}`,
        appleInstallUrl: 'https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=LPA',
        androidInstallUrl: 'https://esimsetup.android.com/esim_qrcode_provisioning?carddata=LPA',
      };
    }),
  );

test('before the buyer asks, the page lists the eSIMs and offers one button that posts', () => {
  const page = read(<InstallPage {...props()} />);
  expect(texts(page, 'h2')).toEqual(['Before you start', 'eSIM 1 of 2: France', 'eSIM 2 of 2: France']);
  expect(page.querySelector('form')?.getAttribute('method')).toBe('post');
  expect(texts(page, 'button')).toEqual(['Show my QR codes']);
  expect(page.querySelector('svg, code, script')).toBeNull();
});

test('when none is left, the page says that it was cancelled and offers no button', () => {
  const page = read(<InstallPage {...props({ esims: [] })} />);
  expect(texts(page, 'h1')).toEqual(['Your eSIM']);
  expect(page.body.textContent).toContain('This eSIM was cancelled. Please contact Sim & Sons');
  expect(page.querySelector('form')).toBeNull();
});

test('after it, every eSIM shows its own code, whole without a script', async () => {
  const page = read(<InstallPage {...props({ revealed: await revealed(1, 2) })} />);
  expect(page.querySelector('form')).toBeNull();
  expect([...page.querySelectorAll('[role=img]')].map((qr) => qr.getAttribute('aria-label'))).toEqual([
    'QR code to install eSIM 1 of 2: France',
    'QR code to install eSIM 2 of 2: France',
  ]);
  expect(texts(page, 'code')).toEqual(
    [1, 2].flatMap((index) => [
      'rsp.example.com',
      `${SECRET}-${index}`,
      `LPA:1$rsp.example.com$${SECRET}-${index}`,
    ]),
  );
  const copyButtons = [...page.querySelectorAll('button[data-copy]')];
  expect(copyButtons.every((button) => button.hasAttribute('hidden'))).toBe(true);
  expect(
    copyButtons.every((button) => page.getElementById(button.getAttribute('data-copy') ?? '') !== null),
  ).toBe(true);
  expect(page.querySelector('script')?.getAttribute('nonce')).toBe('abc123');
  expect(texts(page, 'summary')).toEqual(['On iPhone', 'On Android']);
  expect([...page.querySelectorAll('details ol')].map((list) => list.children.length)).toEqual([3, 3]);
});

test('the phone in hand decides which button and which steps come first', async () => {
  const codes = await revealed(1);
  const android = read(<InstallPage {...props({ device: 'android', revealed: codes })} />);
  expect(texts(android, '.buttons a')).toEqual(['Install on Android', 'Install on iPhone']);
  expect(android.querySelector('details[open] summary')?.textContent).toBe('On Android');
  const ios = read(<InstallPage {...props({ device: 'ios', revealed: codes })} />);
  expect(texts(ios, '.buttons a')).toEqual(['Install on iPhone', 'Install on Android']);
  expect(ios.querySelector('details[open] summary')?.textContent).toBe('On iPhone');
});

test('an eSIM that is not ready says why and what to do', () => {
  const { esims } = props();
  const states = ['preparing', 'problem', 'cancelled'] as const;
  const page = read(
    <InstallPage
      {...props({ esims: states.flatMap((state) => esims.slice(0, 1).map((one) => ({ ...one, state }))) })}
    />,
  );
  expect(page.querySelector('form')).toBeNull();
  expect(texts(page, '.state')).toEqual(['Being prepared', 'Not ready', 'Cancelled']);
  expect(page.body.textContent).toContain('Please contact Sim & Sons.');
});

test.each(LANGUAGES)(
  '%s: the pages speak it, fetch nothing and keep their headings in order',
  async (locale) => {
    const pages = [
      <InstallPage key="a" {...props({ locale })} />,
      <InstallPage key="b" {...props({ locale, revealed: await revealed(1, 2) })} />,
      <LinkNotFound key="c" locale={locale} nonce="abc123" />,
    ];
    for (const page of pages) {
      const html = renderToStaticMarkup(page);
      const document = read(page);
      expect(document.querySelector('main')?.getAttribute('lang')).toBe(locale);
      expect(document.querySelectorAll('h1')).toHaveLength(1);
      expect(document.querySelector('[src], link, img, iframe')).toBeNull();
      expect(html).not.toMatch(/url\(|@import|undefined/);
      expect(document.querySelector('style')?.getAttribute('nonce')).toBe('abc123');
    }
  },
);

function read(page: React.ReactElement) {
  const { document } = new Window();
  document.body.innerHTML = renderToStaticMarkup(page);
  return document;
}

function texts(page: ReturnType<typeof read>, selector: string): string[] {
  return [...page.querySelectorAll(selector)].map((element) => element.textContent);
}

import { Window } from 'happy-dom';
import { expect, test } from 'vitest';
import { renderOrderEmail, type EmailEsim, type OrderEmailInput } from './email.tsx';
import { LANGUAGES } from '../platform/language.ts';

const esim = (index: number, of: number): EmailEsim => {
  const matchingId = `ID-${index}-7QX4-93KD`;
  const activationCode = `LPA:1$rsp.example.com$${matchingId}`;
  return {
    index,
    of,
    destination: { countries: ['FR'], region: null, description: 'eSIM, 5GB, 30 Days, France' },
    dataBytes: 5_000_000_000n,
    days: 30,
    activationCode,
    smdpAddress: 'rsp.example.com',
    matchingId,
    appleInstallUrl: `https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=${encodeURIComponent(activationCode)}`,
    androidInstallUrl: `https://esimsetup.android.com/esim_qrcode_provisioning?carddata=${encodeURIComponent(activationCode)}`,
    qrContentId: `esim-${index}`,
  };
};

const order = (locale: string, count: number): OrderEmailInput => ({
  locale,
  shopName: 'Sim & Sons',
  orderName: '#1001',
  installPageUrl: 'https://app.example.com/i/token-of-the-buyer',
  esims: Array.from({ length: count }, (_, at) => esim(at + 1, count)),
});

test('two eSIMs make one mail with two labelled sections and two images', async () => {
  const { subject, html } = await renderOrderEmail(order('en', 2));
  expect(subject).toBe('Your 2 eSIMs are ready: France (order #1001)');
  const page = read(html);
  expect(headings(page)).toEqual([
    'H1 Your 2 eSIMs are ready',
    'H2 Before you start',
    'H2 eSIM 1 of 2: France',
    'H3 Or enter the details by hand',
    'H2 eSIM 2 of 2: France',
    'H3 Or enter the details by hand',
    'H2 How to install',
    'H3 On iPhone',
    'H3 On Android',
  ]);
  const images = [...page.querySelectorAll('img')];
  expect(images.map((image) => image.getAttribute('src'))).toEqual(['cid:esim-1', 'cid:esim-2']);
  expect(images.map((image) => image.getAttribute('alt'))).toEqual([
    'QR code to install eSIM 1 of 2: France',
    'QR code to install eSIM 2 of 2: France',
  ]);
  expect(page.body.textContent).toContain('5 GB · 30 days');
  expect([...page.querySelectorAll('ol')].map((list) => list.children.length)).toEqual([3, 3]);
});

test.each(LANGUAGES)('%s: both parts hold every code apart, and the warnings', async (locale) => {
  const input = order(locale, 2);
  const { html, text } = await renderOrderEmail(input);
  const page = read(html);
  expect(page.documentElement.getAttribute('lang')).toBe(locale);
  const shown = [...page.querySelectorAll('.code')].map((code) => code.textContent);
  const lines = text.split('\n').map((line) => line.trim());
  for (const { activationCode, smdpAddress, matchingId, appleInstallUrl, androidInstallUrl } of input.esims) {
    expect(shown).toEqual(expect.arrayContaining([smdpAddress, matchingId, activationCode]));
    expect(lines).toEqual(
      expect.arrayContaining([smdpAddress, matchingId, activationCode, appleInstallUrl, androidInstallUrl]),
    );
  }
  expect(lines).toContain(input.installPageUrl);
  expect(page.querySelectorAll('ul li')).toHaveLength(4);
  expect(lines.filter((line) => line.startsWith('- '))).toHaveLength(4);
  expect(text).not.toMatch(/<[a-z]|&amp;|undefined|null/);
  expect(text).not.toMatch(/\n{3}/);
});

test('opening the mail asks nobody for anything, and it links only to what it was given', async () => {
  const input = order('en', 2);
  const { html } = await renderOrderEmail(input);
  const page = read(html);
  const given = new Set([
    input.installPageUrl,
    ...input.esims.flatMap((one) => [one.appleInstallUrl, one.androidInstallUrl]),
  ]);
  expect(new Set([...page.querySelectorAll('[href]')].map((link) => link.getAttribute('href')))).toEqual(
    given,
  );
  expect(html).not.toMatch(/url\(|@import|<link|<script|srcset/i);
  // The document type names the W3C; nothing else but the links may name a host.
  const rest = html.replace(/<!DOCTYPE[^>]*>/i, '').replaceAll(/href="[^"]*"/g, '');
  expect(rest).not.toMatch(/https?:/);
});

test('one eSIM is not numbered, and different places are not all put in the subject', async () => {
  expect((await renderOrderEmail(order('de', 1))).subject).toBe(
    'Ihre eSIM ist bereit: Frankreich (Bestellung #1001)',
  );
  expect((await renderOrderEmail(order('de', 1))).text).not.toContain('1 von 1');
  const mixed = order('ja', 2);
  mixed.esims = [
    esim(1, 2),
    { ...esim(2, 2), destination: { countries: ['JP'], region: null, description: '' } },
  ];
  expect((await renderOrderEmail(mixed)).subject).toBe('eSIM 2枚のご用意ができました（ご注文 #1001）');
});

test('a supplier without one-tap links still leaves a mail that installs', async () => {
  const input = order('en', 1);
  input.esims = [{ ...esim(1, 1), appleInstallUrl: null, androidInstallUrl: null }];
  const { html, text } = await renderOrderEmail(input);
  expect(read(html).querySelectorAll('a')).toHaveLength(2);
  expect(text).toContain('LPA:1$rsp.example.com$ID-1-7QX4-93KD');
});

test('a shop name is text, never markup', async () => {
  const { html } = await renderOrderEmail({ ...order('en', 1), shopName: '<img src=x onerror=alert(1)>' });
  expect(read(html).querySelectorAll('img')).toHaveLength(1);
});

test('ten eSIMs stay below the size at which Gmail cuts a mail off', async () => {
  const { html } = await renderOrderEmail(order('ja', 10));
  expect(Buffer.byteLength(html)).toBeLessThan(102_000);
});

function read(html: string) {
  const { document } = new Window();
  document.write(html);
  return document;
}

function headings(page: ReturnType<typeof read>): string[] {
  return [...page.querySelectorAll('h1, h2, h3')].map(
    (heading) => `${heading.tagName} ${heading.textContent}`,
  );
}

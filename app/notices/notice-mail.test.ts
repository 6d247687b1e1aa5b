import { Window } from 'happy-dom';
import { expect, test } from 'vitest';
import { LANGUAGES } from '../platform/language.ts';
import { noticeKinds } from './notice.ts';
import { renderNoticeMail, type NoticeMailInput } from './notice-mail.tsx';

const mail: NoticeMailInput = {
  ...{ kind: 'data-80', locale: 'en', shopName: 'Sim & Sons', orderName: '#1001' },
  esim: {
    ...{ index: 1, of: 1, dataBytes: 5_000_000_000n, days: 30 },
    destination: { countries: ['FR'], region: null, description: 'eSIM, 5GB, 30 Days, France' },
  },
  endsAt: new Date('2026-12-01T14:05:00Z'),
  installPageUrl: 'https://app.example.com/i/token-of-the-buyer',
  topUpUrl: 'https://shop.example.com/products/france?top-up=1',
  shopUrl: 'https://shop.example.com/',
};

const read = (html: string) => {
  const { document } = new Window();
  document.write(html);
  return document;
};

test.each(LANGUAGES.flatMap((locale) => noticeKinds.map((kind) => [locale, kind] as const)))(
  '%s: the mail %s says the same in both parts, and why it comes',
  async (locale, kind) => {
    const { subject, html, text } = await renderNoticeMail({ ...mail, locale, kind });
    const page = read(html);
    expect(page.documentElement.getAttribute('lang')).toBe(locale);
    const title = page.querySelector('h1')?.textContent ?? '';
    expect(subject.startsWith(title)).toBe(true);
    expect(text.startsWith(title)).toBe(true);
    expect(text.match(/Sim & Sons/g)?.length).toBe(2);
    expect(text.match(/#1001/g)?.length).toBe(2);
    const shown = page.body.textContent.replace(/\s+/g, ' ');
    for (const part of text.split(/\n+/).filter((line) => line.trim() !== '' && !line.includes('https:')))
      expect(shown).toContain(part.trim().replace(/\s+/g, ' '));
    expect(text + html).not.toMatch(/undefined|\bnull\b|LPA:/);
    const links = [...page.querySelectorAll('a')].map((link) => link.getAttribute('href'));
    const link = { 'not-installed': [mail.installPageUrl], 'first-use': [mail.topUpUrl] };
    expect(links).toEqual(kind === 'not-installed' ? link[kind] : link['first-use']);
  },
);

test('without a top-up to buy the mail leads to the shop, but not who has only just begun', async () => {
  const { html, text } = await renderNoticeMail({ ...mail, kind: 'data-100', topUpUrl: null });
  const hrefs = [...read(html).querySelectorAll('a')].map((link) => link.getAttribute('href'));
  expect(hrefs).toEqual([mail.shopUrl]);
  const begun = await renderNoticeMail({ ...mail, kind: 'first-use', topUpUrl: null });
  expect(read(begun.html).querySelectorAll('a')).toHaveLength(0);
  expect(text).toContain('You can get more data at Sim & Sons.');
});

test('the end is told with its time zone, as the reader writes it', async () => {
  const textIn = async (locale: string) =>
    (await renderNoticeMail({ ...mail, kind: 'expires', locale })).text;
  expect(await textIn('en-GB')).toContain('works until 1 December 2026 at 14:05 UTC');
  expect(await textIn('de')).toContain('bis 1. Dezember 2026 um 14:05 UTC');
  expect(await textIn('ja')).toContain('2026年12月1日 14:05 UTC');
});

test('a shop name is text, never markup', async () => {
  const { html } = await renderNoticeMail({ ...mail, shopName: '<img src=x onerror=alert(1)>' });
  expect(read(html).querySelectorAll('img')).toHaveLength(0);
});

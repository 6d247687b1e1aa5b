import { Window } from 'happy-dom';
import { expect, test } from 'vitest';
import { LANGUAGES } from '../platform/language.ts';
import { renderTopUpMail, type TopUpMailInput } from './top-up-mail.tsx';

const topUp = {
  ...{ unitId: 'unit-1', iccidLast4: '1234', dataBytes: 5_000_000_000n, days: 30 },
  destination: { countries: ['FR'], region: null, description: 'eSIM, 5GB, 30 Days, France' },
};
const mail: TopUpMailInput = {
  ...{ locale: 'en', shopName: 'Sim & Sons', orderName: '#1001', topUps: [topUp] },
};

const read = (html: string) => {
  const { document } = new Window();
  document.write(html);
  return document;
};

test.each(LANGUAGES)(
  '%s: says which eSIM got what, the same in both parts, and asks for nothing',
  async (locale) => {
    const { subject, html, text } = await renderTopUpMail({ ...mail, locale });
    const page = read(html);
    const title = page.querySelector('h1')?.textContent ?? '';
    expect(page.documentElement.getAttribute('lang')).toBe(locale);
    expect(subject.startsWith(title)).toBe(true);
    expect(subject).toContain('#1001');
    for (const fact of ['1234', '30', '5', 'Sim & Sons', '#1001']) expect(text).toContain(fact);
    const shown = page.body.textContent.replace(/\s+/g, ' ');
    for (const part of text.split(/\n+/).filter((line) => line.trim() !== ''))
      expect(shown).toContain(part.trim().replace(/\s+/g, ' '));
    expect(text + html).not.toMatch(/undefined|\bnull\b|LPA:|<a |<img/);
  },
);

test('two top-ups for two places are both told, and the subject names neither place', async () => {
  const japan = {
    ...topUp,
    ...{ unitId: 'unit-2', iccidLast4: '9876' },
    destination: { countries: ['JP'], region: null, description: '' },
  };
  const { subject, text } = await renderTopUpMail({ ...mail, topUps: [topUp, japan] });
  expect(subject).toBe('More data is on your eSIM (order #1001)');
  expect(text).toContain('eSIM ending in 1234\nFrance · 5 GB · 30 days');
  expect(text).toContain('eSIM ending in 9876\nJapan · 5 GB · 30 days');
});

test('a shop name is text, never markup', async () => {
  const { html } = await renderTopUpMail({ ...mail, shopName: '<img src=x onerror=alert(1)>' });
  expect(read(html).querySelectorAll('img')).toHaveLength(0);
});

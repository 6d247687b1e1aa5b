import { expect, test } from 'vitest';
import { textsOf, translator } from './buyer.fixture.ts';
import { deviceOf } from './device.ts';
import type { Destination, Esim } from './order-esims.ts';
import { describePlan } from './plan.ts';

function plan(
  language: string,
  esim: { destination?: Partial<Destination>; dataBytes?: number | null; days?: number },
) {
  const whole: Esim = {
    id: '1',
    index: 1,
    of: 1,
    destination: { countries: ['FR'], region: null, description: 'Some text', ...esim.destination },
    dataBytes: esim.dataBytes === undefined ? 5e9 : esim.dataBytes,
    days: esim.days ?? 7,
    usage: null,
    topUpUrl: null,
    state: 'preparing',
    code: null,
  };
  const locale = language === 'en' ? 'en.default' : language;
  const page = { translate: translator(textsOf('thank-you', locale), language), language };
  // Intl puts no-break spaces between number and unit in some languages; a reader does not see the difference.
  return describePlan(whole, {
    ...page,
    identify: () => Promise.resolve(null),
    patienceMs: 0,
    expectsEsims: false,
    foldAbove: 3,
  }).replaceAll(/[\u00a0\u202f]/g, ' ');
}

test('a plan reads naturally in every language', () => {
  expect(plan('en', {})).toBe('France · 5 GB · 7 days');
  expect(plan('de', { destination: { countries: ['US'] } })).toBe('Vereinigte Staaten · 5 GB · 7 Tage');
  expect(plan('fr', { destination: { countries: ['DE'] } })).toBe('Allemagne · 5 Go · 7 jours');
  expect(plan('es', { destination: { countries: ['JP'] } })).toBe('Japón · 5 GB · 7 días');
  expect(plan('ja', {})).toBe('フランス · 5 GB · 7 日');
});

test('one day, half a gigabyte, unlimited', () => {
  expect(plan('en', { days: 1, dataBytes: 5e8 })).toBe('France · 500 MB · 1 day');
  expect(plan('de', { days: 1, dataBytes: 1.5e9 })).toBe('Frankreich · 1,5 GB · 1 Tag');
  expect(plan('fr', { days: 1, dataBytes: null })).toBe('France · Données illimitées · 1 jour');
});

test('several countries by name, many by region or number', () => {
  expect(plan('en', { destination: { countries: ['FR', 'DE'] } })).toMatch(/^France, Germany ·/);
  const many = ['FR', 'DE', 'IT', 'ES'];
  expect(plan('en', { destination: { countries: many, region: 'Europe' } })).toMatch(/^Europe ·/);
  expect(plan('es', { destination: { countries: many } })).toMatch(/^4 países ·/);
});

test("a supplier's own country code or none at all stops nothing", () => {
  expect(plan('en', { destination: { countries: ['XK-1'] } })).toMatch(/^XK-1 ·/);
  expect(plan('en', { destination: { countries: [] } })).toMatch(/^Some text ·/);
  expect(plan('en', { destination: { countries: [], description: '' } })).toBe('5 GB · 7 days');
});

test('phones are told apart, a computer is neither', () => {
  expect(deviceOf('Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15')).toBe(
    'apple',
  );
  expect(deviceOf('Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36')).toBe('android');
  expect(deviceOf('Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36')).toBe('unknown');
});

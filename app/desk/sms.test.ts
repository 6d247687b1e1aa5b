import { expect, test } from 'vitest';
import { countSms, fitsOneSms } from './sms.ts';

test('plain text holds 160 characters, and one more does not go', () => {
  expect(countSms('a'.repeat(160))).toEqual({ alphabet: 'gsm-7', units: 160, most: 160, because: null });
  expect(fitsOneSms('a'.repeat(160))).toBe(true);
  expect(fitsOneSms('a'.repeat(161))).toBe(false);
});

test('nothing is no message', () => {
  expect(fitsOneSms('')).toBe(false);
  expect(fitsOneSms('a')).toBe(true);
});

test('a euro sign, a bracket and a tilde count twice', () => {
  expect(countSms('5 €').units).toBe(4);
  expect(countSms('^{}\\[~]|€').units).toBe(18);
  expect(fitsOneSms('€'.repeat(80))).toBe(true);
  expect(fitsOneSms(`${'€'.repeat(80)}a`)).toBe(false);
});

test('letters of western Europe and capital Greek letters are in the short alphabet', () => {
  expect(countSms('Grüße, señor: ça marche? À')).toMatchObject({ alphabet: 'unicode', because: 'ç' });
  expect(countSms('Grüße, señor Ångström à Ωμέγα')).toMatchObject({ because: 'μ' });
  expect(countSms('Grüße, señor Ångström à ΩΔΦ').alphabet).toBe('gsm-7');
});

test('one character outside makes it Unicode, where 70 fit', () => {
  expect(countSms('Привет')).toEqual({ alphabet: 'unicode', units: 6, most: 70, because: 'П' });
  expect(countSms('it’s here')).toMatchObject({ alphabet: 'unicode', because: '’' });
  expect(fitsOneSms('я'.repeat(70))).toBe(true);
  expect(fitsOneSms('я'.repeat(71))).toBe(false);
  // What counts twice in the short alphabet counts once here.
  expect(countSms('€я').units).toBe(2);
});

test('an emoji is two or more, as it travels', () => {
  expect(countSms('🙂').units).toBe(2);
  expect(fitsOneSms('🙂'.repeat(35))).toBe(true);
  expect(fitsOneSms('🙂'.repeat(36))).toBe(false);
  expect(countSms('👩‍👧').units).toBe(5);
});

test('a line break is one character, also the one of Windows twice', () => {
  expect(countSms('a\nb').units).toBe(3);
  expect(countSms('a\r\nb').units).toBe(4);
});

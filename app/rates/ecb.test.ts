import { expect, test } from 'vitest';
import { readFeed } from './ecb.ts';
import { areOld, ratesInto } from './rates.ts';

const now = new Date('2026-11-21T09:00:00Z');
const feed = (cubes: string, day = '2026-11-20') => `<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
  <gesmes:subject>Reference rates</gesmes:subject>
  <gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender>
  <Cube><Cube time='${day}'>${cubes}</Cube></Cube>
</gesmes:Envelope>`;
const dollars = `<Cube currency='USD' rate='1.1520'/><Cube currency='JPY' rate='178.65'/>`;

test('the bank’s feed is read with all its digits', () => {
  const rates = readFeed(feed(dollars), now);
  expect(rates?.day).toEqual(new Date('2026-11-20T00:00:00Z'));
  expect([...(rates?.perEuro ?? [])]).toEqual([
    ['USD', '1.1520'],
    ['JPY', '178.65'],
  ]);
  expect(readFeed(feed(`<Cube currency='USD' rate='1.1520'/>`), now)?.perEuro.size).toBe(1);
});

test('what is no feed gives no rates', () => {
  const whole = feed(dollars);
  for (const text of [
    ...['', 'null', '{"rates":{}}', '<html><body><p>Back soon<br></p></body></html>'],
    ...[whole.slice(0, whole.length / 2), whole.slice(0, -5), feed(''), feed(dollars, '2027-01-01')],
    ...[feed(dollars, 'yesterday'), feed(dollars, '2026-13-45')],
    feed(`${dollars}<Cube currency='GBP' rate='0'/>`),
    feed(`${dollars}<Cube currency='GBP' rate='-0.8'/>`),
    feed(`${dollars}<Cube currency='GBP' rate='N/A'/>`),
    feed(`${dollars}<Cube currency='USD' rate='9'/>`),
    `<!DOCTYPE x [<!ENTITY a "aaaa">]>${feed(`<Cube currency='USD' rate='&a;'/>`)}`,
  ])
    expect(readFeed(text, now), text).toBeNull();
});

test('rates between two currencies go through the euro, exactly', () => {
  const rates = readFeed(feed(dollars), now);
  if (!rates) throw new Error('not read');
  const value = (currency: string, from: string) => {
    const rate = ratesInto(currency, rates).get(from);
    return rate && Number(rate.top) / Number(rate.bottom);
  };
  expect(value('EUR', 'USD')).toBeCloseTo(1 / 1.152, 12);
  expect(value('USD', 'EUR')).toBe(1.152);
  expect(value('JPY', 'USD')).toBeCloseTo(178.65 / 1.152, 10);
  expect(value('USD', 'USD')).toBeUndefined();
  expect(ratesInto('KWD', rates).size).toBe(0);
});

test('rates are old when more than four days have gone by: Friday’s serve until Tuesday', () => {
  const friday = new Date('2026-11-20T00:00:00Z');
  expect(areOld(friday, new Date('2026-11-24T23:59:00Z'))).toBe(false);
  expect(areOld(friday, new Date('2026-11-25T00:00:00Z'))).toBe(true);
});

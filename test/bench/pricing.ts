import { priceAll, type Priceable, type Scheme } from '../../app/products/pricing.ts';
import { printTimes, timed } from './measure.ts';

const SIZES = [10_000, 50_000, 100_000];
const RULES = 200;
const ROUNDS = 7;
const PER_DESTINATION = 250;

/**
 * Prices whole catalogues by 200 rules of every scope, with an exchange rate, fee, minimum margin, rounding and ladder.
 * The catalogues are of one kind, each with its own number of destinations: growth is linear when the time of one bundle
 * stays the same.
 */
export async function pricing(): Promise<void> {
  const samples = new Map<number, number[]>(SIZES.map((size) => [size, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [size, sample] of samples) {
      const items = catalogueOf(size);
      const ms = await timed(() => Promise.resolve(priceAll(scheme(size), items)));
      // The first round warms the engine up.
      if (round > 0) sample.push(ms);
    }
  }
  printTimes(
    `Prices by ${String(RULES)} rules, ${String(ROUNDS)} times`,
    Object.fromEntries(
      [...samples].map(([size, sample]) => [`${size.toLocaleString('en')} bundles`, sample]),
    ),
  );
  for (const [size, sample] of samples) {
    const median = sample.toSorted((a, b) => a - b)[Math.floor(sample.length / 2)] ?? NaN;
    console.log(`${size.toLocaleString('en')} bundles: ${((median * 1000) / size).toFixed(2)} µs each`);
  }
}

const GIGABYTE = 1_000_000_000n;

function catalogueOf(size: number): Priceable[] {
  const destinations = size / PER_DESTINATION;
  // A generator of its own: the same catalogue every time.
  let seed = 42;
  const dice = (sides: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % sides;
  };
  return Array.from({ length: size }, (_, index) => ({
    ...{
      id: `bundle ${String(index)}`,
      bundleId: `bundle ${String(index)}`,
      accountId: `account ${String(index % 3)}`,
    },
    groups: [dice(5) === 0 ? 'Unlimited Lite' : 'Standard Fixed'],
    kind: index % 10 === 0 ? 'region' : 'country',
    destination: `place ${String(index % destinations)}`,
    dataBytes: dice(6) === 0 ? null : GIGABYTE * BigInt(1 + dice(50)),
    days: 1 + dice(30),
    cost: {
      amount: `${String(dice(60))}.${String(1000 + dice(9000))}`,
      currency: index % 2 === 0 ? 'USD' : 'EUR',
    },
    lockedAt: dice(50) === 0 ? 1999 : null,
  }));
}

function scheme(size: number): Scheme {
  const destinations = size / PER_DESTINATION;
  const places = Array.from({ length: RULES }, (_, index) => {
    const [scope, scopeValue] = (
      [
        ['country', `place ${String(index % destinations)}`],
        ['region', `place ${String((index * 7) % destinations)}`],
        ['bundle', `bundle ${String(index * 13)}`],
        ['group', index % 8 === 3 ? 'Unlimited Lite' : 'Standard Fixed'],
        ['supplier', `account ${String(index % 3)}`],
      ] as const
    )[index % 5] ?? ['everything', ''];
    return { id: `rule ${String(index)}`, scope, scopeValue, priority: index % 3 };
  });
  return {
    ...{ currency: 'USD', rounding: '.99', feePercent: '2.9', feeFixedMinor: 30 },
    ...{ minMarginPercent: '10', minMarginMinor: 50, ladder: true },
    rates: new Map([['EUR', { top: 11_520n, bottom: 10_000n }]]),
    rules: places.map((place, index) =>
      index % 4 === 0
        ? {
            ...{ ...place, method: 'tiers' },
            bands: [
              { upTo: '5', percent: '60' },
              { upTo: null, percent: String(20 + (index % 30)) },
            ],
          }
        : { ...place, method: 'percent', percent: String(20 + (index % 50)) },
    ),
  };
}

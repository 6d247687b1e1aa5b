import { countries, isMuchTravelled, zones, type Country } from './countries.ts';

/** A bundle as the vendor keeps it. Prices are ten-thousandths of a dollar, so that sums stay exact. */
export interface Bundle {
  name: string;
  description: string;
  group: string;
  /** What it is sold under: one country, or a zone, which the vendor writes in the same field. */
  base: Country;
  /** The countries of a zone; empty for a bundle of one country. */
  roaming: Country[];
  /** Megabytes of 1,000,000 bytes; null is unlimited. */
  megabytes: number | null;
  days: number;
  priceUnits: number;
  withCalls: boolean;
}

export const UNITS_PER_DOLLAR = 10_000;

export const groups = [
  'Standard Fixed',
  'Standard Long Duration',
  'Standard Unlimited Lite',
  'Standard Unlimited Essential',
  'Standard Unlimited Plus',
];

const fixedSizes = [
  { gigabytes: 1, days: 7 },
  { gigabytes: 2, days: 15 },
  { gigabytes: 3, days: 30 },
  { gigabytes: 5, days: 30 },
  { gigabytes: 10, days: 30 },
  { gigabytes: 20, days: 30 },
];
const unlimitedTiers = [
  { code: 'UL', name: 'Unlimited Lite', perDay: 1.1, everywhere: true },
  { code: 'ULE', name: 'Unlimited Essential', perDay: 1.6, everywhere: false },
  { code: 'ULP', name: 'Unlimited Plus', perDay: 2.4, everywhere: false },
];
const unlimitedDays = [7, 15, 30];

/** What a gigabyte costs somewhere, in dollars. Invented. */
const dollarsPerGigabyte: Record<string, number> = {
  Europe: 1.1,
  Asia: 1.3,
  'Middle East': 2.1,
  Africa: 3.2,
  'North America': 1.7,
  'Central America': 3.4,
  Caribbean: 4.1,
  'South America': 2.6,
  Oceania: 2.2,
  Global: 4.6,
};

/** About 2,000 bundles over the world. The same seed gives the same prices, whatever else changes. */
export function makeCatalogue(seed: number): Map<string, Bundle> {
  const bundles = new Map<string, Bundle>();
  const places = [
    ...countries.map((base) => ({ base, code: base.iso, roaming: [], allTiers: isMuchTravelled(base) })),
    ...zones.map(({ code, name, region, countries: roaming }) => ({
      // The vendor puts the zone's name where a country has its ISO code.
      base: { name, region, iso: name },
      code,
      roaming,
      allTiers: true,
    })),
  ];

  function add(bundle: Omit<Bundle, 'priceUnits'>, dollars: number) {
    const perPlace = 0.75 + 0.7 * random(seed, bundle.base.name);
    const perBundle = 0.97 + 0.06 * random(seed, bundle.name);
    const priceUnits = Math.round(dollars * perPlace * perBundle * UNITS_PER_DOLLAR);
    bundles.set(bundle.name, { ...bundle, priceUnits });
  }

  for (const { base, code, roaming, allTiers } of places) {
    const dollars = perGigabyte(base.region);

    for (const { gigabytes, days } of fixedSizes) {
      add(
        {
          name: `esim_${String(gigabytes)}GB_${String(days)}D_${code}_V2`,
          description: `eSIM, ${String(gigabytes)}GB, ${String(days)} Days, ${base.name}, V2`,
          group: 'Standard Fixed',
          base,
          roaming,
          megabytes: gigabytes * 1000,
          days,
          withCalls: false,
        },
        dollars * gigabytes ** 0.82,
      );
    }

    for (const tier of unlimitedTiers) {
      if (!tier.everywhere && !allTiers) continue;
      for (const days of unlimitedDays) {
        add(
          {
            name: `esim_${tier.code}_${String(days)}D_${code}_V2`,
            description: `eSIM, ${tier.name}, ${String(days)} Days, ${base.name}, V2`,
            group: `Standard ${tier.name}`,
            base,
            roaming,
            megabytes: null,
            days,
            withCalls: tier.code === 'ULP',
          },
          (1.5 + tier.perDay * days ** 0.9) * Math.sqrt(dollars),
        );
      }
    }

    if (roaming.length > 0) {
      add(
        {
          name: `esim_50GB_90D_${code}_V2`,
          description: `eSIM, 50GB, 90 Days, ${base.name}, V2`,
          group: 'Standard Long Duration',
          base,
          roaming,
          megabytes: 50_000,
          days: 90,
          withCalls: false,
        },
        dollars * 50 ** 0.82,
      );
    }
  }
  return bundles;
}

/** Dollars, about. */
export function perGigabyte(region: string): number {
  return dollarsPerGigabyte[region] ?? 3;
}

/** So many bundles: the first of the catalogue, or more of the same under other names. */
export function ofSize(bundles: Map<string, Bundle>, size: number): Map<string, Bundle> {
  const models = [...bundles.values()];
  const all = Array.from({ length: size }, (_, index): [string, Bundle] => {
    const model = models[index % models.length];
    if (!model) throw new Error('nothing to make more of');
    const copy = Math.floor(index / models.length);
    const name = copy === 0 ? model.name : `${model.name}_${String(copy + 1)}`;
    return [name, { ...model, name }];
  });
  return new Map(all);
}

/** Lines that a vendor's list may hold and that nobody can sell as they are, beside one that differs by its case. */
export function oddLines(bundle: Bundle) {
  const line = bundleOnTheWire(bundle);
  return [
    { ...line, name: line.name.toLowerCase() },
    { ...line, name: `${line.name}_free`, price: 0 },
    { ...line, name: `${line.name}_unpriced`, price: undefined },
    { ...line, name: `${line.name}_endless`, duration: 0 },
  ];
}

/** A bundle as `GET /catalogue` shows it. */
export function bundleOnTheWire(bundle: Bundle) {
  return {
    name: bundle.name,
    description: bundle.description,
    groups: [bundle.group],
    countries: [bundle.base],
    // Assumed: the vendor does not say what stands here for unlimited data.
    dataAmount: bundle.megabytes ?? -1,
    duration: bundle.days,
    speed: ['2G', '3G', '4G', '5G'],
    autostart: true,
    unlimited: bundle.megabytes === null,
    ...(bundle.roaming.length > 0 ? { roamingEnabled: bundle.roaming } : {}),
    price: bundle.priceUnits / UNITS_PER_DOLLAR,
    billingType: 'FixedCost',
    allowances: [
      {
        type: 'DATA',
        service: 'ROAMING',
        description: 'Data',
        amount: bundle.megabytes ?? -1,
        unit: 'MB',
        unlimited: bundle.megabytes === null,
      },
      ...(bundle.withCalls
        ? [
            {
              type: 'SMS',
              service: 'STANDARD',
              description: 'SMS',
              amount: 100,
              unit: 'SMS',
              unlimited: false,
            },
            {
              type: 'VOICE',
              service: 'STANDARD',
              description: 'Calls',
              amount: bundle.days >= 30 ? -1 : 120,
              unit: 'MINS',
              unlimited: bundle.days >= 30,
            },
          ]
        : []),
    ],
  };
}

/** A number in [0, 1) that belongs to the seed and the name: FNV-1a, then mulberry32. */
function random(seed: number, name: string): number {
  let hash = 2166136261 ^ seed;
  for (let index = 0; index < name.length; index++) hash = Math.imul(hash ^ name.charCodeAt(index), 16777619);
  let mixed = (hash + 0x6d2b79f5) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
}

import { countries, zones, type Country } from '../esim-go/countries.ts';

/** A plan as the vendor keeps it, for one reseller's markup. Prices are ten-thousandths of a dollar, so sums stay exact. */
export interface Plan {
  id: string;
  name: string;
  /** The country's code, or the region's. */
  place: string;
  /** More than one for a regional plan. */
  countries: Country[];
  region: string | null;
  /** What a top-up is ordered by. */
  packageCode: string;
  /** Null is unlimited. */
  megabytes: number | null;
  days: number;
  priceUnits: number;
}

export const UNITS_PER_DOLLAR = 10_000;

const sizes = [
  { name: '1GB', megabytes: 1024, days: 7, dollars: 1.62 },
  { name: '3GB', megabytes: 3072, days: 30, dollars: 4.1325 },
  { name: '5GB', megabytes: 5120, days: 30, dollars: 6.0875 },
  { name: '10GB', megabytes: 10_240, days: 30, dollars: 10.51 },
  { name: 'Unlimited', megabytes: null, days: 7, dollars: 17.4 },
];

/** "Russia plans are excluded." */
const EXCLUDED = 'RU';

const regionCodes: Record<string, string> = {
  ...{ 'Europe+': 'EU', Asia: 'ASIA', 'North America': 'NA', 'Middle East': 'ME', Africa: 'AF' },
  ...{
    'Latin America': 'LATAM',
    Caribbean: 'CB',
    Oceania: 'OC',
    Balkans: 'BK',
    CIS: 'CIS',
    Global: 'GLOBAL',
  },
};

/** About a thousand plans. Invented, but always the same. */
export function makePlans(): Map<string, Plan> {
  const plans = new Map<string, Plan>();
  const places = [
    ...countries.map((country) => ({ place: country.iso, title: country.name, region: null, in: [country] })),
    ...zones.map(({ name, countries }) => {
      const place = regionCodes[name] ?? name.toUpperCase();
      return { place, title: name, region: place, in: countries };
    }),
  ];
  for (const { place, title, region, in: covered } of places) {
    const sold = covered.filter(({ iso }) => iso !== EXCLUDED);
    if (sold.length === 0) continue;
    for (const { name, megabytes, days, dollars } of sizes) {
      const id = `plan-${place}-${name}-${String(days)}D`;
      plans.set(id, {
        id,
        name: `${name} - ${title}`,
        place,
        countries: sold,
        region,
        packageCode: `PKG_${name.toUpperCase()}_${String(days)}D_${place}`,
        megabytes,
        days,
        priceUnits: Math.round(dollars * (0.8 + (place.charCodeAt(0) % 20) / 25) * UNITS_PER_DOLLAR),
      });
    }
  }
  return plans;
}

/** A plan in a list. Assumed: the vendor shows no answer; the words are those of its orders and top-up plans. */
export function planOnTheWire(plan: Plan) {
  return {
    id: plan.id,
    name: plan.name,
    description: `${plan.name}, ${String(plan.days)} days`,
    provider_id: 'provider-1',
    ...(plan.region === null
      ? { country_code: plan.place, country_name: plan.countries[0]?.name }
      : {
          region_code: plan.region,
          countries: plan.countries.map(({ iso, name }) => ({ code: iso, name })),
        }),
    package_code: plan.packageCode,
    data_volume_mb: plan.megabytes ?? -1,
    is_unlimited: plan.megabytes === null,
    validity_days: plan.days,
    price: plan.priceUnits / UNITS_PER_DOLLAR,
    currency: 'USD',
  };
}

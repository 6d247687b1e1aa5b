export interface Country {
  name: string;
  region: string;
  iso: string;
}

const isosByRegion: Record<string, string> = {
  Europe:
    'AL AD AT BY BE BA BG HR CY CZ DK EE FI FR DE GI GR GG HU IS IE IM IT JE XK LV LI LT LU MT MD MC ME NL MK NO PL PT RO RU SM RS SK SI ES SE CH UA GB VA AX FO',
  Asia: 'AF AM AZ BD BN KH CN GE HK IN ID JP KZ KG LA MO MY MV MN MM NP PK PH SG KR LK TW TJ TH TL TM UZ VN BT',
  'Middle East': 'BH IQ IL JO KW LB OM PS QA SA TR AE YE',
  Africa:
    'DZ AO BJ BW BF BI CM CV CF TD CG CD CI EG SZ ET GA GM GH GN GW KE LS LR LY MG MW ML MR MU MA MZ NA NE NG RW SN SC SL ZA SS SD TZ TG TN UG ZM ZW RE YT ST DJ',
  'North America': 'CA MX US PR BM GL',
  'Central America': 'BZ CR SV GT HN NI PA',
  Caribbean: 'AI AG AW BS BB KY CW DM DO GD GP HT JM MQ MS KN LC VC TT TC VG',
  'South America': 'AR BO BR CL CO EC GF GY PY PE SR UY VE',
  Oceania: 'AU FJ PF GU NZ NC PG WS TO VU NR',
};

/** Where people travel most: these get the dearer unlimited tiers too. */
const muchTravelled = new Set(
  'GB FR DE ES IT PT GR NL CH AT TR US CA MX JP KR TH SG MY ID VN IN AE SA IL EG MA ZA BR AR CO AU NZ HK TW CN PH IS IE HR'.split(
    ' ',
  ),
);

const countryNames = new Intl.DisplayNames(['en'], { type: 'region' });

/** The countries the sandbox sells, with English names, in a fixed order. */
export const countries: Country[] = Object.entries(isosByRegion).flatMap(([region, isos]) =>
  isos.split(' ').map((iso) => ({ iso, region, name: countryNames.of(iso) ?? iso })),
);

export function isMuchTravelled(country: Country): boolean {
  return muchTravelled.has(country.iso);
}

/** A set of countries under one code, sold as one bundle. Codes begin with R as the vendor's do. */
export interface Zone {
  code: string;
  name: string;
  region: string;
  countries: Country[];
}

function zone(code: string, name: string, region: string, inside: (country: Country) => boolean): Zone {
  return { code, name, region, countries: countries.filter(inside) };
}

export const zones: Zone[] = [
  zone('REUP', 'Europe+', 'Europe', ({ region, iso }) => region === 'Europe' || iso === 'TR'),
  zone('RAS', 'Asia', 'Asia', ({ region }) => region === 'Asia'),
  zone('RME', 'Middle East', 'Middle East', ({ region }) => region === 'Middle East'),
  zone('RAF', 'Africa', 'Africa', ({ region }) => region === 'Africa'),
  zone('RNA', 'North America', 'North America', ({ iso }) => ['US', 'CA', 'MX'].includes(iso)),
  zone('RLA', 'Latin America', 'South America', ({ region }) => /South|Central/.test(region)),
  zone('RCB', 'Caribbean', 'Caribbean', ({ region }) => region === 'Caribbean'),
  zone('ROC', 'Oceania', 'Oceania', ({ region }) => region === 'Oceania'),
  zone('RBK', 'Balkans', 'Europe', ({ iso }) => 'AL BA BG HR XK ME MK RS SI GR RO'.split(' ').includes(iso)),
  zone('RCI', 'CIS', 'Asia', ({ iso }) => 'AM KZ KG MD UA GE UZ TJ AZ'.split(' ').includes(iso)),
  zone('RGB', 'Global', 'Global', isMuchTravelled),
];

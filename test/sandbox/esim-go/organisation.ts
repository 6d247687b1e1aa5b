import { createHash, randomUUID } from 'node:crypto';
import {
  bundleOnTheWire,
  groups,
  oddLines,
  perGigabyte,
  type Bundle,
  UNITS_PER_DOLLAR,
} from './catalogue.ts';
import { countries } from './countries.ts';
import { networksOf } from './networks.ts';
import { dollars, json, nextNumber, record, refuse, type Answer, type Call } from './vendor.ts';

/** `GET /organisation`. Mind that it carries the key and people's addresses. */
export function getOrganisation({ vendor, organisation }: Call): Answer {
  const details = {
    name: organisation.name,
    apiKey: organisation.apiKey,
    taxLiable: 'No',
    addr1: '1 Sandbox Street',
    addr2: '',
    city: 'London',
    country: 'United Kingdom',
    postcode: 'EC1A 1AA',
    callbackUrl: organisation.callbackUrl ?? '',
    notes: '',
    groups,
    currency: organisation.currency,
    balance: dollars(organisation.balanceUnits),
    testCredit: 0,
    testCreditExpiry: '',
    businessType: 'Corporation',
    website: 'https://shop.example',
    productDescription: 'Travel eSIMs',
    users: [
      {
        firstName: 'Sandy',
        lastName: 'Box',
        role: 'Admin',
        emailAddress: 'sandy.box@shop.example',
        phoneNumber: '+1 555 0100',
        timeZone: 'Europe/London',
      },
    ],
  };
  return json(vendor.conducts.isOn('answers-as-documented') ? details : { organisations: [details] });
}

/** `GET /organisation/groups` */
export function getGroups({ vendor }: Call): Answer {
  const list = groups.map((name) => ({ name }));
  return json(vendor.conducts.isOn('answers-as-documented') ? list : { groups: list });
}

const LEAST_TOP_UP = 1000;
const MOST_TOP_UP = 5000;

/** `POST /organisation/balance?amount=`: charges the saved card. */
export function topUpBalance({ vendor, organisation, query }: Call): Answer {
  const amount = Number(query.get('amount'));
  if (!Number.isFinite(amount) || amount < LEAST_TOP_UP || amount > MOST_TOP_UP) {
    return refuse(400, `amount must be between ${String(LEAST_TOP_UP)} and ${String(MOST_TOP_UP)}`);
  }
  // Assumed: the words of this refusal. The first payment is made in the portal, which keeps the card.
  if (organisation.hasCard === false) return refuse(400, 'no saved card found');
  const day = new Date(vendor.now()).toISOString().slice(0, 10);
  const charged = (organisation.charged?.day === day ? organisation.charged.amount : 0) + amount;
  if (charged > MOST_TOP_UP) return refuse(400, `the maximum daily top-up is ${String(MOST_TOP_UP)}`);
  organisation.charged = { day, amount: charged };
  organisation.balanceUnits += Math.round(amount * UNITS_PER_DOLLAR);
  vendor.touch();
  return json(
    { amount, balance: dollars(organisation.balanceUnits), ref: nextNumber(vendor) },
    { executed: true },
  );
}

const MOST_PER_PAGE = 100;

/** `GET /catalogue` */
export function listCatalogue({ vendor, query }: Call): Answer {
  const page = Number(query.get('page') ?? 1);
  const perPage = Math.min(Number(query.get('perPage') ?? 50), MOST_PER_PAGE);
  if (!Number.isInteger(page) || page < 1 || !Number.isInteger(perPage) || perPage < 1) {
    return refuse(400, 'page and perPage must be positive integers');
  }
  const group = query.get('group');
  const region = query.get('region');
  const isos = query
    .get('countries')
    ?.split(',')
    .map((iso) => iso.trim().toUpperCase());
  const words = query.get('description')?.replaceAll('*', '').toLowerCase();

  const found = [...vendor.catalogue.values()].filter(
    (bundle) =>
      (group === null || bundle.group === group) &&
      (region === null || bundle.base.region === region) &&
      (!isos || isos.includes(bundle.base.iso)) &&
      (!words || bundle.description.toLowerCase().includes(words)),
  );
  const orderBy = query.get('orderBy');
  if (orderBy !== null) {
    const direction = query.get('direction') === 'desc' ? -1 : 1;
    const key = (bundle: Bundle) => record(bundleOnTheWire(bundle))[orderBy];
    found.sort((a, b) => direction * compare(key(a), key(b)));
  }
  const [first] = found;
  const odd = first && vendor.conducts.isOn('lists-oddities') ? oddLines(first) : [];
  const rowCount = found.length + odd.length;
  const bundles: object[] = found.slice((page - 1) * perPage, page * perPage).map(bundleOnTheWire);
  if (page * perPage >= found.length) bundles.push(...(bundles.length > 0 ? odd : []));
  if (vendor.conducts.isOn('answers-as-documented')) return json(bundles);
  return json({
    bundles,
    pageCount: Math.ceil(rowCount / perPage),
    rows: rowCount,
    pageSize: bundles.length,
  });
}

/** `GET /catalogue/bundle/{name}`. Names are case sensitive. */
export function getCatalogueBundle({ vendor, params }: Call): Answer {
  const bundle = vendor.catalogue.get(params.name ?? '');
  return bundle ? json(bundleOnTheWire(bundle)) : refuse(400, 'bundle not found');
}

/** `GET /catalogue/prices`, since 2.5: what a gigabyte costs by country, for whom it is sold like that. */
export function listPrices({ vendor, organisation }: Call): Answer {
  // Assumed: the words.
  if (!organisation.paysByConsumption) return refuse(403, 'the organisation is not a consumption partner');
  const sold = new Set([...vendor.catalogue.values()].map(({ base }) => base.iso));
  const prices = countries
    .filter(({ iso }) => sold.has(iso))
    .map(({ iso, name, region }) => ({
      country: { iso, name },
      prices: ['Profile 1', 'Profile 2'].map((profile, at) => ({
        id: randomUUID(),
        price: (perGigabyte(region) * (1 + at / 8)).toFixed(3),
        currency: organisation.currency,
        profile,
        country: { iso, name },
      })),
    }));
  const hash = createHash('sha256').update(JSON.stringify(prices)).digest('hex');
  return json({ hash, prices });
}

/** `GET /networks`; the schema calls the country's ISO code its name. */
export function listNetworks({ vendor, query, name }: Call): Answer {
  const split = (name: string) =>
    query
      .get(name)
      ?.split(',')
      .map((part) => part.trim().toLowerCase()) ?? [];
  const isos = split('isos');
  const names = split('countries');
  const all = query.get('returnAll') === 'true';
  if (!all && isos.length === 0 && names.length === 0)
    return refuse(400, 'countries, isos or returnAll is required');
  const namesNone = vendor.conducts.strike('lists-no-networks', name) !== null;
  return json({
    countryNetworks: countries
      .filter(
        ({ iso, name }) => all || isos.includes(iso.toLowerCase()) || names.includes(name.toLowerCase()),
      )
      .map(({ iso }) => ({ name: iso, networks: namesNone ? [] : networksOf(iso) })),
  });
}

function compare(a: unknown, b: unknown): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
}

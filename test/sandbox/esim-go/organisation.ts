import { bundleOnTheWire, groups, oddLines, type Bundle, UNITS_PER_DOLLAR } from './catalogue.ts';
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

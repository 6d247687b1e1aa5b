import type { Cost } from '../platform/money.ts';
import { countryName, dataLabel, daysLabel } from './bundle.ts';
import { costPerGigabyte } from './compare.ts';
import { kindNames } from './filter-words.ts';
import type { BundleDetails, Network } from './queries.server.ts';

/** A line of the bundle page. */
export interface Fact {
  term: string;
  description: string;
}

/** What a bundle is, in words. `cost` words an amount in the viewer's language. */
export function bundleFacts(
  bundle: BundleDetails,
  { locale, cost }: { locale: string; cost: (cost: Cost) => string },
): Fact[] {
  const perGigabyte = costPerGigabyte(bundle);
  const { currency } = bundle.cost;
  const perDay = bundle.cost.amount.div(bundle.days);
  const rates = [
    ...(perGigabyte ? [`${cost({ amount: perGigabyte, currency })} per GB`] : []),
    `${cost({ amount: perDay, currency })} per day`,
  ];
  const facts: (Fact | null)[] = [
    { term: 'Cost', description: `${cost(bundle.cost)} (${rates.join(', ')})` },
    { term: 'Supplier', description: bundle.supplier },
    { term: 'Destination', description: kindNames[bundle.kind] },
    { term: 'Data', description: dataLabel(bundle) },
    when('Fair use', bundle.fairUse),
    { term: 'Valid for', description: daysLabel(bundle.days) },
    {
      term: 'Begins',
      description: bundle.autostart
        ? 'When the eSIM first connects there'
        : 'With the purchase: as soon as the supplier assigns it to the eSIM',
    },
    when('Speeds', bundle.speeds.join(', ')),
    when('Group', bundle.groups.join(', ')),
    ...bundle.allowances.map(({ kind, amount }) => ({
      term: kind === 'voice' ? 'Calls' : 'Text messages',
      description:
        amount === null ? 'Unlimited' : `${String(amount)} ${kind === 'voice' ? 'minutes' : 'messages'}`,
    })),
    { term: 'Works in', description: countryList(bundle.countries, locale) || bundle.description },
    when('Reached by roaming', countryList(bundle.roaming, locale)),
    when("Supplier's name", bundle.description),
  ];
  return facts.filter((fact) => fact !== null);
}

const when = (term: string, description: string | null): Fact | null =>
  description === null || description === '' ? null : { term, description };

function countryList(codes: string[], locale: string): string {
  const names = codes.map((code) => countryName(code, locale)).sort((a, b) => a.localeCompare(b, locale));
  return new Intl.ListFormat(locale, { type: 'unit' }).format(names);
}

/** The networks of each country, by its name. */
export function networksByCountry(
  networks: Network[],
  locale: string,
): { country: string; networks: { name: string; speeds: string }[] }[] {
  const codes = [...new Set(networks.map(({ country }) => country))];
  return codes
    .map((code) => ({
      country: countryName(code, locale),
      networks: networks
        .filter(({ country }) => country === code)
        .map(({ name, brand, speeds }) => ({ name: brand ?? name, speeds: speeds.join(', ') })),
    }))
    .sort((a, b) => a.country.localeCompare(b.country, locale));
}

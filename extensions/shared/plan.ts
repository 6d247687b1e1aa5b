import type { Destination, Plan } from './order-esims.ts';
import type { Page } from './page.ts';

/** "France · 5 GB · 7 days" in the buyer's language. */
export function describePlan(plan: Plan, page: Page): string {
  return [destinationName(plan.destination, page), dataAmount(plan.dataBytes, page), daysOf(plan.days, page)]
    .filter((part) => part !== '')
    .join(' · ');
}

function destinationName({ countries, region, description }: Destination, page: Page): string {
  if (countries.length > 3) return region ?? page.translate('plan.countries', { count: countries.length });
  if (countries.length === 0) return region ?? description;
  const names = new Intl.DisplayNames(page.language, { type: 'region' });
  return new Intl.ListFormat(page.language, { type: 'unit' }).format(
    countries.map((code) => countryName(names, code)),
  );
}

function countryName(names: Intl.DisplayNames, code: string): string {
  try {
    return names.of(code) ?? code;
  } catch {
    // `of` throws on a code that is no country's; suppliers invent some ("XK-1"), and the buyer knows what they bought.
    return code;
  }
}

function dataAmount(bytes: number | null, page: Page): string {
  return bytes === null ? page.translate('plan.unlimited') : dataSize(bytes, page);
}

/** "1.2 GB" in the buyer's language. */
export function dataSize(bytes: number, { language }: Page): string {
  const [size, unit] = bytes < 1e9 ? [1e6, 'megabyte'] : [1e9, 'gigabyte'];
  return new Intl.NumberFormat(language, { style: 'unit', unit, maximumFractionDigits: 1 }).format(
    bytes / size,
  );
}

function daysOf(days: number, { language }: Page): string {
  return new Intl.NumberFormat(language, { style: 'unit', unit: 'day', unitDisplay: 'long' }).format(days);
}

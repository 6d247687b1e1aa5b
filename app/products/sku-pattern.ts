import { countryName } from '../catalogue/bundle.ts';

/** What a SKU says of the bundle it stands for; what its pattern has no placeholder for is missing. */
export interface SkuFacts {
  code?: string;
  /** A country's ISO code, or the name of a country or region, as it is written there. */
  place?: string;
  /** Null is unlimited. */
  dataBytes?: bigint | null;
  days?: number;
}

export type SkuPattern =
  | { status: 'pattern'; read: (sku: string) => SkuFacts | null }
  /** For the merchant: what is wrong with it. */
  | { status: 'wrong'; sentence: string };

/**
 * How a shop writes its SKUs, such as `ESIM-{country}-{gb}GB-{days}D`. Outside of the braces letter case does not
 * matter. `read` answers null for a SKU that does not look like it.
 */
export function skuPattern(text: string): SkuPattern {
  const pattern = text.trim();
  if (pattern === '') return wrong('Write how your SKUs look, for example ESIM-{country}-{gb}GB-{days}D.');
  const parts = pattern.split(/(\{[^{}]*\})/).filter((part) => part !== '');
  const names = parts.flatMap((part) => (isBraced(part) ? [part.slice(1, -1).trim().toLowerCase()] : []));
  const unknown = names.find((name) => !Object.hasOwn(placeholders, name));
  if (unknown !== undefined) return wrong(`{${unknown}} is no placeholder. There are ${listed}.`);
  if (parts.some((part) => !isBraced(part) && /[{}]/.test(part)))
    return wrong('A brace stands alone. Write placeholders as {country}, with both braces.');
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined)
    return wrong(`{${twice}} stands in it twice. Use {any} for a part that does not matter.`);
  if (names.includes('gb') && names.includes('mb'))
    return wrong('Use {gb} or {mb}, not both: each says how much data.');
  if (parts.some((part, at) => isBraced(part) && isBraced(parts[at + 1] ?? '')))
    return wrong('Two placeholders touch. Write what stands between them, such as a dash.');
  if (!names.includes('code') && !names.includes('country'))
    return wrong('It needs {code}, or {country} with {gb} and {days}, to find a bundle.');
  const source = parts.map((part) =>
    isBraced(part)
      ? `(?<${part.slice(1, -1).trim().toLowerCase()}>${placeholders[part.slice(1, -1).trim().toLowerCase()] ?? ''})`
      : part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'),
  );
  const shape = new RegExp(`^${source.join('')}$`, 'iu');
  return { status: 'pattern', read: (sku) => factsOf(shape.exec(sku.trim())?.groups) };
}

// `{code}` alone means that the SKU is the supplier's own name of the bundle.
const placeholders: Record<string, string> = {
  code: '.+',
  country: String.raw`\p{L}[\p{L} .'&_]*?`,
  gb: String.raw`\d{1,4}(?:[.,]\d{1,2})?|ul|unlimited`,
  mb: String.raw`\d{1,6}`,
  days: String.raw`\d{1,4}`,
  any: '.*?',
};
const listed = Object.keys(placeholders)
  .map((name) => `{${name}}`)
  .join(', ');

const isBraced = (part: string) => /^\{[^{}]*\}$/.test(part);
const wrong = (sentence: string): SkuPattern => ({ status: 'wrong', sentence });

function factsOf(found: Record<string, string> | undefined): SkuFacts | null {
  if (!found) return null;
  const { code, country, gb, mb, days } = found;
  return {
    ...(code !== undefined && { code }),
    ...(country !== undefined && { place: country }),
    ...(gb !== undefined && { dataBytes: bytesOf(gb) }),
    ...(mb !== undefined && { dataBytes: BigInt(mb) * 1_000_000n }),
    ...(days !== undefined && { days: Number(days) }),
  };
}

function bytesOf(gigabytes: string): bigint | null {
  const [, whole, part = ''] = /^(\d+)(?:[.,](\d+))?$/.exec(gigabytes) ?? [];
  if (whole === undefined) return null;
  return BigInt(whole) * 1_000_000_000n + BigInt(part.padEnd(2, '0')) * 10_000_000n;
}

/** What of a bundle a SKU may speak of. */
export interface NamedBundle {
  code: string;
  countries: string[];
  region: string | null;
  dataBytes: bigint | null;
  days: number;
}

/** Whether a SKU's facts are those of the bundle. A code is compared by its letters' case too. */
export function fits({ code, place, dataBytes, days }: SkuFacts, bundle: NamedBundle): boolean {
  return (
    (code === undefined || code === bundle.code) &&
    (place === undefined || placeNames(bundle).includes(plain(place))) &&
    (dataBytes === undefined || dataBytes === bundle.dataBytes) &&
    (days === undefined || days === bundle.days)
  );
}

function placeNames({ countries: [country, ...more], region }: NamedBundle): string[] {
  if (region !== null) return [plain(region)];
  return country === undefined || more.length > 0 ? [] : [plain(country), plain(countryName(country))];
}

const plain = (name: string) =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

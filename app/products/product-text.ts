import {
  bundleTitle,
  countryName,
  dataLabel,
  daysLabel,
  placeLabel,
  type BundleFacts,
} from '../catalogue/bundle.ts';

export interface ProductText {
  title: string;
  descriptionHtml: string;
  tags: string[];
}

/** What a shop says of a bundle: facts the supplier gave, and how the eSIM arrives. */
export function productText(bundle: BundleFacts & { speeds: string[] }): ProductText {
  const countries = bundle.countries.map((code) => countryName(code));
  const facts = [
    ['Data', dataLabel(bundle)],
    ['Valid for', daysLabel(bundle.days)],
    ['Works in', countries.join(', ')],
    ['Network', bundle.speeds.join(', ')],
  ].filter((fact): fact is [string, string] => fact[1] !== '');
  return {
    title: bundleTitle(bundle),
    descriptionHtml:
      `<p>Travel eSIM for ${escape(placeLabel(bundle))}.</p>` +
      `<ul>${facts.map(([name, value]) => `<li><strong>${name}:</strong> ${escape(value)}</li>`).join('')}</ul>` +
      '<p>You receive a QR code by e-mail after payment. No SIM card is shipped; your phone must support eSIM.</p>',
    tags: [...new Set(['eSIM', ...(bundle.region === null ? [] : [bundle.region]), ...countries])].map(tag),
  };
}

/** A handle that is the bundle's alone: its code for people, and a part of its id against two alike codes. */
export function productHandle({ id, code }: { id: string; code: string }): string {
  const words = code
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80);
  return `${words === '' ? 'esim' : words}-${id.slice(0, 8)}`;
}

// Shopify splits tags at commas and takes 255 characters.
const tag = (text: string) => text.replaceAll(',', ' ').slice(0, 255);

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string) => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);

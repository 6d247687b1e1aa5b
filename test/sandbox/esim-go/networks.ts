import { countries } from './countries.ts';

export interface Network {
  name: string;
  brandName: string;
  mcc: string;
  mnc: string;
  tagid: string;
  speed: string[];
}

const brands = ['Meridian', 'Northstar', 'Tangent', 'Halcyon', 'Bluewire', 'Ostrich'];

/** The two networks of a country. Invented: no real operator is named. Empty for an unknown code. */
export function networksOf(iso: string): Network[] {
  const index = countries.findIndex((country) => country.iso === iso);
  const country = countries[index];
  if (!country) return [];
  return [0, 1].map((offset) => {
    const brand = brands[(index + offset * 3) % brands.length] ?? 'Meridian';
    const mnc = String(offset + 1).padStart(2, '0');
    return {
      name: `${brand} Mobile`,
      brandName: `${brand} ${country.name}`,
      mcc: String(200 + index),
      mnc,
      tagid: `${iso}${brand.slice(0, 2).toUpperCase()}${mnc}`,
      speed: offset === 0 ? ['4G', '5G'] : ['3G', '4G'],
    };
  });
}

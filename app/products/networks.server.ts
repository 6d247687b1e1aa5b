import { db } from '../platform/db.server.ts';

/** How the networks of a country are called at a supplier account, among those of some countries. */
export async function networkNames(
  shop: { id: string },
  countries: string[],
): Promise<(accountId: string, country: string) => readonly string[]> {
  const rows = await db.countryNetwork.findMany({
    where: { shopId: shop.id, country: { in: [...new Set(countries)] } },
    select: { accountId: true, country: true, name: true, brand: true },
  });
  const names = new Map<string, Set<string>>();
  for (const { accountId, country, name, brand } of rows) {
    const key = `${accountId} ${country}`;
    names.set(key, (names.get(key) ?? new Set()).add(brand ?? name));
  }
  return (accountId, country) => [...(names.get(`${accountId} ${country}`) ?? [])];
}

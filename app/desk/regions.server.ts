import { catalogueChoices } from '../catalogue/choices.server.ts';
import type { Shop } from '../shopify/shops.server.ts';

/** The supplier's names of regions, by `Bundle.destination`, for `destinationLabel`. */
export async function regionNames(shop: Shop): Promise<Map<string, string>> {
  const { destinations } = await catalogueChoices(shop);
  return new Map(destinations.flatMap(({ key, region }) => (region === null ? [] : [[key, region]])));
}

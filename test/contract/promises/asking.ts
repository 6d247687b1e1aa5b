import type {
  BundlePage,
  ProviderBundle,
  ProviderPurchase,
  SellingProvider,
} from '../../../app/providers/contract.ts';
import type { Supplier } from './supplier.ts';

/** One eSIM bought, with its bundle. */
export async function buyOne(provider: SellingProvider): Promise<{ iccid: string; bundle: ProviderBundle }> {
  const bundle = await cheapest(provider);
  return { iccid: await buy(provider, bundle), bundle };
}

export async function buy(provider: SellingProvider, bundle: ProviderBundle): Promise<string> {
  const outcome = await provider.placeOrder({ bundle: bundle.code, quantity: 1 });
  if (outcome.status !== 'ready') throw new Error(`expected ready, got ${outcome.status}`);
  return outcome.esims[0]?.iccid ?? '';
}

/** As many as make it more than one, where the supplier sells more than one. */
export function someOf({ mostPerOrder }: Supplier): number {
  return Math.min(3, mostPerOrder);
}

export async function cheapest(provider: SellingProvider): Promise<ProviderBundle> {
  const bundles = await catalogue(provider);
  const [first] = bundles.sort((a, b) => a.cost.amount.comparedTo(b.cost.amount));
  if (!first) throw new Error('an empty catalogue');
  return first;
}

export async function catalogue(provider: SellingProvider): Promise<ProviderBundle[]> {
  return (await pagesOf(provider)).flatMap(({ bundles }) => bundles);
}

export async function pagesOf(provider: SellingProvider, from?: string): Promise<BundlePage[]> {
  const pages: BundlePage[] = [];
  for await (const page of provider.listBundles(from)) pages.push(page);
  return pages;
}

/** Bought since then, as the supplier lists it. */
export async function purchases(provider: SellingProvider, since: Date): Promise<ProviderPurchase[]> {
  const found: ProviderPurchase[] = [];
  const until = new Date(Date.now() + 24 * 60 * 60 * 1000);
  for await (const purchase of provider.listPurchases({ since, until })) found.push(purchase);
  return found;
}

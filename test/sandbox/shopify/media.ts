import type { Media, Product } from './records.ts';
import type { ShopifyState } from './state.ts';

const largest = 20_000_000;

/** Shopify answers first and fetches a file afterwards: READY when it was a picture, else FAILED, and the product stays. */
export async function fetchPicture(state: ShopifyState, product: Product, media: Media): Promise<void> {
  const content = await fetchContent(media.url);
  // The merchant may have taken it away meanwhile.
  if (!product.media.includes(media)) return;
  media.status = content === null ? 'FAILED' : 'READY';
  if (content !== null) media.content = content;
  state.changed();
}

async function fetchContent(url: string): Promise<NonNullable<Media['content']> | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(60_000) });
    const type = response.headers.get('content-type') ?? '';
    const bytes = Buffer.from(await response.arrayBuffer());
    if (!response.ok || !type.startsWith('image/') || bytes.length > largest) return null;
    return { type, base64: bytes.toString('base64') };
  } catch {
    // Whatever goes wrong on the way, Shopify only says that the file failed.
    return null;
  }
}

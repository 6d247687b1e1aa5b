/** How the shop sells a bundle: in variants that the app published, in those the merchant mapped, or in both. */
export type SoldAs = 'published' | 'mapped';

export function soldAsWords(mappings: { origin: string }[]): SoldAs[] {
  const isPublished = mappings.some(({ origin }) => origin === 'published');
  const isMapped = mappings.some(({ origin }) => origin !== 'published');
  return [...(isPublished ? ['published' as const] : []), ...(isMapped ? ['mapped' as const] : [])];
}

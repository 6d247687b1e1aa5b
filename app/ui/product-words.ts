import { fieldNames } from '../products/default-templates.ts';
import type { ProductResult } from '../products/publish-result.ts';
import { counted, lowerFirst } from './display.ts';

/** What a merchant should know of a product that was brought up to date: what stayed as they made it. */
export function notesOf({ gone, taken, kept }: Pick<ProductResult, 'gone' | 'taken' | 'kept'>): string[] {
  const names = kept.map((field) => lowerFirst(fieldNames[field])).join(', ');
  return [
    gone > 0
      ? `You deleted ${counted(gone, 'variant')} in Shopify, so ${gone === 1 ? 'it was' : 'they were'} not made again. Publish again to have ${gone === 1 ? 'it' : 'them'} back.`
      : null,
    taken > 0
      ? `You made ${counted(taken, 'variant')} with the same options, and ${taken === 1 ? 'it stays' : 'they stay'} yours. Map ${taken === 1 ? 'it' : 'them'} to a bundle if they should sell it.`
      : null,
    names === '' ? null : `You changed ${names} in Shopify, and that stays.`,
  ].filter((note) => note !== null);
}

import { db } from '../platform/db.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { choosingNames, choosingOf } from './first-to-buy.ts';
import { writeMappingCsv } from './mapping-csv.ts';
import { kindOf } from './mapping.ts';

/** All mappings of the shop as the file that the import reads. */
export async function exportMappings(shop: Shop): Promise<string> {
  const bundle = { select: { code: true, account: { select: { label: true } } } } as const;
  const rows = await db.variantMapping.findMany({
    where: { shopId: shop.id },
    select: {
      ...{ productTitle: true, variantGid: true, sku: true, kind: true, choice: true, bundle },
      substitutes: { select: { bundle }, orderBy: { position: 'asc' } },
    },
    orderBy: [{ productTitle: 'asc' }, { id: 'asc' }],
  });
  return writeMappingCsv(
    rows.map(({ productTitle, variantGid, sku, kind, choice, bundle: first, substitutes }) => ({
      product: productTitle,
      // Shopify's whole id: a spreadsheet rounds a number of fourteen digits.
      variantId: variantGid,
      ...{ sku: sku ?? '', handle: '', options: [], kind: kindOf(kind) === 'esim' ? 'eSIM' : 'top-up' },
      choosing: choosingNames[choosingOf(choice)],
      bundles: [first, ...substitutes.map((each) => each.bundle)].map(({ code, account }) => ({
        code,
        supplier: account.label,
      })),
    })),
  );
}

/** What a merchant starts from: the columns, and two lines that show how. */
export function mappingTemplate(): string {
  return writeMappingCsv([
    {
      ...{ product: 'By SKU', variantId: '', sku: 'YOUR-SKU-1', handle: '', options: [], kind: 'eSIM' },
      choosing: choosingNames.order,
      bundles: [
        { code: 'code_of_the_bundle', supplier: '' },
        { code: 'code_to_buy_when_that_is_withdrawn', supplier: '' },
      ],
    },
    {
      ...{
        product: 'By product and options',
        variantId: '',
        sku: '',
        handle: 'travel-esim-europe',
        kind: 'eSIM',
        choosing: '',
      },
      ...{ options: ['5 GB', '30 days'], bundles: [{ code: 'code_of_the_bundle', supplier: 'eSIM Go' }] },
    },
  ]);
}

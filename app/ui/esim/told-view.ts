import { dataLabel, daysLabel } from '../../catalogue/bundle.ts';
import type { Told } from '../../desk/supplier-tells.server.ts';
import type { ProviderSale, TopUpOption } from '../../providers/contract.ts';
import type { Display } from '../display.ts';

/** What a supplier told of an eSIM, line by line in the reader's words. */
export function toldView({ sale, topUps }: Told, { show, locale }: { show: Display; locale: string }) {
  return {
    status: 'told' as const,
    facts: sale ? saleFacts(sale, { show, locale }) : [],
    topUps: topUps?.map((option) => topUpLabel(option, show)) ?? null,
  };
}

function saleFacts(
  { orderReference, purchasedAt, product }: ProviderSale,
  { show, locale }: { show: Display; locale: string },
): [string, string][] {
  const facts: [string, string | null][] = [
    ['Order', orderReference],
    ['Bought', purchasedAt && show.moment(purchasedAt)],
    ['Product', product && nameOf(product, locale)],
    ['Code', product?.code ?? null],
    ['Data', product && dataOf(product)],
    ['Validity', product?.days == null ? null : daysLabel(product.days)],
    ['APN', product?.apn ?? null],
    ['Hotspot', product?.hasHotspot == null ? null : product.hasHotspot ? 'Yes' : 'No'],
    ['When the data is used up', product?.afterwards ?? null],
    ['Calls', product?.calls ?? null],
  ];
  return facts.flatMap(([label, value]): [string, string][] =>
    value === null || value === '' ? [] : [[label, value]],
  );
}

type Product = NonNullable<ProviderSale['product']>;

/** In the reader's language, else in English, else in whatever there is. */
function nameOf({ names, code }: Product, locale: string): string {
  const [language = ''] = locale.toLowerCase().split('-');
  return names[locale] ?? names[language] ?? names['en'] ?? Object.values(names)[0] ?? code;
}

function dataOf({ dataBytes, isDaily }: Product): string {
  const data = dataLabel({ dataBytes, groups: [] });
  return isDaily ? `${data} a day` : data;
}

function topUpLabel({ description, bundle, cost }: TopUpOption, show: Display): string {
  return `${description === '' ? bundle : description}${cost ? `: ${show.cost(cost)}` : ''}`;
}

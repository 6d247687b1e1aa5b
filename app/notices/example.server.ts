import type { Language } from '../platform/language.ts';
import { after, currentTime, DAY } from '../platform/time.ts';
import type { Shop } from '../shopify/shops.server.ts';
import type { NoticeKind } from './notice.ts';
import { renderNoticeMail } from './notice-mail.tsx';

/** A mail as a traveller of the shop would get it, of an order that does not exist. Its links lead nowhere. */
export async function exampleNotice(
  shop: Shop,
  { kind, language }: { kind: NoticeKind; language: Language },
): Promise<{ subject: string; html: string }> {
  const { subject, html } = await renderNoticeMail({
    ...{ kind, locale: language, shopName: shop.name, orderName: '#1001' },
    esim: {
      ...{ index: 1, of: 1, dataBytes: 5_000_000_000n, days: 30 },
      destination: { countries: ['FR'], region: null, description: 'France' },
    },
    endsAt: after(DAY, currentTime()),
    ...{ installPageUrl: '#', topUpUrl: null, shopUrl: '#' },
  });
  return { subject, html };
}

import type { OrderAttention } from '../orders/attention.server.ts';
import { counted, lowerFirst } from './display.ts';
import { reasonText } from './reason-words.ts';

export interface AttentionItem {
  text: string;
  nextStep: string;
  url: string;
  link: string;
}

interface Findings {
  orders: OrderAttention;
  /** Names of suppliers that refused their key. */
  refusedKeys: string[];
  requestsNearDue: number;
}

const toOrders = { url: '/app/orders?state=attention', link: 'Show these orders' };
const toQueue = (reason: string | null) => ({
  url: `/app/queue${reason === null ? '' : `?reason=${reason}`}`,
  link: 'Decide what happens',
});
const toSuppliers = { url: '/app/settings/suppliers', link: 'Open suppliers' };

/** What waits for the merchant, the most pressing first. A test order waits for nobody. */
export function attentionItems({ orders, refusedKeys, requestsNearDue }: Findings): AttentionItem[] {
  const { waiting, unclaimed, refunded, withoutSupplier, failedMails, failedFulfilments } = orders;
  return [
    ...refusedKeys.map((supplier) => ({
      text: `${supplier} refused the key`,
      nextStep: 'Nothing is bought until you enter a key that works.',
      ...toSuppliers,
    })),
    ...waiting
      .filter(({ reason }) => reason !== 'test-order')
      .map(({ reason, count }) => {
        const { short, nextStep } = reasonText(reason);
        return { text: `${counted(count, 'eSIM')}: ${lowerFirst(short)}`, nextStep, ...toQueue(reason) };
      }),
    ...when(unclaimed, {
      text: `${counted(unclaimed, 'purchase')}: ${lowerFirst(reasonText('unclaimed').short)}`,
      nextStep: reasonText('unclaimed').sentence,
      ...toQueue('unclaimed'),
    }),
    ...when(refunded, {
      text: `${counted(refunded, 'eSIM')}: ${lowerFirst(reasonText('refunded').short)}`,
      nextStep: reasonText('refunded').sentence,
      ...toQueue('refunded'),
    }),
    ...when(withoutSupplier, {
      text: `${counted(withoutSupplier, 'paid eSIM')}: supplier disconnected`,
      nextStep: 'They are bought as soon as you connect the supplier again.',
      ...toSuppliers,
    }),
    ...when(failedMails, {
      text: `${counted(failedMails, 'e-mail')} could not be sent`,
      nextStep: 'The buyer sees the eSIM on the order status page. Ask for another address and resend it.',
      ...toOrders,
    }),
    ...when(failedFulfilments, {
      text: `${counted(failedFulfilments, 'order')} not marked as fulfilled in Shopify`,
      nextStep: 'The buyer has the eSIM. Mark the order as fulfilled in Shopify.',
      ...toOrders,
    }),
    ...when(requestsNearDue, {
      text: `${counted(requestsNearDue, 'privacy request')} due within a week`,
      nextStep: 'Do what the request says before its due date.',
      url: '/app/settings/privacy',
      link: 'Open privacy requests',
    }),
  ];
}

function when(count: number, item: AttentionItem): AttentionItem[] {
  return count > 0 ? [item] : [];
}

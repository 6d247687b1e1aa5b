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
  /** Suppliers that refused their key. */
  refusedKeys: { label: string; sells: boolean }[];
  requestsNearDue: number;
  /** Suppliers that do not answer, and since when. */
  down: { label: string; since: string }[];
}

const toOrders = { url: '/app/orders?state=attention', link: 'Show these orders' };
const toQueue = (reason: string | null) => ({
  url: `/app/queue${reason === null ? '' : `?reason=${reason}`}`,
  link: 'Decide what happens',
});
const toSuppliers = { url: '/app/settings/suppliers', link: 'Open suppliers' };

/** What waits for the merchant, the most pressing first. A test order waits for nobody. */
export function attentionItems({ orders, refusedKeys, requestsNearDue, down }: Findings): AttentionItem[] {
  const { waiting, unclaimed, refunded, disputes, failedRefunds } = orders;
  const { withoutSupplier, failedMails, failedFulfilments } = orders;
  return [
    ...refusedKeys.map(({ label, sells }) => ({
      text: `${label} refused the key`,
      nextStep: `${sells ? 'Nothing is bought there' : 'Usage is not read there'} until you enter a key that works.`,
      ...toSuppliers,
    })),
    ...down.map(({ label, since }) => ({
      text: `${label} does not answer since ${since}`,
      nextStep:
        'What another supplier on a product’s list sells is bought there; the rest waits. We ask again by ourselves every few minutes.',
      url: '/app/settings/suppliers',
      link: 'Open suppliers',
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
    ...when(disputes, {
      text: counted(disputes, 'disputed payment'),
      nextStep: reasonText('dispute').nextStep,
      ...toQueue('dispute'),
    }),
    ...when(failedRefunds, {
      text: `${counted(failedRefunds, 'refund')} that Shopify refused`,
      nextStep:
        'The eSIM is revoked, and the buyer has no money back. Open the order and try the refund again.',
      ...toOrders,
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

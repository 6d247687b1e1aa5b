import type { AlertDetail, AlertKind } from './alerts.ts';

export interface AlertText {
  /** The subject of the e-mail, and the line on the home page. */
  title: string;
  sentence: string;
  nextStep: string;
  /** Where in the app it is seen to. */
  page: string;
}

/** What an alert tells the merchant. `detail` comes from a stored row: what it lacks is left out. */
export function alertText(kind: AlertKind, detail: AlertDetail): AlertText {
  const supplier = String(detail['supplier'] ?? detail['stopped'] ?? 'Your supplier');
  switch (kind) {
    case 'key-refused':
      return {
        title: `${supplier} refused the key`,
        sentence: `${supplier} does not accept the key of your account any more, so no eSIM is bought. Paid orders wait.`,
        nextStep:
          'Enter a new key under Settings → Suppliers. Everything that waits is then bought by itself.',
        page: '/app/settings/suppliers',
      };
    case 'funds':
      return {
        title: `Your balance at ${supplier} is too low`,
        sentence: `${counted(detail['esims'], 'paid eSIM')} cannot be bought: the balance at ${supplier} is too low, or would fall below the reserve you set.`,
        nextStep: `Top up your account, on the Balance page or in the portal of ${supplier}. We look again every few minutes and buy by ourselves, in the order they were paid.`,
        page: '/app/balance',
      };
    case 'balance-low':
      return {
        title: `${String(detail['balance'])} left at ${supplier}`,
        sentence:
          detail['line'] === undefined
            ? `${supplier} called to say that your balance is low. Orders are still bought while it lasts.`
            : `The balance of your account at ${supplier} fell below ${String(detail['line'])}, the line you drew. Orders are still bought while it lasts.`,
        nextStep: `Top up your account at ${supplier}. The Balance page says for how many days it lasts.`,
        page: '/app/balance',
      };
    case 'parked':
      return {
        title: `${counted(detail['esims'], 'eSIM')} may have been bought and need your decision`,
        sentence:
          'The supplier may have taken money for them, and we cannot tell without you. We buy nothing twice, so they wait.',
        nextStep: 'Open the list: each says what is known and what you can do.',
        page: '/app/queue',
      };
    case 'orphan':
      return {
        title: `${counted(detail['orders'], 'purchase')} at ${supplier} without an order in your shop`,
        sentence: `${supplier} lists purchases that came from this app and belong to no order we know. Money was spent, and nothing was delivered for it.`,
        nextStep: 'Look at them in the list: choose the order each belongs to, or say that it is dealt with.',
        page: '/app/queue',
      };
    case 'database-restored':
      return {
        title: 'The app’s database was put back from a copy',
        sentence:
          detail['stopped'] === undefined
            ? `Purchases the copy had forgotten were found again at the supplier: ${count(detail['found'])}. Left for you to decide: ${count(detail['parked'])}.`
            : `Buying with ${supplier} is paused until its orders are compared with ours, so that nothing is bought twice. Paid orders wait.`,
        nextStep:
          'You need not do anything while buying is paused. Buyers of those hours may get the same eSIM by e-mail once more.',
        page: '/app/queue',
      };
    case 'orders-denied':
      return {
        title: 'Shopify does not let the app read your orders',
        sentence:
          'Shopify refuses to show your orders to the app, so it does not see new ones and buys no eSIM for them.',
        nextStep:
          'Open the app from your Shopify admin and agree to the permissions it asks for. Then press “Run now” beside “Shopify’s paid orders”: everything that waits is taken up at once. If it stays so, tell whoever runs this app.',
        page: '/app/settings/watch',
      };
    case 'signed-out':
      return {
        title: 'Shopify has signed the app out of your shop',
        sentence:
          'Shopify does not accept the app’s sign-in any more, so the app does not see new orders and buys no eSIM for them. eSIMs that were bought are still delivered.',
        nextStep:
          'Open the app from your Shopify admin: that signs it in again, and everything that waits is taken up by itself.',
        page: '/app',
      };
    case 'messages-stuck':
      return {
        title: `${counted(detail['messages'], 'message')} from Shopify could not be worked on`,
        sentence:
          'Shopify told the app what happened to an order or a product, and the app fails each time it follows it. The order may wait meanwhile. Nothing is thrown away: it is tried again every hour.',
        nextStep:
          'Open the list and press “Try again”. If it stays, tell whoever runs this app what the list says.',
        page: '/app/settings/watch',
      };
    case 'webhooks-missing':
      return {
        title: 'Shopify did not tell the app about paid orders',
        sentence:
          'We found paid orders by asking Shopify; its messages about them never came. We have subscribed to them again.',
        nextStep: 'Nothing needs to be done. If you get this again, tell whoever runs this app.',
        page: '/app/orders',
      };
    case 'mail-failed':
      return {
        title: `${counted(detail['orders'], 'order')} without the e-mail to the buyer`,
        sentence:
          'The eSIM was bought, and its e-mail could not be sent, often because of a mistyped address.',
        nextStep: 'The buyer sees the eSIM on the order status page. Ask for another address and resend it.',
        page: '/app/orders?state=attention',
      };
    case 'fulfilment-failed':
      return {
        title: `${counted(detail['orders'], 'order')} not marked as fulfilled in Shopify`,
        sentence: 'The buyer has the eSIM, but Shopify refused to mark the order as fulfilled.',
        nextStep: 'Open the order and mark it as fulfilled in Shopify.',
        page: '/app/orders?state=attention',
      };
    default:
      return kind satisfies never;
  }
}

function counted(value: string | number | undefined, noun: string): string {
  const number = count(value);
  return `${String(number)} ${noun}${number === 1 ? '' : 's'}`;
}

const count = (value: string | number | undefined) => (typeof value === 'number' ? value : 0);

import type { ProblemText } from './problem-words.ts';

export const privacyTopics = {
  'customers/data_request': {
    title: 'A customer asks what is kept about them',
    whatNext:
      'Open the customer’s orders in this app and send the customer what you see there: the e-mail address, the orders, the eSIMs and the times.',
  },
  'customers/redact': {
    title: 'A customer’s data is to be erased',
    whatNext:
      'Tell whoever runs this app, with the number of the request. They erase the e-mail address and the eSIMs of the orders it names.',
  },
  'shop/redact': {
    title: 'The data of your shop is to be erased',
    whatNext:
      'Shopify sent this after the app was removed. If you still use the app, tell whoever runs it that the data must stay.',
  },
} satisfies Record<string, ProblemText>;

/** What a privacy request asks, by the topic of its webhook. */
export function privacyText(topic: string): ProblemText {
  const texts: Record<string, ProblemText> = privacyTopics;
  return (
    (Object.hasOwn(texts, topic) ? texts[topic] : undefined) ?? {
      title: 'A privacy request',
      whatNext: 'Tell whoever runs this app, with the number of the request.',
    }
  );
}

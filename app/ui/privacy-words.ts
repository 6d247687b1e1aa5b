import type { ProblemText } from './problem-words.ts';

interface PrivacyText extends ProblemText {
  /** Of a request that is closed: what came of it. */
  done: string;
}

export const privacyTopics = {
  'customers/data_request': {
    title: 'A customer asks what is kept about them',
    whatNext:
      'Download the file, send it to the customer, and say here that you did. The codes of their eSIMs are not in it: they have them by e-mail.',
    done: 'You sent the customer what is kept about them.',
  },
  'customers/redact': {
    title: 'A customer’s data is to be erased',
    whatNext:
      'The app erases it by itself as soon as nothing of the customer’s orders waits any more, and looks every hour. If that takes long, something of them waits for you on the queue page.',
    done: 'The customer and their eSIMs are erased. The numbers and prices of their orders are kept for your books.',
  },
  'shop/redact': {
    title: 'The data of your shop is to be erased',
    whatNext: 'It is erased by itself once the app is removed from your shop.',
    done: 'Shopify sends this after an app was removed. You use the app again, so nothing was erased.',
  },
} satisfies Record<string, PrivacyText>;

/** What a privacy request asks, by the topic of its webhook. */
export function privacyText(topic: string): PrivacyText {
  const texts: Record<string, PrivacyText> = privacyTopics;
  return (
    (Object.hasOwn(texts, topic) ? texts[topic] : undefined) ?? {
      title: 'A privacy request',
      whatNext: 'Tell whoever runs this app, with the number of the request.',
      done: 'Done.',
    }
  );
}

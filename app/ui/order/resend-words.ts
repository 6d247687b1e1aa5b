import { z } from 'zod';
import type { ResendRefusal } from '../../delivery/resend.server.ts';

/** An address to send the eSIMs of an order to. Left empty: the order's own. */
export const OwnOrOther = z
  .string()
  .trim()
  .refine(
    (text) => text === '' || z.email().safeParse(text).success,
    'Enter an e-mail address, such as name@example.com.',
  );

export const whyNotResent: Record<ResendRefusal, string> = {
  'no-esims': 'This order has no eSIM yet, so there is nothing to send.',
  'no-address': 'The order has no e-mail address. Enter one.',
  'too-many':
    'The e-mail of this order was sent five times within a day. Try again tomorrow, or give the buyer the link to the order status page.',
};

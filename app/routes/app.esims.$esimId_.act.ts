import { json, type ActionFunctionArgs } from '@remix-run/node';
import { z } from 'zod';
import { resendOrder } from '../delivery/resend.server.ts';
import { doToEsim } from '../desk/do.server.ts';
import { endAction } from '../desk/open-actions.server.ts';
import { orderToResend } from '../desk/resend.server.ts';
import { fitsOneSms } from '../desk/sms.ts';
import { LANGUAGES } from '../platform/language.ts';
import { requireShop } from '../shopify/auth.server.ts';
import { notFound } from '../ui/edge.server.ts';
import type { DeskAnswer } from '../ui/esim/answer.ts';
import { deskAnswer } from '../ui/esim/ended.server.ts';
import { parseForm } from '../ui/form.server.ts';
import { OwnOrOther, whyNotResent } from '../ui/order/resend-words.ts';

// Made by the page when it asks: the same press twice is one.
const actionId = z.uuid('Load the page again.');
const seen = z.string().min(1, 'Load the page again.').max(2000, 'Load the page again.');

const Intent = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('refresh'), actionId }),
  z.object({ intent: z.literal('replace'), actionId }),
  z.object({ intent: z.enum(['suspend', 'unsuspend', 'remove']), actionId }),
  z.object({
    ...{ intent: z.literal('sms'), actionId },
    message: z
      .string()
      .trim()
      .refine(
        fitsOneSms,
        'Write a message that fits one text: 160 characters, or 70 with letters beyond the short alphabet.',
      ),
  }),
  z.object({
    ...{ intent: z.literal('reference'), actionId },
    reference: z
      .string()
      .trim()
      .min(1, 'Enter a reference.')
      .max(100, 'Enter at most 100 characters.')
      .regex(/^[^\p{Cc}]*$/u, 'Enter it in one line.'),
  }),
  z.object({ intent: z.literal('top-up'), actionId, bundleId: z.uuid('Choose a bundle.'), seen }),
  z.object({ intent: z.literal('revoke'), actionId, bundleKey: z.string().min(1).max(200), seen }),
  z.object({
    ...{ intent: z.literal('resend'), actionId, email: OwnOrOther },
    // Left empty: the order's own.
    language: z.enum([...LANGUAGES, ''], 'Choose one of the languages.'),
  }),
  z.object({
    ...{ intent: z.literal('end'), action: z.string().min(1).max(200) },
    happened: z.enum(['yes', 'no'], 'Say whether it was done.'),
  }),
]);

/** What staff do with one eSIM. */
export async function action({ request, params }: ActionFunctionArgs) {
  const { shop, staff: by } = await requireShop(request);
  const esimId = params['esimId'] ?? '';
  const form = await parseForm(request, Intent);
  if (form.status === 'invalid') return json<DeskAnswer>(form, 400);
  const { input } = form;
  switch (input.intent) {
    case 'resend': {
      const orderId = await orderToResend(shop, esimId);
      if (orderId === null) throw notFound();
      const outcome = await resendOrder(shop, orderId, {
        ...{ id: input.actionId, by, email: input.email === '' ? null : input.email },
        language: input.language === '' ? null : input.language,
      });
      return outcome.status === 'queued'
        ? json<DeskAnswer>({ status: 'done', toast: 'The e-mail is on its way' })
        : json<DeskAnswer>({ ...outcome, sentence: whyNotResent[outcome.reason] }, 409);
    }
    case 'end': {
      const decision = { actionId: input.action, happened: input.happened === 'yes', by };
      return (await endAction(shop, { esimId, ...decision }))
        ? json<DeskAnswer>({ status: 'done', toast: 'Closed' })
        : json<DeskAnswer>({ status: 'refused', reason: 'changed', sentence: nothingWaits }, 409);
    }
    default: {
      const ended = await doToEsim(shop, esimId, input, { actionId: input.actionId, by });
      if (!ended) throw notFound();
      return deskAnswer(input.intent, ended);
    }
  }
}

const nothingWaits = 'It does not wait for a decision any more. Load the page again to see what it came to.';

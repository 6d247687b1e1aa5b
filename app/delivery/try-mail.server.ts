import { failpoint } from '../platform/failpoint.server.ts';
import { MailError, sendMail, type Mail, type MailErrorKind } from '../platform/mail.server.ts';
import { BudgetExhausted, takeTurn } from '../platform/rate-limit.server.ts';
import { backOff, HOUR, MINUTE, SECOND } from '../platform/time.ts';

// With the longest pause of an hour: most of a day.
const MOST_TRIES = 24;

/** How one try to send a mail to a buyer ended. */
export type Tried =
  | { status: 'sent'; messageId: string }
  | { status: 'nothing-to-send' }
  | { status: 'no-turn' } // nothing was tried: ask again after `NO_TURN_MS`
  | { status: 'failed'; problem: MailError; isFinal: boolean; retryInMs: number };

/** When to ask again for whom there was no turn: a queue of mails that waits longer and longer would let the late ones by. */
export const NO_TURN_MS = 5 * SECOND;

/** The pause before the next try, for whom a process dies in this one. */
export const pauseBeforeTry = (tries: number): number => backOff(tries, 2 * SECOND, HOUR);

/**
 * One try, the n-th from 1, of a mail that stands in a row. The mail's key makes a repeat harmless, as long as `compose`
 * writes the same; null when there is nothing left to send.
 */
export async function tryMail(tries: number, compose: () => Promise<Mail | null>): Promise<Tried> {
  try {
    // Resend allows 5 requests a second for the whole team.
    await takeTurn('resend', 4, 10 * SECOND);
    const mail = await compose();
    if (!mail) return { status: 'nothing-to-send' };
    failpoint('mail.before-send');
    const messageId = await sendMail(mail);
    failpoint('mail.sent');
    return { status: 'sent', messageId };
  } catch (error) {
    if (error instanceof BudgetExhausted) return { status: 'no-turn' };
    if (!(error instanceof MailError)) throw error;
    return {
      status: 'failed',
      problem: error,
      isFinal: error.kind === 'refused' || tries >= MOST_TRIES,
      retryInMs: pauseAfter(error.kind, tries),
    };
  }
}

// Whoever runs the server needs a while to mend it.
const pauseAfter = (kind: MailErrorKind, tries: number) =>
  kind === 'credentials' ? 10 * MINUTE : pauseBeforeTry(tries);

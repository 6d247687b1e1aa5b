import { expect, test } from 'vitest';
import type { DeskKind } from '../../desk/deed.ts';
import { deedName, deedWords, deskRefusal, doubtSentence, knownRefusals } from './deed-words.ts';

// The keys are its type's.
const kinds = Object.keys(deedWords) as DeskKind[];

test('every refusal of everything staff can ask says what happened, what was left as it was, and what to do next', () => {
  for (const kind of kinds)
    for (const reason of [...knownRefusals, 'from-the-ledger', 'toString']) {
      const sentence = deskRefusal(kind, reason, null);
      expect(sentence, `${kind} ${reason}`).toMatch(/^[A-Z].*\. .*\.$/);
      expect(sentence, `${kind} ${reason}`).not.toContain('undefined');
      expect(sentence.includes(deedWords[kind].nothing)).toBe(reason !== 'unknown-outcome');
    }
});

test('what the supplier said is quoted', () => {
  expect(deskRefusal('sms', 'rejected', 'the eSIM has no MSISDN')).toBe(
    'The supplier said no. Its words: “the eSIM has no MSISDN”. Nothing was sent. Only an eSIM with a telephone number gets texts. If you do not see why, ask its support.',
  );
});

test('a doubt is never called a failure', () => {
  for (const kind of kinds) expect(doubtSentence(kind)).toMatch(/may have been done.*not asked for again/);
  expect(deedName('stock-refund')).toBe('what was asked');
});

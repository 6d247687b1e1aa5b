import { MINUTE } from '../../app/platform/time.ts';
import type { AttemptRow } from './sim-books.ts';
import { wake } from './sim-jobs.ts';
import { othersThan } from './sim-plan.ts';
import { conclude, gatherEvidence } from './sim-purchases.ts';
import { LONGEST_LATE_MS } from './sim-supplier.ts';
import { anyMachine, at, note, spawn, type Doing, type Machine, type Run } from './sim-run.ts';

/** The merchant looks in now and then, and decides about some of what is parked: half of it stays where it is. */
export function lookIn(run: Run, decided: Set<string>): void {
  for (const attempt of run.books.attempts.values()) {
    if (attempt.state !== 'parked' || decided.has(attempt.id)) continue;
    // A person is not as quick as a timer, and the page says how long a lost order may take to be listed.
    if (run.now - attempt.settledAt < 30 * MINUTE) continue;
    decided.add(attempt.id);
    if (run.random.chance(0.5)) continue;
    const clicks = run.random.chance(0.2) ? 2 : 1; // two members of staff, two tabs
    const wish = run.random.next();
    for (let click = 0; click < clicks; click++) {
      at(run, run.now + run.random.between(0, 400), () => {
        const machine = anyMachine(run);
        if (machine) spawn(run, machine, decide(run, machine, attempt, wish));
      });
    }
  }
  for (const unit of run.books.units) {
    if (unit.state === 'held' && unit.holdUntil === null && run.random.chance(0.7)) {
      if (unit.reason === 'loss') unit.takesLoss = true;
      unit.state = 'paid';
      unit.reason = null;
      unit.passedOver = [];
      wake(run, { job: 'buy', id: unit.account.name });
    }
  }
}

function* decide(run: Run, machine: Machine, attempt: AttemptRow, wish: number): Doing {
  yield 5;
  if (attempt.state !== 'parked') return;
  if (wish < 0.2) {
    note(run, `the merchant closes ${attempt.id}`);
    yield* conclude(run, machine, attempt.id, { type: 'closed' });
    return;
  }
  if (attempt.orderReference === null) {
    // The second look: what might be the lost order is shown, and nothing is bought again before it is dealt with.
    const { fits, foreign } = yield* gatherEvidence(run, machine, attempt);
    const [first] = fits.length > 0 ? fits : foreign;
    if (first) {
      const isFarOff = first.createdAt.getTime() - attempt.sentAt.getTime() > LONGEST_LATE_MS;
      if (isFarOff || (fits.length === 0 && wish < 0.6)) return;
      note(run, `the merchant names ${first.orderReference} for ${attempt.id}`);
      yield* conclude(run, machine, attempt.id, { type: 'found' }, { purchase: first });
      return;
    }
  }
  attempt.byPerson = true;
  // What the supplier shows no order of may be given another bundle, perhaps another supplier's.
  const isOther = attempt.reason === 'no-such-order' && wish > 0.75;
  const others = isOther ? othersThan(attempt.bundle) : [];
  const instead = others[Math.floor(run.random.next() * others.length)];
  const what = instead ? `${instead.bundle} of ${instead.account} instead` : 'again';
  note(run, `the merchant buys ${what} for ${attempt.id}`);
  yield* conclude(run, machine, attempt.id, { type: 'bought-again' }, { ...(instead && { instead }) });
}

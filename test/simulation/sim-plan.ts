import { lossOf } from '../../app/products/loss.ts';
import { marginTeller } from '../../app/products/pricing.ts';
import { onward, waitFor, type PassReason, type Plan } from '../../app/purchases/pass-on.ts';
import { accountNamed, type AccountName, type UnitRow } from './sim-books.ts';
import { wake } from './sim-jobs.ts';
import { clock, note, type Machine, type Run } from './sim-run.ts';
import { priceAt, prices, usuallyDearer } from './sim-supplier.ts';

/** Who sells each variant's bundle, in the merchant's order. One has nobody to fall back on. */
const sellers: Record<string, AccountName[]> = {
  france: ['A', 'B'],
  germany: ['B', 'A'],
  world: ['A'],
};

/** What the shop asks for a piece, in cents: a fifth more than account A. */
const asked = (bundle: string) => Math.round((prices[bundle] ?? 0) * 1.2);

const tell = marginTeller({
  ...{ currency: 'USD', rounding: 'none', feePercent: '0', feeFixedMinor: 0, ladder: false },
  ...{ minMarginPercent: '0', minMarginMinor: 0, rates: new Map() },
});

/** Whether the unit would be bought for more than it was sold for, which nobody has spoken of. */
export function losesMoney({ suppliers }: Run, { bundle, account: { name }, takesLoss }: UnitRow): boolean {
  const [first = 'A'] = sellers[bundle] ?? [];
  const costs = (cents: number) => ({ amount: (cents / 100).toFixed(2), currency: 'USD' });
  const now = (of: AccountName) => costs(priceAt(suppliers[of], bundle));
  const whenLinked = costs(priceAt({ ...suppliers[first], dearer: usuallyDearer[first] }, bundle));
  const sold = { price: asked(bundle), first: { now: now(first), whenLinked } };
  return !takesLoss && lossOf(tell, sold, now(name)) !== null;
}

export function planOf({ books }: Run, bundle: string): Plan {
  return {
    choosing: 'order',
    list: (sellers[bundle] ?? []).map((name) => {
      const { state, breaker } = accountNamed(books, name);
      return {
        ...{ bundleId: `${name} ${bundle}`, accountId: name, supplier: name, code: bundle },
        ...{ isWithdrawn: false, accountState: state, isDown: breaker.downSince !== null },
        ...{ cost: null, hasStock: false },
      };
    }),
  };
}

/** Bundles that a person may give instead of one, each of whoever sells it. */
export function othersThan(bundle: string): { bundle: string; account: AccountName }[] {
  return Object.entries(sellers).flatMap(([other, names]) =>
    other === bundle ? [] : names.map((account) => ({ bundle: other, account })),
  );
}

/** As the app's own: the unit is bought of the next on its list, or waits. False: there is none. */
export function passOn(run: Run, machine: Machine, unit: UnitRow, why: PassReason): boolean {
  const now = new Date(clock(run, machine));
  const { name } = unit.account;
  const passed = { bundleId: `${name} ${unit.bundle}`, accountId: name, why, at: now.toISOString() };
  const passedOver = [...unit.passedOver, passed].slice(-20);
  const next = onward(planOf(run, unit.bundle), passedOver, now);
  if (!next || unit.goneAt !== null || unit.takesLoss) return false;
  const wait = next.to === 'wait' ? waitFor(next.why) : null;
  note(run, `${unit.id} is passed on from ${name} to ${next.candidate.accountId}: ${why}`);
  unit.account = accountNamed(run.books, next.candidate.accountId);
  unit.passedOver = passedOver;
  unit.state = wait?.state ?? 'paid';
  unit.reason = wait?.reason ?? null;
  unit.holdUntil = wait?.untilMs == null ? null : now.getTime() + wait.untilMs;
  unit.attemptId = null;
  unit.since = run.now;
  wake(run, { job: 'buy', id: unit.account.name });
  return true;
}

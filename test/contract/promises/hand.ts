import type { EsimProvider } from '../../../app/providers/contract.ts';
import { buyOne } from './asking.ts';
import type { LookUpSupplier, OnTrial } from './supplier.ts';
import type { Trial } from './trial.ts';

/** What every promise can be tried on. */
export type AnyTrial = Trial<OnTrial, EsimProvider>;

/** What a promise to any supplier needs besides: one way to come by an eSIM, and a traveller. */
export interface Hand {
  /** The ICCID of an eSIM that the account has. */
  anEsim: () => Promise<string>;
  /** Its traveller uses some data. */
  travel: (iccid: string) => Promise<void>;
}

export function handOfSeller(trial: Trial): Hand {
  return {
    anEsim: async () => (await buyOne(trial.connect('good'))).iccid,
    travel: (iccid) => trial.supplier.useData(iccid, { bytes: 1_000_000, iso: 'FR' }),
  };
}

export function handOfOther(trial: { readonly supplier: LookUpSupplier }): Hand {
  return {
    anEsim: () => Promise.resolve(trial.supplier.buyByHand().iccid),
    travel: (iccid) => {
      trial.supplier.useData(iccid, 1_000_000);
      return Promise.resolve();
    },
  };
}

/** What became of an answer, whatever it was. */
export async function outcomeOf(answer: Promise<unknown> | undefined): Promise<unknown> {
  return answer?.then(
    () => 'answered',
    (error: unknown) => error,
  );
}

import { describe } from 'vitest';
import type { EsimProvider, SellingProvider } from '../../app/providers/contract.ts';
import { promiseBudget } from './promises/budget.ts';
import { promiseCallbacks } from './promises/callbacks.ts';
import { deeds, purchasesAndTheLike, reads, readsOfSellers } from './promises/calls.ts';
import { promiseCancellation, promiseCancelledPurchases } from './promises/cancellation.ts';
import { promiseCard } from './promises/card.ts';
import { promiseCatalogue } from './promises/catalogue.ts';
import { promiseClocks, promiseClocksOfSellers } from './promises/clocks.ts';
import { promiseDoubt } from './promises/doubt.ts';
import { promiseEsims } from './promises/esims.ts';
import { promiseFailures } from './promises/failures.ts';
import { handOfOther, handOfSeller } from './promises/hand.ts';
import { promiseLookUps } from './promises/look-ups.ts';
import { promiseOrders } from './promises/orders.ts';
import { promiseRevokes } from './promises/revokes.ts';
import { promiseStock } from './promises/stock.ts';
import type { LookUpSupplier, Supplier } from './promises/supplier.ts';
import { promiseTexts } from './promises/texts.ts';
import { promiseTopUps } from './promises/top-ups.ts';
import { openTrial, type Entry, type Sells } from './promises/trial.ts';

/** The promises of app/providers/contract.ts, to be kept by every adapter against its sandbox server. */
export function describeProvider(
  title: string,
  entry: Entry<SellingProvider>,
  openSupplier: (sells: Sells) => Promise<Supplier>,
) {
  describe(title, () => {
    const trial = openTrial(entry, openSupplier);
    promiseCatalogue(trial);
    promiseOrders(trial);
    promiseDoubt(trial);
    promiseStock(trial);
    promiseCard(trial);
    promiseRevokes(trial);
    promiseTopUps(trial);
    promiseEsims(trial);
    promiseTexts(trial);
    promiseCallbacks(trial);
    promiseFailures(trial);
    promiseCancellation(trial, handOfSeller(trial), readsOfSellers);
    promiseCancelledPurchases(trial);
    promiseClocks(trial, handOfSeller(trial));
    promiseClocksOfSellers(trial);
    promiseBudget(trial, handOfSeller(trial), [...readsOfSellers, ...deeds, ...purchasesAndTheLike]);
  });
}

/** The same for a supplier that sells nothing over its API, and is only asked about eSIMs. */
export function describeLookUps(
  title: string,
  entry: Entry<EsimProvider>,
  openSupplier: () => Promise<LookUpSupplier>,
) {
  describe(title, () => {
    const trial = openTrial(entry, openSupplier);
    promiseLookUps(trial);
    promiseCancellation(trial, handOfOther(trial), reads);
    promiseClocks(trial, handOfOther(trial));
    promiseBudget(trial, handOfOther(trial), [...reads, ...deeds]);
  });
}

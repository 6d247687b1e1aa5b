import { afterEach } from 'vitest';
import type { ProviderAnswer, ProviderConnection } from '../../../app/providers/connection.ts';
import type { EsimProvider, SellingProvider } from '../../../app/providers/contract.ts';
import type { OnTrial, Supplier } from './supplier.ts';

/** With everything the supplier sells, or with a few countries only, among them FR. */
export type Sells = 'everything' | 'a little';

/** A supplier for each test, and an adapter that is asked. */
export interface Trial<Of extends OnTrial = Supplier, Adapter extends EsimProvider = SellingProvider> {
  /** Opens the supplier of this test; it closes with the test. */
  open: (who?: Who, sells?: Sells) => Promise<Adapter>;
  /** One more adapter of the supplier that is open. */
  connect: (who: Who, wiring?: Wiring) => Adapter;
  /** The one that was opened last. */
  readonly supplier: Of;
  /** What the adapters said of every answer. */
  readonly log: ProviderAnswer[];
  /** After which an adapter gives an answer up. */
  patienceMs: number;
  /** That time is over for all that is asked now. */
  loseTime: () => void;
}

type Who = keyof OnTrial['credentials'];
type Wiring = Partial<Pick<ProviderConnection<unknown>, 'fetch' | 'signal'>>;

/** What a supplier's line in the registry says of its adapter. */
export interface Entry<Adapter extends EsimProvider> {
  create: (connection: ProviderConnection<unknown>) => Adapter;
}

/** For all but what never answers: only what hangs meets it, also on a busy machine. */
export const PATIENCE_MS = 60_000;

/** To be called inside a `describe`, whose tests it serves. */
export function openTrial<Of extends OnTrial, Adapter extends EsimProvider>(
  { create }: Entry<Adapter>,
  openSupplier: (sells: Sells) => Promise<Of>,
): Trial<Of, Adapter> {
  let supplier: Of;
  let log: ProviderAnswer[];
  afterEach(async () => {
    await supplier.close();
  });
  let over = new AbortController();
  const patient: typeof fetch = (input, init) => {
    const late = [AbortSignal.timeout(trial.patienceMs), over.signal];
    return fetch(input, { ...init, signal: AbortSignal.any(init?.signal ? [...late, init.signal] : late) });
  };
  const trial: Trial<Of, Adapter> = {
    open: async (who = 'good', sells = 'a little') => {
      supplier = await openSupplier(sells);
      log = [];
      trial.patienceMs = PATIENCE_MS;
      return trial.connect(who);
    },
    connect: (who, wiring) => {
      const { credentials, baseUrl } = supplier;
      return create({
        ...{ credentials: credentials[who], baseUrl, fetch: patient, ...wiring },
        onAnswer: (answer) => log.push(answer),
      });
    },
    get supplier() {
      return supplier;
    },
    get log() {
      return log;
    },
    patienceMs: PATIENCE_MS,
    loseTime: () => {
      // As AbortSignal.timeout says it.
      over.abort(new DOMException('the time is over', 'TimeoutError'));
      over = new AbortController();
    },
  };
  return trial;
}

import type { Charged, Refused, SellingProvider } from '../contract.ts';
import { refusalOf400, type EsimGoApi } from './api.server.ts';
import * as map from './map.ts';
import * as wire from './wire.ts';

/** The account itself: its money, its card, and the groups of bundles it may sell. */
export function accountOf({ send, ofThisAccount, getBalance }: EsimGoApi) {
  return {
    getBalance,

    async chargeCard(amount) {
      if (!Number.isInteger(amount) || amount < 1)
        throw new RangeError(`a card is charged whole units, not ${String(amount)}`);
      // Asked for first: the answer to the charge names no currency.
      const { currency } = await getBalance();
      return ofThisAccount(
        send<Charged | Refused>({
          act: 'charge card',
          path: '/organisation/balance',
          query: [['amount', String(amount)]],
          schema: wire.CardCharge.transform((answer) => map.toCharged(answer, currency)),
          more: { method: 'POST', reference: String(amount), buys: true, refusal: refusalOf400 },
        }),
      );
    },

    listGroups() {
      return send({ act: 'list groups', path: '/organisation/groups', schema: wire.Groups });
    },
  } satisfies Partial<SellingProvider>;
}

import type { GuardSettings } from './guards.server.ts';
import type { SupplierSettings } from './supplier-settings.server.ts';

/** What the form of settings before money moves holds, as it is posted; an account's fields are named `<field> <account id>`. */
export type BuyingForm = Record<string, string>;

export function buyingForm(
  { riskHold, buyDelayMinutes, mostPerOrder, priceGuardPercent, buyTestOrders }: GuardSettings,
  accounts: Omit<SupplierSettings, 'label' | 'currency'>[],
): BuyingForm {
  return {
    riskHold,
    buyDelayMinutes: String(buyDelayMinutes),
    mostPerOrder: mostPerOrder === null ? '' : String(mostPerOrder),
    priceGuardPercent: priceGuardPercent === null ? '' : String(priceGuardPercent),
    buyTestOrders: switched(buyTestOrders),
    ...Object.fromEntries(
      accounts.flatMap(({ accountId, reserve, stockFirst, rebuyAfterProof }) => [
        [`reserve ${accountId}`, reserve.toFixed()],
        [`stockFirst ${accountId}`, switched(stockFirst)],
        [`rebuy ${accountId}`, switched(rebuyAfterProof)],
      ]),
    ),
  };
}

const switched = (isOn: boolean) => (isOn ? 'on' : '');

import { sells, type EsimProvider, type SellingProvider } from '../../../app/providers/contract.ts';
import { catalogue, purchases } from './asking.ts';

/** A question to an adapter about an eSIM, or its account; undefined where the adapter does not have it. */
export type Call = [
  name: string,
  call: (provider: EsimProvider, iccid: string) => Promise<unknown> | undefined,
];

/** What any supplier may be asked. */
export const reads: Call[] = [
  ['profile', (provider, iccid) => provider.getEsim(iccid)],
  ['plans', (provider, iccid) => provider.listAssignments(iccid)],
  ['history', (provider, iccid) => provider.listHistory?.(iccid)],
  ['sale', (provider, iccid) => provider.readSale?.(iccid)],
  ['top-ups', (provider, iccid) => provider.listTopUps?.(iccid)],
  ['offer', (provider, iccid) => provider.offerRevoke?.({ iccid, bundle: 'any' })],
];

export const deeds: Call[] = [
  ['suspend', (provider, iccid) => provider.suspend?.(iccid)],
  ['unsuspend', (provider, iccid) => provider.unsuspend?.(iccid)],
  ['delete', (provider, iccid) => provider.deleteEsim?.(iccid)],
];

/** What a supplier may be asked that sells. */
export const readsOfSellers: Call[] = [
  ...reads,
  ['balance', ofSeller((provider) => provider.getBalance())],
  ['catalogue', ofSeller(catalogue)],
  ['validation', ofSeller((provider) => provider.validateOrder({ bundle: 'any', quantity: 1 }))],
  ['purchases', ofSeller((provider) => purchases(provider, new Date(0)))],
  ['order', ofSeller((provider) => provider.getOrder('no-such-order'))],
  ['location', (provider, iccid) => provider.locate?.(iccid)],
  ['bundle', (provider) => provider.getBundle?.('any')],
  ['compatibility', (provider, iccid) => provider.isCompatible?.({ iccid, bundle: 'any' })],
  ['stock', (provider) => provider.listStock?.()],
  ['groups', (provider) => provider.listGroups?.()],
  ['networks', (provider) => provider.listNetworks?.(['FR'])],
];

/** What a seller is asked to do once. */
export const purchasesAndTheLike: Call[] = [
  ['purchase', ofSeller((provider) => provider.placeOrder({ bundle: 'any', quantity: 1 }))],
  ['top-up', (provider, iccid) => provider.topUp?.({ iccid, bundle: 'any' })],
  ['application from stock', (provider) => provider.applyFromStock?.({ bundle: 'any', quantity: 1 })],
  ['revoke', (provider, iccid) => provider.revoke?.({ iccid, bundle: 'any' })],
  ['text', (provider, iccid) => provider.sendSms?.({ iccid, message: 'Hello' })],
  ['card', (provider) => provider.chargeCard?.(1_000)],
];

function ofSeller(ask: (provider: SellingProvider) => Promise<unknown>): Call[1] {
  return (provider) => (sells(provider) ? ask(provider) : undefined);
}

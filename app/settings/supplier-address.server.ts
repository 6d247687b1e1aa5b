import { config } from '../platform/config.server.ts';
import { outwardFetch } from '../platform/outward.server.ts';
import { isPublicAddress } from './public-address.ts';

/** Whether an address that a merchant typed may be asked: one on the internet, or one of a host the operator allows. */
export function mayAsk(address: string): boolean {
  return isAllowed(address) || isPublicAddress(address);
}

/** How an address that a merchant typed is asked: with a look at where its name leads, save for a host the operator allows. */
export function fetchAt(address: string): typeof fetch {
  if (isAllowed(address)) return fetch;
  return mayAsk(address) ? outward : outwardFetch(() => false);
}

const outward = outwardFetch();

const isAllowed = (address: string) =>
  URL.canParse(address) && config.SUPPLIER_HOSTS_ALLOWED.includes(new URL(address).host);

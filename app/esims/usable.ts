import type { ProviderEsim } from '../providers/contract.ts';
import { activationCode, isIccid } from './activation-code.ts';

/** Whether a phone can install what the supplier gave. What cannot be right is never sent to a buyer. */
export function isUsable(esim: ProviderEsim): boolean {
  if (!isIccid(esim.iccid)) return false;
  try {
    activationCode(esim);
    return true;
  } catch {
    return false; // RangeError: a part is missing or was cut
  }
}

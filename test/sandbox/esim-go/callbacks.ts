import { createHmac } from 'node:crypto';
import { countries } from './countries.ts';
import type { Assignment, Esim, Organisation } from './state.ts';
import { dollars, nanoDate, type Vendor } from './vendor.ts';

export const callbackKinds = [
  'Utilisation',
  'FirstUse',
  'FirstAttachment',
  'CountryChange',
  'ProfileStatusChange',
  'LowBalance',
  'InsufficientBalance',
  'Topup',
  'AutoTopup',
  'eSIMGoTopup',
  'MSISDNEnabled',
  'MSISDNDisabled',
  'SMSFailed',
  'esim.deletion_scheduled',
  'esim.deleted',
] as const;

export type CallbackKind = (typeof callbackKinds)[number];

export interface CallbackDelivery {
  kind: CallbackKind;
  /** Null when nobody answered. */
  status: number | null;
  body: string;
}

/** Long, since a call that is lost comes never again: only who hangs meets it, and no busy machine. */
const TIMEOUT_MS = 60_000;
/** Dollars; what the vendor warns at unless told otherwise. */
const LOW_BALANCE = 100;

/**
 * POSTs a callback to the organisation's URL and says how it was answered; nothing is sent, and nothing answered,
 * when no URL is set. The vendor sends once and does not repeat.
 */
export async function sendCallback(
  vendor: Vendor,
  organisation: Organisation,
  kind: CallbackKind,
  esim: Esim | null,
): Promise<CallbackDelivery[]> {
  const url = organisation.callbackUrl;
  if (url === null) return [];
  const body = callbackBody(vendor, organisation, kind, esim);
  // One that is left open and idle the app closes, perhaps the moment another call would use it.
  const headers: Record<string, string> = { 'content-type': 'application/json', connection: 'close' };
  if (organisation.callbackVersion === 3) {
    headers['x-signature-sha256'] = createHmac('sha256', organisation.apiKey)
      .update(body)
      .digest(organisation.callbackSignature);
  }

  const times = vendor.conducts.strike('calls-back-twice') ? 2 : 1;
  const deliveries: CallbackDelivery[] = [];
  for (let sent = 0; sent < times; sent++) {
    const status = await fetch(url, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).then(
      // Read to its end: Node's client does not bear that a connection closes on a body nobody reads.
      (response) => response.text().then(() => response.status),
      () => null,
    );
    deliveries.push({ kind, status, body });
  }
  return deliveries;
}

function callbackBody(
  vendor: Vendor,
  organisation: Organisation,
  kind: CallbackKind,
  esim: Esim | null,
): string {
  // Version 2 sends the ICCID as a JSON number of 19 digits, which JavaScript cannot hold: it is written as text.
  const iccid =
    organisation.callbackVersion === 2 ? (esim?.iccid ?? 'null') : JSON.stringify(esim?.iccid ?? null);
  const fields = (rest: object) => `{"iccid":${iccid},${JSON.stringify(rest).slice(1)}`;
  const assignment = esim?.assignments.findLast(({ revokedAt }) => revokedAt === null);

  const at = nanoDate(vendor.now());
  switch (kind) {
    case 'Utilisation':
    case 'FirstUse':
      return fields({
        alertType: kind,
        bundle: assignment ? bundleBody(vendor, organisation, assignment) : null,
      });
    case 'MSISDNEnabled':
      return fields({ alertType: kind, msisdn: esim?.msisdn ?? '' });
    case 'MSISDNDisabled':
      return fields({ alertType: kind, msisdn: esim?.msisdn ?? '', reason: 'Bundle expired' });
    case 'SMSFailed':
      return fields({ alertType: kind, timestamp: at });
    case 'FirstAttachment':
      return fields({ alertType: kind });
    case 'CountryChange':
      return fields({ alertType: kind, country: countryBody(esim) });
    case 'ProfileStatusChange':
      // Assumed: the vendor's page shows the fields and not the word.
      return fields({ alertType: kind, profileStatus: esim?.profileStatus ?? 'Released', date: at });
    case 'LowBalance':
    case 'InsufficientBalance':
      return JSON.stringify({
        alertType: kind,
        balanceInfo: {
          balance: dollars(organisation.balanceUnits),
          threshold: LOW_BALANCE,
          thresholdPercentRemaining: (dollars(organisation.balanceUnits) / LOW_BALANCE) * 100,
        },
      });
    case 'Topup':
    case 'AutoTopup':
    case 'eSIMGoTopup': {
      const newAmount = dollars(organisation.balanceUnits);
      return JSON.stringify({ alertType: kind, oldAmount: newAmount - 1000, newAmount });
    }
    case 'esim.deletion_scheduled':
    case 'esim.deleted':
      return fields({ event: kind, date: at });
    default:
      return kind satisfies never;
  }
}

function countryBody(esim: Esim | null) {
  const code = esim?.location?.iso ?? 'GB';
  return { code, name: countries.find(({ iso }) => iso === code)?.name ?? code };
}

function bundleBody(vendor: Vendor, organisation: Organisation, assignment: Assignment) {
  return {
    ...(organisation.callbackVersion === 3
      ? { id: String(assignment.id), reference: assignment.reference }
      : {}),
    name: assignment.bundle,
    description: vendor.catalogue.get(assignment.bundle)?.description ?? assignment.bundle,
    initialQuantity: assignment.initialBytes ?? -1,
    remainingQuantity: assignment.initialBytes === null ? -1 : assignment.initialBytes - assignment.usedBytes,
    startTime: nanoDate(assignment.startedAt ?? assignment.assignedAt),
    endTime: nanoDate(assignment.endsAt ?? assignment.assignedAt),
    unlimited: assignment.initialBytes === null,
  };
}

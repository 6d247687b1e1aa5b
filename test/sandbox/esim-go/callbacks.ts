import { createHmac } from 'node:crypto';
import type { Assignment, Esim, Organisation } from './state.ts';
import { dollars, nanoDate, type Vendor } from './vendor.ts';

export const callbackKinds = [
  'Utilisation',
  'FirstUse',
  'FirstAttachment',
  'CountryChange',
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

const TIMEOUT_MS = 5000;

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
  const headers: Record<string, string> = { 'content-type': 'application/json' };
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
      (response) => response.status,
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

  switch (kind) {
    case 'Utilisation':
    case 'FirstUse':
    case 'MSISDNEnabled':
    case 'MSISDNDisabled':
    case 'SMSFailed':
      return fields({
        alertType: kind,
        bundle: assignment ? bundleBody(vendor, organisation, assignment) : null,
      });
    case 'FirstAttachment':
    case 'CountryChange':
      return fields({
        alertType: kind,
        country: { code: esim?.location?.iso ?? 'GB', name: esim?.location?.iso ?? 'GB' },
      });
    case 'LowBalance':
    case 'InsufficientBalance':
    case 'Topup':
    case 'AutoTopup':
    case 'eSIMGoTopup':
      return JSON.stringify({
        alertType: kind,
        balanceInfo: { balance: dollars(organisation.balanceUnits), currency: organisation.currency },
      });
    case 'esim.deletion_scheduled':
    case 'esim.deleted':
      return fields({ event: kind, timestamp: nanoDate(vendor.now()) });
    default:
      return kind satisfies never;
  }
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

import { remember } from './allocate.ts';
import { installUrls } from './assignments.ts';
import { countries } from './countries.ts';
import { isCompatible, smdpOnTheWire } from './orders.ts';
import { networksOf } from './networks.ts';
import type { Assignment, Esim } from './state.ts';
import {
  assignmentState,
  findEsim,
  json,
  nanoDate,
  noSuchEsim,
  record,
  refuse,
  type Answer,
  type Call,
} from './vendor.ts';

/** `GET /esims` */
export function listEsims({ vendor, organisation, query, version }: Call): Answer {
  const page = Number(query.get('page') ?? 1);
  const perPage = Number(query.get('perPage') ?? 10);
  if (![10, 25, 50, 100].includes(perPage)) return refuse(400, 'perPage must be 10, 25, 50 or 100');
  if (!Number.isInteger(page) || page < 1) return refuse(400, 'page must be a positive integer');

  const rows = vendor.state.esims
    .filter((esim) => esim.apiKey === organisation.apiKey && esim.returnedAt === null)
    .map((esim) => {
      const last = esim.history.at(-1);
      return {
        iccid: esim.iccid,
        customerRef: esim.customerRef,
        lastAction: last?.name ?? '',
        actionDate: last ? nanoDate(last.at) : '',
        physical: false,
        assignedDate: nanoDate(esim.assignedAt),
        ...(version === '2.5' && { state: esim.suspended ? 'suspended' : 'active' }),
      };
    });
  const column = query.get('filterBy');
  const wanted = query.get('filter') ?? '';
  const filtered = rows.filter((row) => column === null || text(row, column).includes(wanted));
  const orderBy = query.get('orderBy') ?? 'assignedDate';
  const direction = query.get('direction') === 'asc' ? 1 : -1;
  const compare = (a: object, b: object) => direction * text(a, orderBy).localeCompare(text(b, orderBy));
  return json({ esims: filtered.sort(compare).slice((page - 1) * perPage, page * perPage) });
}

/** `PUT /esims`: tags an eSIM. The older text has the two values in the query. */
export function updateEsim(call: Call): Answer {
  const body = record(call.body);
  const esim = findEsim(call, body.iccid ?? call.query.get('iccid'));
  const customerRef = body.customerRef ?? call.query.get('customerRef');
  if (!esim) return noSuchEsim;
  if (typeof customerRef !== 'string') return refuse(400, 'customerRef is required');
  esim.customerRef = customerRef;
  remember(esim, 'eSIM Updated', null, call.vendor.now());
  call.vendor.touch();
  return json({ status: 'Successfully updated eSIM' });
}

/** `GET /esims/{iccid}` */
export function getEsim(call: Call): Answer {
  const esim = findEsim(call, call.params.iccid);
  if (!esim) return noSuchEsim;
  return json({
    iccid: esim.iccid,
    pin: esim.pin,
    puk: esim.puk,
    matchingId: esim.matchingId,
    smdpAddress: smdpOnTheWire(call.vendor, esim.smdpAddress),
    profileStatus: inCase(call, esim.profileStatus),
    firstInstalledDateTime: esim.firstInstalledAt,
    customerRef: esim.customerRef,
    ...(call.version === '2.5' && {
      state: inCase(call, esim.suspended ? 'suspended' : 'active'),
      brandingId: esim.brandingId ?? '(default)',
    }),
    ...installUrls(call, esim),
  });
}

/** `DELETE /esims/{iccid}`, since 2.5: out of the account for good, and its bundles with it, for nothing. */
export function deleteEsim(call: Call): Answer {
  const esim = findEsim(call, call.params.iccid);
  if (!esim) return noSuchEsim;
  const now = call.vendor.now();
  for (const assignment of esim.assignments) assignment.revokedAt ??= now;
  esim.returnedAt = now;
  call.vendor.touch();
  // Assumed: the words.
  return json({ status: 'eSIM deleted successfully' });
}

/** `POST /esims/{iccid}/suspend`, since 2.5 */
export function suspendEsim(call: Call): Answer {
  const esim = findEsim(call, call.params.iccid);
  if (!esim) return noSuchEsim;
  const { suspend } = record(call.body);
  if (typeof suspend !== 'boolean') return refuse(400, 'suspend must be true or false');
  esim.suspended = suspend;
  call.vendor.touch();
  return { ...json({ status: `eSIM ${suspend ? '' : 'un'}suspended successfully` }), status: 201 };
}

/** `GET /esims/{iccid}/suspend`, since 2.5. What it answers is assumed. */
export function getSuspension(call: Call): Answer {
  const esim = findEsim(call, call.params.iccid);
  return esim ? json({ suspended: esim.suspended ?? false }) : noSuchEsim;
}

/** `GET /esims/{iccid}/bundles` */
export function listBundlesOnEsim(call: Call): Answer {
  const esim = findEsim(call, call.params.iccid);
  if (!esim) return noSuchEsim;
  const limit = Number(call.query.get('limit') ?? 15);
  if (!Number.isInteger(limit) || limit < 1 || limit > 200)
    return refuse(400, 'limit must be between 1 and 200');

  const includeUsed = call.query.get('includeUsed') === 'true';
  const shown = newestFirst(esim)
    .filter((assignment) => includeUsed || isLive(assignment, call.vendor.now()))
    .slice(0, limit);
  const names = [...new Set(shown.map((assignment) => assignment.bundle))];
  return json({
    bundles: names.map((name) => ({
      name,
      description: call.vendor.catalogue.get(name)?.description ?? name,
      assignments: shown
        .filter((assignment) => assignment.bundle === name)
        .map((assignment) => assignmentOnTheWire(call, assignment)),
    })),
  });
}

/** `GET /esims/{iccid}/bundles/{name}` */
export function getBundleOnEsim(call: Call): Answer {
  const esim = findEsim(call, call.params.iccid);
  if (!esim) return noSuchEsim;
  const assignments = newestFirst(esim).filter((assignment) => assignment.bundle === call.params.name);
  if (assignments.length === 0) return refuse(400, 'the bundle is not on the eSIM');
  return json({
    assignments: assignments.map((assignment) => assignmentOnTheWire(call, assignment)),
  });
}

/** `GET /esims/{iccid}/compatible/{bundle}` */
export function getCompatibility(call: Call): Answer {
  const esim = findEsim(call, call.params.iccid);
  const bundle = call.vendor.catalogue.get(call.params.bundle ?? '');
  if (!esim) return noSuchEsim;
  if (!bundle) return refuse(400, 'bundle not found');
  return json({ compatible: isCompatible(call, esim, bundle.group) });
}

/** `GET /esims/{iccid}/history` */
export function getHistory(call: Call): Answer {
  const esim = findEsim(call, call.params.iccid);
  if (!esim) return noSuchEsim;
  const documented = call.vendor.conducts.isOn('answers-as-documented');
  const entries = esim.history.map((entry) => ({
    name: entry.name,
    // Clients of the live API read `bundle`; the schema has `bundleName`.
    [documented ? 'bundleName' : 'bundle']: entry.bundle ?? '',
    date: nanoDate(entry.at),
  }));
  // The schema has one object where the example beside it has a list.
  return json(documented && entries.length === 1 ? entries[0] : entries);
}

/** How a server written in Go says that there is no date. */
const NEVER = '0001-01-01T00:00:00Z';

/** `GET /esims/{iccid}/location` */
export function getLocation(call: Call): Answer {
  const esim = findEsim(call, call.params.iccid);
  if (!esim) return noSuchEsim;
  const { location } = esim;
  const network = networksOf(location?.iso ?? '')[0];
  // Assumed: the vendor does not say what it answers before the first attachment.
  if (!location || !network) {
    const lastSeen = call.vendor.conducts.isOn('answers-as-documented') ? NEVER : '';
    return json({ mobileNetworkCode: '', networkName: '', country: '', lastSeen });
  }
  return json({
    mobileNetworkCode: network.tagid,
    networkName: network.name,
    networkBrandName: network.brandName,
    country: location.iso,
    lastSeen: nanoDate(location.lastSeen),
  });
}

/** `GET /esims/{iccid}/refresh`: a read that cuts the customer's connection. */
export function refreshEsim(call: Call): Answer {
  const esim = findEsim(call, call.params.iccid);
  if (!esim) return noSuchEsim;
  remember(esim, 'eSIM Refreshed', null, call.vendor.now());
  call.vendor.touch();
  return json({ status: 'Successfully refreshed SIM' });
}

/** `POST /esims/{iccid}/sms` */
export function sendSms(call: Call): Answer {
  const esim = findEsim(call, call.params.iccid);
  const { message, from } = record(call.body);
  if (!esim) return noSuchEsim;
  if (typeof message !== 'string' || message.length < 1 || message.length > 160) {
    return refuse(400, 'message must have 1 to 160 characters');
  }
  if (from !== undefined && from !== 'eSIM') return refuse(400, 'from must be eSIM');
  if (esim.msisdn === null) return refuse(400, 'the eSIM has no MSISDN');
  (esim.messages ??= []).push({ from: 'eSIM', text: message });
  call.vendor.touch();
  return json({ status: 'sent' }, { executed: true });
}

/** What the buyer does with the profile: the phone downloads and installs it. */
export function installEsim(esim: Esim, now: number) {
  esim.profileStatus = 'Installed';
  esim.firstInstalledAt ??= now;
}

/**
 * What the buyer does in the country: uses data of the oldest bundle that has some. Answers the assignment and
 * whether it was the first use, or null when there is nothing to use.
 */
export function useData(
  esim: Esim,
  options: { bytes: number; iso: string; now: number; daysOf: (bundle: string) => number },
) {
  const { bytes, iso, now, daysOf } = options;
  const assignment = esim.assignments.find((candidate) =>
    ['queued', 'active'].includes(assignmentState(candidate, now)),
  );
  if (!assignment) return null;
  installEsim(esim, now);
  const isFirstUse = assignment.startedAt === null;
  assignment.startedAt ??= now;
  assignment.endsAt ??= now + daysOf(assignment.bundle) * 86_400_000;
  assignment.usedBytes = Math.min(
    assignment.usedBytes + bytes,
    assignment.initialBytes ?? Number.MAX_SAFE_INTEGER,
  );
  esim.location = { iso: countries.some((country) => country.iso === iso) ? iso : 'GB', lastSeen: now };
  if (isFirstUse) {
    remember(esim, 'eSIM First Attachment', assignment.bundle, now);
    remember(esim, 'eSIM First Use', assignment.bundle, now);
  }
  return { assignment, isFirstUse };
}

function text(row: object, column: string): string {
  const value = record(row)[column];
  return typeof value === 'string' ? value : '';
}

function newestFirst(esim: Esim): Assignment[] {
  return [...esim.assignments].reverse();
}

function isLive(assignment: Assignment, now: number): boolean {
  return ['processing', 'queued', 'active'].includes(assignmentState(assignment, now));
}

function assignmentOnTheWire(call: Call, assignment: Assignment) {
  const { initialBytes, usedBytes, startedAt, endsAt } = assignment;
  return {
    id: String(assignment.id),
    callTypeGroup: 'data',
    // Assumed: the vendor does not say which numbers an unlimited bundle has.
    initialQuantity: initialBytes ?? -1,
    remainingQuantity: initialBytes === null ? -1 : initialBytes - usedBytes,
    ...(startedAt === null ? {} : { startTime: nanoDate(startedAt) }),
    ...(endsAt === null ? {} : { endTime: nanoDate(endsAt) }),
    assignmentDateTime: nanoDate(assignment.assignedAt),
    assignmentReference: assignment.reference,
    bundleState: inCase(call, assignmentState(assignment, call.vendor.now())),
    unlimited: initialBytes === null,
  };
}

function inCase({ vendor, name }: Call, state: string): string {
  return vendor.conducts.strike('shouts-its-states', name) ? state.toUpperCase() : state;
}

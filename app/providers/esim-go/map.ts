import type { Decimal } from 'decimal.js';
import type { Cost } from '../../platform/money.ts';
import type {
  Accepted,
  BundleAssignment,
  BundlePage,
  CallbackKind,
  Charged,
  ConsumptionPrice,
  EsimProfile,
  HistoryEntry,
  NetworkSighting,
  OwnedEsim,
  Preparing,
  ProviderBundle,
  ProviderCallback,
  ProviderEsim,
  ProviderNetwork,
  ProviderPurchase,
  Ready,
  Refused,
  RevokeOffer,
  Revoked,
  StockItem,
} from '../contract.ts';
import { parseLosslessJson } from '../../platform/lossless-json.ts';
import {
  countryCodes,
  httpsUrl,
  isCountryCode,
  stripScheme,
  toBytes,
  toInstant,
  wordFrom,
} from '../lenient.ts';
import type {
  ApplyAnswer,
  Assignment,
  BundleOnEsim,
  BundleRow,
  Callback,
  CardCharge,
  Catalogue,
  ConsumptionPrices,
  CountryNetworks,
  EsimDetails,
  EsimRow,
  HistoryRow,
  Location,
  Order,
  OrderAnswer,
  OwnedEsimRow,
  RevokeOptions,
  StockRow,
} from './wire.ts';

const BYTES_PER_MB = 1_000_000;

/** A row of the catalogue; null without a price. Prices carry no currency: it is the organisation's. */
export function toBundle(row: BundleRow, currency: string): ProviderBundle | null {
  if (row.price === null) return null;
  // A regional bundle names its region in `countries` (iso "Europe+") and its countries in `roamingEnabled`.
  const places = [...row.countries, ...row.roamingEnabled];
  const countries = codesOf(places);
  const unlimited = row.unlimited || row.dataAmount === null || row.dataAmount.isNegative();
  return {
    code: row.name,
    description: row.description || row.name,
    countries,
    roaming: codesOf(row.roamingEnabled),
    region: regionOf(row, countries.length),
    dataBytes: unlimited ? null : toBytes(row.dataAmount?.times(BYTES_PER_MB) ?? null),
    fairUse: unlimited ? fairUseOf(row.groups) : null,
    days: row.duration.toNumber(),
    speeds: row.speed,
    groups: row.groups,
    autostart: row.autostart,
    allowances: row.allowances.flatMap(toAllowance),
    cost: { amount: row.price, currency },
    imageUrl: httpsUrl(row.imageUrl),
  };
}

/** A row of the catalogue, or why nobody can sell it. */
export function toLine(row: BundleRow, currency: string): ProviderBundle | BundlePage['leftOut'][number] {
  return toBundle(row, currency) ?? { code: row.name, reason: 'no-price' };
}

export function toPage({
  bundles,
  unreadable,
  lines,
  rows,
}: Catalogue<ReturnType<typeof toLine>>): Omit<BundlePage, 'next'> {
  const page: Omit<BundlePage, 'next'> = { bundles: [], leftOut: [], lines, total: rows };
  for (const line of bundles) {
    if ('reason' in line) page.leftOut.push(line);
    else page.bundles.push(line);
  }
  for (const code of unreadable) page.leftOut.push({ code, reason: 'unreadable' });
  return page;
}

function codesOf(places: { iso: string | null }[]): string[] {
  return countryCodes(places.map(({ iso }) => iso));
}

// A bundle does not say it; the description of GET /catalogue in the vendor's OpenAPI 2.4 does, by group.
const FAIR_USE: Record<string, string> = {
  'standard unlimited lite': '1 GB a day at full speed, then 512 kbps',
  'standard unlimited essential': '1 GB a day at full speed, then 1.25 Mbps',
  'standard unlimited plus': '2 GB a day at full speed, then 2 Mbps',
};

function fairUseOf(groups: string[]): string | null {
  return groups.map((group) => FAIR_USE[group.toLowerCase()]).find((words) => words !== undefined) ?? null;
}

/** Calls and messages; data is told elsewhere, and an amount that says nothing is none. */
function toAllowance({
  type,
  amount,
  unlimited,
}: BundleRow['allowances'][number]): ProviderBundle['allowances'] {
  const kind = ALLOWANCES[type.toUpperCase()];
  if (kind === undefined) return [];
  // As with data, -1 is seen for "as much as you like".
  if (unlimited || amount?.isNegative()) return [{ kind, amount: null }];
  return amount?.isInteger() && amount.greaterThan(0) ? [{ kind, amount: amount.toNumber() }] : [];
}

const ALLOWANCES: Record<string, 'voice' | 'sms'> = { VOICE: 'voice', SMS: 'sms' };

/** The networks of the countries that were asked for. */
export function toNetworks(rows: CountryNetworks[], asked: string[]): ProviderNetwork[] {
  // Documented as the ISO code; the field is called name, and a name is taken too.
  const byName = new Map(asked.map((code) => [countryNames.of(code)?.toUpperCase(), code]));
  return rows.flatMap(({ name, networks }) => {
    const upper = name.toUpperCase();
    const country = asked.includes(upper) ? upper : byName.get(upper);
    if (country === undefined) return [];
    return networks.map(({ name, brandName, mcc, mnc, speed }) => ({
      ...{ country, mcc, mnc, speeds: speed },
      name: name || brandName || `${mcc}-${mnc}`,
      brand: brandName || null,
    }));
  });
}

const countryNames = new Intl.DisplayNames(['en'], { type: 'region' });

function regionOf(row: BundleRow, countryCount: number): string | null {
  const base = row.countries[0];
  if (base && !isCountryCode(base.iso?.toUpperCase() ?? '')) return base.name ?? base.region ?? base.iso;
  if (countryCount < 2) return null;
  const regions = new Set([...row.countries, ...row.roamingEnabled].flatMap(({ region }) => region ?? []));
  const [only] = regions;
  return regions.size === 1 && only !== undefined ? only : 'Global';
}

/** What the answer to a purchase proves; null when it proves nothing, because it names no order. */
export function purchaseOutcome(answer: OrderAnswer, quantity: number): Ready | Preparing | Refused | null {
  if (!answer.orderReference) return refusalOfAnswer(answer);

  const order = {
    orderReference: answer.orderReference,
    total: toCost(answer.total, answer.currency),
    sourceIp: answer.sourceIP || null,
    runningBalance: toCost(answer.runningBalance, answer.currency),
  };
  const esims = answer.order.flatMap(({ esims }) => toEsims(esims));
  // Fewer than asked for is not ready: the rest may follow, and reading the order again tells.
  return esims.length < quantity ? { status: 'preparing', ...order } : { status: 'ready', ...order, esims };
}

/** The answer to a validation; null when it says neither yes nor no. */
export function validationOutcome(answer: OrderAnswer): Accepted | Refused | null {
  return answer.valid === true
    ? { status: 'accepted', total: toCost(answer.total, answer.currency) }
    : refusalOfAnswer(answer);
}

// A balance that is too low is answered 200 with valid:false and, often, no words at all.
function refusalOfAnswer(answer: OrderAnswer): Refused | null {
  const words = answer.message ?? answer.statusMessage ?? '';
  const refusal = toRefusal(words);
  if (answer.valid === false) return words === '' ? { ...refusal, reason: 'funds' } : refusal;
  return refusal.reason === 'funds' ? refusal : null;
}

const FUNDS =
  /(insufficient|not enough|too low).*(balance|funds?|credit)|(balance|funds?|credit).*(insufficient|not enough|too low|exceeded)/i;
const INCOMPATIBLE = /incompatible|not compatible/i;
// Assumed, as the vendor publishes no refusal of it: whatever it says of the branding or of the field by its name.
const BRANDING = /branding|profile\s?id\b/i;
const UNAVAILABLE =
  /(bundle|item|catalogue).*(not found|unavailable|not available|no longer|not exist|unknown|invalid|sold out)|(unknown|invalid|no such|unavailable).*(bundle|item)|out of stock|sold out/i;

/** What the answer to an application from stock proves; null when it names no reference. */
export function applyOutcome(answer: ApplyAnswer): Preparing | null {
  // It lists ICCIDs without codes: those come by reading the assignments back.
  return answer.applyReference
    ? { status: 'preparing', orderReference: answer.applyReference, total: null, sourceIp: null }
    : null;
}

/** The "no" to an application. Status 403 is also that of a bad key, so without words about bundles it is no answer. */
export function applyRefusal(words: string, status: number): Refused | null {
  if (status === 400) return toRefusal(words);
  return /bundles?\b.*\bleft|(no|any) available bundles?/i.test(words)
    ? { status: 'refused', reason: 'bundle-unavailable', detail: words }
    : null;
}

/** Bundles in stock, one row a bundle, without what has expired. */
export function toStock(rows: StockRow[], now: Date): StockItem[] {
  return rows.map(({ name, available }) => {
    const batches = available
      .map(({ id, remaining, expiry }) => ({
        id: id || null,
        remaining: Math.max(0, remaining.trunc().toNumber()),
        expiresAt: toInstant(expiry),
      }))
      .filter(({ remaining, expiresAt }) => remaining > 0 && (expiresAt ?? NEVER) > now)
      .sort((a, b) => (a.expiresAt ?? NEVER).getTime() - (b.expiresAt ?? NEVER).getTime());
    return {
      bundle: name,
      remaining: batches.reduce((sum, { remaining }) => sum + remaining, 0),
      batches,
    };
  });
}

const NEVER = new Date(8.64e15);

/** Where the money goes, from the words of the answer: the vendor has no field for it. */
export function revokeOutcome(words: string): Revoked {
  const refundedTo = /refund.*balance/i.test(words)
    ? 'balance'
    : /refund.*inventory/i.test(words)
      ? 'stock'
      : 'nothing';
  return { status: 'revoked', refundedTo };
}

/** Every way to be paid back that the dry run named, the balance first. What comes back it does not say. */
export function toRevokeOffers({ status, offers }: RevokeOptions): RevokeOffer[] {
  const named = offers.map(({ refundToBalance }) => (refundToBalance ? 'balance' : 'stock'));
  // Money is only given for an offer's id, so without one the words can promise no more than stock.
  const promised = /refund|return/i.test(status ?? '') && !/\b(no|not|cannot|without)\b/i.test(status ?? '');
  const places = named.length > 0 ? new Set(named.sort()) : promised ? (['stock'] as const) : [];
  return [...places].map((refundTo) => ({ refundTo, amount: null }));
}

/** The offer that gives money back, if the dry run made one. */
export function balanceOffer({ offers }: RevokeOptions): string | null {
  return offers.find(({ refundToBalance }) => refundToBalance)?.offerId ?? null;
}

/** The "no" to giving stock back. Refunds are off until the account manager enables them, which is a 403 like a bad key. */
export function refundRefusal(words: string, status: number): Refused | null {
  return status === 400 || /refund/i.test(words) ? toRefusal(words) : null;
}

/** eSIM Go has no error codes. Its words are matched here and nowhere else; new words mean `rejected`. */
export function toRefusal(words: string): Refused {
  return { status: 'refused', reason: reasonOf(words), detail: words };
}

function reasonOf(words: string): Refused['reason'] {
  if (FUNDS.test(words)) return 'funds';
  if (INCOMPATIBLE.test(words)) return 'incompatible';
  if (BRANDING.test(words)) return 'branding';
  return UNAVAILABLE.test(words) ? 'bundle-unavailable' : 'rejected';
}

/**
 * eSIMs whose codes are complete: a half-filled row is not an eSIM yet. Complete is not correct; a code that cannot be
 * right is passed on as it came, because a row left out here would look like an eSIM that was never issued.
 */
export function toEsims(rows: EsimRow[]): ProviderEsim[] {
  return rows.flatMap((row) => {
    const iccid = row.iccid.replace(/F$/i, '');
    const smdpAddress = stripScheme(row.smdpAddress);
    if (iccid === '' || smdpAddress === '' || row.matchingId === '') return [];
    return {
      iccid,
      smdpAddress,
      matchingId: row.matchingId,
      appleInstallUrl: httpsUrl(row.appleInstallUrl),
      androidInstallUrl: httpsUrl(row.androidInstallUrl),
    };
  });
}

/** Quantity asked for and whether the order says that nothing more will follow. */
export function orderProgress(order: Order): {
  quantity: number;
  complete: boolean;
  total: Cost | null;
  sourceIp: string | null;
} {
  return {
    quantity: order.order.reduce((sum, { quantity }) => sum + quantity.toNumber(), 0),
    complete: /^complete/i.test(order.status ?? ''),
    total: toCost(order.total, order.currency),
    sourceIp: order.sourceIP || null,
  };
}

/** Throws on a row without a readable date: guessing one would place the purchase in or out of a window. */
export function toPurchase(order: Order): ProviderPurchase {
  const createdAt = toInstant(order.createdDate ?? order.createDate ?? order.createdAt);
  if (createdAt === null) throw new TypeError('an order without a date');
  return {
    orderReference: order.orderReference,
    createdAt,
    items: order.order.map(({ item, quantity, iccids, esims }) => ({
      bundle: item,
      quantity: quantity.toNumber(),
      iccids: [...new Set([...iccids, ...esims.map(({ iccid }) => iccid)])],
    })),
    total: toCost(order.total, order.currency),
    // Applying a bundle from the inventory is listed beside purchases.
    isPurchase: !order.order.every(({ type }) => type?.toLowerCase() === 'bundleassignment'),
    sourceIp: order.sourceIP || null,
  };
}

export function toProfile(row: EsimDetails): EsimProfile {
  return {
    iccid: row.iccid,
    smdpAddress: stripScheme(row.smdpAddress),
    matchingId: row.matchingId,
    // For good, and of 2.5 alone, which says it in either field.
    profileStatus: [row.profileStatus, row.state].some((word) => /^deactivated$/i.test(word ?? ''))
      ? 'deleted'
      : wordFrom(PROFILE_STATUSES, row.profileStatus),
    installedAt: toInstant(row.firstInstalledDateTime),
    tag: row.customerRef || null,
    // Told by 2.5 alone: active, suspended or deactivated.
    isSuspended: row.state === null ? null : /^suspended$/i.test(row.state),
    appleInstallUrl: row.appleInstallUrl,
    androidInstallUrl: row.androidInstallUrl,
  };
}

const PROFILE_STATUSES = [
  'released',
  'downloaded',
  'installed',
  'enabled',
  'disabled',
  'deleted',
  'unavailable',
] as const;
const BUNDLE_STATES = ['processing', 'queued', 'active', 'depleted', 'expired', 'revoked', 'lapsed'] as const;

/** One line a price, in the order they came. */
export function toConsumptionPrices(rows: ConsumptionPrices): ConsumptionPrice[] {
  return rows.flatMap(({ country, prices }) =>
    prices.map(({ price, currency, profile }) => ({
      country: countryCodes([country.iso])[0] ?? null,
      countryName: country.name || country.iso || '',
      profile: profile || null,
      perGigabyte: { amount: price, currency: currency.toUpperCase() },
    })),
  );
}

/** The newest of one bundle's assignments; null without one. */
export function toAssignment(bundle: string, rows: Assignment[]): BundleAssignment | null {
  return toAssignments([{ name: bundle, assignments: rows }])[0] ?? null;
}

/** Newest first, without what has no date: it has no place in a history. */
export function toHistory(rows: HistoryRow[]): HistoryEntry[] {
  return rows
    .flatMap(({ name, alertType, bundle, bundleName, date }) => {
      const at = toInstant(date);
      const what = alertType ? `${name} (${alertType})` : name;
      return at === null ? [] : { what, bundle: bundle || bundleName || null, at };
    })
    .sort((a, b) => b.at.getTime() - a.at.getTime());
}

/** Null for an answer that names no network. */
export function toSighting(location: Location): NetworkSighting | null {
  const name = location?.networkName || location?.networkBrandName || location?.mobileNetworkCode;
  if (!location || !name) return null;
  return {
    name,
    brand: location.networkBrandName || null,
    country: countryCodes([location.country])[0] ?? null,
    seenAt: toInstant(location.lastSeen),
  };
}

export function toOwnedEsim({ iccid, customerRef, assignedDate }: OwnedEsimRow): OwnedEsim {
  return { iccid: iccid.replace(/F$/i, ''), tag: customerRef || null, assignedAt: toInstant(assignedDate) };
}

/** The answer names no currency: it is the organisation's. */
export function toCharged({ amount, balance, ref }: CardCharge, currency: string): Charged {
  return {
    status: 'charged',
    amount: { amount, currency },
    balance: { amount: balance, currency },
    reference: ref || null,
  };
}

/** Data bundles only: the quantities of voice and SMS are minutes and pieces, not bytes. */
export function toAssignments(bundles: BundleOnEsim[]): BundleAssignment[] {
  return bundles
    .flatMap(({ name, assignments }) => assignments.map((row) => ({ bundle: name, row })))
    .filter(({ row }) => row.callTypeGroup === null || /data/i.test(row.callTypeGroup))
    .sort((a, b) => assignedAt(b.row) - assignedAt(a.row))
    .map(({ bundle, row }) => ({
      id: row.id || null,
      bundle,
      state: wordFrom(BUNDLE_STATES, row.bundleState),
      initialBytes: row.unlimited ? null : toBytes(row.initialQuantity),
      remainingBytes: row.unlimited ? null : toBytes(row.remainingQuantity),
      assignedAt: toInstant(row.assignmentDateTime),
      startsAt: toInstant(row.startTime),
      endsAt: toInstant(row.endTime),
      reference: orderOf(row.assignmentReference),
    }));
}

// A map, not an object: a stranger's word may be "constructor".
const CALLBACK_KINDS = new Map<string, CallbackKind>(
  Object.entries({
    utilisation: 'usage',
    firstuse: 'first-use',
    firstattachment: 'first-attachment',
    countrychange: 'country-change',
    lowbalance: 'low-balance',
    insufficientbalance: 'no-balance',
    topup: 'topped-up',
    autotopup: 'topped-up',
    esimgotopup: 'topped-up',
    msisdnenabled: 'number-enabled',
    msisdndisabled: 'number-disabled',
    smsfailed: 'sms-failed',
    'esim.deletion_scheduled': 'deletion-scheduled',
    'esim.deleted': 'deleted',
  }),
);

/** A callback; null for a body that does not say what it is about, which is none of eSIM Go's. */
export function toCallback(body: Callback, isSigned: boolean): ProviderCallback | null {
  const word = body.alertType || body.event;
  if (!word && !body.profileStatus) return null;
  const known = CALLBACK_KINDS.get(word?.toLowerCase() ?? '');
  // The word of a change of the profile is not documented, its field is, and no other callback has that.
  const kind = known ?? (body.profileStatus ? 'profile-change' : 'unknown');
  return {
    kind,
    isSigned,
    iccid: /^(\d{18,22})F?$/i.exec(body.iccid ?? '')?.[1] ?? null,
    assignment: body.bundle && toCalledAssignment(body.bundle, kind),
    country: countryCodes([body.country?.code ?? null])[0] ?? null,
    profileStatus: kind === 'profile-change' ? wordFrom(PROFILE_STATUSES, body.profileStatus) : null,
    at: toInstant(body.date ?? body.timestamp),
  };
}

/** A callback does not say in which state its bundle is: what is used is active until nothing is left. */
function toCalledAssignment(
  bundle: NonNullable<Callback['bundle']>,
  kind: CallbackKind,
): BundleAssignment | null {
  const assignment = toAssignment(bundle.name, [
    {
      ...bundle,
      assignmentDateTime: null,
      assignmentReference: bundle.reference,
      bundleState: kind === 'usage' || kind === 'first-use' ? 'active' : null,
    },
  ]);
  return assignment?.remainingBytes === 0n ? { ...assignment, state: 'depleted' } : assignment;
}

/** An assignment's reference is its order's with the number of the piece behind it. */
function orderOf(reference: string | null): string | null {
  return reference?.replace(/^([\da-z]+(?:-[\da-z]+){4})-\d+$/i, '$1') || null;
}

function assignedAt(row: { assignmentDateTime: string | null }): number {
  return toInstant(row.assignmentDateTime)?.getTime() ?? 0;
}

/**
 * The body of GET /esims/assignments: JSON, or the CSV that is this endpoint's default and comes now and then in
 * spite of the Accept header. Throws on anything else (HTML, a zip).
 */
export function parseAssignments(body: string): unknown {
  // An empty body is what an order without profiles yet looks like as CSV.
  if (body.trim() === '') return [];
  return /^\uFEFF?\s*[[{]/.test(body) ? parseLosslessJson(body) : parseCsv(body);
}

const CSV_COLUMNS: Record<string, keyof EsimRow> = {
  iccid: 'iccid',
  matchingid: 'matchingId',
  smdpaddress: 'smdpAddress',
  rspurl: 'smdpAddress',
  appleinstallurl: 'appleInstallUrl',
  androidinstallurl: 'androidInstallUrl',
};

function parseCsv(body: string): Record<string, string>[] {
  const [head = [], ...rows] = csvRows(body.replace(/^\uFEFF/, ''));
  const columns = head.map((title) => CSV_COLUMNS[title.toLowerCase().replace(/[^a-z]/g, '')]);
  if (!columns.includes('iccid')) throw new SyntaxError('neither JSON nor a CSV of eSIMs');
  return (
    rows
      // A row cut short would give half a matching ID.
      .filter((cells) => cells.length === head.length)
      .map((cells) =>
        Object.fromEntries(cells.flatMap((cell, at) => (columns[at] ? [[columns[at], cell]] : []))),
      )
  );
}

function csvRows(body: string): string[][] {
  const lines = body.split(/\r?\n/);
  // A last line that neither ends nor closes its quotes may have lost the end of an address.
  if (!lines.at(-1)?.endsWith('"')) lines.pop();
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)])
    .map((cells) => cells.map(([, quoted, bare = '']) => quoted?.replaceAll('""', '"') ?? bare.trim()));
}

function toCost(amount: Decimal | null, currency: string | null): Cost | null {
  return amount === null || currency === null ? null : { amount, currency: currency.toUpperCase() };
}

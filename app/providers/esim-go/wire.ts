import { z } from 'zod';
import {
  decimal,
  flag,
  listOf,
  optionalDecimal,
  optionalFlag,
  optionalText,
  parsed,
  text,
  texts,
} from '../lenient.ts';

/* The part of eSIM Go's answers that is used, in the vendor's words, read leniently. */

// Countries come as {name, region, iso}, elsewhere as bare codes; roamingEnabled is a list, null or a boolean. Read by hand:
// a catalogue names them half a million times, and schemas would make most of the rubbish of reading it.
const places = z
  .unknown()
  .optional()
  .transform((rows) => (Array.isArray(rows) ? (rows as unknown[]).flatMap((row) => placeOf(row)) : []));

function placeOf(row: unknown): { name: string | null; region: string | null; iso: string | null }[] {
  const code = wordOf(row);
  if (code !== null) return [{ name: null, region: null, iso: code }];
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return [];
  const field = (name: string) => wordOf((row as Record<string, unknown>)[name]); // any object is one
  return [{ name: field('name'), region: field('region'), iso: field('iso') }];
}

const wordOf = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' ? String(value).trim() : null;

const allowance = z.object({
  type: text,
  amount: optionalDecimal,
  unlimited: flag.catch(false),
});

export const BundleRow = z.object({
  name: text,
  description: text.catch(''),
  countries: places,
  roamingEnabled: places,
  dataAmount: optionalDecimal,
  duration: decimal,
  speed: texts,
  groups: texts,
  autostart: flag.catch(false),
  unlimited: flag.catch(false),
  allowances: listOf(allowance).catch([]),
  price: optionalDecimal,
  imageUrl: optionalText,
});
export type BundleRow = z.infer<typeof BundleRow>;

const named = z.object({ name: text }).transform(({ name }): string | null => name);
const nameOf = (row: unknown) => named.catch(null).parse(row);

/**
 * Documented as an array, answered as {bundles, rows, …}. Rows that do not parse cannot be sold, and are only named; a page on
 * which none parses is a shape we do not know, not an empty catalogue. Each row is read and let go: those of a page name
 * thousands of countries, and together they would fill the memory of an import.
 */
export function catalogue<Line>(lineOf: (row: BundleRow) => Line) {
  return z
    .union([
      z.array(z.unknown()).transform((bundles) => ({ bundles, rows: null })),
      z.object({ bundles: z.array(z.unknown()), rows: optionalDecimal }),
    ])
    .transform(({ bundles, rows }, context) => {
      const readable: Line[] = [];
      const unreadable: (string | null)[] = [];
      for (const row of bundles) {
        const read = BundleRow.safeParse(row);
        if (read.success) readable.push(lineOf(read.data));
        else unreadable.push(nameOf(row));
      }
      if (bundles.length > 0 && readable.length === 0)
        context.addIssue({ code: 'custom', message: 'no bundle' });
      return { bundles: readable, unreadable, lines: bundles.length, rows: rows?.toNumber() ?? null };
    });
}
export type Catalogue<Line> = z.infer<ReturnType<typeof catalogue<Line>>>;

const network = z.object({
  name: optionalText,
  brandName: optionalText,
  mcc: text,
  mnc: text,
  speed: texts,
});
const countryNetworks = z.object({ name: text, networks: listOf(network).catch([]) });
export type CountryNetworks = z.infer<typeof countryNetworks>;
export const Networks = z
  .object({ countryNetworks: listOf(countryNetworks) })
  .transform((answer) => answer.countryNetworks);

// The answer also holds the API key and the users' addresses: these fields are all that leaves this schema.
const organisation = z.object({ balance: decimal, currency: text, testCredit: optionalDecimal });
export const Organisation = z.union([
  organisation,
  z
    .object({ organisations: z.tuple([organisation], z.unknown()) })
    .transform((answer) => answer.organisations[0]),
  z.tuple([organisation], z.unknown()).transform((answer) => answer[0]),
]);

export const EsimRow = z.object({
  iccid: text,
  matchingId: text,
  smdpAddress: text,
  appleInstallUrl: optionalText,
  androidInstallUrl: optionalText,
});
export type EsimRow = z.infer<typeof EsimRow>;

const orderItem = z.object({
  type: optionalText,
  item: text,
  quantity: decimal,
  iccids: texts,
  // Missing while the profiles are being prepared, and on orders of more than five.
  esims: listOf(EsimRow).catch([]),
});

const order = z.object({
  order: z.array(orderItem),
  total: optionalDecimal,
  currency: optionalText,
  status: optionalText,
  orderReference: text,
  createDate: optionalText,
  createdDate: optionalText,
  createdAt: optionalText,
  sourceIP: optionalText,
});
export type Order = z.infer<typeof order>;

/** One order read back, bare or as the only one of a list. */
export const OneOrder = z.union([order, z.tuple([order], z.unknown()).transform(([first]) => first)]);

// Strict on purpose: these rows are evidence, and leaving out one we cannot read would prove a purchase absent.
export const OrderList = z.union([
  z.array(order),
  z.object({ orders: z.array(order) }).transform((answer) => answer.orders),
  order.transform((single) => [single]),
]);

/** The answer to POST /orders. All optional: what is missing decides whether it is a purchase, in map.ts. */
export const OrderAnswer = z.object({
  runningBalance: optionalDecimal,
  order: listOf(orderItem).catch([]),
  total: optionalDecimal,
  currency: optionalText,
  orderReference: optionalText,
  valid: optionalFlag,
  message: optionalText,
  statusMessage: optionalText,
  sourceIP: optionalText,
});
export type OrderAnswer = z.infer<typeof OrderAnswer>;

// Documented as one object; lists and {esims: […]} are seen. A row without a code yet is not an eSIM yet.
export const Assignments = z
  .union([
    z.array(z.unknown()),
    z.object({ esims: z.array(z.unknown()) }).transform((answer) => answer.esims),
    z.looseObject({ iccid: text }).transform((row): unknown[] => [row]),
  ])
  .transform((rows) => parsed(EsimRow, rows));

export const EsimDetails = z.object({
  iccid: text,
  matchingId: text,
  smdpAddress: text,
  profileStatus: optionalText,
  state: optionalText,
  firstInstalledDateTime: optionalText,
  customerRef: optionalText,
  appleInstallUrl: optionalText,
  androidInstallUrl: optionalText,
});
export type EsimDetails = z.infer<typeof EsimDetails>;

const assignment = z.object({
  id: optionalText,
  callTypeGroup: optionalText,
  initialQuantity: optionalDecimal,
  remainingQuantity: optionalDecimal,
  startTime: optionalText,
  endTime: optionalText,
  assignmentDateTime: optionalText,
  assignmentReference: optionalText,
  bundleState: optionalText,
  unlimited: flag.catch(false),
});
export type Assignment = z.infer<typeof assignment>;

const bundleOnEsim = z.object({ name: text, assignments: listOf(assignment).catch([]) });
export type BundleOnEsim = z.infer<typeof bundleOnEsim>;

export const BundlesOnEsim = z.union([
  listOf(bundleOnEsim),
  z.object({ bundles: listOf(bundleOnEsim) }).transform((answer) => answer.bundles),
]);

/** One bundle's assignments: they do not repeat its name. */
export const AssignmentsOfBundle = z.union([
  listOf(assignment),
  z.object({ assignments: listOf(assignment) }).transform((answer) => answer.assignments),
]);

export const Compatibility = z.object({ compatible: flag });

// Documented as an array with `bundleName`, the schema has one object, and clients of the live API read `bundle`.
const historyRow = z.object({
  name: text,
  bundle: optionalText,
  bundleName: optionalText,
  date: optionalText,
  alertType: optionalText,
});
export type HistoryRow = z.infer<typeof historyRow>;

export const History = z.union([
  listOf(historyRow),
  historyRow.transform((row) => [row]),
  z.object({ actions: listOf(historyRow) }).transform((answer) => answer.actions),
  z.object({ history: listOf(historyRow) }).transform((answer) => answer.history),
  z.union([z.null(), z.strictObject({})]).transform(() => []),
]);

// All optional: what is answered before the first attachment is not documented.
export const Location = z
  .object({
    mobileNetworkCode: optionalText,
    networkName: optionalText,
    networkBrandName: optionalText,
    country: optionalText,
    lastSeen: optionalText,
  })
  .nullable();
export type Location = z.infer<typeof Location>;

export const ApplyAnswer = z.object({ applyReference: optionalText, message: optionalText });
export type ApplyAnswer = z.infer<typeof ApplyAnswer>;

// A batch without a number left is not stock; one without an expiry date does not expire.
const stockRow = z.object({
  name: text,
  available: listOf(z.object({ id: optionalText, remaining: decimal, expiry: optionalText })).catch([]),
});
export type StockRow = z.infer<typeof stockRow>;

export const Stock = z.union([
  listOf(stockRow),
  z.object({ bundles: listOf(stockRow) }).transform((answer) => answer.bundles),
]);

// The vendor promises "options for the revoke and the behaviours, if any" and shows none: these names are assumed.
const revokeOffer = z.object({ offerId: text, refundToBalance: flag.catch(false) });
export type RevokeOffer = z.infer<typeof revokeOffer>;

const revokeOptions = z.object({ status: optionalText, offers: listOf(revokeOffer).catch([]) });
export type RevokeOptions = z.infer<typeof revokeOptions>;

export const RevokeOptions = z.union([
  listOf(revokeOffer).transform((offers) => ({ status: null, offers })),
  revokeOffer.transform((offer) => ({ status: null, offers: [offer] })),
  revokeOptions,
]);

export const StatusMessage = z.object({ status: text });

const ownedEsim = z.object({ iccid: text, customerRef: optionalText, assignedDate: optionalText });
export type OwnedEsimRow = z.infer<typeof ownedEsim>;

export const OwnedEsims = z.union([
  listOf(ownedEsim),
  z.object({ esims: listOf(ownedEsim) }).transform((answer) => answer.esims),
]);

export const CardCharge = z.object({ amount: decimal, balance: decimal, ref: optionalText });
export type CardCharge = z.infer<typeof CardCharge>;

const group = z.union([text, z.object({ name: text }).transform(({ name }) => name)]);
export const Groups = z.union([
  listOf(group),
  z.object({ groups: listOf(group) }).transform((answer) => answer.groups),
]);

export const OneBundle = z.union([BundleRow, z.tuple([BundleRow], z.unknown()).transform(([row]) => row)]);

const priceCountry = z.object({ iso: optionalText, name: optionalText });
const price = z.object({ price: decimal, currency: text, profile: optionalText });

// Of 2.5, for accounts that pay by consumption. A price without an amount or a currency is none.
export const ConsumptionPrices = z
  .object({ prices: z.array(z.object({ country: priceCountry, prices: listOf(price) })) })
  .transform(({ prices }) => prices);
export type ConsumptionPrices = z.infer<typeof ConsumptionPrices>;

const callbackBundle = z.object({
  id: optionalText,
  reference: optionalText,
  name: text,
  callTypeGroup: optionalText,
  initialQuantity: optionalDecimal,
  remainingQuantity: optionalDecimal,
  startTime: optionalText,
  endTime: optionalText,
  unlimited: flag.catch(false),
});

/** What eSIM Go calls with. All optional: which fields come depends on what it is about. */
export const Callback = z.object({
  iccid: optionalText.default(null),
  alertType: optionalText.default(null),
  event: optionalText.default(null),
  bundle: callbackBundle.nullable().catch(null).default(null),
  country: z.object({ code: optionalText }).nullable().catch(null).default(null),
  profileStatus: optionalText.default(null),
  date: optionalText.default(null),
  timestamp: optionalText.default(null),
});
export type Callback = z.infer<typeof Callback>;

import type { SeenVariant } from '../shopify/variants.server.ts';
import type { MappingLine } from './mapping-csv.ts';
import { coverageGap, coverageTodo, type Coverage } from './coverage.ts';
import { choices, choosingNames, type Choosing } from './first-to-buy.ts';
import type { MappingKind } from './mapping.ts';

/** What a file's lines are held against. */
export interface Surroundings {
  /** All that the lines may mean; others may be among them. */
  variants: SeenVariant[];
  bundles: KnownBundle[];
  /** Names of the shop's supplier accounts. */
  suppliers: string[];
  /** In which countries are named. */
  locale: string;
  /** What variants sell by now. */
  mapped: Map<string, Sells>;
}

/** What a variant sells. */
export interface Sells {
  /** In order. */
  bundleIds: string[];
  kind: MappingKind;
  choosing: Choosing;
}

export interface KnownBundle {
  covers: Coverage;
  id: string;
  code: string;
  supplier: string;
  isWithdrawn: boolean;
  isConnected: boolean;
}

/** What a line would do. `wrong`: nothing, and nothing is done for any line of its file. */
export type Outcome = 'new' | 'change' | 'same' | 'wrong';

export interface CheckedLine {
  line: number;
  /** The variant's name; what the line calls it when there is none. */
  variant: string;
  bundles: string[];
  kind: MappingKind;
  choosing: Choosing;
  outcome: Outcome;
  complaints: Complaint[];
  /** Null when it is wrong. */
  plan: (Sells & { variant: SeenVariant }) | null;
}

/** For the merchant: what is the matter, and what to do. A warning stops nothing. */
export interface Complaint {
  isWarning: boolean;
  sentence: string;
  todo: string;
}

/** Looks at every line by itself and among the others. */
export function checkLines(lines: readonly MappingLine[], around: Surroundings): CheckedLine[] {
  const find = variantFinder(around.variants);
  const first = new Map<string, number>();
  return lines.map((line) => {
    const complaints: Complaint[] = [];
    const wrong = (sentence: string, todo: string) => complaints.push({ isWarning: false, sentence, todo });
    const warn = (sentence: string, todo: string) => complaints.push({ isWarning: true, sentence, todo });
    if (line.isTooLong)
      wrong('The line has more values than the header has columns.', 'Look for a separator too many.');

    const variant = find(line, { wrong, warn });
    const before = variant && around.mapped.get(variant.variantGid);
    const earlier = variant && first.get(variant.variantGid);
    if (earlier !== undefined && earlier !== null)
      wrong(`Line ${String(earlier)} maps this variant already.`, 'Keep one of the two.');
    if (variant && earlier === undefined) first.set(variant.variantGid, line.line);
    if (variant?.isGiftCard === true)
      wrong('This is a gift card: whoever buys it would get an eSIM instead of money.', 'Delete the line.');
    if (variant?.requiresShipping === true)
      warn(
        'Shopify treats this variant as a physical product, so buyers are asked where to ship it.',
        'Turn off "Physical product" under Shipping on its page in Shopify.',
      );

    const kind = kindIn(line.kind);
    if (kind === null)
      wrong(`"${cut(line.kind)}" is no kind.`, 'Write eSIM or top-up, or leave it empty for eSIM.');
    const choosing = choosingIn(line.choosing, before?.choosing);
    if (choosing === null)
      wrong(
        `"${cut(line.choosing)}" is no way to choose.`,
        'Write order, lowest cost or stock, or leave it empty to keep how it chooses.',
      );
    const bundles = line.bundles.flatMap((named) => findBundle(named, around, wrong) ?? []);
    for (const bundle of bundles) {
      if (bundle.isWithdrawn && before?.bundleIds.includes(bundle.id) !== true)
        wrong(`The supplier no longer sells ${bundle.code}.`, 'Choose another bundle.');
      else if (bundle.isWithdrawn) warn(`The supplier no longer sells ${bundle.code}.`, 'It is passed over.');
      else if (!bundle.isConnected)
        warn(
          `${bundle.supplier} is disconnected, so ${bundle.code} is passed over.`,
          'Connect it in Settings → Suppliers.',
        );
    }
    const [promised, ...others] = bundles;
    for (const other of others) {
      const gap = promised && coverageGap(promised.covers, other.covers, around.locale);
      if (gap)
        warn(`${other.code} of ${other.supplier} covers less than ${promised.code}: ${gap}.`, coverageTodo);
    }
    const bundleIds = bundles.map(({ id }) => id);
    const twice = bundles.find(({ id }, at) => bundleIds.indexOf(id) !== at);
    if (twice) wrong(`${twice.code} stands on the line twice.`, 'Keep it once.');
    if (line.bundles.length === 0) wrong('The line names no bundle.', 'Write its code under Bundle 1.');

    const isWrong = complaints.some(({ isWarning }) => !isWarning);
    const plan =
      isWrong || !variant || kind === null || choosing === null
        ? null
        : { variant, bundleIds, kind, choosing };
    return {
      ...{
        line: line.line,
        variant: variant?.title ?? calledIn(line),
        kind: kind ?? 'esim',
        choosing: choosing ?? 'order',
        complaints,
        plan,
      },
      bundles: line.bundles.map(({ code }) => code),
      outcome: plan ? outcomeOf(plan, before ?? null) : 'wrong',
    };
  });
}

type Say = (sentence: string, todo: string) => void;

function outcomeOf({ bundleIds, kind, choosing }: Sells, before: Sells | null): Outcome {
  if (!before) return 'new';
  const isSame = before.kind === kind && before.choosing === choosing;
  return isSame && before.bundleIds.join() === bundleIds.join() ? 'same' : 'change';
}

function kindIn(text: string): MappingKind | null {
  const word = text.toLowerCase().replace(/[\s_-]/g, '');
  if (word === '' || word === 'esim' || word === 'newesim') return 'esim';
  return word === 'topup' ? 'top-up' : null;
}

/** What a line leaves open stays as it is. */
function choosingIn(text: string, before: Choosing = 'order'): Choosing | null {
  const plain = (words: string) => words.toLowerCase().replace(/[\s_-]/g, '');
  const word = plain(text);
  if (word === '') return before;
  return choices.find((choice) => word === choice || word === plain(choosingNames[choice])) ?? null;
}

function findBundle(
  { code, supplier }: { code: string; supplier: string },
  { bundles, suppliers }: Surroundings,
  wrong: Say,
): KnownBundle | null {
  if (supplier !== '' && !suppliers.some((name) => isAlike(name, supplier))) {
    wrong(`You have no supplier called "${cut(supplier)}".`, `Write ${suppliers.join(' or ')}.`);
    return null;
  }
  const offered = bundles.filter((bundle) => supplier === '' || isAlike(bundle.supplier, supplier));
  const exact = offered.filter((bundle) => bundle.code === code);
  const [found] = exact;
  if (exact.length === 1 && found) return found;
  if (exact.length > 1) {
    wrong(
      `${cut(code)} is sold by ${exact.map((bundle) => bundle.supplier).join(' and ')}.`,
      'Name one of them in the column Supplier with the same number.',
    );
    return null;
  }
  const alike = offered.filter((bundle) => isAlike(bundle.code, code));
  const [only] = alike;
  wrong(
    `Your catalogue has no bundle ${cut(code)}.`,
    alike.length === 1 && only
      ? `Did you mean ${only.code}? Capital and small letters must match.`
      : 'Copy the code from its page in the catalogue, or import the catalogue again.',
  );
  return null;
}

/** Finds what a line means among the shop's variants, or says why it cannot. */
function variantFinder(variants: SeenVariant[]) {
  const byGid = new Map(variants.map((variant) => [variant.variantGid, variant]));
  const all = [...byGid.values()];
  const bySku = grouped(all, ({ sku }) => sku ?? '');
  const byAnySku = grouped(all, ({ sku }) => (sku ?? '').toLowerCase());
  const byHandle = grouped(all, ({ handle }) => handle);
  return (line: MappingLine, { wrong, warn }: { wrong: Say; warn: Say }): SeenVariant | null => {
    if (line.variantId !== '') return byId(line);
    if (line.sku !== '') return ofSku(line);
    if (line.handle !== '') return ofHandle(line);
    wrong('The line names no variant.', 'Fill in Variant ID, SKU, or Handle and the options.');
    return null;

    function byId({ variantId, sku }: MappingLine) {
      const gid = variantGidIn(variantId);
      if (gid === null) {
        const isRounded = /\dE\+?\d/i.test(variantId);
        wrong(
          isRounded
            ? 'The Variant ID was rounded by a spreadsheet.'
            : `"${cut(variantId)}" is no Variant ID.`,
          'Copy it from the export of this page, or leave it empty and fill in the SKU.',
        );
        return null;
      }
      const found = byGid.get(gid);
      if (!found) wrong(`Shopify has no variant ${cut(variantId)}.`, 'It may be deleted: delete the line.');
      else if (sku !== '' && sku !== found.sku)
        warn(`Its SKU in Shopify is ${found.sku ?? 'empty'}, not ${cut(sku)}.`, 'The Variant ID counts.');
      return found ?? null;
    }

    function ofSku({ sku, handle }: MappingLine) {
      const exact = (bySku.get(sku) ?? []).filter((each) => handle === '' || each.handle === handle);
      const [found] = exact;
      if (exact.length === 1 && found) return found;
      const [alike] = byAnySku.get(sku.toLowerCase()) ?? [];
      if (exact.length > 1)
        wrong(
          `${String(exact.length)} variants have the SKU ${cut(sku)}.`,
          'Fill in the Variant ID of the one you mean.',
        );
      else
        wrong(
          `Shopify has no variant with the SKU ${cut(sku)}${handle === '' ? '' : ` in ${cut(handle)}`}.`,
          alike && handle === ''
            ? `Did you mean ${alike.sku ?? ''}? Capital and small letters must match.`
            : 'Correct the SKU, here or in Shopify.',
        );
      return null;
    }

    function ofHandle({ handle, options }: MappingLine) {
      const ofProduct = byHandle.get(handle) ?? [];
      const [only] = ofProduct;
      if (!only) {
        wrong(
          `Shopify has no product with the handle ${cut(handle)}.`,
          'Copy the end of its address in your online store.',
        );
        return null;
      }
      if (ofProduct.length === 1 && options.length === 0) return only;
      const found = ofProduct.find((each) => each.options.join('\n') === options.join('\n'));
      if (!found)
        wrong(
          options.length === 0
            ? `${cut(handle)} has ${String(ofProduct.length)} variants.`
            : `${cut(handle)} has no variant ${options.map(cut).join(' / ')}.`,
          `Fill in Option 1 and on, as in ${only.options.join(' / ') || 'no options'}.`,
        );
      return found ?? null;
    }
  };
}

/** The id that a line gives, as Shopify's own, or null when it is none. */
export function variantGidIn(text: string): string | null {
  const [, id] = /^(?:gid:\/\/shopify\/ProductVariant\/)?(\d{1,19})$/.exec(text) ?? [];
  return id === undefined ? null : `gid://shopify/ProductVariant/${id}`;
}

function grouped<Item>(items: Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

function calledIn({ variantId, sku, handle, options }: MappingLine): string {
  return cut(sku || [handle, ...options].filter((part) => part !== '').join(' / ') || variantId || '–');
}

const isAlike = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
const cut = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

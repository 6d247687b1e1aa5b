import { db } from '../platform/db.server.ts';
import { decimalFromMoney } from '../platform/money.ts';
import { currentTime, DAY } from '../platform/time.ts';
import { euroRates, lastLook } from '../rates/queries.server.ts';
import { ageInDays, areOld } from '../rates/rates.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { listItems, listTasks } from '../tasks/queries.server.ts';
import { isFinished, type TaskState } from '../tasks/task.ts';
import type { Preview } from './price-preview.server.ts';
import { applyInput, priceChange } from './price-task.ts';
import { BUILT_IN, type PriceRule, type Scope } from './price-rule.ts';
import { describeMethod } from './price-words.ts';
import type { RuleDraft } from './rule-form.tsx';
import { ruleNamer } from './rule-names.server.ts';
import { listRules, pricingSettings } from './scheme.server.ts';
import { lastApplication, waitingChanges } from './start-prices.server.ts';

/** Money for one reader. */
interface Display {
  money: (money: { amount: number; currency: string }) => string;
  date: (instant: Date) => string;
  moment: (instant: Date) => string;
  distance: (instant: Date, now: Date) => string;
}

export interface RuleLine {
  /** Null for what a shop without rules does. */
  id: string | null;
  scope: Scope;
  /** "Country: France" */
  place: string;
  method: string;
  priority: number;
  /** How many prices it decides, and how many of these the floor raised. */
  decides: number;
  raised: number;
}

/** The shop's rules as its page shows them, with what each decides now. */
export async function ruleLines(
  shop: Shop,
  { rows }: Preview,
  { locale }: { locale: string },
): Promise<RuleLine[]> {
  const rules = await listRules(shop);
  const nameOf = await ruleNamer(shop, rules, locale);
  const decided = (ruleId: string | null) =>
    rows.filter(({ next }) => {
      if (next.status === 'refused') return false;
      const { decidedBy } = next;
      return decidedBy.by === 'rule'
        ? decidedBy.ruleId === ruleId
        : decidedBy.by === 'built-in' && ruleId === null;
    });
  const isRaised = ({ next }: Preview['rows'][number]) =>
    next.status === 'priced' && next.lifts.some(({ step }) => step === 'floor');
  const line = (
    rule: Pick<PriceRule, 'scope' | 'scopeValue' | 'priority'>,
    id: string | null,
    method: string,
  ) => {
    const mine = decided(id);
    return {
      ...{ id, scope: rule.scope, priority: rule.priority, method },
      place: nameOf(rule),
      ...{ decides: mine.length, raised: mine.filter(isRaised).length },
    };
  };
  const lines = rules.map((rule) => line(rule, rule.id, describeMethod(rule, shop.currency)));
  if (rules.some(({ scope }) => scope === 'everything')) return lines;
  const rest = { scope: 'everything' as const, scopeValue: '', priority: 0 };
  return [...lines, line(rest, null, describeMethod(BUILT_IN, shop.currency))];
}

/** The settings as their form posts them. */
export async function sentSettings(shop: Shop, { rows }: Preview): Promise<Record<string, string>> {
  const settings = await pricingSettings(shop);
  const money = (amount: number) => decimalFromMoney({ amount, currency: shop.currency });
  const on = (value: boolean) => (value ? 'on' : '');
  return {
    ...{ rounding: settings.rounding, feePercent: settings.feePercent, approveAbove: settings.approveAbove },
    ...{ minMarginPercent: settings.minMarginPercent, rateSource: settings.rateSource },
    ...{ feeFixed: money(settings.feeFixedMinor), minMargin: money(settings.minMarginMinor) },
    ...{ ladder: on(settings.ladder), repriceBySelf: on(settings.repriceBySelf) },
    ...Object.fromEntries(
      (await foreignCurrencies(shop, rows)).map((currency) => [
        `rate ${currency}`,
        settings.fixedRates[currency] ?? '',
      ]),
    ),
  };
}

async function foreignCurrencies(shop: Shop, rows: Preview['rows']): Promise<string[]> {
  const accounts = await db.supplierAccount.findMany({
    where: { shopId: shop.id, currency: { not: null } },
    select: { currency: true },
  });
  const all = [...accounts.map(({ currency }) => currency), ...rows.map(({ item }) => item.cost.currency)];
  return [...new Set(all.filter((currency) => currency !== null && currency !== shop.currency))].flatMap(
    (currency) => currency ?? [],
  );
}

/** How old the rates are that the shop prices with, and what is the matter with them. */
export async function rateNews(shop: Shop, { rows }: Preview, display: Display) {
  const [rates, look, { rateSource }] = await Promise.all([euroRates(), lastLook(), pricingSettings(shop)]);
  const now = currentTime();
  const isForeign = rows.some(({ item }) => item.cost.currency !== shop.currency);
  return {
    /** Whether any price hangs on the bank's rates. */
    isNeeded: isForeign && rateSource === 'ecb',
    // The bank's days are days, and not instants that another zone moves.
    day: rates && display.date(new Date(rates.day.getTime() + DAY / 2)),
    ageDays: rates ? ageInDays(rates.day, now) : 0,
    isOld: rates !== null && areOld(rates.day, now),
    problem: look?.problem ?? null,
    looked: look && display.distance(look.lookedAt, now),
  };
}

/** The changes that wait for a person, the first of them in words. */
export async function sentWaiting(shop: Shop, display: Display) {
  const task = await waitingChanges(shop);
  if (!task) return null;
  const { items, total } = await listItems(shop, task.id, { page: 1, perPage: 5 });
  const row = await db.task.findFirst({ where: { id: task.id, shopId: shop.id }, select: { input: true } });
  return {
    ...{ id: task.id, total },
    because: applyInput.parse(row?.input ?? {}).because ?? ('costs' as const),
    items: items.map(({ title, detail }) => {
      const { old, new: next, currency } = priceChange.parse(detail);
      const money = (amount: number) => display.money({ amount, currency });
      return { title, change: `${old === null ? '–' : money(old)} → ${money(next)}` };
    }),
  };
}

export interface HistoryLine {
  id: string;
  state: TaskState;
  /** "21 Nov 2026, 14:05" */
  begun: string;
  /** What it was for: "Applied by staff 12", "Followed changed costs". */
  what: string;
  written: number;
  undone: number;
  canUndo: boolean;
  canResume: boolean;
  /** Items that were not written: title and why. */
  refused: { title: string; reason: string; messages: string[] }[];
  refusedCount: number;
  problem: string | null;
}

/** The newest applications of prices, and what came of each. */
export async function sentHistory(shop: Shop, display: Display): Promise<HistoryLine[]> {
  const [tasks, last] = await Promise.all([
    listTasks(shop, { kind: 'prices.apply', most: 10 }),
    lastApplication(shop),
  ]);
  return Promise.all(
    tasks.map(async (task, index) => {
      const [{ items, total, byState }, row] = await Promise.all([
        listItems(shop, task.id, { states: ['refused', 'failed'], page: 1, perPage: 5 }),
        db.task.findFirst({ where: { id: task.id, shopId: shop.id }, select: { input: true } }),
      ]);
      const { undoes, because } = applyInput.parse(row?.input ?? {});
      const isOpen = !isFinished(task.state);
      return {
        ...{ id: task.id, state: task.state, begun: display.moment(task.createdAt), problem: task.problem },
        what: whatItWas({ undoes, because, askedBy: task.askedBy }),
        ...{ written: (byState.done ?? 0) + (byState.undone ?? 0), undone: byState.undone ?? 0 },
        canUndo: last?.id === task.id,
        // An older one would write prices that a newer one has replaced.
        canResume: index === 0 && !isOpen && task.state !== 'done' && (byState.waiting ?? 0) > 0,
        refused: items.map(({ title, reason, messages }) => ({ title, reason: reason ?? '', messages })),
        refusedCount: total,
      };
    }),
  );
}

function whatItWas({
  undoes,
  because,
  askedBy,
}: {
  undoes: string | undefined;
  because: 'costs' | 'rates' | undefined;
  askedBy: string | null;
}): string {
  if (undoes !== undefined) return `Taken back by ${askedBy ?? 'the app'}`;
  if (because === 'costs') return 'Followed changed costs';
  if (because === 'rates') return 'Followed the exchange rates';
  return `Applied by ${askedBy ?? 'the app'}`;
}

/** A rule as its form begins: `ruleId` null is one to be made. Null when the shop has none of this id. */
export async function findRule(shop: Shop, ruleId: string | null): Promise<RuleDraft | null> {
  const empty = { ...{ percent: '40', amount: '', price: '' }, bands: emptyBands };
  if (ruleId === null)
    return { id: null, scope: 'everything', scopeValue: '', priority: '0', method: 'percent', ...empty };
  const rule = (await listRules(shop)).find(({ id }) => id === ruleId);
  if (!rule) return null;
  const { id, scope, priority, method } = rule;
  const bundle =
    scope === 'bundle'
      ? await db.bundle.findFirst({ where: { id: rule.scopeValue, shopId: shop.id }, select: { code: true } })
      : null;
  return {
    ...{ id, scope, scopeValue: bundle?.code ?? rule.scopeValue, priority: String(priority), method },
    ...empty,
    ...(rule.method === 'percent' && { percent: rule.percent }),
    ...(rule.method === 'fixed' && { amount: rule.amount }),
    ...(rule.method === 'final' && { price: rule.price }),
    ...(rule.method === 'tiers' && {
      bands: rule.bands.map(({ upTo, percent }) => ({ upTo: upTo ?? '', percent })),
    }),
  };
}

const emptyBands = [
  { upTo: '5', percent: '60' },
  { upTo: '', percent: '40' },
];

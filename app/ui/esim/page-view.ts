import { bundleTitle, countryName, dataLabel, daysLabel } from '../../catalogue/bundle.ts';
import type { EsimPage } from '../../desk/esim-page.server.ts';
import { destinationLabel, usageView, stageWords } from '../../desk/esim-words.ts';
import { STALE_MS } from '../../desk/refresh-usage.ts';
import { useOf as stageOf } from '../../esims/status.ts';
import { DAY } from '../../platform/time.ts';
import type { Display } from '../display.ts';
import { eventText } from '../event-words.ts';
import { problems, type ProblemText } from '../problem-words.ts';
import { takingsView } from '../takings.ts';
import { esimEventText } from './event-words.ts';

/** An eSIM as its page says it: every figure and time in the reader's words. */
export function esimPageView(
  esim: EsimPage,
  { show, regions, locale, now }: { show: Display; regions: Map<string, string>; locale: string; now: Date },
) {
  const isOver = ['revoked', 'gone'].includes(esim.status);
  const ageMs = esim.lookedAt ? now.getTime() - esim.lookedAt.getTime() : Infinity;
  return {
    id: esim.id,
    // Of one that was sold elsewhere nobody may know where it works.
    title: `${esim.destination === '' ? 'eSIM' : destinationLabel(esim.destination, regions, locale)} · …${esim.iccidLast4}`,
    status: esim.status,
    isSuspended: esim.isSuspended === true && !isOver,
    bought: show.moment(esim.createdAt),
    profile: esim.profileStatus === null ? 'Not known yet' : profileLabel(esim.profileStatus),
    installed: esim.installedAt && show.moment(esim.installedAt),
    firstUse: esim.startedAt && show.moment(esim.startedAt),
    customerRef: esim.customerRef,
    supplier: esim.supplier,
    reference: esim.orderReference === '' ? null : esim.orderReference,
    freshness: {
      /** "3 minutes ago"; null before it was ever read. */
      asOf: esim.lookedAt && show.distance(esim.lookedAt, now),
      problem: problemOf(esim.lookProblem),
      /** Old enough to be read again without being asked. */
      isStale: !isOver && esim.supplier.isConnected && ageMs > STALE_MS,
    },
    bundles: esim.assignments.map((assignment) => bundleView(assignment, esim, { show, locale, now })),
    network: esim.network && {
      name:
        [esim.network.brand, esim.network.name].filter((part) => part !== null && part !== '')[0] ??
        'Unknown',
      country: esim.network.country === null ? null : countryName(esim.network.country, locale),
      seen: esim.network.seenAt === null ? null : show.distance(new Date(esim.network.seenAt), now),
    },
    order: esim.order,
    buyer: esim.buyer,
    reader: esim.reader,
    isSoldElsewhere: esim.orderId === null && esim.unitId === null,
    takings: takings(esim, show),
    replacedById: esim.replacedById,
    former: esim.former,
    events: timeline(esim, show),
  };
}

/** A state that only a newer version knows is shown as it is. */
export const profileLabel = (status: string): string => profileWords[status] ?? status;

const profileWords: Record<string, string> = {
  released: 'Ready to be installed',
  downloaded: 'Downloaded by a phone',
  installed: 'Installed',
  enabled: 'Installed and switched on',
  disabled: 'Installed and switched off',
  deleted: 'Deleted from the phone',
  unavailable: 'Not available for download',
  unknown: 'Unknown',
};

export function tooSoonSentence(waitMs: number): string | null {
  if (waitMs <= 0) return null;
  const seconds = Math.ceil(waitMs / 1000);
  const left = seconds > 60 ? 'two minutes' : seconds > 30 ? 'a minute' : 'a few seconds';
  return `It was read just now. The supplier counts in steps, so try again in ${left}.`;
}

/** Why an eSIM could not be read. Reading buys nothing, so the words about buying are left out. */
export function problemOf(kind: string | null): ProblemText | null {
  if (kind === null) return null;
  const known: Record<string, ProblemText> = problems.supplier;
  const { title, whatNext } = known[kind] ?? { title: 'It could not be read', whatNext: '' };
  if (kind === 'rejected')
    return {
      title: 'The supplier does not know this eSIM',
      whatNext: 'It may list late what it sold. Try again in a few minutes.',
    };
  return { title, whatNext: whatNext.replace(/^Nothing was bought\. /, '') };
}

function bundleView(
  assignment: EsimPage['assignments'][number],
  esim: EsimPage,
  { show, locale, now }: { show: Display; locale: string; now: Date },
) {
  const bundle = esim.bundlesByCode.get(assignment.bundleCode);
  const use = stageOf(assignment, now);
  const { initialBytes, remainingBytes, startsAt, endsAt } = assignment;
  const isKnown = initialBytes !== null && remainingBytes !== null;
  const usage = usageView(
    {
      usedBytes: isKnown ? initialBytes - remainingBytes : null,
      totalBytes: initialBytes,
      isUnlimited: initialBytes === null,
    },
    locale,
  );
  return {
    key: assignment.key,
    title: bundle ? bundleTitle(bundle, locale) : planTitle(assignment),
    code: assignment.bundleCode,
    bundleId: bundle?.id ?? null,
    use,
    state: stageWords[use].label,
    usage,
    left: isKnown && use !== 'revoked' ? leftLabel(remainingBytes, locale) : null,
    added: assignment.assignedAt && show.moment(assignment.assignedAt),
    started: startsAt && show.moment(startsAt),
    end: endsAt && show.moment(endsAt),
    timeLeft:
      endsAt && endsAt > now && (use === 'in-use' || use === 'waiting') ? timeLeft(endsAt, now) : null,
    days: bundle?.days ?? null,
  };
}

/** "5 GB plan, 30 days": of a bundle that no catalogue of ours has, by what its supplier tells of it. */
function planTitle({ initialBytes, startsAt, endsAt }: EsimPage['assignments'][number]): string {
  const plan = `${dataLabel({ dataBytes: initialBytes, groups: [] })} plan`;
  const days = startsAt && endsAt ? Math.round((endsAt.getTime() - startsAt.getTime()) / DAY) : 0;
  return days > 0 ? `${plan}, ${daysLabel(days)}` : plan;
}

function leftLabel(bytes: bigint, locale: string): string {
  const format = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  return `${format.format(Number(bytes) / 1e9)} GB left`;
}

/** "2 days 4 hours left" */
export function timeLeft(end: Date, now: Date): string {
  const minutes = Math.max(0, Math.floor((end.getTime() - now.getTime()) / 60_000));
  const parts: [number, string][] = [
    [Math.floor(minutes / 1440), 'day'],
    [Math.floor((minutes % 1440) / 60), 'hour'],
    [minutes % 60, 'minute'],
  ];
  const from = parts.findIndex(([count]) => count > 0);
  if (from === -1) return 'less than a minute left';
  const said = parts.slice(from, from + 2).filter(([count]) => count > 0);
  return `${said.map(([count, unit]) => `${String(count)} ${unit}${count === 1 ? '' : 's'}`).join(' ')} left`;
}

/** One that was replaced has a cost only: the other one has what the buyer paid. */
function takings({ paid, costs }: EsimPage, show: Display) {
  const cost = costs.map(show.cost).join(' + ') || null;
  if (!paid) return { paid, cost, margin: null };
  const { paid: kept, margin } = takingsView({ paid, costs }, show);
  return { paid: kept, cost, margin };
}

/** What happened to it, at the supplier, in its order and at the desk, the newest first. */
function timeline({ events, orderEvents }: EsimPage, show: Display) {
  const told = [
    ...events.map((event) => ({ id: event.id, at: event.at, text: esimEventText(event, show.locale) })),
    ...orderEvents.map(({ id, kind, detail, at }) => ({ id, at, text: eventText(kind, detail) })),
  ];
  return told
    .flatMap(({ id, at, text }) => (text === null ? [] : [{ id, at, text }]))
    .sort((a, b) => b.at.getTime() - a.at.getTime())
    .map(({ id, at, text }) => ({ id, text, at: show.moment(at) }));
}

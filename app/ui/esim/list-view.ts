import type { ListedEsim } from '../../desk/esim-list.server.ts';
import { destinationLabel, usageView, type UsageView } from '../../desk/esim-words.ts';
import type { Display } from '../display.ts';
import { problems } from '../problem-words.ts';

/** One line of the list of eSIMs, in words. (An alias, because Polaris asks for an index signature.) */
export type EsimRow = {
  id: string;
  destination: string;
  iccidLast4: string;
  status: string;
  /** Name and masked address; null when the app knows neither. */
  customer: string | null;
  order: { id: string; name: string } | null;
  usage: UsageView;
  /** "in 3 days", "2 days ago" */
  end: string | null;
  /** Why the figures are old; null while they are not. */
  problem: string | null;
};

export function esimRow(
  esim: ListedEsim,
  {
    display,
    regions,
    locale,
    now,
  }: { display: Display; regions: Map<string, string>; locale: string; now: Date },
): EsimRow {
  const who = [esim.buyer?.name, esim.buyer?.maskedEmail].filter((part) => part != null);
  return {
    id: esim.id,
    destination: destinationLabel(esim.destination, regions, locale),
    iccidLast4: esim.iccidLast4,
    status: esim.status,
    customer: who.length === 0 ? null : who.join(' · '),
    order: esim.order,
    usage: usageView(esim, locale),
    end: esim.endsAt && display.distance(esim.endsAt, now),
    problem: problemTitle(esim.lookProblem),
  };
}

/** Why an eSIM could not be read, in a few words. */
export function problemTitle(problem: string | null): string | null {
  if (problem === null) return null;
  const words: Record<string, { title: string }> = problems.supplier;
  return words[problem]?.title ?? 'It could not be read';
}

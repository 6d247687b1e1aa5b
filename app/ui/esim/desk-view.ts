import { Decimal } from 'decimal.js';
import type { EsimPage } from '../../desk/esim-page.server.ts';
import type { Offers } from '../../desk/offers.server.ts';
import type { OpenAction } from '../../desk/open-actions.server.ts';
import { readerLocale } from '../../platform/language.ts';
import type { Display } from '../display.ts';
import { deedWords } from './deed-words.ts';

/** What staff can do with an eSIM, and what of it has no end yet, as its page says it. */
export function deskView(
  esim: EsimPage,
  { offers, smsSender, tellsMore }: Offers,
  open: OpenAction[],
  { show, now }: { show: Display; now: Date },
) {
  const bundle = esim.bundleCode === null ? undefined : esim.bundlesByCode.get(esim.bundleCode);
  return {
    ...{ esimId: esim.id, offers, smsSender, tellsMore, customerRef: esim.customerRef ?? '' },
    order: esim.order && {
      name: esim.order.name,
      language: readerLocale(esim.order.locale).language,
      email: esim.buyer?.maskedEmail ?? null,
    },
    /** What the same bundle costs by the last import; null where it is not sold any more. */
    bundleCost:
      bundle && bundle.withdrawnAt === null
        ? show.cost({ amount: new Decimal(bundle.cost.toFixed()), currency: bundle.currency })
        : null,
    open: open.map((action) => openView(action, esim, { show, now })),
    /** The one that comes instead is on its way. */
    isBeingReplaced: esim.unitId === null && esim.formerUnitId !== null && esim.replacedById === null,
  };
}

export type DeskView = ReturnType<typeof deskView>;

function openView(
  { id, kind, state, at, by, bundleCode, next }: OpenAction,
  esim: EsimPage,
  { show, now }: { show: Display; now: Date },
) {
  const what = `${deedWords[kind].name}${bundleCode === null ? '' : ` (${bundleCode})`}`;
  return {
    ...{ id, kind, next },
    title:
      state === 'in-doubt'
        ? `It is not known what came of ${what}`
        : `${what.charAt(0).toUpperCase()}${what.slice(1)} is under way`,
    asked: `Asked for ${show.distance(at, now)} by ${by}.`,
    whatNext: whatNext(next, state, esim.supplier.label),
    decided: deedWords[kind].decided,
  };
}

function whatNext(next: OpenAction['next'], state: OpenAction['state'], supplier: string): string {
  switch (next) {
    case 'queue':
      return `The answer of ${supplier} was lost. Its orders are looked through; if the top-up does not show up there, you decide.`;
    case 'person':
      return `The answer of ${supplier} was lost, and it cannot tell us what it did. It is not asked again. Look in its portal, or ask the traveller, then say what happened.`;
    case 'wait':
      return state === 'under-way'
        ? 'You need not wait here.'
        : `The answer of ${supplier} was lost. It is looked up again every minute, and not done twice.`;
    default:
      return next satisfies never;
  }
}

import { dataLabel, daysLabel, destinationName, type Destination } from '../catalogue/bundle-words.ts';
import { INSTALL_WORDS } from './install-words.ts';
import { readerLocale, type Language } from '../platform/language.ts';

/** One eSIM of an order, as a traveller thinks of it. `dataBytes` are decimal, null is unlimited; undefined, and no days, not known. */
export interface EsimSummary {
  index: number;
  of: number;
  destination: Destination;
  dataBytes: bigint | null | undefined;
  days: number;
}

/** Everything that installs an eSIM. All of it is a bearer secret. */
export interface InstallCode {
  /** "LPA:1$host$matching-id", what the QR code holds. */
  activationCode: string;
  smdpAddress: string;
  matchingId: string;
  appleInstallUrl: string | null;
  androidInstallUrl: string | null;
}

/** "eSIM 1 of 2: France", or just "eSIM: France" when it is the only one. */
export function esimName({ index, of, destination }: EsimSummary, locale: string | null): string {
  const { language } = readerLocale(locale);
  const number = of === 1 ? 'eSIM' : INSTALL_WORDS[language].numbered(index, of);
  return `${number}${COLON[language]}${destinationName(destination, locale)}`;
}

/** "5 GB · 7 days"; what is not known is left out. */
export function esimOffer(
  { dataBytes, days }: Pick<EsimSummary, 'dataBytes' | 'days'>,
  locale: string | null,
): string {
  const data = dataBytes === undefined ? [] : [dataLabel(dataBytes, locale)];
  return [...data, ...(days > 0 ? [daysLabel(days, locale)] : [])].join(' · ');
}

const COLON: Record<Language, string> = { en: ': ', de: ': ', fr: '\u00a0: ', es: ': ', ja: '：' };

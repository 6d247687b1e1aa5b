import type { EmailEsim, OrderEmailInput } from './email.tsx';
import { EMAIL_WORDS } from './email-words.ts';
import { esimName, esimOffer } from './install-code.ts';
import { INSTALL_WORDS, type InstallSteps } from './install-words.ts';
import { readerLocale } from '../platform/language.ts';

/** The e-mail for a reader without HTML: the same facts in the same order. */
export function orderEmailText(input: OrderEmailInput): string {
  const { language } = readerLocale(input.locale);
  const words = EMAIL_WORDS[language];
  const install = INSTALL_WORDS[language];
  return [
    words.title(input.esims.length),
    `${install.order(input.orderName)} · ${input.shopName}`,
    '',
    words.intro(input.shopName),
    '',
    words.openOnPhone,
    input.installPageUrl,
    '',
    ...section(install.beforeYouStart),
    `- ${install.wifiFirst}`,
    `- ${install.onceOnly}`,
    `- ${install.neverDelete}`,
    `- ${words.keepPrivate}`,
    '',
    ...input.esims.flatMap((esim) => [...esimText(esim, input.locale), '']),
    ...section(words.howTo),
    ...stepsText(install.iphoneSteps),
    '',
    ...stepsText(install.androidSteps),
    '',
    install.inBrowser,
    '',
  ].join('\n');
}

function esimText(esim: EmailEsim, locale: string): string[] {
  const words = INSTALL_WORDS[readerLocale(locale).language];
  return [
    ...section(esimName(esim, locale)),
    esimOffer(esim, locale),
    '',
    ...(esim.appleInstallUrl === null
      ? []
      : fact(`${words.installOnIphone} (iOS 17.4+)`, esim.appleInstallUrl)),
    ...(esim.androidInstallUrl === null ? [] : fact(words.installOnAndroid, esim.androidInstallUrl)),
    words.byHand,
    '',
    ...fact(words.smdpAddress, esim.smdpAddress),
    ...fact(words.matchingId, esim.matchingId),
    ...fact(words.fullCode, esim.activationCode).slice(0, 2),
  ];
}

// A value stands alone on its line, so that it can be selected whole and no mail program swallows what follows.
function fact(label: string, value: string): string[] {
  return [label, `  ${value}`, ''];
}

function stepsText({ title, steps }: InstallSteps): string[] {
  return [title, ...steps.map((step, at) => `${at + 1}. ${step}`)];
}

function section(title: string): string[] {
  return ['-'.repeat(60), title, '-'.repeat(60)];
}

import { Button, Heading, render, Section, Text } from '@react-email/components';
import { destinationName } from '../catalogue/bundle-words.ts';
import { MailFrame } from '../delivery/email-frame.tsx';
import { styles } from '../delivery/email-styles.ts';
import { EMAIL_WORDS } from '../delivery/email-words.ts';
import { esimName, esimOffer, type EsimSummary } from '../delivery/install-code.ts';
import { INSTALL_WORDS } from '../delivery/install-words.ts';
import { readerLocale } from '../platform/language.ts';
import type { NoticeKind } from './notice.ts';
import { NOTICE_WORDS } from './notice-words.ts';

export interface NoticeMailInput {
  kind: NoticeKind;
  /** As Shopify gives it; what we have no words for is written in English. */
  locale: string;
  shopName: string;
  /** "#1001"; null for an eSIM that another place sold. */
  orderName: string | null;
  esim: EsimSummary;
  /** When the bundle it is about ends; null where that is not known. */
  endsAt: Date | null;
  installPageUrl: string;
  /** Null where the shop sells no top-up for the eSIM. */
  topUpUrl: string | null;
  /** Where else there is more data to buy. */
  shopUrl: string;
}

/** A mail to a traveller after the purchase: what happened, and at most one link. No code is in it. */
export async function renderNoticeMail(
  input: NoticeMailInput,
): Promise<{ subject: string; html: string; text: string }> {
  const { title, order, esim, offer, sentences, link, why } = content(input);
  const words = NOTICE_WORDS[readerLocale(input.locale).language];
  return {
    subject: words.subject(title, destinationName(input.esim.destination, input.locale)),
    html: await render(<NoticeMail {...input} />),
    text: [
      `${title}\n${order}`,
      [esim, offer].filter(Boolean).join('\n'),
      ...sentences,
      ...(link ? [`${link.label}\n  ${link.url}`] : []),
      why,
      '',
    ].join('\n\n'),
  };
}

function NoticeMail(input: NoticeMailInput) {
  const { title, order, esim, offer, sentences, link, why } = content(input);
  return (
    <MailFrame lang={readerLocale(input.locale).tag} title={title} preview={sentences[0] ?? title}>
      <Section className="card" style={styles.card}>
        <Text className="quiet" style={styles.quiet}>
          {order}
        </Text>
        <Heading as="h1" className="ink" style={styles.h1}>
          {title}
        </Heading>
        <Text className="ink" style={styles.offer}>
          {esim}
          <br />
          {offer}
        </Text>
        {sentences.map((sentence) => (
          <Text key={sentence} className="ink" style={styles.text}>
            {sentence}
          </Text>
        ))}
        {link && (
          <Button className="button" href={link.url} style={styles.button}>
            {link.label}
          </Button>
        )}
      </Section>
      <Text className="quiet" style={{ ...styles.quiet, padding: '0 28px' }}>
        {why}
      </Text>
    </MailFrame>
  );
}

function content(input: NoticeMailInput) {
  const { kind, locale, shopName, orderName, esim } = input;
  const { language } = readerLocale(locale);
  const words = NOTICE_WORDS[language];
  return {
    title: words.titles[kind],
    order: orderName === null ? shopName : `${shopName} · ${INSTALL_WORDS[language].order(orderName)}`,
    esim: esimName(esim, locale),
    offer: esimOffer(esim, locale),
    sentences: sentences(input),
    link: linkOf(input),
    why: orderName === null ? words.whyElsewhere(shopName) : words.why(shopName, orderName),
  };
}

function sentences({ kind, locale, shopName, endsAt, topUpUrl }: NoticeMailInput): string[] {
  const { language, tag } = readerLocale(locale);
  const words = NOTICE_WORDS[language];
  const until = endsAt && momentIn(tag, endsAt);
  const more = topUpUrl === null ? [words.moreAt(shopName)] : [];
  switch (kind) {
    case 'data-100':
      return [words.allUsed, ...more];
    case 'data-80':
      return [words.mostUsed, ...more];
    case 'expires':
      return [...(until === null ? [] : [words.endsAt(until)]), ...more];
    case 'first-use':
      return [words.isOnline, ...(until === null ? [] : [words.worksUntil(until)])];
    case 'not-installed':
      return [words.installNow];
    default:
      return kind satisfies never;
  }
}

function linkOf({ kind, locale, orderName, installPageUrl, topUpUrl, shopUrl }: NoticeMailInput) {
  const { language } = readerLocale(locale);
  if (kind === 'not-installed') return { label: EMAIL_WORDS[language].openPage, url: installPageUrl };
  if (topUpUrl !== null) return { label: NOTICE_WORDS[language].topUp, url: topUpUrl };
  if (orderName === null) return { label: NOTICE_WORDS[language].toPage, url: installPageUrl };
  return kind === 'first-use' ? null : { label: NOTICE_WORDS[language].toShop, url: shopUrl };
}

// Where the traveller is nobody knows, so the zone is said.
function momentIn(tag: string, at: Date): string {
  const format = new Intl.DateTimeFormat(tag, {
    ...{ day: 'numeric', month: 'long', year: 'numeric', hour: 'numeric', minute: '2-digit' },
    ...{ timeZone: 'UTC', timeZoneName: 'short' },
  } as const);
  return format.format(at);
}

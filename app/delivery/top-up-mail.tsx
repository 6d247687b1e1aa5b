import { Heading, render, Section, Text } from '@react-email/components';
import { destinationName } from '../catalogue/bundle-words.ts';
import { readerLocale } from '../platform/language.ts';
import { MailFrame } from './email-frame.tsx';
import { styles } from './email-styles.ts';
import { esimOffer } from './install-code.ts';
import { INSTALL_WORDS } from './install-words.ts';
import { TOP_UP_WORDS } from './top-up-words.ts';
import type { OrderedTopUp } from './top-ups.server.ts';

export interface TopUpMailInput {
  /** As Shopify gives it; what we have no words for is written in English. */
  locale: string;
  shopName: string;
  /** "#1001". */
  orderName: string;
  topUps: Pick<OrderedTopUp, 'unitId' | 'iccidLast4' | 'destination' | 'dataBytes' | 'days'>[];
}

/** The e-mail to a buyer whose eSIM has more data: what it is, and that there is nothing to do. No code is in it. */
export async function renderTopUpMail(
  input: TopUpMailInput,
): Promise<{ subject: string; html: string; text: string }> {
  const { locale, orderName, topUps } = input;
  const words = TOP_UP_WORDS[readerLocale(locale).language];
  const places = new Set(topUps.map(({ destination }) => destinationName(destination, locale)));
  const [place = null] = places.size === 1 ? places : [];
  return {
    subject: words.subject(words.title, place, orderName),
    html: await render(<TopUpMail {...input} />),
    text: textOf(input),
  };
}

function TopUpMail(input: TopUpMailInput) {
  const { locale, shopName, orderName, topUps } = input;
  const { language, tag } = readerLocale(locale);
  const words = TOP_UP_WORDS[language];
  return (
    <MailFrame lang={tag} title={words.title} preview={words.intro(shopName)}>
      <Section className="card" style={styles.card}>
        <Text className="quiet" style={styles.quiet}>
          {shopName} · {INSTALL_WORDS[language].order(orderName)}
        </Text>
        <Heading as="h1" className="ink" style={styles.h1}>
          {words.title}
        </Heading>
        <Text className="ink" style={styles.text}>
          {words.intro(shopName)}
        </Text>
        {topUps.map((topUp) => (
          <Text key={topUp.unitId} className="ink" style={styles.offer}>
            {namesOf(topUp, locale).map((line) => (
              <span key={line}>
                {line}
                <br />
              </span>
            ))}
          </Text>
        ))}
        <Text className="ink" style={styles.text}>
          {words.nothingToDo}
        </Text>
      </Section>
    </MailFrame>
  );
}

/** The mail for a reader without HTML: the same facts in the same order. */
function textOf({ locale, shopName, orderName, topUps }: TopUpMailInput): string {
  const { language } = readerLocale(locale);
  const words = TOP_UP_WORDS[language];
  return [
    `${words.title}\n${shopName} · ${INSTALL_WORDS[language].order(orderName)}`,
    words.intro(shopName),
    ...topUps.map((topUp) => namesOf(topUp, locale).join('\n')),
    words.nothingToDo,
    '',
  ].join('\n\n');
}

function namesOf(topUp: TopUpMailInput['topUps'][number], locale: string): string[] {
  const words = TOP_UP_WORDS[readerLocale(locale).language];
  return [
    ...(topUp.iccidLast4 === null ? [] : [words.ending(topUp.iccidLast4)]),
    `${destinationName(topUp.destination, locale)} · ${esimOffer(topUp, locale)}`,
  ];
}

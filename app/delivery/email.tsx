import { Button, Heading, Hr, Img, Link, render, Section, Text } from '@react-email/components';
import { destinationName } from '../catalogue/bundle-words.ts';
import { MailFrame } from './email-frame.tsx';
import { styles } from './email-styles.ts';
import { orderEmailText } from './email-text.ts';
import { EMAIL_WORDS } from './email-words.ts';
import { esimName, esimOffer, type EsimSummary, type InstallCode } from './install-code.ts';
import { INSTALL_WORDS, type InstallSteps } from './install-words.ts';
import { readerLocale } from '../platform/language.ts';

export interface OrderEmailInput {
  /** As Shopify gives it; what we have no words for is written in English. */
  locale: string;
  shopName: string;
  /** "#1001". */
  orderName: string;
  installPageUrl: string;
  esims: EmailEsim[];
}

export interface EmailEsim extends EsimSummary, InstallCode {
  /** The Content-ID of the attached QR image, without "cid:" and angle brackets. */
  qrContentId: string;
}

/**
 * The one e-mail an order gets, with a section per eSIM. The caller attaches the QR image of each eSIM under its
 * `qrContentId`; nothing else is fetched when the mail is opened. The result holds bearer secrets: never log it.
 */
export async function renderOrderEmail(
  input: OrderEmailInput,
): Promise<{ subject: string; html: string; text: string }> {
  const words = EMAIL_WORDS[readerLocale(input.locale).language];
  const destinations = new Set(input.esims.map((esim) => destinationName(esim.destination, input.locale)));
  const [destination = null] = destinations.size === 1 ? destinations : [];
  return {
    subject: words.subject(words.title(input.esims.length), destination, input.orderName),
    html: await render(<OrderEmail {...input} />),
    text: orderEmailText(input),
  };
}

function OrderEmail({ locale, shopName, orderName, installPageUrl, esims }: OrderEmailInput) {
  const { language, tag } = readerLocale(locale);
  const words = EMAIL_WORDS[language];
  const install = INSTALL_WORDS[language];
  return (
    <MailFrame lang={tag} title={words.title(esims.length)} preview={words.intro(shopName)}>
      <Section className="card" style={styles.card}>
        <Text className="quiet" style={styles.quiet}>
          {shopName} · {install.order(orderName)}
        </Text>
        <Heading as="h1" className="ink" style={styles.h1}>
          {words.title(esims.length)}
        </Heading>
        <Text className="ink" style={styles.text}>
          {words.intro(shopName)}
        </Text>
        <Text className="ink" style={styles.text}>
          {words.openOnPhone}
        </Text>
        <Button className="button" href={installPageUrl} style={styles.button}>
          {words.openPage}
        </Button>
      </Section>
      <Section className="card notice" style={{ ...styles.card, ...styles.notice }}>
        <Heading as="h2" className="ink" style={styles.h2}>
          {install.beforeYouStart}
        </Heading>
        <ul className="ink" style={styles.list}>
          <li style={styles.item}>{install.wifiFirst}</li>
          <li style={styles.item}>{install.onceOnly}</li>
          <li style={styles.item}>{install.neverDelete}</li>
          <li style={styles.item}>{words.keepPrivate}</li>
        </ul>
      </Section>
      {esims.map((esim) => (
        <EsimSection key={esim.qrContentId} esim={esim} locale={locale} />
      ))}
      <Section className="card" style={styles.card}>
        <Heading as="h2" className="ink" style={styles.h2}>
          {words.howTo}
        </Heading>
        <Steps {...install.iphoneSteps} />
        <Hr className="line" style={styles.line} />
        <Steps {...install.androidSteps} />
        <Text className="quiet" style={styles.quiet}>
          {install.inBrowser}{' '}
          <Link className="link" href={installPageUrl} style={styles.link}>
            {words.openPage}
          </Link>
        </Text>
      </Section>
    </MailFrame>
  );
}

function EsimSection({ esim, locale }: { esim: EmailEsim; locale: string }) {
  const words = INSTALL_WORDS[readerLocale(locale).language];
  const name = esimName(esim, locale);
  return (
    <Section className="card" style={styles.card}>
      <Heading as="h2" className="ink" style={styles.h2}>
        {name}
      </Heading>
      <Text className="ink" style={styles.offer}>
        {esimOffer(esim, locale)}
      </Text>
      <Section style={styles.qrTile}>
        <Img
          src={`cid:${esim.qrContentId}`}
          alt={words.qrAlt(name)}
          width={260}
          height={260}
          style={styles.qr}
        />
      </Section>
      <Text className="quiet" style={{ ...styles.quiet, textAlign: 'center' }}>
        {words.scan}
      </Text>
      {esim.appleInstallUrl !== null && (
        <Button className="button" href={esim.appleInstallUrl} style={styles.button}>
          {words.installOnIphone}
        </Button>
      )}
      {esim.androidInstallUrl !== null && (
        <Button
          className="button"
          href={esim.androidInstallUrl}
          style={{ ...styles.button, marginTop: '12px' }}
        >
          {words.installOnAndroid}
        </Button>
      )}
      {esim.appleInstallUrl !== null && (
        <Text className="quiet" style={{ ...styles.quiet, textAlign: 'center' }}>
          {words.iphoneNeeds}
        </Text>
      )}
      <Heading as="h3" className="ink" style={styles.h3}>
        {words.byHand}
      </Heading>
      <Code label={words.smdpAddress} value={esim.smdpAddress} />
      <Code label={words.matchingId} value={esim.matchingId} />
      <Code label={words.fullCode} value={esim.activationCode} />
    </Section>
  );
}

function Code({ label, value }: { label: string; value: string }) {
  return (
    <>
      <Text className="quiet" style={styles.codeLabel}>
        {label}
      </Text>
      <Text className="code" style={styles.code}>
        {value}
      </Text>
    </>
  );
}

function Steps({ title, steps }: InstallSteps) {
  return (
    <>
      <Heading as="h3" className="ink" style={styles.h3}>
        {title}
      </Heading>
      <ol className="ink" style={styles.list}>
        {steps.map((step) => (
          <li key={step} style={styles.item}>
            {step}
          </li>
        ))}
      </ol>
    </>
  );
}

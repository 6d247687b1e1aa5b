import {
  Body,
  Button,
  Container,
  Head,
  Heading,
  Hr,
  Html,
  Img,
  Link,
  Preview,
  render,
  Section,
  Text,
} from '@react-email/components';
import { destinationName } from '../catalogue/bundle-words.ts';
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
    <Html lang={tag}>
      <Head>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no, date=no, address=no, email=no" />
        <title>{words.title(esims.length)}</title>
        <style dangerouslySetInnerHTML={{ __html: headStyles }} />
      </Head>
      <Body className="page" style={styles.page}>
        <Preview>{words.intro(shopName)}</Preview>
        {/* Outlook on Windows knows no max-width and takes the attribute. */}
        <Container width={600} style={styles.container}>
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
        </Container>
      </Body>
    </Html>
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

const SANS =
  "-apple-system, BlinkMacSystemFont, 'Segoe UI', 'Hiragino Sans', 'Yu Gothic', Meiryo, 'Noto Sans JP', Roboto, Arial, sans-serif";
const MONOSPACE = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Courier New', monospace";

// The look stands inline, because many mail programs drop this sheet; it only adds dark mode and small screens.
// The tile behind the QR code stays white: scanners need dark on light.
const headStyles = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
.ink, .quiet { word-break: auto-phrase; }
@media (max-width: 480px) { .card { padding: 20px !important; } }
@media (prefers-color-scheme: dark) {
  .page, .page > table > tbody > tr > td { background-color: #111418 !important; }
  .card { background-color: #1d2228 !important; border-color: #343b44 !important; }
  .notice { background-color: #33290f !important; border-color: #6b5518 !important; }
  .ink { color: #f1f3f5 !important; }
  .quiet { color: #b3bcc6 !important; }
  .code { background-color: #111418 !important; border-color: #343b44 !important; color: #f1f3f5 !important; }
  .button { background-color: #f1f3f5 !important; color: #14181d !important; }
  .link { color: #8ab8ff !important; }
  .line { border-top-color: #343b44 !important; }
}`;

const text = { color: '#1c2229', fontFamily: SANS, fontSize: '16px', lineHeight: '24px' } as const;
const heading = { ...text, fontWeight: 700, margin: '0 0 8px' } as const;

const styles = {
  page: { backgroundColor: '#f2f4f6', margin: 0, padding: '16px 8px' },
  container: { width: '100%', maxWidth: '600px', margin: '0 auto' },
  // `separate`, or the rounded border of a table is square.
  card: {
    backgroundColor: '#ffffff',
    border: '1px solid #dfe3e8',
    borderCollapse: 'separate',
    borderRadius: '12px',
    padding: '28px',
    marginBottom: '16px',
  },
  notice: { backgroundColor: '#fff8e1', borderColor: '#e8d48a' },
  h1: { ...heading, fontSize: '26px', lineHeight: '34px' },
  h2: { ...heading, fontSize: '20px', lineHeight: '28px' },
  h3: { ...heading, fontSize: '16px', margin: '20px 0 8px' },
  text: { ...text, margin: '0 0 16px' },
  offer: { ...text, fontWeight: 600, margin: '0 0 16px' },
  quiet: { ...text, color: '#55606c', fontSize: '14px', lineHeight: '21px', margin: '8px 0' },
  list: { ...text, margin: 0, paddingLeft: '22px' },
  item: { margin: '0 0 8px' },
  qrTile: { backgroundColor: '#ffffff', borderRadius: '8px', width: '260px', margin: '0 auto' },
  qr: { width: '260px', height: '260px', maxWidth: '100%', margin: '0 auto' },
  button: {
    backgroundColor: '#14181d',
    borderRadius: '10px',
    boxSizing: 'border-box',
    color: '#ffffff',
    display: 'block',
    fontFamily: SANS,
    fontSize: '16px',
    fontWeight: 600,
    padding: '14px 20px',
    textAlign: 'center',
  },
  codeLabel: { ...text, color: '#55606c', fontSize: '14px', lineHeight: '20px', margin: '12px 0 4px' },
  code: {
    backgroundColor: '#f2f4f6',
    border: '1px solid #dfe3e8',
    borderRadius: '8px',
    color: '#1c2229',
    fontFamily: MONOSPACE,
    fontSize: '15px',
    lineHeight: '22px',
    margin: 0,
    padding: '10px 12px',
    wordBreak: 'break-all',
  },
  line: { borderTop: '1px solid #dfe3e8', margin: '20px 0 0' },
  link: { color: '#0b57d0', textDecoration: 'underline' },
} as const;

import type { ReactNode } from 'react';
import { dataLabel } from '../catalogue/bundle-words.ts';
import { esimName, esimOffer, type EsimSummary, type InstallCode } from './install-code.ts';
import { installPageScript, installPageStyles } from './install-page-assets.ts';
import { INSTALL_PAGE_WORDS, type InstallPageWords } from './install-page-words.ts';
import { INSTALL_WORDS, type InstallSteps } from './install-words.ts';
import { readerLocale } from '../platform/language.ts';

export type Device = 'ios' | 'android' | 'other';

export interface PageEsim extends EsimSummary {
  /** `elsewhere`: the code to install it with is where it was bought. */
  state: 'preparing' | 'ready' | 'elsewhere' | 'problem' | 'cancelled';
  /** Null until it is on a phone, and the supplier was asked since. Decimal bytes. */
  usage: PageUsage | null;
}

export interface PageUsage {
  usedBytes: bigint | null;
  totalBytes: bigint | null;
  isUnlimited: boolean;
  endsAt: Date | null;
  asOf: Date;
}

/** `index` is that of the eSIM it belongs to; `qrSvg` comes from our own `qrSvg()` and is put in as markup. */
export interface RevealedEsim extends InstallCode {
  index: number;
  qrSvg: string;
}

export interface InstallPageProps {
  locale: string;
  shopName: string;
  /** Null for an eSIM that another place sold. */
  orderName: string | null;
  device: Device;
  /** The nonce of the page's content security policy, for its one style and its one script. */
  nonce: string;
  esims: PageEsim[];
  /** Null until the buyer asked: mail scanners follow links, so a GET never holds a code. */
  revealed: RevealedEsim[] | null;
}

/** The public page behind the e-mailed link. Whole without JavaScript; fetches nothing. */
export function InstallPage(props: InstallPageProps) {
  const { locale, shopName, orderName, device, nonce, esims, revealed } = props;
  const { language } = readerLocale(locale);
  const words = INSTALL_PAGE_WORDS[language];
  const install = INSTALL_WORDS[language];
  const codes = new Map((revealed ?? []).map((code) => [code.index, code]));
  const readyCount = esims.filter((esim) => esim.state === 'ready').length;
  return (
    <Page locale={locale} nonce={nonce}>
      <p className="quiet">
        {shopName}
        {orderName !== null && ` · ${install.order(orderName)}`}
      </p>
      <h1>{words.title(Math.max(1, esims.length))}</h1>
      {esims.length === 0 && (
        <section className="card">
          <State state="cancelled" shopName={shopName} words={words.states} />
        </section>
      )}
      {revealed === null && readyCount > 0 && (
        <form method="post" className="card">
          <p>{words.revealHint}</p>
          <button className="main">{words.reveal(readyCount)}</button>
        </form>
      )}
      {readyCount > 0 && (
        <section className="card notice">
          <h2>{install.beforeYouStart}</h2>
          <ul>
            <li>{install.wifiFirst}</li>
            <li>{install.onceOnly}</li>
            <li>{install.neverDelete}</li>
            <li>{words.keepPrivate}</li>
          </ul>
        </section>
      )}
      {esims.map((esim) => (
        <Esim key={esim.index} esim={esim} code={codes.get(esim.index)} {...{ locale, shopName, device }} />
      ))}
      {revealed !== null && (
        <section className="card">
          <h2>{words.howTo}</h2>
          {inDeviceOrder(device, [
            <Steps key="ios" {...install.iphoneSteps} isOpen={device !== 'android'} />,
            <Steps key="android" {...install.androidSteps} isOpen={device !== 'ios'} />,
          ])}
          <p className="quiet">{install.inBrowser}</p>
        </section>
      )}
      {revealed !== null && (
        <>
          <p role="status" className="unseen" id="copy-status" />
          <script
            nonce={nonce}
            suppressHydrationWarning // Browsers hide the nonce from scripts once it is used.
            dangerouslySetInnerHTML={{ __html: installPageScript }}
          />
        </>
      )}
    </Page>
  );
}

/** For a token we do not know, or that has expired; the route answers it with 404. */
export function LinkNotFound({ locale, nonce }: { locale: string; nonce?: string }) {
  const words = INSTALL_PAGE_WORDS[readerLocale(locale).language].notFound;
  return (
    <Page locale={locale} nonce={nonce}>
      <h1>{words.title}</h1>
      <section className="card">
        <p>{words.reason}</p>
        <h2>{words.whatToDo}</h2>
        <ul>
          {words.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ul>
      </section>
    </Page>
  );
}

function Page({
  locale,
  nonce,
  children,
}: {
  locale: string;
  nonce: string | undefined;
  children: ReactNode;
}) {
  return (
    <main className="install" lang={readerLocale(locale).tag}>
      <style nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: installPageStyles }} />
      {children}
    </main>
  );
}

interface EsimProps {
  esim: PageEsim;
  code: RevealedEsim | undefined;
  locale: string;
  shopName: string;
  device: Device;
}

function Esim({ esim, code, locale, shopName, device }: EsimProps) {
  const { language } = readerLocale(locale);
  return (
    <section className="card">
      <h2>{esimName(esim, locale)}</h2>
      <p className="offer">{esimOffer(esim, locale)}</p>
      {esim.usage && <Usage usage={esim.usage} locale={locale} />}
      {code === undefined ? (
        <State state={esim.state} shopName={shopName} words={INSTALL_PAGE_WORDS[language].states} />
      ) : (
        <Code code={code} name={esimName(esim, locale)} locale={locale} device={device} />
      )}
    </section>
  );
}

/** What is left, as far as the supplier told. */
function Usage({ usage, locale }: { usage: PageUsage; locale: string }) {
  const { language, tag } = readerLocale(locale);
  const words = INSTALL_PAGE_WORDS[language].usage;
  const { usedBytes, totalBytes, isUnlimited, endsAt, asOf } = usage;
  const moment = (at: Date) =>
    new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(at);
  const total = isUnlimited ? null : totalBytes;
  return (
    <>
      {usedBytes !== null && (
        <p>
          {total === null && !isUnlimited
            ? words.used(dataLabel(usedBytes, locale))
            : words.usedOf(dataLabel(usedBytes, locale), dataLabel(total, locale))}
        </p>
      )}
      {endsAt !== null && <p>{words.until(`${moment(endsAt)} UTC`)}</p>}
      <p className="quiet">{words.asOf(`${moment(asOf)} UTC`)}</p>
    </>
  );
}

function State({
  state,
  shopName,
  words,
}: {
  state: PageEsim['state'];
  shopName: string;
  words: InstallPageWords['states'];
}) {
  switch (state) {
    case 'ready':
      return <p className="state ready">{words.ready.label}</p>;
    case 'preparing':
      return (
        <>
          <p className="state">{words.preparing.label}</p>
          <p className="quiet">{words.preparing.hint}</p>
        </>
      );
    case 'elsewhere':
      return <p className="quiet">{words.elsewhere.hint}</p>;
    case 'problem':
    case 'cancelled':
      return (
        <>
          <p className="state bad">{words[state].label}</p>
          <p className="quiet">{words[state].hint(shopName)}</p>
        </>
      );
    default:
      return state satisfies never;
  }
}

function Code({
  code,
  name,
  locale,
  device,
}: {
  code: RevealedEsim;
  name: string;
  locale: string;
  device: Device;
}) {
  const { language } = readerLocale(locale);
  const words = INSTALL_WORDS[language];
  const pageWords = INSTALL_PAGE_WORDS[language];
  const isPhone = device !== 'other';
  const buttons = (
    <div key="buttons" className="buttons">
      {inDeviceOrder(device, [
        code.appleInstallUrl !== null && (
          <a key="ios" className={device === 'android' ? 'other' : 'main'} href={code.appleInstallUrl}>
            {words.installOnIphone}
          </a>
        ),
        code.androidInstallUrl !== null && (
          <a key="android" className={device === 'ios' ? 'other' : 'main'} href={code.androidInstallUrl}>
            {words.installOnAndroid}
          </a>
        ),
      ])}
      {code.appleInstallUrl !== null && <p className="quiet">{words.iphoneNeeds}</p>}
    </div>
  );
  const qr = (
    <figure key="qr">
      <div
        className="qr"
        role="img"
        aria-label={words.qrAlt(name)}
        dangerouslySetInnerHTML={{ __html: code.qrSvg }}
      />
      <figcaption className="quiet">{isPhone ? pageWords.scanElsewhere : words.scan}</figcaption>
    </figure>
  );
  return (
    <>
      {/* A phone cannot scan its own screen, so there the buttons lead. */}
      {isPhone ? [buttons, qr] : [qr, buttons]}
      <h3>{words.byHand}</h3>
      <dl>
        <CopyField
          id={`smdp-${code.index}`}
          label={words.smdpAddress}
          value={code.smdpAddress}
          words={pageWords}
        />
        <CopyField
          id={`id-${code.index}`}
          label={words.matchingId}
          value={code.matchingId}
          words={pageWords}
        />
        <CopyField
          id={`full-${code.index}`}
          label={words.fullCode}
          value={code.activationCode}
          words={pageWords}
        />
      </dl>
    </>
  );
}

interface CopyFieldProps {
  id: string;
  label: string;
  value: string;
  words: InstallPageWords;
}

function CopyField({ id, label, value, words }: CopyFieldProps) {
  return (
    <div className="field">
      <dt>{label}</dt>
      <dd>
        <code id={id}>{value}</code>
        <button
          type="button"
          hidden
          data-copy={id}
          data-copied={words.copied}
          aria-label={words.copyThing(label)}
        >
          {words.copy}
        </button>
      </dd>
    </div>
  );
}

function Steps({ title, steps, isOpen }: InstallSteps & { isOpen: boolean }) {
  return (
    <details open={isOpen}>
      <summary>{title}</summary>
      <ol>
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    </details>
  );
}

function inDeviceOrder(device: Device, [ios, android]: [ReactNode, ReactNode]): ReactNode[] {
  return device === 'android' ? [android, ios] : [ios, android];
}

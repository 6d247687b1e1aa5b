import { Body, Container, Head, Html, Preview } from '@react-email/components';
import type { ReactNode } from 'react';
import { headStyles, styles } from './email-styles.ts';

interface Frame {
  /** A tag for `Intl`. */
  lang: string;
  title: string;
  /** What a mailbox shows beside the subject. */
  preview: string;
  children: ReactNode;
}

/** The page of every e-mail to a buyer. Nothing is fetched when it is opened. */
export function MailFrame({ lang, title, preview, children }: Frame) {
  return (
    <Html lang={lang}>
      <Head>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no, date=no, address=no, email=no" />
        <title>{title}</title>
        <style dangerouslySetInnerHTML={{ __html: headStyles }} />
      </Head>
      <Body className="page" style={styles.page}>
        <Preview>{preview}</Preview>
        {/* Outlook on Windows knows no max-width and takes the attribute. */}
        <Container width={600} style={styles.container}>
          {children}
        </Container>
      </Body>
    </Html>
  );
}

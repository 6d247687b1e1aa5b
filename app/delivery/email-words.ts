import type { Language } from '../platform/language.ts';

/** What only the e-mail says. */
export interface EmailWords {
  /** `destination` is null when the eSIMs go to different places. */
  subject(title: string, destination: string | null, orderName: string): string;
  title(count: number): string;
  intro(shopName: string): string;
  openOnPhone: string;
  openPage: string;
  howTo: string;
  keepPrivate: string;
}

export const EMAIL_WORDS: Record<Language, EmailWords> = {
  en: {
    subject: (title, destination, orderName) =>
      `${title}${destination === null ? '' : `: ${destination}`} (order ${orderName})`,
    title: (count) => (count === 1 ? 'Your eSIM is ready' : `Your ${count} eSIMs are ready`),
    intro: (shopName) =>
      `Thank you for your order at ${shopName}. Here is everything you need to get online on your trip.`,
    openOnPhone: 'Reading this on your phone, or want to switch to it? Open this page on your phone:',
    openPage: 'Open the install page',
    howTo: 'How to install',
    keepPrivate: 'Keep this e-mail to yourself: anyone who has a code can install it.',
  },
  de: {
    subject: (title, destination, orderName) =>
      `${title}${destination === null ? '' : `: ${destination}`} (Bestellung ${orderName})`,
    title: (count) => (count === 1 ? 'Ihre eSIM ist bereit' : `Ihre ${count} eSIMs sind bereit`),
    intro: (shopName) =>
      `Vielen Dank für Ihre Bestellung bei ${shopName}. Hier finden Sie alles, um unterwegs online zu sein.`,
    openOnPhone:
      'Sie lesen dies auf dem Handy oder möchten dort weitermachen? Öffnen Sie diese Seite auf dem Handy:',
    openPage: 'Installationsseite öffnen',
    howTo: 'So installieren Sie die eSIM',
    keepPrivate: 'Geben Sie diese E-Mail nicht weiter: Wer einen Code hat, kann ihn installieren.',
  },
  fr: {
    subject: (title, destination, orderName) =>
      `${title}${destination === null ? '' : `\u00a0: ${destination}`} (commande ${orderName})`,
    title: (count) => (count === 1 ? 'Votre eSIM est prête' : `Vos ${count} eSIM sont prêtes`),
    intro: (shopName) =>
      `Merci pour votre commande chez ${shopName}. Voici tout ce qu’il vous faut pour rester connecté en voyage.`,
    openOnPhone:
      'Vous lisez ce message sur votre téléphone, ou souhaitez continuer dessus\u00a0? Ouvrez-y cette page\u00a0:',
    openPage: 'Ouvrir la page d’installation',
    howTo: 'Comment installer l’eSIM',
    keepPrivate: 'Gardez cet e-mail pour vous\u00a0: toute personne qui possède un code peut l’installer.',
  },
  es: {
    subject: (title, destination, orderName) =>
      `${title}${destination === null ? '' : `: ${destination}`} (pedido ${orderName})`,
    title: (count) => (count === 1 ? 'Tu eSIM está lista' : `Tus ${count} eSIM están listas`),
    intro: (shopName) =>
      `Gracias por tu pedido en ${shopName}. Aquí tienes todo lo necesario para conectarte durante tu viaje.`,
    openOnPhone: '¿Lees esto en el teléfono o prefieres seguir en él? Abre esta página en tu teléfono:',
    openPage: 'Abrir la página de instalación',
    howTo: 'Cómo instalar la eSIM',
    keepPrivate: 'No compartas este correo: quien tenga un código puede instalarlo.',
  },
  ja: {
    subject: (title, destination, orderName) =>
      `${title}${destination === null ? '' : `：${destination}`}（ご注文 ${orderName}）`,
    title: (count) => (count === 1 ? 'eSIMのご用意ができました' : `eSIM ${count}枚のご用意ができました`),
    intro: (shopName) =>
      `${shopName}をご利用いただき、ありがとうございます。ご旅行先でのインターネット接続に必要な情報をお届けします。`,
    openOnPhone:
      'スマートフォンでご覧の方、またはスマートフォンで設定したい方は、こちらのページをスマートフォンで開いてください。',
    openPage: 'インストールページを開く',
    howTo: 'インストール方法',
    keepPrivate:
      'このメールは他の人に転送しないでください。コードを知っている人は誰でもインストールできます。',
  },
};

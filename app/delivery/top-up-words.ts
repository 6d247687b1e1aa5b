import type { Language } from '../platform/language.ts';

/** What the e-mail about a top-up says. */
export interface TopUpWords {
  title: string;
  /** `destination` is null when several are topped up for different places. */
  subject(title: string, destination: string | null, orderName: string): string;
  intro(shopName: string): string;
  /** "eSIM ending in 1234". */
  ending(last4: string): string;
  /** Of how it is used. */
  nothingToDo: string;
}

export const TOP_UP_WORDS: Record<Language, TopUpWords> = {
  en: {
    title: 'More data is on your eSIM',
    subject: (title, destination, orderName) =>
      `${title}${destination === null ? '' : `: ${destination}`} (order ${orderName})`,
    intro: (shopName) => `Thank you for your order at ${shopName}. Your new data is on your eSIM already.`,
    ending: (last4) => `eSIM ending in ${last4}`,
    nothingToDo: 'There is nothing to install. Keep the eSIM on your phone: it uses the new data by itself.',
  },
  de: {
    title: 'Auf Ihrer eSIM ist mehr Datenvolumen',
    subject: (title, destination, orderName) =>
      `${title}${destination === null ? '' : `: ${destination}`} (Bestellung ${orderName})`,
    intro: (shopName) =>
      `Vielen Dank für Ihre Bestellung bei ${shopName}. Das neue Datenvolumen ist schon auf Ihrer eSIM.`,
    ending: (last4) => `eSIM mit der Endung ${last4}`,
    nothingToDo:
      'Sie müssen nichts installieren. Lassen Sie die eSIM auf Ihrem Handy: Sie nutzt das neue Datenvolumen von selbst.',
  },
  fr: {
    title: 'Votre eSIM est rechargée',
    subject: (title, destination, orderName) =>
      `${title}${destination === null ? '' : `\u00a0: ${destination}`} (commande ${orderName})`,
    intro: (shopName) =>
      `Merci pour votre commande chez ${shopName}. Vos nouvelles données sont déjà sur votre eSIM.`,
    ending: (last4) => `eSIM se terminant par ${last4}`,
    nothingToDo:
      'Vous n’avez rien à installer. Gardez l’eSIM sur votre téléphone\u00a0: elle utilisera les nouvelles données d’elle-même.',
  },
  es: {
    title: 'Tu eSIM tiene más datos',
    subject: (title, destination, orderName) =>
      `${title}${destination === null ? '' : `: ${destination}`} (pedido ${orderName})`,
    intro: (shopName) => `Gracias por tu pedido en ${shopName}. Los nuevos datos ya están en tu eSIM.`,
    ending: (last4) => `eSIM terminada en ${last4}`,
    nothingToDo:
      'No tienes que instalar nada. Deja la eSIM en tu teléfono: usará los nuevos datos por sí sola.',
  },
  ja: {
    title: 'eSIMにデータを追加しました',
    subject: (title, destination, orderName) =>
      `${title}${destination === null ? '' : `：${destination}`}（ご注文 ${orderName}）`,
    intro: (shopName) =>
      `${shopName}をご利用いただき、ありがとうございます。新しいデータは、すでにお使いのeSIMに追加されています。`,
    ending: (last4) => `末尾が${last4}のeSIM`,
    nothingToDo:
      '新たにインストールする必要はありません。eSIMをスマートフォンに入れたままにしておくと、新しいデータが自動的に使われます。',
  },
};

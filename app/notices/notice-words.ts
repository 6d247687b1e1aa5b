import type { Language } from '../platform/language.ts';
import type { NoticeKind } from './notice.ts';

/** What the mails after the purchase say. `until` is a moment, written out with its time zone. */
export interface NoticeWords {
  titles: Record<NoticeKind, string>;
  subject(title: string, place: string): string;
  allUsed: string;
  mostUsed: string;
  endsAt(until: string): string;
  isOnline: string;
  worksUntil(until: string): string;
  installNow: string;
  topUp: string;
  moreAt(shopName: string): string;
  toShop: string;
  /** Why the reader gets it. */
  why(shopName: string, orderName: string): string;
  /** The same of an eSIM that another place sold. */
  whyElsewhere(shopName: string): string;
  /** To the page with what is left of it. */
  toPage: string;
}

export const NOTICE_WORDS: Record<Language, NoticeWords> = {
  en: {
    titles: {
      'data-100': 'Your data is used up',
      'data-80': '80% of your data is used',
      expires: 'Your eSIM ends soon',
      'first-use': 'Your eSIM is online',
      'not-installed': 'Your eSIM is not installed yet',
    },
    subject: (title, place) => `${title}: ${place}`,
    allUsed: 'All data of this eSIM is used. It stays offline until more is added.',
    mostUsed: 'No more than a fifth of this eSIM’s data is left. When it is used up, the eSIM goes offline.',
    endsAt: (until) => `This eSIM works until ${until}. Data that is not used by then is lost.`,
    isOnline: 'This eSIM is connected, and its time has begun.',
    worksUntil: (until) => `It works until ${until}.`,
    installNow:
      'Install it before you travel, while you have Wi-Fi: it takes a few minutes. If you have just done so, you need not do anything.',
    topUp: 'Add data',
    moreAt: (shopName) => `You can get more data at ${shopName}.`,
    toShop: 'Go to the shop',
    whyElsewhere: (shopName) => `You get this e-mail because ${shopName} looks after this eSIM for you.`,
    toPage: 'Look at your eSIM',
    why: (shopName, orderName) =>
      `You get this e-mail because you bought this eSIM at ${shopName} (order ${orderName}).`,
  },
  de: {
    titles: {
      'data-100': 'Ihr Datenvolumen ist aufgebraucht',
      'data-80': '80\u00a0% Ihres Datenvolumens sind verbraucht',
      expires: 'Ihre eSIM läuft bald ab',
      'first-use': 'Ihre eSIM ist online',
      'not-installed': 'Ihre eSIM ist noch nicht installiert',
    },
    subject: (title, place) => `${title}: ${place}`,
    allUsed:
      'Das Datenvolumen dieser eSIM ist vollständig verbraucht. Sie bleibt offline, bis neues hinzukommt.',
    mostUsed:
      'Vom Datenvolumen dieser eSIM ist höchstens noch ein Fünftel übrig. Ist es aufgebraucht, geht die eSIM offline.',
    endsAt: (until) => `Diese eSIM funktioniert bis ${until}. Was bis dahin nicht verbraucht ist, verfällt.`,
    isOnline: 'Diese eSIM ist verbunden, und ihre Laufzeit hat begonnen.',
    worksUntil: (until) => `Sie funktioniert bis ${until}.`,
    installNow:
      'Installieren Sie sie vor der Reise, solange Sie WLAN haben: Es dauert nur wenige Minuten. Falls Sie das gerade getan haben, brauchen Sie nichts weiter zu tun.',
    topUp: 'Datenvolumen aufladen',
    moreAt: (shopName) => `Mehr Datenvolumen erhalten Sie bei ${shopName}.`,
    toShop: 'Zum Shop',
    whyElsewhere: (shopName) => `Sie erhalten diese E-Mail, weil ${shopName} diese eSIM für Sie betreut.`,
    toPage: 'eSIM ansehen',
    why: (shopName, orderName) =>
      `Sie erhalten diese E-Mail, weil Sie diese eSIM bei ${shopName} gekauft haben (Bestellung ${orderName}).`,
  },
  fr: {
    titles: {
      'data-100': 'Vos données sont épuisées',
      'data-80': '80\u00a0% de vos données sont utilisées',
      expires: 'Votre eSIM expire bientôt',
      'first-use': 'Votre eSIM est en ligne',
      'not-installed': 'Votre eSIM n’est pas encore installée',
    },
    subject: (title, place) => `${title}\u00a0: ${place}`,
    allUsed: 'Toutes les données de cette eSIM sont utilisées. Elle reste hors ligne jusqu’à une recharge.',
    mostUsed:
      'Il reste au plus un cinquième des données de cette eSIM. Une fois ces données épuisées, elle passe hors ligne.',
    endsAt: (until) =>
      `Cette eSIM fonctionne jusqu’au ${until}. Les données non utilisées d’ici là seront perdues.`,
    isOnline: 'Cette eSIM est connectée et sa durée de validité a commencé.',
    worksUntil: (until) => `Elle fonctionne jusqu’au ${until}.`,
    installNow:
      'Installez-la avant le départ, tant que vous avez du Wi-Fi\u00a0: cela ne prend que quelques minutes. Si vous venez de le faire, vous n’avez plus rien à faire.',
    topUp: 'Recharger',
    moreAt: (shopName) => `Vous pouvez obtenir plus de données chez ${shopName}.`,
    toShop: 'Aller à la boutique',
    whyElsewhere: (shopName) =>
      `Vous recevez cet e-mail parce que ${shopName} s’occupe de cette eSIM pour vous.`,
    toPage: 'Voir mon eSIM',
    why: (shopName, orderName) =>
      `Vous recevez cet e-mail parce que vous avez acheté cette eSIM chez ${shopName} (commande ${orderName}).`,
  },
  es: {
    titles: {
      'data-100': 'Has agotado tus datos',
      'data-80': 'Has usado el 80\u00a0% de tus datos',
      expires: 'Tu eSIM caduca pronto',
      'first-use': 'Tu eSIM está conectada',
      'not-installed': 'Tu eSIM aún no está instalada',
    },
    subject: (title, place) => `${title}: ${place}`,
    allUsed: 'Ya has usado todos los datos de esta eSIM. Estará sin conexión hasta que se añadan más.',
    mostUsed:
      'Queda como mucho una quinta parte de los datos de esta eSIM. Cuando se agoten, se quedará sin conexión.',
    endsAt: (until) =>
      `Esta eSIM funciona hasta el ${until}. Los datos que no uses hasta entonces se perderán.`,
    isOnline: 'Esta eSIM se ha conectado y su plazo ha empezado.',
    worksUntil: (until) => `Funciona hasta el ${until}.`,
    installNow:
      'Instálala antes de viajar, mientras tengas wifi: solo lleva unos minutos. Si acabas de hacerlo, no tienes que hacer nada más.',
    topUp: 'Añadir datos',
    moreAt: (shopName) => `Puedes conseguir más datos en ${shopName}.`,
    toShop: 'Ir a la tienda',
    whyElsewhere: (shopName) => `Recibes este correo porque ${shopName} se ocupa de esta eSIM por ti.`,
    toPage: 'Ver mi eSIM',
    why: (shopName, orderName) =>
      `Recibes este correo porque compraste esta eSIM en ${shopName} (pedido ${orderName}).`,
  },
  ja: {
    titles: {
      'data-100': 'データ容量をすべて使い切りました',
      'data-80': 'データ容量の80%を使用しました',
      expires: 'eSIMの有効期限が近づいています',
      'first-use': 'eSIMがつながりました',
      'not-installed': 'eSIMがまだインストールされていません',
    },
    subject: (title, place) => `${title}：${place}`,
    allUsed:
      'このeSIMのデータ容量をすべて使い切りました。データが追加されるまで、インターネットに接続できません。',
    mostUsed:
      'このeSIMのデータ容量の残りは5分の1以下です。使い切ると、インターネットに接続できなくなります。',
    endsAt: (until) => `このeSIMは${until}までご利用いただけます。それまでに使わなかったデータは失効します。`,
    isOnline: 'このeSIMが接続され、利用期間が始まりました。',
    worksUntil: (until) => `${until}までご利用いただけます。`,
    installNow:
      'ご出発前に、Wi-Fiに接続できる場所でインストールしてください。数分で完了します。すでにインストールされた場合は、何もする必要はありません。',
    topUp: 'データを追加',
    moreAt: (shopName) => `データの追加購入は${shopName}で承っています。`,
    toShop: 'ショップへ',
    whyElsewhere: (shopName) =>
      `このメールは、${shopName} がこの eSIM のサポートを担当しているためお送りしています。`,
    toPage: 'eSIM を見る',
    why: (shopName, orderName) =>
      `このメールは、${shopName}でこのeSIMをご購入いただいた方にお送りしています（ご注文 ${orderName}）。`,
  },
};

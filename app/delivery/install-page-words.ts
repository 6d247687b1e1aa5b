import type { Language } from '../platform/language.ts';

/** What only the public install page says. */
export interface InstallPageWords {
  title(count: number): string;
  reveal(count: number): string;
  revealHint: string;
  scanElsewhere: string;
  copy: string;
  copied: string;
  copyThing(thing: string): string;
  howTo: string;
  keepPrivate: string;
  usage: {
    used(used: string): string;
    usedOf(used: string, total: string): string;
    /** A moment, written out with its time zone, as `at` is. */
    until(until: string): string;
    asOf(at: string): string;
  };
  states: {
    preparing: { label: string; hint: string };
    ready: { label: string };
    elsewhere: { hint: string };
    problem: { label: string; hint(shopName: string): string };
    cancelled: { label: string; hint(shopName: string): string };
  };
  notFound: { title: string; reason: string; whatToDo: string; steps: [string, string, string] };
}

export const INSTALL_PAGE_WORDS: Record<Language, InstallPageWords> = {
  en: {
    title: (count) => (count === 1 ? 'Your eSIM' : `Your ${count} eSIMs`),
    reveal: (count) => (count === 1 ? 'Show my QR code' : 'Show my QR codes'),
    revealHint: 'Open this page on the phone you will travel with, then tap the button.',
    scanElsewhere: 'Or scan this code from another screen.',
    copy: 'Copy',
    copied: 'Copied',
    copyThing: (thing) => `Copy: ${thing}`,
    howTo: 'How to install',
    keepPrivate: 'Keep these codes to yourself: anyone who has one can install it.',
    usage: {
      used: (used) => `${used} used`,
      usedOf: (used, total) => `${used} of ${total} used`,
      until: (until) => `Works until ${until}.`,
      asOf: (at) => `As of ${at}`,
    },
    states: {
      preparing: {
        label: 'Being prepared',
        hint: 'This usually takes a few minutes. Reload this page in a moment.',
      },
      ready: { label: 'Ready to install' },
      elsewhere: { hint: 'Install it with the QR code you got where you bought it.' },
      problem: {
        label: 'Not ready',
        hint: (shopName) => `Something went wrong while preparing this eSIM. Please contact ${shopName}.`,
      },
      cancelled: {
        label: 'Cancelled',
        hint: (shopName) => `This eSIM was cancelled. Please contact ${shopName} if you did not expect this.`,
      },
    },
    notFound: {
      title: 'This link does not work any more',
      reason: 'The link is incomplete or has expired. Your eSIM is not lost.',
      whatToDo: 'What you can do',
      steps: [
        'Open the newest e-mail about your eSIM and tap the link in it again.',
        'Open your order in the shop: your eSIM is shown there too.',
        'Reply to your order confirmation and ask the shop to send the eSIM again.',
      ],
    },
  },
  de: {
    title: (count) => (count === 1 ? 'Ihre eSIM' : `Ihre ${count} eSIMs`),
    reveal: (count) => (count === 1 ? 'QR-Code anzeigen' : 'QR-Codes anzeigen'),
    revealHint:
      'Öffnen Sie diese Seite auf dem Handy, das Sie auf die Reise mitnehmen, und tippen Sie dann auf die Schaltfläche.',
    scanElsewhere: 'Oder scannen Sie diesen Code von einem anderen Bildschirm.',
    copy: 'Kopieren',
    copied: 'Kopiert',
    copyThing: (thing) => `Kopieren: ${thing}`,
    howTo: 'So installieren Sie die eSIM',
    keepPrivate: 'Geben Sie diese Codes nicht weiter: Wer einen Code hat, kann ihn installieren.',
    usage: {
      used: (used) => `${used} verbraucht`,
      usedOf: (used, total) => `${used} von ${total} verbraucht`,
      until: (until) => `Funktioniert bis ${until}.`,
      asOf: (at) => `Stand: ${at}`,
    },
    states: {
      preparing: {
        label: 'Wird vorbereitet',
        hint: 'Das dauert meist nur wenige Minuten. Laden Sie diese Seite gleich noch einmal.',
      },
      ready: { label: 'Bereit zur Installation' },
      elsewhere: {
        hint: 'Installieren Sie sie mit dem QR-Code, den Sie dort bekommen haben, wo Sie sie gekauft haben.',
      },
      problem: {
        label: 'Nicht bereit',
        hint: (shopName) =>
          `Beim Vorbereiten dieser eSIM ist etwas schiefgegangen. Bitte wenden Sie sich an ${shopName}.`,
      },
      cancelled: {
        label: 'Storniert',
        hint: (shopName) =>
          `Diese eSIM wurde storniert. Wenden Sie sich bitte an ${shopName}, falls Sie das nicht erwartet haben.`,
      },
    },
    notFound: {
      title: 'Dieser Link funktioniert nicht mehr',
      reason: 'Der Link ist unvollständig oder abgelaufen. Ihre eSIM ist nicht verloren.',
      whatToDo: 'Das können Sie tun',
      steps: [
        'Öffnen Sie die neueste E-Mail zu Ihrer eSIM und tippen Sie dort noch einmal auf den Link.',
        'Öffnen Sie Ihre Bestellung im Shop: Auch dort wird Ihre eSIM angezeigt.',
        'Antworten Sie auf Ihre Bestellbestätigung und bitten Sie den Shop, die eSIM noch einmal zu senden.',
      ],
    },
  },
  fr: {
    title: (count) => (count === 1 ? 'Votre eSIM' : `Vos ${count} eSIM`),
    reveal: (count) => (count === 1 ? 'Afficher mon code QR' : 'Afficher mes codes QR'),
    revealHint:
      'Ouvrez cette page sur le téléphone que vous emporterez en voyage, puis appuyez sur le bouton.',
    scanElsewhere: 'Ou scannez ce code depuis un autre écran.',
    copy: 'Copier',
    copied: 'Copié',
    copyThing: (thing) => `Copier\u00a0: ${thing}`,
    howTo: 'Comment installer l’eSIM',
    keepPrivate: 'Gardez ces codes pour vous\u00a0: toute personne qui en possède un peut l’installer.',
    usage: {
      used: (used) => `${used} utilisés`,
      usedOf: (used, total) => `${used} utilisés sur ${total}`,
      until: (until) => `Fonctionne jusqu’au ${until}.`,
      asOf: (at) => `État au ${at}`,
    },
    states: {
      preparing: {
        label: 'En préparation',
        hint: 'Cela prend généralement quelques minutes. Rechargez cette page dans un instant.',
      },
      ready: { label: 'Prête à installer' },
      elsewhere: { hint: 'Installez-la avec le code QR reçu là où vous l’avez achetée.' },
      problem: {
        label: 'Pas encore disponible',
        hint: (shopName) =>
          `Un problème est survenu lors de la préparation de cette eSIM. Veuillez contacter ${shopName}.`,
      },
      cancelled: {
        label: 'Annulée',
        hint: (shopName) => `Cette eSIM a été annulée. Si ce n’était pas prévu, contactez ${shopName}.`,
      },
    },
    notFound: {
      title: 'Ce lien ne fonctionne plus',
      reason: 'Le lien est incomplet ou a expiré. Votre eSIM n’est pas perdue.',
      whatToDo: 'Ce que vous pouvez faire',
      steps: [
        'Ouvrez le dernier e-mail au sujet de votre eSIM et touchez de nouveau le lien.',
        'Ouvrez votre commande dans la boutique\u00a0: votre eSIM y est aussi affichée.',
        'Répondez à votre confirmation de commande et demandez à la boutique de renvoyer l’eSIM.',
      ],
    },
  },
  es: {
    title: (count) => (count === 1 ? 'Tu eSIM' : `Tus ${count} eSIM`),
    reveal: (count) => (count === 1 ? 'Mostrar mi código QR' : 'Mostrar mis códigos QR'),
    revealHint: 'Abre esta página en el teléfono que llevarás de viaje y toca el botón.',
    scanElsewhere: 'O escanea este código desde otra pantalla.',
    copy: 'Copiar',
    copied: 'Copiado',
    copyThing: (thing) => `Copiar: ${thing}`,
    howTo: 'Cómo instalar la eSIM',
    keepPrivate: 'No compartas estos códigos: quien tenga uno puede instalarlo.',
    usage: {
      used: (used) => `${used} usados`,
      usedOf: (used, total) => `${used} usados de ${total}`,
      until: (until) => `Funciona hasta el ${until}.`,
      asOf: (at) => `Actualizado el ${at}`,
    },
    states: {
      preparing: {
        label: 'En preparación',
        hint: 'Suele tardar unos minutos. Vuelve a cargar esta página dentro de un momento.',
      },
      ready: { label: 'Lista para instalar' },
      elsewhere: { hint: 'Instálala con el código QR que recibiste donde la compraste.' },
      problem: {
        label: 'No disponible todavía',
        hint: (shopName) => `Ha habido un problema al preparar esta eSIM. Ponte en contacto con ${shopName}.`,
      },
      cancelled: {
        label: 'Cancelada',
        hint: (shopName) =>
          `Esta eSIM se ha cancelado. Si no lo esperabas, ponte en contacto con ${shopName}.`,
      },
    },
    notFound: {
      title: 'Este enlace ya no funciona',
      reason: 'El enlace está incompleto o ha caducado. Tu eSIM no se ha perdido.',
      whatToDo: 'Qué puedes hacer',
      steps: [
        'Abre el último correo sobre tu eSIM y vuelve a tocar el enlace.',
        'Abre tu pedido en la tienda: tu eSIM también aparece allí.',
        'Responde a la confirmación de tu pedido y pide a la tienda que vuelva a enviar la eSIM.',
      ],
    },
  },
  ja: {
    title: (count) => (count === 1 ? 'お客様のeSIM' : `お客様のeSIM（${count}枚）`),
    reveal: () => 'QRコードを表示',
    revealHint: '旅行に持っていくスマートフォンでこのページを開き、ボタンをタップしてください。',
    scanElsewhere: 'または、別の画面に表示したこのコードを読み取ってください。',
    copy: 'コピー',
    copied: 'コピーしました',
    copyThing: (thing) => `${thing}をコピー`,
    howTo: 'インストール方法',
    keepPrivate: 'コードは他の人に教えないでください。コードを知っている人は誰でもインストールできます。',
    usage: {
      used: (used) => `使用量：${used}`,
      usedOf: (used, total) => `使用量：${used} / ${total}`,
      until: (until) => `有効期限：${until}`,
      asOf: (at) => `${at} 時点`,
    },
    states: {
      preparing: {
        label: '準備中',
        hint: '通常は数分で完了します。しばらくしてからこのページを再読み込みしてください。',
      },
      ready: { label: 'インストールできます' },
      elsewhere: { hint: '購入先で受け取ったQRコードでインストールしてください。' },
      problem: {
        label: 'まだご利用いただけません',
        hint: (shopName) => `このeSIMの準備中に問題が発生しました。${shopName}までお問い合わせください。`,
      },
      cancelled: {
        label: 'キャンセル済み',
        hint: (shopName) =>
          `このeSIMはキャンセルされました。お心当たりがない場合は、${shopName}までお問い合わせください。`,
      },
    },
    notFound: {
      title: 'このリンクは現在ご利用いただけません',
      reason: 'リンクが途中で切れているか、有効期限が過ぎています。eSIMがなくなったわけではありません。',
      whatToDo: '次の方法をお試しください',
      steps: [
        'eSIMに関する最新のメールを開き、リンクをもう一度タップしてください。',
        'ショップの注文ページを開いてください。eSIMはそちらにも表示されます。',
        'ご注文確認メールに返信し、eSIMの再送をショップにご依頼ください。',
      ],
    },
  },
};

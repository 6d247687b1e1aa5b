import type { Language } from '../platform/language.ts';

/** What the e-mail and the install page both say. Menu names are those the phones show in that language. */
export interface InstallWords {
  /** "eSIM 1 of 2". */
  numbered(index: number, of: number): string;
  order(orderName: string): string;
  qrAlt(label: string): string;
  scan: string;
  installOnIphone: string;
  installOnAndroid: string;
  iphoneNeeds: string;
  byHand: string;
  smdpAddress: string;
  matchingId: string;
  fullCode: string;
  iphoneSteps: InstallSteps;
  androidSteps: InstallSteps;
  beforeYouStart: string;
  wifiFirst: string;
  onceOnly: string;
  neverDelete: string;
  inBrowser: string;
}

export interface InstallSteps {
  title: string;
  steps: [string, string, string];
}

export const INSTALL_WORDS: Record<Language, InstallWords> = {
  en: {
    numbered: (index, of) => `eSIM ${index} of ${of}`,
    order: (orderName) => `Order ${orderName}`,
    qrAlt: (label) => `QR code to install ${label}`,
    scan: 'Scan this code with the phone you will travel with.',
    installOnIphone: 'Install on iPhone',
    installOnAndroid: 'Install on Android',
    iphoneNeeds: 'iPhone: one tap needs iOS 17.4 or later.',
    byHand: 'Or enter the details by hand',
    smdpAddress: 'SM-DP+ address',
    matchingId: 'Activation code',
    fullCode: 'Full code (if your Android phone asks for a single code)',
    iphoneSteps: {
      title: 'On iPhone',
      steps: [
        'Connect to Wi-Fi and tap “Install on iPhone”. Or open Settings → Cellular (or Mobile Service) → Add eSIM → Use QR Code and scan the code.',
        'Follow the instructions and keep your usual line for calls and messages.',
        'When you arrive, open Settings → Cellular, choose the new eSIM for cellular data and turn on Data Roaming for it.',
      ],
    },
    androidSteps: {
      title: 'On Android',
      steps: [
        'Connect to Wi-Fi and tap “Install on Android”. Or open Settings → Network & internet → SIMs → Add SIM (Samsung: Connections → SIM manager → Add eSIM) and scan the code.',
        'Confirm the download and wait until your phone shows the new eSIM.',
        'When you arrive, choose the new eSIM for mobile data and turn on roaming for it.',
      ],
    },
    beforeYouStart: 'Before you start',
    wifiFirst: 'Install before you travel, while you have Wi-Fi.',
    onceOnly: 'Each code can be installed only once, on one phone.',
    neverDelete: 'Do not delete the eSIM from your phone: it cannot be installed again.',
    inBrowser: 'If a button does nothing, open the install page in Safari (iPhone) or Chrome (Android).',
  },
  de: {
    numbered: (index, of) => `eSIM ${index} von ${of}`,
    order: (orderName) => `Bestellung ${orderName}`,
    qrAlt: (label) => `QR-Code zum Installieren: ${label}`,
    scan: 'Scannen Sie diesen Code mit dem Handy, das Sie auf die Reise mitnehmen.',
    installOnIphone: 'Auf dem iPhone installieren',
    installOnAndroid: 'Auf Android installieren',
    iphoneNeeds: 'iPhone: Die Installation mit einem Tipp geht ab iOS 17.4.',
    byHand: 'Oder die Daten von Hand eingeben',
    smdpAddress: 'SM-DP+-Adresse',
    matchingId: 'Aktivierungscode',
    fullCode: 'Vollständiger Code (falls Ihr Android-Handy nur einen Code verlangt)',
    iphoneSteps: {
      title: 'Auf dem iPhone',
      steps: [
        'Verbinden Sie das iPhone mit einem WLAN und tippen Sie auf „Auf dem iPhone installieren“. Oder öffnen Sie Einstellungen → Mobilfunk → eSIM hinzufügen → QR-Code verwenden und scannen Sie den Code.',
        'Folgen Sie den Anweisungen und behalten Sie Ihre gewohnte Nummer für Anrufe und Nachrichten.',
        'Am Reiseziel: Wählen Sie unter Einstellungen → Mobilfunk die neue eSIM für mobile Daten aus und schalten Sie für sie das Datenroaming ein.',
      ],
    },
    androidSteps: {
      title: 'Auf Android',
      steps: [
        'Verbinden Sie das Handy mit einem WLAN und tippen Sie auf „Auf Android installieren“. Oder öffnen Sie Einstellungen → Netzwerk & Internet → SIMs → SIM hinzufügen (Samsung: Verbindungen → SIM-Manager → eSIM hinzufügen) und scannen Sie den Code.',
        'Bestätigen Sie den Download und warten Sie, bis das Handy die neue eSIM anzeigt.',
        'Am Reiseziel: Wählen Sie die neue eSIM für mobile Daten aus und schalten Sie für sie das Roaming ein.',
      ],
    },
    beforeYouStart: 'Bevor Sie beginnen',
    wifiFirst: 'Installieren Sie vor der Reise, solange Sie WLAN haben.',
    onceOnly: 'Jeder Code lässt sich nur einmal und nur auf einem Handy installieren.',
    neverDelete: 'Löschen Sie die eSIM nicht vom Handy: Sie lässt sich nicht noch einmal installieren.',
    inBrowser:
      'Falls beim Tippen auf eine Schaltfläche nichts passiert, öffnen Sie die Installationsseite in Safari (iPhone) oder Chrome (Android).',
  },
  fr: {
    numbered: (index, of) => `eSIM ${index} sur ${of}`,
    order: (orderName) => `Commande ${orderName}`,
    qrAlt: (label) => `Code QR pour installer\u00a0: ${label}`,
    scan: 'Scannez ce code avec le téléphone que vous emporterez en voyage.',
    installOnIphone: 'Installer sur iPhone',
    installOnAndroid: 'Installer sur Android',
    iphoneNeeds: 'iPhone\u00a0: l’installation en un geste nécessite iOS 17.4 ou une version ultérieure.',
    byHand: 'Ou saisissez les informations à la main',
    smdpAddress: 'Adresse SM-DP+',
    matchingId: 'Code d’activation',
    fullCode: 'Code complet (si votre téléphone Android demande un seul code)',
    iphoneSteps: {
      title: 'Sur iPhone',
      steps: [
        'Connectez-vous au Wi-Fi et touchez «\u00a0Installer sur iPhone\u00a0». Ou ouvrez Réglages → Données cellulaires → Ajouter une eSIM → Utiliser un code QR et scannez le code.',
        'Suivez les instructions et gardez votre ligne habituelle pour les appels et les messages.',
        'À l’arrivée, ouvrez Réglages → Données cellulaires, choisissez la nouvelle eSIM pour les données cellulaires et activez pour elle les données à l’étranger.',
      ],
    },
    androidSteps: {
      title: 'Sur Android',
      steps: [
        'Connectez-vous au Wi-Fi et appuyez sur «\u00a0Installer sur Android\u00a0». Ou ouvrez Paramètres → Réseau et Internet → SIM → Ajouter une carte SIM (Samsung\u00a0: Connexions → Gestionnaire SIM → Ajouter une eSIM) et scannez le code.',
        'Confirmez le téléchargement et attendez que le téléphone affiche la nouvelle eSIM.',
        'À l’arrivée, choisissez la nouvelle eSIM pour les données mobiles et activez l’itinérance pour elle.',
      ],
    },
    beforeYouStart: 'Avant de commencer',
    wifiFirst: 'Installez l’eSIM avant le départ, tant que vous avez du Wi-Fi.',
    onceOnly: 'Chaque code ne peut être installé qu’une seule fois, sur un seul téléphone.',
    neverDelete: 'Ne supprimez pas l’eSIM de votre téléphone\u00a0: elle ne pourra pas être réinstallée.',
    inBrowser:
      'Si un bouton ne réagit pas, ouvrez la page d’installation dans Safari (iPhone) ou Chrome (Android).',
  },
  es: {
    numbered: (index, of) => `eSIM ${index} de ${of}`,
    order: (orderName) => `Pedido ${orderName}`,
    qrAlt: (label) => `Código QR para instalar: ${label}`,
    scan: 'Escanea este código con el teléfono que llevarás de viaje.',
    installOnIphone: 'Instalar en iPhone',
    installOnAndroid: 'Instalar en Android',
    iphoneNeeds: 'iPhone: la instalación con un toque requiere iOS 17.4 o posterior.',
    byHand: 'O introduce los datos a mano',
    smdpAddress: 'Dirección SM-DP+',
    matchingId: 'Código de activación',
    fullCode: 'Código completo (si tu teléfono Android pide un solo código)',
    iphoneSteps: {
      title: 'En iPhone',
      steps: [
        'Conéctate a una red wifi y toca «Instalar en iPhone». O abre Ajustes → Datos móviles (o Datos celulares) → Añadir eSIM → Usar código QR y escanea el código.',
        'Sigue las instrucciones y conserva tu línea habitual para llamadas y mensajes.',
        'Al llegar, abre Ajustes → Datos móviles, elige la nueva eSIM para los datos y activa su itinerancia de datos.',
      ],
    },
    androidSteps: {
      title: 'En Android',
      steps: [
        'Conéctate a una red wifi y toca «Instalar en Android». O abre Ajustes → Redes e Internet → SIM → Añadir SIM (Samsung: Conexiones → Administrador de SIM → Añadir eSIM) y escanea el código.',
        'Confirma la descarga y espera a que el teléfono muestre la nueva eSIM.',
        'Al llegar, elige la nueva eSIM para los datos móviles y activa su itinerancia.',
      ],
    },
    beforeYouStart: 'Antes de empezar',
    wifiFirst: 'Instálala antes de viajar, mientras tengas wifi.',
    onceOnly: 'Cada código solo se puede instalar una vez y en un único teléfono.',
    neverDelete: 'No elimines la eSIM del teléfono: no se puede volver a instalar.',
    inBrowser:
      'Si un botón no hace nada, abre la página de instalación en Safari (iPhone) o Chrome (Android).',
  },
  ja: {
    numbered: (index, of) => `eSIM ${index}/${of}`,
    order: (orderName) => `ご注文 ${orderName}`,
    qrAlt: (label) => `インストール用QRコード：${label}`,
    scan: '旅行に持っていくスマートフォンで、このコードを読み取ってください。',
    installOnIphone: 'iPhoneにインストール',
    installOnAndroid: 'Androidにインストール',
    iphoneNeeds: 'iPhoneのワンタップインストールには、iOS 17.4以降が必要です。',
    byHand: '手動で入力する場合',
    smdpAddress: 'SM-DP+アドレス',
    matchingId: 'アクティベーションコード',
    fullCode: '全体のコード（Androidで1つのコードの入力を求められた場合）',
    iphoneSteps: {
      title: 'iPhoneの場合',
      steps: [
        'Wi-Fiに接続し、「iPhoneにインストール」をタップします。または「設定」→「モバイル通信」→「eSIMを追加」→「QRコードを使用」を開き、コードを読み取ります。',
        '画面の案内に従って進めます。通話とメッセージには、いつもの回線をそのままお使いください。',
        '現地に到着したら、「設定」→「モバイル通信」でモバイルデータ通信に新しいeSIMを選び、そのeSIMの「データローミング」をオンにします。',
      ],
    },
    androidSteps: {
      title: 'Androidの場合',
      steps: [
        'Wi-Fiに接続し、「Androidにインストール」をタップします。または「設定」→「ネットワークとインターネット」→「SIM」→「SIMを追加」（Galaxyは「接続」→「SIMマネージャー」→「eSIMを追加」）を開き、コードを読み取ります。',
        'ダウンロードを確認し、新しいeSIMが表示されるまで待ちます。',
        '現地に到着したら、モバイルデータに新しいeSIMを選び、そのeSIMのローミングをオンにします。',
      ],
    },
    beforeYouStart: 'はじめにお読みください',
    wifiFirst: 'ご出発前に、Wi-Fiに接続できる場所でインストールしてください。',
    onceOnly: '各コードをインストールできるのは、1台の端末に1回だけです。',
    neverDelete: 'インストールしたeSIMは削除しないでください。再インストールはできません。',
    inBrowser:
      'ボタンをタップしても動かない場合は、インストールページをSafari（iPhone）またはChrome（Android）で開いてください。',
  },
};

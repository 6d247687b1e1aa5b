import type { Language } from '../platform/language.ts';
import type { TextField, Templates } from './template.ts';

/** The texts a shop begins with, in the language of its buyers. */
export function defaultTemplates(language: Language): Templates {
  return { ...common, ...WORDS[language] };
}

// The same in every language: what a search engine or an address shows should not depend on it.
const common = {
  handle: '{{ destination_en }}-esim{% if single %}-{{ code }}{% endif %}',
  tags: 'eSIM, {{ destination }}, {{ countries | join: ", " }}',
  productType: 'eSIM',
  vendor: '{{ shop }}',
};

const WORDS: Record<Language, Omit<Templates, keyof typeof common>> = {
  en: {
    title: '{{ destination }} eSIM{% if single %} {{ data | first }}, {{ days | first }}{% endif %}',
    description: description({
      intro: 'Mobile data for {{ destination }} on an eSIM. Nothing is shipped.',
      facts: { data: 'Data', days: 'Valid for', speeds: 'Network', countries: 'Works in' },
      fairUse: 'Fair use',
      firstUse: 'The validity begins when the eSIM first connects to a network there.',
      purchase: 'The validity begins as soon as you receive the eSIM: buy it shortly before you travel.',
      mixed: 'With some plans the validity begins as soon as you receive the eSIM:',
      delivery:
        'You receive a QR code by e-mail after payment. Your phone must support eSIM and must not be locked to an operator.',
    }),
    seoTitle: '{{ destination }} eSIM: data from {{ data | first }}',
    seoDescription:
      'Travel eSIM for {{ destination }}: {{ data | join: ", " }}. QR code by e-mail after payment, no SIM card to wait for.',
  },
  de: {
    title: 'eSIM {{ destination }}{% if single %} {{ data | first }}, {{ days | first }}{% endif %}',
    description: description({
      intro: 'Mobile Daten für {{ destination }} auf einer eSIM. Es wird nichts verschickt.',
      facts: { data: 'Datenvolumen', days: 'Gültig für', speeds: 'Netz', countries: 'Gilt in' },
      fairUse: 'Faire Nutzung',
      firstUse: 'Die Gültigkeit beginnt, wenn sich die eSIM dort zum ersten Mal mit einem Netz verbindet.',
      purchase: 'Die Gültigkeit beginnt, sobald Sie die eSIM erhalten: Kaufen Sie sie kurz vor der Reise.',
      mixed: 'Bei einigen Tarifen beginnt die Gültigkeit, sobald Sie die eSIM erhalten:',
      delivery:
        'Nach der Zahlung erhalten Sie einen QR-Code per E-Mail. Ihr Telefon muss eSIM unterstützen und darf keine Netzsperre haben.',
    }),
    seoTitle: 'eSIM {{ destination }}: Daten ab {{ data | first }}',
    seoDescription:
      'Reise-eSIM für {{ destination }}: {{ data | join: ", " }}. QR-Code per E-Mail nach der Zahlung, ohne Warten auf eine SIM-Karte.',
  },
  fr: {
    title: 'eSIM {{ destination }}{% if single %} {{ data | first }}, {{ days | first }}{% endif %}',
    description: description({
      intro: 'Données mobiles pour la destination {{ destination }} sur une eSIM. Rien n’est expédié.',
      facts: { data: 'Données', days: 'Valable', speeds: 'Réseau', countries: 'Fonctionne dans' },
      fairUse: 'Usage raisonnable',
      firstUse: 'La validité commence à la première connexion de l’eSIM à un réseau sur place.',
      purchase: 'La validité commence dès la réception de l’eSIM : achetez-la peu avant le départ.',
      mixed: 'Avec certains forfaits, la validité commence dès la réception de l’eSIM :',
      delivery:
        'Vous recevez un code QR par e-mail après le paiement. Votre téléphone doit être compatible eSIM et déverrouillé.',
    }),
    seoTitle: 'eSIM {{ destination }} : données à partir de {{ data | first }}',
    seoDescription:
      'eSIM de voyage pour {{ destination }} : {{ data | join: ", " }}. Code QR par e-mail après le paiement, sans attendre de carte SIM.',
  },
  es: {
    title: 'eSIM {{ destination }}{% if single %} {{ data | first }}, {{ days | first }}{% endif %}',
    description: description({
      intro: 'Datos móviles para {{ destination }} en una eSIM. No se envía nada por correo.',
      facts: { data: 'Datos', days: 'Validez', speeds: 'Red', countries: 'Funciona en' },
      fairUse: 'Uso razonable',
      firstUse: 'La validez empieza cuando la eSIM se conecta por primera vez a una red en el destino.',
      purchase: 'La validez empieza en cuanto recibe la eSIM: cómprela poco antes del viaje.',
      mixed: 'Con algunos planes la validez empieza en cuanto recibe la eSIM:',
      delivery:
        'Recibirá un código QR por correo electrónico después del pago. Su teléfono debe admitir eSIM y estar libre.',
    }),
    seoTitle: 'eSIM {{ destination }}: datos desde {{ data | first }}',
    seoDescription:
      'eSIM de viaje para {{ destination }}: {{ data | join: ", " }}. Código QR por correo electrónico tras el pago, sin esperar una tarjeta SIM.',
  },
  ja: {
    title: '{{ destination }} eSIM{% if single %} {{ data | first }} {{ days | first }}{% endif %}',
    description: description({
      intro: '{{ destination }}で使えるデータ通信用のeSIMです。商品の発送はありません。',
      facts: { data: 'データ容量', days: '有効期間', speeds: '通信規格', countries: '利用できる国と地域' },
      fairUse: '公正利用について',
      firstUse: '有効期間は、現地のネットワークに初めて接続したときに始まります。',
      purchase: '有効期間は、eSIMを受け取った時点で始まります。ご出発の直前にお求めください。',
      mixed: '次のプランの有効期間は、eSIMを受け取った時点で始まります：',
      delivery:
        'お支払い後、QRコードをメールでお送りします。eSIM対応でSIMロックのないスマートフォンが必要です。',
    }),
    seoTitle: '{{ destination }} eSIM {{ data | first }}から',
    seoDescription:
      '{{ destination }}旅行用eSIM（{{ data | join: "、" }}）。お支払い後すぐにQRコードをメールでお届けし、SIMカードを待つ必要はありません。',
  },
};

interface Sentences {
  intro: string;
  facts: { data: string; days: string; speeds: string; countries: string };
  fairUse: string;
  firstUse: string;
  purchase: string;
  /** Before the list of the plans that begin with the purchase. */
  mixed: string;
  delivery: string;
}

function description({ intro, facts, fairUse, firstUse, purchase, mixed, delivery }: Sentences): string {
  return `<p>${intro}</p>
<ul>
  <li><strong>${facts.data}:</strong> {{ data | join: ", " }}</li>
  <li><strong>${facts.days}:</strong> {{ days | join: ", " }}</li>
  {% if speeds != empty %}<li><strong>${facts.speeds}:</strong> {{ speeds | join: ", " }}{% if country_count == 1 and networks != empty %} ({{ networks | join: ", " }}){% endif %}</li>{% endif %}
  {% if country_count > 1 %}<li><strong>${facts.countries}:</strong> {{ countries | join: ", " }}</li>{% endif %}
  {% if fair_use != "" %}<li><strong>${fairUse}:</strong> {{ fair_use }}</li>{% endif %}
</ul>
<p>{% if activation == "purchase" %}${purchase}{% else %}${firstUse}{% endif %}{% if activation == "mixed" %} ${mixed} {{ from_purchase | join: "; " }}.{% endif %}</p>
<p>${delivery}</p>`;
}

/** For the merchant, beside the templates: every field there is. */
export const fieldHelp: { name: string; means: string }[] = [
  { name: 'destination', means: 'The country or region, in the language of the texts' },
  { name: 'destination_en', means: 'The same in English, for addresses' },
  { name: 'countries', means: 'List of the countries’ names' },
  { name: 'country_codes', means: 'List of their codes: FR, DE' },
  { name: 'country_count', means: 'How many countries' },
  { name: 'kind', means: 'country, region or global' },
  { name: 'data', means: 'List of the amounts of data, small to large' },
  { name: 'days', means: 'List of the validities, short to long' },
  { name: 'plans', means: 'List with data and days of each variant: {{ plans[0].data }}' },
  { name: 'speeds', means: 'List: 3G, 4G, 5G' },
  { name: 'networks', means: 'List of the mobile networks' },
  { name: 'fair_use', means: 'What unlimited means, in the supplier’s words; may be empty' },
  { name: 'activation', means: 'When the validity begins: first-use, purchase or mixed' },
  { name: 'from_purchase', means: 'Of mixed: list of the plans that begin with the purchase' },
  { name: 'single', means: 'true when the product is one bundle alone' },
  { name: 'code', means: 'The supplier’s code of the first bundle' },
  { name: 'shop', means: 'The name of your shop' },
];

/** What each text is called on the page. */
export const fieldNames: Record<TextField, string> = {
  title: 'Title',
  description: 'Description',
  seoTitle: 'Page title for search engines',
  seoDescription: 'Description for search engines',
  handle: 'Address (handle)',
  tags: 'Tags',
  productType: 'Product type',
  vendor: 'Vendor',
};

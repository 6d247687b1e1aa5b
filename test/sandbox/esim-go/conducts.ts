export const esimGoConducts = {
  'sells-out': 'Refuses every order for want of balance, whatever the balance is.',
  'prepares-slowly': 'Takes the order and the money, but lists no eSIM for some seconds (5).',
  'loses-the-answer': 'Executes the order, then cuts the connection before answering.',
  'never-executes-and-times-out': 'Takes the order request, does nothing and never answers.',
  'executes-late':
    'Cuts the connection of a purchase at once and executes it after some seconds (90), told nobody.',
  'holds-the-answer': 'Executes the order, then keeps the connection open and never answers.',
  'resets-after-body': 'Executes the order, starts to answer 200 and resets the connection half-way.',
  'answers-503-and-executes':
    'Executes and charges the order, then answers 503 "Processing" with Retry-After.',
  'charges-then-500': 'Executes and charges the order, then answers 500.',
  'answers-503': 'Answers 503 with Retry-After to everything and does nothing.',
  'answers-html': 'Does what was asked, then answers 200 with an HTML page.',
  'truncates-the-answer': 'Does what was asked, then sends only half of the JSON.',
  'allocates-fewer': 'Charges for everything, but issues one eSIM fewer than ordered.',
  'never-assigns': 'Charges for the order and says "processing" for ever: it never lists an eSIM.',
  'repeats-an-esim': 'Charges for a new eSIM, but hands out the first one it ever issued.',
  'misprints-iccids': 'Issues eSIMs whose ICCID has a wrong check digit.',
  'withdraws-the-bundle': 'Refuses every bundle as not available, though the catalogue still has it.',
  'empties-the-stock': 'Somebody else uses up the stock the moment before a bundle is applied from it.',
  'shifts-pages':
    'Lists orders as if one more came in between any two pages: the last of a page opens the next one again.',
  'calls-back-twice': 'Sends every callback two times.',
  throttles: 'Answers 429 to everything.',
  'revokes-the-key': 'Answers 401 to everything, as if the API key had been replaced.',
  'lists-late': 'Shows a new order in the list of orders only after some seconds (10).',
  'lists-no-networks': 'Knows the countries and names no network of any.',
  'lists-oddities':
    'Lists its first bundle four times more: under its name in lower case, for nothing, without a price, for no day.',
  'answers-csv': 'Answers install details as CSV even when JSON is asked for.',
  'answers-as-documented': 'Answers in the shapes of the published documents where the live service differs.',
} as const satisfies Record<string, string>;

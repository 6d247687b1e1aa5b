/** Both sides at one moment: what the app has on record, and what the others did. Plain values, whoever made them. */
export interface Snapshot {
  /** What buyers paid and did not get back, as Shopify has it, per order and line of eSIMs. */
  sold: SoldLine[];
  /** One paid piece each, in the app's books. */
  units: {
    id: string;
    shop: string;
    order: string;
    line: string;
    state: string;
    reason: string | null;
    attempt: string | null;
  }[];
  /** The app's tries to buy. */
  attempts: {
    id: string;
    shop: string;
    bundle: string;
    quantity: number;
    state: string;
    sentAt: number;
    reference: string | null;
    /** Dollars, when the supplier said them. */
    total: number | null;
  }[];
  /** The eSIMs in the app's books. */
  esims: { unit: string; shop: string; reference: string; iccidLast4: string }[];
  /** What the supplier executed. */
  purchases: {
    shop: string;
    reference: string;
    bundle: string;
    quantity: number;
    total: number;
    arrivedAt: number;
    esims: { iccid: string; activationCode: string }[];
  }[];
  /** When each request to buy reached the supplier, executed or not. */
  buyRequests: number[];
  /** Dollars that were paid into each shop's account with the supplier, and that are left. */
  accounts: { shop: string; paidIn: number; left: number }[];
  /** What the mail service accepted. */
  mails: { to: string; key: string; text: string }[];
  /** Secrets found in the logs, by what they are. */
  leaks: string[];
}

export interface SoldLine {
  shop: string;
  order: string;
  line: string;
  bundle: string;
  quantity: number;
  /** Pieces that Shopify counts as fulfilled. */
  fulfilled: number;
  email: string;
}

export interface Violation {
  /** As numbered in the specification; I1 to I8. */
  invariant: 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8';
  /** What was found. Names orders and references, no code and no address. */
  sentence: string;
}

export interface Tally {
  /** Paid pieces. */
  lines: number;
  /** eSIMs the supplier executed that no piece needed. */
  boughtTwice: number;
  /** Paid pieces that are neither delivered in full nor waiting for a person. */
  lost: number;
  /** Paid pieces that rest with nothing to show: no reason, nobody told. */
  silent: number;
  /** Paid pieces that wait for a person, with the reason on the page. */
  parked: number;
}

/** Everything that must hold once nothing moves any more, and does not. */
export function violationsOf(snapshot: Snapshot): Violation[] {
  return [
    ...everyPieceRests(snapshot),
    ...purchasesAreOnRecord(snapshot),
    ...moneyAddsUp(snapshot),
    ...fulfilmentsMatch(snapshot),
    ...mailsArrived(snapshot),
    ...snapshot.leaks.map((what) => violation('I6', `the logs hold: ${what}`)),
    ...shopsStayApart(snapshot),
    ...requestsWereAnnounced(snapshot),
  ];
}

/** The figures for the last line of a run. Of a healthy one all but `lines` and `parked` are 0. */
export function tallyOf(snapshot: Snapshot): Tally {
  const lines = sum(snapshot.sold.map(({ quantity }) => quantity));
  const parked = snapshot.units.filter((unit) => isParked(unit)).length;
  const complete = new Set(deliveredPieces(snapshot));
  const silent = snapshot.units.filter((unit) => unit.state !== 'delivered' && !isAtRest(unit)).length;
  return {
    lines,
    boughtTwice: sum(overbought(snapshot).map(({ surplus }) => surplus)),
    lost: Math.max(0, lines - complete.size - parked),
    silent,
    parked,
  };
}

const RESTING = ['delivered', 'cancelled', 'parked', 'held'];

type Unit = Snapshot['units'][number];

const isParked = ({ state, reason }: Unit) => (state === 'parked' || state === 'held') && reason !== null;
const isAtRest = (unit: Unit) => unit.state === 'delivered' || unit.state === 'cancelled' || isParked(unit);

/** I1 */
function everyPieceRests({ sold, units }: Snapshot): Violation[] {
  const found: Violation[] = [];
  for (const { shop, order, line, quantity } of sold) {
    const ofLine = units.filter((unit) => unit.shop === shop && unit.order === order && unit.line === line);
    const living = ofLine.filter(({ state }) => state !== 'cancelled');
    if (living.length !== quantity)
      found.push(violation('I1', `${shop} ${order}: ${quantity} pieces paid, ${living.length} on record`));
  }
  for (const unit of units) {
    if (!RESTING.includes(unit.state))
      found.push(violation('I1', `${unit.shop} ${unit.order}: a piece stays ${unit.state}`));
    else if (!isAtRest(unit))
      found.push(violation('I1', `${unit.shop} ${unit.order}: a piece is ${unit.state} without a reason`));
  }
  return found;
}

/** I2 */
function purchasesAreOnRecord(snapshot: Snapshot): Violation[] {
  const { purchases, attempts, esims, units } = snapshot;
  const found: Violation[] = [];
  const known = new Map(attempts.flatMap(({ reference, ...rest }) => (reference ? [[reference, rest]] : [])));
  for (const { reference } of unclaimed(snapshot))
    found.push(violation('I2', `the supplier's order ${reference} belongs to no attempt`));
  for (const [reference, { shop }] of known) {
    if (!purchases.some((purchase) => purchase.reference === reference && purchase.shop === shop))
      found.push(violation('I2', `the supplier has no order ${reference} of ${shop}`));
  }
  for (const reference of repeated(attempts.flatMap(({ reference }) => reference ?? [])))
    found.push(violation('I2', `two attempts are the supplier's order ${reference}`));
  for (const iccid of repeated(purchases.flatMap((purchase) => purchase.esims.map((esim) => esim.iccid))))
    found.push(violation('I2', `the supplier issued the eSIM …${iccid.slice(-4)} twice`));

  for (const unit of repeated(esims.map((esim) => esim.unit)))
    found.push(violation('I2', `the piece ${unit} has two eSIMs`));
  const owners = new Set(units.filter(({ state }) => state !== 'cancelled').map(({ id }) => id));
  for (const { unit } of esims) {
    if (!owners.has(unit))
      found.push(violation('I2', `an eSIM belongs to the piece ${unit}, which nobody paid`));
  }
  const issued = purchases
    .filter(({ reference }) => known.has(reference))
    .flatMap(({ reference, esims }) => esims.map(({ iccid }) => `${reference} …${iccid.slice(-4)}`));
  const recorded = esims.map(({ reference, iccidLast4 }) => `${reference} …${iccidLast4}`);
  for (const esim of without(recorded, issued))
    found.push(violation('I2', `the supplier never issued the eSIM ${esim}`));
  // A parked attempt may leave eSIMs for a person to hand out; any other has all of them on record.
  const open = new Set(attempts.filter(({ state }) => state === 'parked').map(({ reference }) => reference));
  for (const esim of without(issued, recorded)) {
    if (!open.has(esim.split(' ')[0] ?? ''))
      found.push(violation('I2', `the eSIM ${esim} was bought and is on no piece`));
  }
  for (const { shop, bundle, surplus } of overbought(snapshot))
    found.push(violation('I2', `${shop}: ${surplus} more of ${bundle} bought than paid`));
  return found;
}

/** I3 */
function moneyAddsUp({ accounts, attempts, purchases }: Snapshot): Violation[] {
  return accounts.flatMap(({ shop, paidIn, left }) => {
    const ofShop = attempts.filter((attempt) => attempt.shop === shop);
    const open = ofShop.some(({ state }) => state === 'parked');
    const ours = sum(ofShop.map(({ total }) => total ?? 0));
    const theirs = sum(purchases.filter((purchase) => purchase.shop === shop).map(({ total }) => total));
    const gone = paidIn - left;
    const found: Violation[] = [];
    if (!isEqual(gone, theirs))
      found.push(violation('I3', `${shop}: ${gone.toFixed(2)} gone, ${theirs.toFixed(2)} of orders`));
    // What a person has to decide upon is not booked before they do.
    if (!isEqual(gone, ours) && !(open && ours < gone))
      found.push(violation('I3', `${shop}: ${gone.toFixed(2)} gone, ${ours.toFixed(2)} in our books`));
    return found;
  });
}

/** I4 */
function fulfilmentsMatch({ sold, units }: Snapshot): Violation[] {
  return sold.flatMap(({ shop, order, line, fulfilled }) => {
    const delivered = units.filter(
      (unit) =>
        unit.shop === shop && unit.order === order && unit.line === line && unit.state === 'delivered',
    ).length;
    if (delivered === fulfilled) return [];
    return [violation('I4', `${shop} ${order}: ${delivered} delivered, ${fulfilled} fulfilled in Shopify`)];
  });
}

/** I5 */
function mailsArrived(snapshot: Snapshot): Violation[] {
  const found: Violation[] = [];
  for (const key of repeated(snapshot.mails.map(({ key }) => key)))
    found.push(violation('I5', `two e-mails under one key, ${key}`));
  const told = new Set(deliveredPieces(snapshot));
  for (const { id, shop, order, state } of snapshot.units) {
    if (state === 'delivered' && !told.has(id))
      found.push(
        violation('I5', `${shop} ${order}: a piece is delivered, and its eSIM is in no e-mail to the buyer`),
      );
  }
  const addressOf = new Map(snapshot.sold.map(({ shop, order, email }) => [`${shop} ${order}`, email]));
  for (const { unit, code } of codes(snapshot)) {
    const owner = snapshot.units.find(({ id }) => id === unit);
    const address = owner && addressOf.get(`${owner.shop} ${owner.order}`);
    if (snapshot.mails.some(({ to, text }) => to !== address && text.includes(code)))
      found.push(
        violation('I5', `${owner?.shop ?? 'nobody'} ${owner?.order ?? ''}: the eSIM went to another buyer`),
      );
  }
  return found;
}

/** I7 */
function shopsStayApart({ units, attempts, esims, sold }: Snapshot): Violation[] {
  const found: Violation[] = [];
  const shopOfUnit = new Map(units.map(({ id, shop }) => [id, shop]));
  const shopOfAttempt = new Map(attempts.map(({ id, shop }) => [id, shop]));
  const lines = new Set(sold.map(({ shop, order, line }) => `${shop} ${order} ${line}`));
  for (const { id, shop, order, line, attempt } of units) {
    if (attempt !== null && shopOfAttempt.get(attempt) !== shop)
      found.push(violation('I7', `the piece ${id} of ${shop} is bought by an attempt of another shop`));
    if (!lines.has(`${shop} ${order} ${line}`))
      found.push(violation('I7', `the piece ${id} is of an order that ${shop} never sold`));
  }
  for (const { unit, shop } of esims) {
    if (shopOfUnit.get(unit) !== shop)
      found.push(violation('I7', `an eSIM of ${shop} is on a piece of another shop`));
  }
  return found;
}

/** I8: an attempt is on disk before its request arrives. Clocks are one here. */
function requestsWereAnnounced({ purchases, attempts, buyRequests }: Snapshot): Violation[] {
  const found: Violation[] = [];
  for (const { reference, arrivedAt } of purchases) {
    const attempt = attempts.find((each) => each.reference === reference);
    if (attempt && attempt.sentAt > arrivedAt)
      found.push(violation('I8', `the supplier's order ${reference} arrived before its attempt was written`));
  }
  const announced = attempts.map(({ sentAt }) => sentAt).sort((a, b) => a - b);
  for (const [position, at] of [...buyRequests].sort((a, b) => a - b).entries()) {
    const sentAt = announced[position];
    if (sentAt === undefined || sentAt > at) {
      found.push(
        violation(
          'I8',
          `${buyRequests.length} requests to buy, ${announced.length} attempts: one was never written`,
        ),
      );
      break;
    }
  }
  return found;
}

/** Purchases that no attempt names, but for those that a parked attempt may be: there a person looks. */
function unclaimed({ purchases, attempts }: Snapshot) {
  const named = new Set(attempts.map(({ reference }) => reference));
  const open = attempts.filter(({ state, reference }) => state === 'parked' && reference === null);
  return purchases.filter(({ shop, reference, bundle, quantity }) => {
    if (named.has(reference)) return false;
    const fit = open.findIndex(
      (attempt) => attempt.shop === shop && attempt.bundle === bundle && attempt.quantity === quantity,
    );
    if (fit === -1) return true;
    open.splice(fit, 1);
    return false;
  });
}

/** The executed eSIMs that no paid piece needed: counted from the supplier's log alone. */
function overbought({ sold, purchases }: Snapshot): { shop: string; bundle: string; surplus: number }[] {
  const paid = totals(sold.map(({ shop, bundle, quantity }) => [`${shop} ${bundle}`, quantity]));
  const bought = totals(purchases.map(({ shop, bundle, quantity }) => [`${shop} ${bundle}`, quantity]));
  return [...bought].flatMap(([key, quantity]) => {
    const [shop = '', bundle = ''] = key.split(' ');
    const surplus = quantity - (paid.get(key) ?? 0);
    return surplus > 0 ? [{ shop, bundle, surplus }] : [];
  });
}

/** The units whose eSIM the supplier issued and an e-mail brought to the address of the order. */
function deliveredPieces(snapshot: Snapshot): string[] {
  const addressOf = new Map(snapshot.sold.map(({ shop, order, email }) => [`${shop} ${order}`, email]));
  const units = new Map(snapshot.units.map((unit) => [unit.id, unit]));
  return codes(snapshot).flatMap(({ unit: id, code }) => {
    const unit = units.get(id);
    if (unit?.state !== 'delivered') return [];
    const address = addressOf.get(`${unit.shop} ${unit.order}`);
    return snapshot.mails.some(({ to, text }) => to === address && text.includes(code)) ? [id] : [];
  });
}

/** The activation code of each piece, from the supplier's side. */
function codes({ esims, purchases }: Snapshot): { unit: string; code: string }[] {
  const issued = new Map(
    purchases.flatMap((purchase) =>
      purchase.esims.map(({ iccid, activationCode }) => [
        `${purchase.reference} ${iccid.slice(-4)}`,
        activationCode,
      ]),
    ),
  );
  return esims.flatMap(({ unit, reference, iccidLast4 }) => {
    const code = issued.get(`${reference} ${iccidLast4}`);
    return code === undefined ? [] : [{ unit, code }];
  });
}

function violation(invariant: Violation['invariant'], sentence: string): Violation {
  return { invariant, sentence };
}

function repeated(values: string[]): string[] {
  const seen = new Set<string>();
  return [...new Set(values.filter((value) => seen.size === seen.add(value).size))];
}

/** What is left of `values` after each of `others` took away one equal to it. */
function without(values: string[], others: string[]): string[] {
  const left = [...values];
  for (const other of others) {
    const place = left.indexOf(other);
    if (place !== -1) left.splice(place, 1);
  }
  return left;
}

function totals(entries: [string, number][]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [key, number] of entries) sums.set(key, (sums.get(key) ?? 0) + number);
  return sums;
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
const isEqual = (one: number, other: number) => Math.abs(one - other) < 0.005;

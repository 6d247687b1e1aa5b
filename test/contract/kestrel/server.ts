import express from 'express';
import { makeConducts } from '../../sandbox/conducts.ts';
import { listen } from '../../sandbox/console/listen.ts';
import { answered, deliver, readJson, waitUntil, type Fate, type Given } from '../../sandbox/fate.ts';

const conductsOfKestrel = {
  'answers-503': 'Answers 503 with Retry-After to everything and does nothing.',
  throttles: 'Answers 429 with Retry-After to everything.',
  'throttles-by-date': 'The same, with the date after which to ask again, by its own clock.',
  'keeps-silent': 'Takes every request, does nothing and never answers.',
  'revokes-the-key': 'Answers 401 to everything.',
  'never-executes-and-times-out': 'Takes a purchase, does nothing and never answers.',
  'executes-late': 'Cuts the connection of a purchase and executes it an hour later.',
  'loses-the-answer': 'Sells, then cuts the connection.',
  'holds-the-answer': 'Sells, and never answers.',
  'resets-after-body': 'Sells, and resets the connection in the middle of its answer.',
  'charges-then-500': 'Sells, then answers 500.',
  'answers-503-and-executes': 'Sells, then answers 503.',
  'answers-html': 'Does what was asked, then answers 200 with a page.',
  'truncates-the-answer': 'Does what was asked, then sends half of the answer.',
  'prepares-slowly': 'Sells, and has no eSIM for half an hour.',
  'never-assigns': 'Sells, and never has an eSIM.',
  'allocates-fewer': 'Sells, and makes one eSIM fewer.',
  'lists-late': 'Lists a sale after half an hour only.',
  'withdraws-the-bundle': 'Sells nothing any more.',
  'shouts-its-states': 'Writes states in capital letters.',
} as const;

interface Account {
  key: string;
  cents: number;
}

interface Sim {
  iccid: string;
  code: string;
  sale: Sale;
  installedAt: number | null;
  usedMegabytes: number;
}

interface Sale {
  key: string;
  number: string;
  at: number;
  plan: Plan;
  count: number;
  listedAt: number;
  readyAt: number;
  sims: Sim[];
}

type Plan = ReturnType<typeof plansOf>[number];

const HALF_AN_HOUR = 1_800_000;
const PAGE_SIZE = 50;

/** The other side of the supplier that does not exist. */
export async function startKestrel({
  accounts,
  countries,
  now,
}: {
  accounts: Account[];
  countries: string[];
  now: () => number;
}) {
  const plans = plansOf(countries);
  const sales: Sale[] = [];
  const late: { at: number; execute: () => void }[] = [];
  const requests: { method: string; status: number | null }[] = [];
  const conducts = makeConducts(conductsOfKestrel);

  function fateOf(method: string, path: string, page: number, key: string, body: string): Fate {
    const name = `${method} ${path}`;
    const on = (conduct: keyof typeof conductsOfKestrel) => conducts.strike(conduct, name);
    for (const { execute } of late.splice(0, late.filter(({ at }) => at <= now()).length)) execute();
    if (on('keeps-silent')) return { how: 'silence' };
    if (on('throttles-by-date')) return answered(no(429, 'too many', waitUntil(now(), 90)));
    if (on('throttles')) return answered(no(429, 'too many', { 'Retry-After': '1' }));
    if (on('answers-503')) return answered(no(503, 'busy', { 'Retry-After': '1' }));
    const account = accounts.find((known) => known.key === key);
    if (!account || on('revokes-the-key')) return answered(no(401, 'unknown key'));
    if (method === 'GET') return answered(marred(name, told(account, path, page)));

    const { plan: id, count, dry } = readJson(body);
    const plan = on('withdraws-the-bundle') ? undefined : plans.find((each) => each.id === id);
    if (!plan) return answered(no(400, 'no such plan'));
    const cents = plan.cents * Number(count);
    if (cents > account.cents) return answered(no(400, 'not enough credit'));
    const sale = () => sell(account, plan, Number(count));
    if (dry) return answered(marred(name, yes({ price: money(cents) })));
    if (on('never-executes-and-times-out')) return { how: 'silence' };
    if (on('executes-late')) {
      late.push({ at: now() + HALF_AN_HOUR, execute: sale });
      return { how: 'cut' };
    }
    const given = marred(name, yes(saleOnTheWire(sale(), true)));
    if (on('loses-the-answer')) return { how: 'cut' };
    if (on('holds-the-answer')) return { how: 'silence' };
    if (on('resets-after-body')) return { how: 'reset', given };
    if (on('charges-then-500')) return answered(no(500, 'sorry'));
    return answered(on('answers-503-and-executes') ? no(503, 'busy') : given);
  }

  function told({ key, cents }: Account, path: string, page: number): Given {
    const part = <Row>(rows: Row[]) => rows.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE);
    const mine = sales.filter((sale) => sale.key === key);
    const [, of, id] = path.split('/');
    if (path === '/balance') return yes(money(cents));
    if (path === '/plans')
      return yes({
        count: plans.length,
        plans: part(plans).map(({ cents, ...plan }) => ({ ...plan, price: money(cents) })),
      });
    if (path === '/purchases')
      return yes({
        sales: part(mine.filter(({ listedAt }) => listedAt <= now()).reverse()).map((sale) =>
          saleOnTheWire(sale),
        ),
      });
    const sale = mine.find(({ number }) => of === 'purchases' && number === id);
    if (sale) return yes(saleOnTheWire(sale));
    const sim = mine.flatMap(({ sims }) => sims).find(({ iccid }) => of === 'sims' && iccid === id);
    return sim ? yes(simOnTheWire(sim)) : no(404, 'not found');
  }

  function sell(account: Account, plan: Plan, count: number): Sale {
    account.cents -= plan.cents * count;
    const waits = conducts.isOn('never-assigns')
      ? Infinity
      : conducts.isOn('prepares-slowly')
        ? HALF_AN_HOUR
        : 0;
    const made = count - (conducts.isOn('allocates-fewer') ? 1 : 0);
    const sale: Sale = {
      ...{ key: account.key, number: `S${String(sales.length + 1)}`, at: now(), plan, count },
      ...{
        readyAt: now() + waits,
        listedAt: now() + (conducts.isOn('lists-late') ? HALF_AN_HOUR : 0),
        sims: [],
      },
    };
    sales.push(sale);
    for (let at = 0; at < made; at += 1)
      sale.sims.push({
        iccid: `8944${String(sales.length * 100 + at).padStart(15, '0')}`,
        ...{ code: `K-${sale.number}-${String(at)}`, sale, installedAt: null, usedMegabytes: 0 },
      });
    return sale;
  }

  function saleOnTheWire({ number, at, plan, count, readyAt, sims }: Sale, isNew = false) {
    const listed = readyAt <= now() ? sims.map(simOnTheWire) : [];
    // All that it will list: of a sale that comes out short it is known only when it is read again.
    const isWhole = readyAt <= now() && (!isNew || sims.length === count);
    return {
      ...{ number, at: new Date(at).toISOString(), plan: plan.id, count, whole: isWhole },
      ...{ price: money(plan.cents * count), sims: listed },
    };
  }

  function simOnTheWire({ iccid, code, sale, installedAt, usedMegabytes }: Sim) {
    const word = (state: string) => (conducts.isOn('shouts-its-states') ? state.toUpperCase() : state);
    return {
      ...{
        iccid,
        server: 'rsp.kestrel.example',
        code,
        state: word(installedAt === null ? 'new' : 'on phone'),
      },
      installed: installedAt === null ? null : new Date(installedAt).toISOString(),
      ...{ plan: sale.plan.id, sale: sale.number, megabytes: sale.plan.megabytes, used: usedMegabytes },
      use: word(usedMegabytes > 0 ? 'in use' : 'waiting'),
    };
  }

  function marred(name: string, given: Given): Given {
    if (conducts.strike('answers-html', name))
      return { ...given, type: 'text/html', body: '<!doctype html>' };
    const half = given.body.slice(0, Math.floor(given.body.length / 2));
    return conducts.strike('truncates-the-answer', name) ? { ...given, body: half } : given;
  }

  const app = express().use(express.text({ type: () => true }));
  app.use((req, res) => {
    const entry = { method: req.method, status: null };
    requests.push(entry);
    const key = req.header('authorization')?.replace(/^Bearer /, '') ?? '';
    const body = typeof req.body === 'string' ? req.body : '';
    deliver(res, fateOf(req.method, req.path, Number(req.query['page'] ?? 1), key, body), entry);
  });
  const server = await listen(app);
  const simOf = (iccid: string) => {
    const found = sales.flatMap(({ sims }) => sims).find((sim) => sim.iccid === iccid);
    if (!found) throw new Error('Kestrel never sold this eSIM');
    return found;
  };
  return { ...server, conducts, sales, requests, sell, plans, simOf };
}

function plansOf(countries: string[]) {
  const places = [...countries.map((code) => [code]), ...(countries.length > 100 ? [['DE', 'FR']] : [])];
  return places.flatMap((place, at) =>
    [1000, null].map((megabytes) => ({
      ...{
        id: `${place.join('-').toLowerCase()}-${String(megabytes)}`,
        name: place.join(' '),
        countries: place,
      },
      ...{ region: place.length > 1 ? 'Europe' : null, megabytes, days: 7 },
      cents: 200 + at + (megabytes === null ? 1000 : 0),
    })),
  );
}

const money = (cents: number) => ({ amount: (cents / 100).toFixed(2), currency: 'EUR' });

const yes = (body: object): Given => ({ status: 200, type: 'application/json', body: JSON.stringify(body) });

const no = (status: number, message: string, headers: Record<string, string> = {}): Given => ({
  ...{ status, headers, type: 'application/json', body: JSON.stringify({ message }) },
});

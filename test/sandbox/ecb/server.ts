import express from 'express';
import { makeConducts, type Conducts } from '../conducts.ts';
import { listen } from '../console/listen.ts';
import { html, page } from '../console/page.ts';
import { openStateFile } from '../console/state-file.ts';

export interface EcbOptions {
  port?: number;
  /** Where to keep changed rates between runs. */
  stateFile?: string;
}

export interface Ecb {
  url: string;
  /** The address of the daily reference rates. */
  feedUrl: string;
  conducts: Conducts;
  /** From now on a euro buys so much of the currency. */
  setRate(currency: string, perEuro: string): void;
  /** The day the rates say they are of; null for today. */
  setDay(day: string | null): void;
  close(): Promise<void>;
}

interface State {
  /** `YYYY-MM-DD`. */
  day: string | null;
  rates: Record<string, string>;
}

const ecbConducts = {
  'answers-500': 'The feed is down.',
  'never-answers': 'Takes the request and never answers.',
  'answers-html': 'Sends a page about maintenance, with status 200.',
  'cuts-the-answer': 'Sends the first half of the feed.',
  'sends-no-rates': 'Sends the envelope without a single rate.',
  'sends-megabytes': 'Sends a feed that does not end soon.',
};

/** The daily reference rates as the European Central Bank publishes them, with a page where they can be changed. */
export async function startEcb(options: EcbOptions = {}): Promise<Ecb> {
  const file = openStateFile<State>(options.stateFile, () => ({ day: null, rates: { ...usualRates } }));
  const { state } = file;
  const conducts = makeConducts(ecbConducts);
  const app = express().disable('x-powered-by');

  app.get('/stats/eurofxref/eurofxref-daily.xml', (_req, res) => {
    if (conducts.strike('never-answers')) return;
    if (conducts.strike('answers-500')) {
      res.status(500).type('html').send('<html><body>Internal Server Error</body></html>');
      return;
    }
    if (conducts.strike('answers-html')) {
      res.type('html').send('<!doctype html><html><body><p>We are back soon.<br></p></body></html>');
      return;
    }
    const feed = feedOf(dayOf(state), conducts.strike('sends-no-rates') ? {} : state.rates);
    res.type('text/xml');
    if (conducts.strike('cuts-the-answer')) res.send(feed.slice(0, feed.length / 2));
    else if (conducts.strike('sends-megabytes')) res.send(feed + ' '.repeat(5_000_000));
    else res.send(feed);
  });

  app.get('/', (_req, res) => {
    res.type('html').send(ratesPage(state));
  });

  app.post('/rates', express.urlencoded({ extended: false }), (req, res) => {
    const form = new Map(Object.entries(req.body as Record<string, unknown>)); // urlencoded always parses to an object
    const [currency, perEuro, day] = [form.get('currency'), form.get('perEuro'), form.get('day')];
    if (typeof currency === 'string' && typeof perEuro === 'string' && currency in state.rates)
      state.rates[currency] = perEuro;
    if (typeof day === 'string') state.day = /^\d{4}-\d\d-\d\d$/.test(day) ? day : null;
    file.touch();
    res.redirect(303, '/');
  });

  const { url, close } = await listen(app, options.port);
  return {
    url,
    feedUrl: `${url}/stats/eurofxref/eurofxref-daily.xml`,
    conducts,
    setRate(currency, perEuro) {
      state.rates[currency] = perEuro;
      file.touch();
    },
    setDay(day) {
      state.day = day;
      file.touch();
    },
    async close() {
      await close();
      file.flush();
    },
  };
}

// Of 20 November 2026 in this sandbox's world; the currencies are those the bank publishes.
const usualRates = {
  ...{
    USD: '1.1520',
    JPY: '178.65',
    CZK: '24.180',
    DKK: '7.4692',
    GBP: '0.87860',
    HUF: '382.40',
    PLN: '4.2315',
  },
  ...{
    RON: '5.0870',
    SEK: '11.0135',
    CHF: '0.92990',
    ISK: '146.80',
    NOK: '11.7360',
    TRY: '48.7905',
    AUD: '1.7790',
  },
  ...{
    BRL: '6.1420',
    CAD: '1.6190',
    CNY: '8.1965',
    HKD: '8.9640',
    IDR: '19245.30',
    ILS: '3.7655',
    INR: '102.3150',
  },
  ...{
    KRW: '1688.42',
    MXN: '21.1890',
    MYR: '4.7755',
    NZD: '2.0485',
    PHP: '67.930',
    SGD: '1.5035',
    THB: '37.425',
  },
  ...{ ZAR: '19.8260' },
};

function dayOf({ day }: State): string {
  return day ?? new Date().toISOString().slice(0, 10);
}

function feedOf(day: string, rates: Record<string, string>): string {
  const cubes = Object.entries(rates).map(
    ([currency, rate]) => `\t\t\t<Cube currency='${currency}' rate='${rate}'/>\n`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
\t<gesmes:subject>Reference rates</gesmes:subject>
\t<gesmes:Sender>
\t\t<gesmes:name>European Central Bank</gesmes:name>
\t</gesmes:Sender>
\t<Cube>
\t\t<Cube time='${day}'>
${cubes.join('')}\t\t</Cube>
\t</Cube>
</gesmes:Envelope>`;
}

function ratesPage(state: State): string {
  return page({
    title: 'Exchange rates',
    accent: '#0b4ea2',
    note: 'What one euro buys, as the European Central Bank publishes it.',
    body: html`
      <section>
        <h2>The day of the rates: ${dayOf(state)}</h2>
        <form method="post" action="/rates">
          <input
            type="text"
            name="day"
            aria-label="Day"
            placeholder="YYYY-MM-DD, empty for today"
            value="${state.day ?? ''}"
          />
          <button>Set the day</button>
        </form>
      </section>
      <section>
        <table>
          ${Object.entries(state.rates).map(
            ([currency, rate]) =>
              html`<tr>
                <th scope="row">${currency}</th>
                <td>
                  <form method="post" action="/rates">
                    <input type="hidden" name="currency" value="${currency}" />
                    <input type="text" name="perEuro" aria-label="${currency} for one euro" value="${rate}" />
                    <button>Change</button>
                  </form>
                </td>
              </tr>`,
          )}
        </table>
      </section>
    `,
  });
}

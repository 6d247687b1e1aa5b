import type { Express, Request } from 'express';
import { html, page } from './console/page.ts';

/** What the own page of a vendor that is only asked about eSIMs shows, and what its buttons do. */
export interface LookUpPortal {
  title: string;
  /** A CSS colour. */
  accent: string;
  /** What the app is connected with. `url` is where the vendor is reached. */
  connection: (url: string) => [label: string, value: string][];
  list: () => { iccid: string; state: string }[];
  /** What is bought: "1 GB for 7 days in France". */
  sells: string;
  buy: () => void;
  install: (iccid: string) => void;
  use: (iccid: string, bytes: number) => void;
}

const USED_BYTES = 250_000_000;

/** The vendor's own page: here people buy, which its API does not let anybody do. */
export function mountLookUpPortal(app: Express, portal: LookUpPortal) {
  app.get('/', (req, res) => {
    res.type('html').send(portalPage(portal, `${req.protocol}://${req.get('host') ?? ''}`));
  });
  const on = (act: string, press: (iccid: string) => void) => {
    app.post(`/portal/${act}`, (req, res) => {
      press(iccidIn(req));
      res.redirect(303, '/');
    });
  };
  on('buy', portal.buy);
  on('install', portal.install);
  on('use', (iccid) => {
    portal.use(iccid, USED_BYTES);
  });
}

function portalPage({ title, accent, connection, list, sells }: LookUpPortal, url: string): string {
  const button = (act: string, iccid: string, words: string) =>
    html`<form method="post" action="/portal/${act}">
      <input type="hidden" name="iccid" value="${iccid}" /><button>${words}</button>
    </form>`;
  const esims = list().toReversed();
  return page({
    title,
    accent,
    note: 'Portal of the sandbox. Nothing here is real.',
    body: html`<section>
        ${connection(url).map(([label, value]) => html`<p class="note">${label} <code>${value}</code></p>`)}
        <form method="post" action="/portal/buy"><button class="main">Buy ${sells}</button></form>
      </section>
      <section>
        <h2>eSIMs <span class="soft">${esims.length}</span></h2>
        ${esims.length === 0 ? html`<p class="empty">No eSIMs yet.</p>` : null}
        <ul class="plain rows">
          ${esims.map(
            ({ iccid, state }) =>
              html`<li>
                <div class="row between">
                  <div><b class="code">${iccid}</b> <span class="badge">${state}</span></div>
                  <div class="row">
                    ${button('install', iccid, 'Install')} ${button('use', iccid, 'Use 250 MB')}
                  </div>
                </div>
              </li>`,
          )}
        </ul>
      </section>`,
  });
}

/** The API reads every body as text. */
function iccidIn({ body }: Request): string {
  return new URLSearchParams(typeof body === 'string' ? body : '').get('iccid') ?? '';
}

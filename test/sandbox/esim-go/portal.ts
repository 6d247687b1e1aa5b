import express, { type Express } from 'express';
import { html, page, type Html } from '../console/page.ts';
import { callbackKinds, type CallbackDelivery, type CallbackKind } from './callbacks.ts';
import type { Esim, Order, Organisation } from './state.ts';
import { assignmentState, dollars, type Vendor } from './vendor.ts';

/** What the portal's buttons do. */
interface PortalActs {
  topUp(apiKey: string, amount: number): void;
  install(iccid: string): void;
  useData(iccid: string, options: { bytes: number; iso?: string }): Promise<CallbackDelivery[]>;
  fireCallback(kind: CallbackKind, iccid: string): Promise<CallbackDelivery[]>;
}

const TOP_UP_DOLLARS = 100;
const USED_BYTES = 500_000_000;
const MOST_ROWS = 50;

/** The organisations' own page: balance, orders, eSIMs and the callback URL, for people. */
export function mountPortal(app: Express, vendor: Vendor, acts: PortalActs) {
  let lastDeliveries: CallbackDelivery[] = [];

  app.get('/', (_req, res) => {
    res.type('html').send(
      page({
        title: 'eSIM Go',
        accent: '#0b7a75',
        note: 'Supplier portal of the sandbox. Nothing here is real.',
        body: html`${vendor.state.organisations.map((organisation) => account(vendor, organisation))}
        ${deliveryList(lastDeliveries)}`,
      }),
    );
  });

  app.use('/portal', express.urlencoded({ extended: false }));
  app.post('/portal/top-up', (req, res) => {
    acts.topUp(field(req.body, 'apiKey'), TOP_UP_DOLLARS);
    res.redirect(303, '/');
  });
  app.post('/portal/callback', (req, res) => {
    const organisation = vendor.state.organisations.find(
      ({ apiKey }) => apiKey === field(req.body, 'apiKey'),
    );
    if (organisation) {
      organisation.callbackUrl = field(req.body, 'url').trim() || null;
      organisation.callbackVersion = field(req.body, 'version') === '2' ? 2 : 3;
      vendor.touch();
    }
    res.redirect(303, '/');
  });
  app.post('/portal/install', (req, res) => {
    acts.install(field(req.body, 'iccid'));
    res.redirect(303, '/');
  });
  app.post('/portal/use', (req, res, next) => {
    acts.useData(field(req.body, 'iccid'), { bytes: USED_BYTES }).then((deliveries) => {
      lastDeliveries = deliveries;
      res.redirect(303, '/');
    }, next);
  });
  app.post('/portal/fire', (req, res, next) => {
    const kind = callbackKinds.find((known) => known === field(req.body, 'kind'));
    if (!kind) {
      res.redirect(303, '/');
      return;
    }
    acts.fireCallback(kind, field(req.body, 'iccid')).then((deliveries) => {
      lastDeliveries = deliveries;
      res.redirect(303, '/');
    }, next);
  });
}

function account(vendor: Vendor, organisation: Organisation): Html {
  const orders = vendor.state.orders.filter(({ apiKey }) => apiKey === organisation.apiKey).reverse();
  const esims = vendor.state.esims.filter(({ apiKey }) => apiKey === organisation.apiKey).reverse();
  const key = html`<input type="hidden" name="apiKey" value="${organisation.apiKey}" />`;
  return html`
    <h1>${organisation.name}</h1>
    <section>
      <div class="row between">
        <div>
          <div class="note">Balance</div>
          <div class="figure">${money(organisation.balanceUnits)}</div>
        </div>
        <form method="post" action="/portal/top-up">
          ${key}<button class="main">Top up $${TOP_UP_DOLLARS}</button>
        </form>
      </div>
      <p class="note">API key <code>${organisation.apiKey}</code></p>
      <form method="post" action="/portal/callback" style="display:flex">
        ${key}
        <input
          type="text"
          name="url"
          value="${organisation.callbackUrl ?? ''}"
          placeholder="Callback URL: none set"
          aria-label="Callback URL"
        />
        <select name="version" aria-label="Callback version">
          <option value="3" ${organisation.callbackVersion === 3 ? 'selected' : ''}>V3, signed</option>
          <option value="2" ${organisation.callbackVersion === 2 ? 'selected' : ''}>V2, unsigned</option>
        </select>
        <button>Save</button>
      </form>
    </section>
    <section>
      <h2>Orders <span class="soft">${orders.length}</span></h2>
      ${orders.length === 0 ? html`<p class="empty">No orders yet.</p>` : orderTable(vendor, orders.slice(0, MOST_ROWS))}
    </section>
    <section>
      <h2>eSIMs issued <span class="soft">${esims.length}</span></h2>
      ${esims.length === 0 ? html`<p class="empty">No eSIMs yet.</p>` : esimTable(vendor, esims.slice(0, MOST_ROWS))}
    </section>
  `;
}

function orderTable(vendor: Vendor, orders: Order[]): Html {
  return html`<div class="scroll">
    <table>
      <tr>
        <th>Created</th>
        <th>Reference</th>
        <th>Bundles</th>
        <th class="number">Total</th>
        <th>Status</th>
      </tr>
      ${orders.map(
        (order) =>
          html`<tr>
            <td>${time(order.createdAt)}</td>
            <td><code title="${order.orderReference}">${order.orderReference.slice(0, 8)}</code></td>
            <td class="wrap">
              ${order.items.map((item) => html`<div>${item.quantity} × ${item.bundle}</div>`)}
            </td>
            <td class="number">${money(order.totalUnits)}</td>
            <td>
              ${vendor.now() < order.preparedAt ? html`<span class="badge">processing</span>` : html`<span class="badge good">completed</span>`}
            </td>
          </tr>`,
      )}
    </table>
  </div>`;
}

function esimTable(vendor: Vendor, esims: Esim[]): Html {
  return html`<div class="scroll">
    <table>
      <tr>
        <th>ICCID</th>
        <th>Matching ID</th>
        <th>Profile</th>
        <th>Bundles</th>
        <th></th>
      </tr>
      ${esims.map(
        (esim) =>
          html`<tr>
            <td><code>${esim.iccid}</code></td>
            <td><code>${esim.matchingId}</code></td>
            <td>${esim.returnedAt === null ? esim.profileStatus : 'Returned'}</td>
            <td class="wrap">
              ${esim.assignments.map(
                (assignment) =>
                  html`<div>
                    ${assignment.bundle}
                    <span class="soft"
                      >${assignmentState(assignment, vendor.now())}, ${usage(assignment)}</span
                    >
                  </div>`,
              )}
            </td>
            <td>${esimForms(esim)}</td>
          </tr>`,
      )}
    </table>
  </div>`;
}

function esimForms(esim: Esim): Html {
  const iccid = html`<input type="hidden" name="iccid" value="${esim.iccid}" />`;
  return html`<form method="post" action="/portal/install">${iccid}<button>Install</button></form>
    <form method="post" action="/portal/use">${iccid}<button>Use 500 MB</button></form>
    <form method="post" action="/portal/fire">
      ${iccid}<select name="kind" aria-label="Callback">
        ${callbackKinds.map((kind) => html`<option>${kind}</option>`)}
      </select>
      <button>Call back</button>
    </form>`;
}

function deliveryList(deliveries: CallbackDelivery[]): Html | null {
  if (deliveries.length === 0) return null;
  return html`<section>
    <h2>Last callbacks</h2>
    ${deliveries.map(
      ({ kind, status, body }) =>
        html`<p>${kind} <span class="badge">${status ?? 'no answer'}</span></p>
          <pre>${body}</pre>`,
    )}
  </section>`;
}

function usage({ initialBytes, usedBytes }: { initialBytes: number | null; usedBytes: number }): string {
  const gigabytes = (bytes: number) => String(Math.round(bytes / 10_000_000) / 100);
  return `${gigabytes(usedBytes)} of ${initialBytes === null ? 'unlimited' : gigabytes(initialBytes)} GB used`;
}

function money(units: number): string {
  return dollars(units).toLocaleString('en-US', {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: 2,
    maximumFractionDigits: 4,
  });
}

function time(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}

/** A form field; the body of a form post is whatever the browser sent. */
function field(body: unknown, name: string): string {
  const value = typeof body === 'object' && body !== null ? Reflect.get(body, name) : null;
  return typeof value === 'string' ? value : '';
}

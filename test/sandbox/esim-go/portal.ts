import express, { type Express } from 'express';
import { html, page, type Html } from '../console/page.ts';
import { activationCode } from './assignments.ts';
import { callbackKinds, type CallbackDelivery, type CallbackKind } from './callbacks.ts';
import type { Esim, Order, Organisation } from './state.ts';
import { assignmentState, dollars, type Vendor } from './vendor.ts';

/** What the portal's buttons do. */
interface PortalActs {
  topUp(apiKey: string, amount: number): void;
  buyByHand(apiKey: string, bundle: string, quantity: number): string;
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
  let lastRefusal: string | null = null;

  app.get('/', (_req, res) => {
    res.type('html').send(
      page({
        title: 'eSIM Go',
        accent: '#0b7a75',
        note: 'Supplier portal of the sandbox. Nothing here is real.',
        body: html`${lastRefusal === null ? null : html`<p class="badge">${lastRefusal}</p>`}
        ${vendor.state.organisations.map((organisation) => account(vendor, organisation))}
        ${deliveryList(lastDeliveries)}`,
      }),
    );
  });

  app.use('/portal', express.urlencoded({ extended: false }));
  app.post('/portal/top-up', (req, res) => {
    acts.topUp(field(req.body, 'apiKey'), TOP_UP_DOLLARS);
    res.redirect(303, '/');
  });
  app.post('/portal/buy', (req, res) => {
    lastRefusal = null;
    try {
      acts.buyByHand(
        field(req.body, 'apiKey'),
        field(req.body, 'bundle').trim(),
        Number(field(req.body, 'quantity')),
      );
    } catch (error) {
      lastRefusal = error instanceof Error ? error.message : String(error);
    }
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
      <form method="post" action="/portal/buy" style="display:flex">
        ${key}<input type="text" name="bundle" placeholder="esim_1GB_7D_GB_V2" aria-label="Bundle" required />
        <input
          type="number"
          name="quantity"
          value="1"
          min="1"
          max="10"
          aria-label="Quantity"
          style="width:5em"
        />
        <button>Buy by hand</button>
      </form>
      <p class="note">API key <code>${organisation.apiKey}</code></p>
      ${(organisation.brandingProfiles ?? []).map((id) => html`<p class="note">Branding profile <code>${id}</code></p>`)}
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
      ${orders.length === 0 ? html`<p class="empty">No orders yet.</p>` : orderList(vendor, orders.slice(0, MOST_ROWS))}
    </section>
    <section>
      <h2>eSIMs issued <span class="soft">${esims.length}</span></h2>
      ${esims.length === 0 ? html`<p class="empty">No eSIMs yet.</p>` : esimList(vendor, esims.slice(0, MOST_ROWS))}
    </section>
  `;
}

function orderList(vendor: Vendor, orders: Order[]): Html {
  return html`<ul class="plain rows">
    ${orders.map(
      (order) =>
        html`<li>
          <div class="row between" style="gap:2px 16px">
            <b>${money(order.totalUnits)}</b>
            ${
              vendor.now() < order.preparedAt
                ? html`<span class="badge">processing</span>`
                : html`<span class="badge good">completed</span>`
            }
          </div>
          ${order.items.map((item) => html`<div>${item.quantity} × ${item.bundle}</div>`)}
          <div class="soft">
            ${time(order.createdAt)} from ${order.sourceIp} <span class="code">${order.orderReference}</span>
          </div>
        </li>`,
    )}
  </ul>`;
}

function esimList(vendor: Vendor, esims: Esim[]): Html {
  return html`<ul class="plain rows">
    ${esims.map(
      (esim) =>
        html`<li class="row between">
          <div>
            <b class="code">${esim.iccid}</b>
            <span class="badge ${esim.profileStatus === 'Installed' ? 'good' : ''}"
              >${esim.returnedAt === null ? esim.profileStatus : 'Returned'}</span
            >
            ${esim.assignments.map(
              (assignment) =>
                html`<div>
                  ${assignment.bundle}
                  <span class="soft">${assignmentState(assignment, vendor.now())}, ${usage(assignment)}</span>
                </div>`,
            )}
            <div class="soft code">${activationCode(esim)}</div>
          </div>
          <div class="row" style="gap:8px">${esimForms(esim)}</div>
        </li>`,
    )}
  </ul>`;
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
  const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, name) : null;
  return typeof value === 'string' ? value : '';
}

import express, { type Express } from 'express';
import { html, page, type Html } from '../console/page.ts';
import { statusOf } from './profiles.ts';
import type { Account, Delivery, Order, Profile } from './state.ts';
import { creditUnits, dollars, textOf, type Vendor } from './vendor.ts';

/** What the portal's buttons do. */
interface PortalActs {
  topUp(email: string, amount: number): void;
  buyByHand(email: string, plan: string): string;
  install(iccid: string): void;
  useData(iccid: string, bytes: number): void;
}

const TOP_UP_DOLLARS = 100;
const USED_BYTES = 500_000_000;
const MOST_ROWS = 50;

/** The resellers' own page: credit, orders, eSIMs and webhooks, for people. */
export function mountPortal(app: Express, vendor: Vendor, acts: PortalActs) {
  let lastRefusal: string | null = null;

  app.get('/', (_req, res) => {
    res.type('html').send(
      page({
        title: 'eSIM API',
        accent: '#6a3fb5',
        note: 'Reseller portal of the sandbox. Nothing here is real.',
        body: html`${lastRefusal === null ? null : html`<p class="badge">${lastRefusal}</p>`}
        ${vendor.state.accounts.map((account) => accountCard(vendor, account))} ${deliveries(vendor)}`,
      }),
    );
  });

  app.use('/portal', express.urlencoded({ extended: false }));
  const on = (path: string, act: (field: (name: string) => string) => void) => {
    app.post(`/portal/${path}`, (req, res) => {
      lastRefusal = null;
      const body: unknown = req.body;
      try {
        act((name) => textOf(typeof body === 'object' && body !== null ? Reflect.get(body, name) : null));
      } catch (error) {
        lastRefusal = error instanceof Error ? error.message : String(error);
      }
      res.redirect(303, '/');
    });
  };
  on('top-up', (field) => {
    acts.topUp(field('email'), TOP_UP_DOLLARS);
  });
  on('buy', (field) => {
    acts.buyByHand(field('email'), field('plan').trim());
  });
  on('install', (field) => {
    acts.install(field('iccid'));
  });
  on('use', (field) => {
    acts.useData(field('iccid'), USED_BYTES);
  });
}

function accountCard(vendor: Vendor, account: Account): Html {
  const own = <T extends { accountId: string }>(rows: T[]) =>
    rows.filter(({ accountId }) => accountId === account.id).reverse();
  const [orders, profiles, hooks] = [
    own(vendor.state.orders),
    own(vendor.state.profiles),
    own(vendor.state.webhooks),
  ];
  const email = html`<input type="hidden" name="email" value="${account.email}" />`;
  return html`
    <h1>${account.name}</h1>
    <section>
      <div class="row between">
        <div>
          <div class="note">${account.billing === 'prepaid' ? 'Balance' : 'Available credit'}</div>
          <div class="figure">${money(creditUnits(account))}</div>
        </div>
        <form method="post" action="/portal/top-up">
          ${email}<button class="main">Top up $${TOP_UP_DOLLARS}</button>
        </form>
      </div>
      <form method="post" action="/portal/buy" style="display:flex">
        ${email}<input type="text" name="plan" placeholder="plan-GB-1GB-7D" aria-label="Plan" required />
        <button>Buy by hand</button>
      </form>
      <p class="note">Log-in <code>${account.email}</code>, password <code>${account.password}</code></p>
      ${hooks.map(({ url, status }) => html`<p class="note">Calls <code>${url}</code> (${status})</p>`)}
    </section>
    <section>
      <h2>Orders <span class="soft">${orders.length}</span></h2>
      ${orders.length === 0 ? html`<p class="empty">No orders yet.</p>` : list(orders, orderRow)}
    </section>
    <section>
      <h2>eSIMs issued <span class="soft">${profiles.length}</span></h2>
      ${
        profiles.length === 0
          ? html`<p class="empty">No eSIMs yet.</p>`
          : list(profiles, (profile) => profileRow(profile, vendor.now()))
      }
    </section>
  `;
}

function list<Row>(rows: Row[], show: (row: Row) => Html): Html {
  return html`<ul class="plain rows">
    ${rows.slice(0, MOST_ROWS).map((row) => html`<li>${show(row)}</li>`)}
  </ul>`;
}

function orderRow(order: Order): Html {
  return html`<b>${money(order.unitPriceUnits * order.quantity)}</b>
    ${order.packageCode === null ? null : html`<span class="badge">top-up</span>`}
    ${order.cancelledAt === null ? null : html`<span class="badge">cancelled</span>`}
    <div>${order.quantity} × ${order.plan}</div>
    <div class="soft">${time(order.createdAt)} <span class="code">${order.id}</span></div>`;
}

function profileRow(profile: Profile, now: number): Html {
  const iccid = html`<input type="hidden" name="iccid" value="${profile.iccid}" />`;
  return html`<div class="row between">
    <div>
      <b class="code">${profile.iccid}</b> <span class="badge">${statusOf(profile, now)}</span>
      <div>
        ${profile.plan}
        <span class="soft">${usage(profile)}</span>
      </div>
    </div>
    <div class="row" style="gap:8px">
      <form method="post" action="/portal/install">${iccid}<button>Install</button></form>
      <form method="post" action="/portal/use">${iccid}<button>Use 500 MB</button></form>
    </div>
  </div>`;
}

function usage({ usedBytes, limitMegabytes }: Profile): string {
  return `${String(Math.round(usedBytes / 1_000_000))} of ${String(limitMegabytes ?? 'unlimited')} MB used`;
}

function deliveries(vendor: Vendor): Html | null {
  const last: Delivery[] = vendor.state.deliveries.slice(-5).reverse();
  if (last.length === 0) return null;
  return html`<section>
    <h2>Last webhooks</h2>
    ${last.map(
      ({ event, status, body }) =>
        html`<p>${event} <span class="badge">${status ?? 'no answer'}</span></p>
          <pre>${body}</pre>`,
    )}
  </section>`;
}

function money(units: number): string {
  return dollars(units).toLocaleString('en-US', { style: 'currency', currency: 'USD' });
}

function time(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}

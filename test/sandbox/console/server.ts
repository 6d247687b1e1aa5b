import express from 'express';
import type { Conducts } from '../conducts.ts';
import { listen } from './listen.ts';
import { html, page, type Html } from './page.ts';

export interface ConsoleOptions {
  port?: number;
  servers: { name: string; url: string; conducts?: Conducts }[];
  links: { title: string; url: string; note: string }[];
}

export interface Console {
  url: string;
  close(): Promise<void>;
}

/** The first page of the demo: where everything is, and switches for how the other sides misbehave. */
export async function startConsole({ port, servers, links }: ConsoleOptions): Promise<Console> {
  const app = express().disable('x-powered-by');

  app.get('/', (_req, res) => {
    res.type('html').send(
      page({
        title: 'eSIM shop demo',
        accent: '#1f5fd0',
        note: 'Runs on this computer only. No real shop, supplier or mail is touched.',
        body: html`
          <h1>Where everything is</h1>
          <div class="grid">
            ${links.map(
              ({ title, url, note }) =>
                html`<a class="card" href="${url}"
                  ><b>${title}</b><br />${note}<br /><span class="soft code">${url}</span></a
                >`,
            )}
          </div>
          <h1>Make the other sides misbehave</h1>
          ${servers.map((server) => (server.conducts ? switches(server.name, server.url, server.conducts) : null))}
        `,
      }),
    );
  });

  app.post('/conducts', express.urlencoded({ extended: false }), (req, res) => {
    const form = new Map(Object.entries(req.body as Record<string, unknown>)); // urlencoded always parses to an object
    const conducts = servers.find(({ name }) => name === form.get('server'))?.conducts;
    const name = String(form.get('conduct'));
    if (!conducts || !Object.hasOwn(conducts.known, name)) {
      res.status(400).type('text').send('No server has this conduct.');
      return;
    }
    if (form.get('to') === 'on') conducts.on(name);
    else conducts.off(name);
    res.redirect(303, '/');
  });

  return listen(app, port);
}

function switches(server: string, url: string, conducts: Conducts): Html {
  const active = conducts.list().length;
  return html`<section>
    <div class="row between">
      <h2 style="margin:0"><a href="${url}">${server}</a></h2>
      ${active === 0 ? html`<span class="badge good">behaves</span>` : html`<span class="badge on">${active} on</span>`}
    </div>
    <ul class="plain">
      ${Object.entries(conducts.known).map(([name, sentence]) => {
        const isOn = conducts.isOn(name);
        return html`<li class="row between" style="flex-wrap:nowrap;padding:10px 0">
          <div>
            <code>${name}</code> ${isOn ? html`<span class="badge on">on</span>` : null}
            <div class="soft">${sentence}</div>
          </div>
          <form method="post" action="/conducts">
            <input type="hidden" name="server" value="${server}" />
            <input type="hidden" name="conduct" value="${name}" />
            <button
              name="to"
              value="${isOn ? 'off' : 'on'}"
              aria-label="Switch ${name} ${isOn ? 'off' : 'on'}"
            >
              Switch ${isOn ? 'off' : 'on'}
            </button>
          </form>
        </li>`;
      })}
    </ul>
  </section>`;
}

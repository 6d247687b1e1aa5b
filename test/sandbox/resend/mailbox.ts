import type { Express } from 'express';
import { Html, html, page } from '../console/page.ts';
import type { StoredMail } from './mail.ts';

const ACCENT = '#4b3fb5';
const REFRESH_SECONDS = 5;

/** The mails as their readers would see them: a list at `/`, one page for each. */
export function mountMailbox(app: Express, state: { mails: StoredMail[] }) {
  app.get('/', (_req, res) => {
    const mails = state.mails.toReversed();
    res.type('html').send(
      page({
        title: 'Mailbox',
        accent: ACCENT,
        note: 'Every mail the sandbox sent, whoever it was for.',
        refreshSeconds: REFRESH_SECONDS,
        body:
          mails.length === 0
            ? html`<section><p class="empty">No mail yet. It appears here by itself.</p></section>`
            : mailList(mails),
      }),
    );
  });

  app.get('/mails/:id', (req, res) => {
    const mail = find(state, req.params.id);
    if (!mail) {
      res.status(404).type('html').send(missing());
      return;
    }
    res.type('html').send(page({ title: 'Mailbox', accent: ACCENT, body: mailPage(mail) }));
  });

  // The mail alone, as a mail program shows it: inline images from the attachments, no scripts, nothing from outside.
  app.get('/mails/:id/html', (req, res) => {
    const mail = find(state, req.params.id);
    if (!mail?.html) {
      res.status(404).type('html').send(missing());
      return;
    }
    res
      .set('content-security-policy', "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'")
      .type('html')
      .send(openLinksApart(resolveInlineImages(mail, mail.html)));
  });

  app.get('/mails/:id/attachments/:index', (req, res) => {
    const attachment = find(state, req.params.id)?.attachments[Number(req.params.index)];
    if (!attachment) {
      res.status(404).type('html').send(missing());
      return;
    }
    res
      .set('content-security-policy', 'sandbox')
      .set('x-content-type-options', 'nosniff')
      .type(attachment.contentType)
      .send(Buffer.from(attachment.content, 'base64'));
  });
}

function find(state: { mails: StoredMail[] }, id: string): StoredMail | undefined {
  return state.mails.find((mail) => mail.id === id);
}

function missing(): string {
  return page({
    title: 'Mailbox',
    accent: ACCENT,
    body: html`<section>There is no such mail. <a href="/">All mails</a></section>`,
  });
}

function resolveInlineImages(mail: StoredMail, source: string): string {
  return source.replace(/cid:([^"'\s>)]+)/g, (reference, id: string) => {
    const index = mail.attachments.findIndex(({ contentId }) => contentId === decodeURIComponent(id));
    return index === -1 ? reference : `/mails/${mail.id}/attachments/${String(index)}`;
  });
}

/** Links open a tab of their own. Nothing may stand before a doctype, or the browser falls into quirks mode. */
function openLinksApart(source: string): string {
  const base = '<base target="_blank">';
  return /<head[^>]*>/i.test(source)
    ? source.replace(/<head[^>]*>/i, (head) => head + base)
    : `<!doctype html>${base}${source}`;
}

function mailList(mails: StoredMail[]): Html {
  return html`<section style="padding:0">
    <ul class="plain">
      ${mails.map(
        (mail) =>
          html`<li>
            <a
              href="/mails/${mail.id}"
              style="display:block;padding:12px 18px;color:inherit;text-decoration:none"
            >
              <div class="row between" style="gap:2px 16px">
                <b style="overflow-wrap:anywhere;min-width:0">${mail.to.join(', ')}</b>
                <span class="soft">${time(mail.at)}</span>
              </div>
              <div style="overflow-wrap:anywhere">${mail.subject}</div>
              <div class="soft">
                from ${mail.from}${mail.attachments.length > 0 ? `, ${attachmentCount(mail)}` : ''}
              </div>
            </a>
          </li>`,
      )}
    </ul>
  </section>`;
}

function mailPage(mail: StoredMail): Html {
  const facts: [string, string][] = [
    ['From', mail.from],
    ['To', mail.to.join(', ')],
    ['Cc', mail.cc.join(', ')],
    ['Bcc', mail.bcc.join(', ')],
    ['Reply to', mail.replyTo.join(', ')],
    ['Sent', time(mail.at)],
  ];
  const technical: [string, string][] = [
    ['Id', mail.id],
    ['Idempotency-Key', mail.idempotencyKey ?? ''],
    ['Tags', mail.tags.map(({ name, value }) => `${name}=${value}`).join(', ')],
    ...Object.entries(mail.headers),
  ];
  return html`
    <p><a href="/">All mails</a></p>
    <section>
      <h1>${mail.subject}</h1>
      ${factTable(facts)}
    </section>
    ${
      mail.html
        ? html`<section style="padding:0;overflow:hidden">
            <iframe
              title="The mail"
              src="/mails/${mail.id}/html"
              sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
              style="display:block;width:100%;height:70vh;border:0;background:#fff"
            ></iframe>
            <script>
              ${new Html(`{
              const frame = document.querySelector('iframe');
              const fit = () => { frame.style.height = frame.contentDocument.documentElement.scrollHeight + 'px'; };
              frame.addEventListener('load', fit);
              addEventListener('resize', fit);
            }`)};
            </script>
          </section>`
        : null
    }
    ${
      mail.attachments.length > 0
        ? html`<section>
            <h2>Attachments</h2>
            <ul class="plain">
              ${mail.attachments.map(
                ({ filename, content, contentType, contentId }, index) =>
                  html`<li style="padding:8px 0">
                    <a href="/mails/${mail.id}/attachments/${index}">${filename}</a>
                    <span class="soft"
                      >${contentType},
                      ${sizeOf(content)}${contentId ? `, shown in the mail as ${contentId}` : ''}</span
                    >
                  </li>`,
              )}
            </ul>
          </section>`
        : null
    }
    ${
      mail.text === null
        ? null
        : html`<section>
            <h2>Plain text</h2>
            <pre>${mail.text}</pre>
          </section>`
    }
    <section>
      <h2>Headers</h2>
      ${factTable(technical)}
    </section>
  `;
}

function factTable(facts: [string, string][]): Html {
  return html`<table>
    ${facts
      .filter(([, value]) => value !== '')
      .map(
        ([name, value]) =>
          html`<tr>
            <th style="width:8em">${name}</th>
            <td class="wrap" style="min-width:0;overflow-wrap:anywhere">${value}</td>
          </tr>`,
      )}
  </table>`;
}

function attachmentCount({ attachments }: StoredMail): string {
  return attachments.length === 1 ? '1 attachment' : `${String(attachments.length)} attachments`;
}

function sizeOf(base64: string): string {
  return `${(Buffer.byteLength(base64, 'base64') / 1000).toFixed(1)} kB`;
}

function time(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}

import { alertText } from './alert-text.ts';
import type { AlertDetail, AlertKind } from './alerts.ts';

/** The e-mail of an alert: what happened, what to do, and the page of the app where to do it. */
export function alertMail(
  shopName: string,
  kind: AlertKind,
  detail: AlertDetail,
  urlOf: (page: string) => string,
): { subject: string; text: string; html: string } {
  const { title, sentence, nextStep, page } = alertText(kind, detail);
  const url = urlOf(page);
  const end = `You get this e-mail because the app eSIM Shop is installed in ${shopName}. We write once about each matter.`;
  return {
    subject: `${shopName}: ${title}`,
    text: [title, sentence, nextStep, url, end].join('\n\n'),
    html: `<!doctype html>
<html lang="en"><body style="font:16px/1.5 system-ui,sans-serif;color:#202223;max-width:34em;margin:2em auto;padding:0 1em">
<h1 style="font-size:20px">${escape(title)}</h1>
<p>${escape(sentence)}</p>
<p>${escape(nextStep)}</p>
<p><a href="${escape(url)}" style="display:inline-block;background:#202223;color:#fff;padding:.6em 1.2em;border-radius:8px;text-decoration:none">Open the app</a></p>
<p style="font-size:13px;color:#616161">${escape(end)}</p>
</body></html>`,
  };
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string) => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);

/** Text made safe to stand in HTML, also inside a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`);
}

/** HTML that is meant as HTML. Everything else put into `html` is escaped. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Html | null | false | Part[];

export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  return new Html(String.raw({ raw: strings }, ...parts.map(render)));
}

function render(part: Part): string {
  if (part === null || part === false) return '';
  if (Array.isArray(part)) return part.map(render).join('');
  if (part instanceof Html) return part.text;
  return escapeHtml(String(part));
}

/** A whole page in the dress all pages of the sandbox wear. `accent` is a CSS colour that tells the servers apart. */
export function page(options: {
  title: string;
  accent: string;
  note?: string;
  refreshSeconds?: number;
  body: Html;
}): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${options.title}</title>
        ${
          options.refreshSeconds === undefined
            ? null
            : html`<meta http-equiv="refresh" content="${options.refreshSeconds}" />`
        }
        <link rel="icon" href="data:," />
        <style>
          ${new Html(style(options.accent))}
        </style>
      </head>
      <body>
        <header class="top">
          <a class="name" href="/">${options.title}</a>
          ${options.note ? html`<span class="note">${options.note}</span>` : null}
        </header>
        <main>${options.body}</main>
      </body>
    </html> `.text;
}

function style(accent: string): string {
  return `
    :root { --accent: ${accent}; --ink: #1d2129; --soft: #616a75; --line: #e1e4e8; --ground: #f4f5f7; }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--ground); color: var(--ink);
      font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; }
    a { color: var(--accent); }
    .top { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 14px; padding: 14px 20px;
      background: #fff; border-bottom: 1px solid var(--line); border-top: 4px solid var(--accent); }
    .top .name { font-weight: 650; font-size: 17px; color: inherit; text-decoration: none; }
    .note, .soft { color: var(--soft); font-size: 13px; }
    main { max-width: 1080px; margin: 0 auto; padding: 20px; }
    h1 { font-size: 22px; line-height: 1.3; margin: 0 0 12px; overflow-wrap: anywhere; }
    h2 { font-size: 16px; margin: 0 0 10px; }
    section, .card { background: #fff; border: 1px solid var(--line); border-radius: 10px; padding: 16px 18px; margin: 0 0 16px; }
    .figure { font-size: 26px; font-weight: 650; font-variant-numeric: tabular-nums; }
    .row { display: flex; flex-wrap: wrap; gap: 10px 24px; align-items: center; }
    .row.between { justify-content: space-between; }
    .grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(280px, 1fr)); gap: 16px; margin-bottom: 20px; }
    .grid .card { margin: 0; display: block; color: inherit; text-decoration: none; }
    .grid .card:hover, .grid .card:focus-visible { border-color: var(--accent); }
    .grid .card b { color: var(--accent); font-size: 16px; }
    table { border-collapse: collapse; width: 100%; font-size: 14px; }
    th { text-align: left; color: var(--soft); font-weight: 550; font-size: 12.5px; }
    th, td { padding: 7px 14px 7px 0; border-bottom: 1px solid var(--line); vertical-align: top; white-space: nowrap; }
    tr:last-child > * { border-bottom: 0; }
    td.wrap { white-space: normal; min-width: 180px; }
    code, .code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 12.5px; overflow-wrap: anywhere; }
    pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
    form { display: inline-flex; flex-wrap: wrap; gap: 8px; margin: 0; }
    button, select, input { font: inherit; font-size: 14px; padding: 6px 12px; border-radius: 8px; border: 1px solid #c9ced6; background: #fff; color: inherit; min-height: 36px; max-width: 100%; }
    button { cursor: pointer; font-weight: 550; }
    button:hover { border-color: var(--accent); }
    button.main { background: var(--accent); border-color: var(--accent); color: #fff; }
    input[type=text], input[type=url] { flex: 1 1 220px; min-width: 0; }
    .badge { display: inline-block; border-radius: 99px; padding: 1px 9px; font-size: 12.5px; background: #eceff3; color: #3b434e; }
    .badge.on { background: #fde3dc; color: #8e2a10; font-weight: 600; }
    .badge.good { background: #dcf3e4; color: #12602f; }
    .empty { color: var(--soft); padding: 8px 0; }
    ul.plain { list-style: none; margin: 0; padding: 0; }
    ul.plain > li { border-bottom: 1px solid var(--line); }
    ul.plain > li:last-child { border-bottom: 0; }
    ul.rows > li { padding: 10px 0; overflow-wrap: anywhere; }
    ul.rows > li:first-child { padding-top: 0; }
    ul.rows > li:last-child { padding-bottom: 0; }
    @media (max-width: 560px) { main { padding: 14px; } section, .card { padding: 14px; } .top { padding: 12px 14px; } }
  `;
}

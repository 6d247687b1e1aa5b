/** Markup that is safe to send: only `html` and `raw` make it. */
export type Html = { markup: string };

type Part = Html | string | number | null | undefined | false | Part[];

/** Escapes every value that is not itself `Html`; `null`, `undefined` and `false` vanish, arrays are joined. */
export function html(strings: TemplateStringsArray, ...values: Part[]): Html {
  return { markup: strings.map((text, index) => text + render(values[index])).join('') };
}

/** For markup the merchant wrote (product descriptions), which Shopify shows as it is. */
export function raw(markup: string): Html {
  return { markup };
}

/** JSON inside a script element: `<` written so that nothing in it can end the element. */
export function embedded(id: string, value: unknown): Html {
  const text = JSON.stringify(value).replaceAll('<', '\\u003c');
  return html`<script type="application/json" id="${id}">
    ${raw(text)}
  </script>`;
}

function render(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (Array.isArray(part)) return part.map(render).join('');
  if (typeof part === 'object') return part.markup;
  return String(part).replace(/[&<>"']/g, (sign) => `&#${String(sign.charCodeAt(0))};`);
}

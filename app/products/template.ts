import { Liquid } from 'liquidjs';

/** The texts of a product that the merchant may shape. */
export const textFields = [
  ...(['title', 'description', 'seoTitle', 'seoDescription'] as const),
  ...(['handle', 'tags', 'productType', 'vendor'] as const),
] as const;
export type TextField = (typeof textFields)[number];
export type Templates = Record<TextField, string>;

/** What was made of the templates. `tags` are the list, `handle` is fit for an address. */
export interface Texts extends Record<Exclude<TextField, 'tags'>, string> {
  tags: string[];
}

export type Rendered =
  | { status: 'rendered'; texts: Texts }
  /** One sentence for each field that is wrong. */
  | { status: 'invalid'; fields: Partial<Record<TextField, string>> };

/**
 * Fills the templates with what is known of a product. The names of `facts` are the only fields there are. What comes out
 * of a field of facts is text: in the description, where the template itself may hold markup, it is escaped.
 */
export function renderTexts(templates: Templates, facts: object): Rendered {
  const fields: Partial<Record<TextField, string>> = {};
  const made = {} as Templates; // each field is set below, or refused
  for (const field of textFields) {
    const result = render(field, templates[field], facts);
    if (result.status === 'failed') fields[field] = result.sentence;
    else made[field] = field === 'description' ? result.text.trim() : oneLine(result.text);
  }
  if (Object.keys(fields).length > 0) return { status: 'invalid', fields };
  const texts = { ...made, handle: toHandle(made.handle), tags: toTags(made.tags) };
  const complaints = complaintsOf(texts);
  return Object.keys(complaints).length > 0
    ? { status: 'invalid', fields: complaints }
    : { status: 'rendered', texts };
}

const limits = { parseLimit: 20_000, renderLimit: 1000, memoryLimit: 2_000_000 };
const strict = { strictVariables: true, strictFilters: true, ownPropertyOnly: true, cache: false };

const asText = withoutFiles(new Liquid({ ...strict, ...limits }));
const asMarkup = withoutFiles(new Liquid({ ...strict, ...limits, outputEscape: 'escape' }));

/** A template is the merchant's, its files would be ours; and `raw` would let a supplier's words be markup. */
function withoutFiles(engine: Liquid): Liquid {
  for (const tag of ['include', 'render', 'layout', 'block']) Reflect.deleteProperty(engine.tags, tag);
  Reflect.deleteProperty(engine.filters, 'raw');
  return engine;
}

function render(
  field: TextField,
  template: string,
  facts: object,
): { status: 'made'; text: string } | { status: 'failed'; sentence: string } {
  try {
    const engine = field === 'description' ? asMarkup : asText;
    return { status: 'made', text: String(engine.parseAndRenderSync(template, facts)) };
  } catch (error) {
    // Whatever liquidjs throws is about the template.
    return { status: 'failed', sentence: inWords(error instanceof Error ? error.message : '') };
  }
}

function inWords(message: string): string {
  const [plain = ''] = message.split(/, (?:file|line):/);
  const name = /(?:undefined variable|undefined filter|tag): ?"?([\w.$-]+)/.exec(plain)?.[1] ?? '';
  if (plain.startsWith('undefined variable')) return `There is no field “${name}”. Choose one from the list.`;
  if (plain.startsWith('undefined filter')) return `There is no filter “${name}”.`;
  if (/tag "?.+"? not found/.test(plain))
    return `The tag “${/"(.+?)"/.exec(plain)?.[1] ?? ''}” cannot be used here.`;
  if (/not closed/.test(plain)) return `Something is not closed: ${plain.replace(/ not closed.*/, '')}.`;
  if (/limit exceeded/.test(plain)) return 'This is too long, or takes too long to work out.';
  return `This cannot be read: ${plain}.`;
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

/** Lower-case letters and digits of the Latin alphabet, joined by hyphens: what every browser writes in an address. */
export function toHandle(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 200)
    .replace(/^-+|-+$/g, '');
}

function toTags(text: string): string[] {
  const tags = text.split(',').map((tag) => tag.trim().slice(0, MOST_LETTERS));
  return [...new Set(tags.filter((tag) => tag !== ''))].slice(0, 250);
}

/** Shopify's limit for a title and for a tag. */
const MOST_LETTERS = 255;

function complaintsOf(texts: Texts): Partial<Record<TextField, string>> {
  const complaints: Partial<Record<TextField, string>> = {};
  if (texts.title === '') complaints.title = 'A product needs a title, and this one comes out empty.';
  if (texts.handle === '') complaints.handle = 'The address comes out empty. Use Latin letters or digits.';
  for (const field of ['title', 'seoTitle', 'productType', 'vendor'] as const) {
    if (texts[field].length > MOST_LETTERS)
      complaints[field] = `This comes out as ${String(texts[field].length)} letters; Shopify takes 255.`;
  }
  if (texts.seoDescription.length > 1000)
    complaints.seoDescription = 'This comes out as more than 1,000 letters; search engines show about 160.';
  if (texts.description.length > 60_000)
    complaints.description = 'This comes out as more than 60,000 letters.';
  return complaints;
}

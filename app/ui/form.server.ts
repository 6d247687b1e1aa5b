import { json } from '@remix-run/node';
import { z } from 'zod';
import { readCapped } from '../platform/body.ts';

/** `fields` holds one sentence for each field that is wrong; '' stands for the form as a whole. */
export type Form<Input> =
  { status: 'valid'; input: Input } | { status: 'invalid'; fields: Record<string, string> };

/**
 * Reads a posted form. A mistyped field is a value, for the page to show beside the field:
 * `if (form.status === 'invalid') return json(form, 400)`. Throws a 400 for a body that is no form at all.
 */
export async function parseForm<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
  { mostBytes = 1_000_000 }: { mostBytes?: number } = {},
): Promise<Form<z.output<Schema>>> {
  const bytes = await readCapped(request, mostBytes);
  if (bytes === 'too-large')
    return { status: 'invalid', fields: { '': 'That is more than this form takes. Send it in parts.' } };
  const type = { 'Content-Type': request.headers.get('Content-Type') ?? '' };
  const body = await new Response(Buffer.from(bytes), { headers: type }).formData().catch(() => {
    throw json({ status: 'invalid', fields: { '': 'This is not a form.' } }, 400);
  });
  const parsed = schema.safeParse(toObject(body));
  if (parsed.success) return { status: 'valid', input: parsed.data };
  const wrong = parsed.error.issues.map(({ path, message }) => [String(path[0] ?? ''), message] as const);
  // The first complaint about a field is the one that helps.
  return { status: 'invalid', fields: Object.fromEntries(wrong.reverse()) };
}

/** A field that may come once, several times or not at all. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.preprocess(
    (value: unknown): unknown => (value === undefined ? [] : Array.isArray(value) ? value : [value]),
    z.array(item),
  );
}

// Text only: no form of ours uploads a file, and a name that comes twice is a list.
function toObject(body: FormData): Record<string, string | string[]> {
  const names = [...new Set(body.keys())];
  const texts = (name: string) => body.getAll(name).filter((value) => typeof value === 'string');
  return Object.fromEntries(
    names.map((name) => [name, texts(name).length > 1 ? texts(name) : (texts(name)[0] ?? '')]),
  );
}

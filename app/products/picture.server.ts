import { createRequire } from 'node:module';
import { z } from 'zod';
import { config } from '../platform/config.server.ts';
import { drawPng } from './draw.server.ts';
import { drawPicture, PICTURE_SIZE, pictureName, readPictureName } from './picture.ts';

/** A place's picture as PNG; null for a name no picture has. Drawn once and then kept: the last few hundred. */
export async function pictureOf(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const known = drawn.get(name);
  if (known) return known;
  const flags = (readPictureName(name) ?? [undefined]).map((code) => flagOf(code));
  if (!flags.every((flag) => flag !== undefined)) return null;
  const png = await drawPng(drawPicture(flags), PICTURE_SIZE);
  const [oldest] = drawn.keys();
  if (drawn.size >= MOST_KEPT && oldest !== undefined) drawn.delete(oldest);
  drawn.set(name, png);
  return png;
}

/** Where Shopify fetches the picture of a product, and what is read aloud in its place. */
export function pictureFor(
  { kind, country_codes }: { kind: string; country_codes: string[] },
  alt: string,
): { url: string; alt: string } {
  const name = pictureName({ kind, countries: country_codes });
  return { url: `${config.SHOPIFY_APP_URL}/pictures/${name}.png`, alt };
}

/** About 30 KB each. */
const MOST_KEPT = 300;
const drawn = new Map<string, Uint8Array<ArrayBuffer>>();

// The package of flags is large: it is read when the first picture is asked for.
const require = createRequire(import.meta.url);
let flags: Record<string, string> | undefined;

function flagOf(code: string | undefined): string | undefined {
  flags ??= z.record(z.string(), z.string()).parse(require('country-flag-icons/string/3x2'));
  return code !== undefined && Object.hasOwn(flags, code) ? flags[code] : undefined;
}

/** Side of a product's picture in pixels: square, as themes like it. Twice of it takes four times as long to draw. */
export const PICTURE_SIZE = 800;
/** Side of what is drawn, in its own units. */
const SIDE = 1200;

/**
 * The name of a place's picture: "FR", "DE-ES-FR-IT" for a region (up to four of its countries, the best known first),
 * "global". It says what is drawn and nothing else, so it may be public.
 */
export function pictureName({ kind, countries }: { kind: string; countries: string[] }): string {
  const known = [...new Set(countries)].filter((code) => /^[A-Z]{2}$/.test(code));
  if (kind === 'global' || known.length === 0) return 'global';
  const rank = (code: string) => (WELL_KNOWN.includes(code) ? WELL_KNOWN.indexOf(code) : WELL_KNOWN.length);
  return known
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .slice(0, 4)
    .sort()
    .join('-');
}

/** The countries of a picture's name; null for a name no picture has. */
export function readPictureName(name: string): string[] | null {
  if (name === 'global') return [];
  if (!/^[A-Z]{2}(-[A-Z]{2}){0,3}$/.test(name)) return null;
  const countries = name.split('-');
  // One picture, one name: what is kept of drawn pictures is not to be filled with the same ones.
  return countries.join() === [...new Set(countries)].sort().join() ? countries : null;
}

const WELL_KNOWN =
  'US GB FR DE ES IT JP CN KR TH AU NZ CA MX BR AR ZA EG MA KE AE SA TR IL IN SG ID VN PH CH AT NL PT GR'.split(
    ' ',
  );

/**
 * A SIM card with the flag of its country, or a globe with flags of its region. No words: it is the same in every language.
 * `flags` are SVG documents.
 */
export function drawPicture(flags: string[]): string {
  const half = SIDE / 2;
  const parts =
    flags.length === 1
      ? simCard(flagAt(flags[0] ?? '', { x: half - 210, y: 610, width: 420, height: 280, id: 'f0' }))
      : globe() + flags.map((flag, index) => flagAt(flag, cornerOf(index, flags.length))).join('');
  // Even colours: a gradient takes most of the time that a picture takes.
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 ${String(SIDE)} ${String(SIDE)}">
<rect width="100%" height="100%" fill="#d6e6fb"/>${parts}</svg>`;
}

/** A card with one corner cut off, and its chip. */
function simCard(inside: string): string {
  return `<path d="M390 180h270l210 210v570a60 60 0 0 1-60 60H390a60 60 0 0 1-60-60V240a60 60 0 0 1 60-60z" fill="#1f3a66" opacity=".18" transform="translate(14 20)"/>
<path d="M390 180h270l210 210v570a60 60 0 0 1-60 60H390a60 60 0 0 1-60-60V240a60 60 0 0 1 60-60z" fill="#fff"/>
<g fill="none" stroke="#b98a2f" stroke-width="10"><rect x="420" y="300" width="220" height="200" rx="34" fill="#f0c869"/>
<path d="M420 370h80M420 430h80M560 370h80M560 430h80M500 300v200M560 300v200"/></g>${inside}`;
}

function globe(): string {
  return `<g fill="none" stroke="#fff" stroke-width="16"><circle cx="600" cy="600" r="400" fill="#3d7bd9"/>
<ellipse cx="600" cy="600" rx="180" ry="400"/><path d="M600 200v800M200 600h800M262 400h676M262 800h676"/></g>`;
}

/** Two or three on a line, four in the corners, none for the whole world. */
function cornerOf(index: number, count: number) {
  const size = { width: 330, height: 220, id: `f${String(index)}` };
  if (count === 4) return { ...size, x: index % 2 === 0 ? 210 : 660, y: index < 2 ? 310 : 670 };
  const left = SIDE / 2 - (count * 360 - 30) / 2;
  return { ...size, x: left + index * 360, y: 490 };
}

interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
  id: string;
}

function flagAt(flag: string, { x, y, width, height, id }: Place): string {
  const box = `x="${String(x)}" y="${String(y)}" width="${String(width)}" height="${String(height)}"`;
  const inner = /<svg[^>]*viewBox="([^"]+)"[^>]*>([\s\S]*)<\/svg>/.exec(flag);
  return `<clipPath id="${id}"><rect ${box} rx="28"/></clipPath>
<g clip-path="url(#${id})"><svg ${box} viewBox="${inner?.[1] ?? '0 0 3 2'}" preserveAspectRatio="xMidYMid slice">${inner?.[2] ?? ''}</svg></g>
<rect ${box} rx="28" fill="none" stroke="#1f3a66" stroke-opacity=".25" stroke-width="4"/>`;
}

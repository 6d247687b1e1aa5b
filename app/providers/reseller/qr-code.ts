import jsqr from 'jsqr';
import { PNG } from 'pngjs';

// jsqr is a CommonJS module whose function is its default export, and Node hands out the whole module.
const decode: typeof jsqr = typeof jsqr === 'function' ? jsqr : (jsqr as { default: typeof jsqr }).default;

const HEADER_BYTES = 24;
const MOST_BYTES = 2_000_000;
const MOST_PIXELS = 4_000_000;

/** The text of a QR code, drawn as a PNG; null for a picture of something else, and for anything that is no PNG. */
export function readQrCode(png: Uint8Array): string | null {
  const bytes = Buffer.from(png);
  // Its header: a small file may unpack to a picture that fills the memory.
  const isLarge = () => bytes.readUInt32BE(16) * bytes.readUInt32BE(20) > MOST_PIXELS;
  if (bytes.length < HEADER_BYTES || bytes.length > MOST_BYTES || isLarge()) return null;
  const picture = unpacked(bytes);
  return (
    picture && (decode(new Uint8ClampedArray(picture.data), picture.width, picture.height)?.data ?? null)
  );
}

function unpacked(bytes: Buffer): PNG | null {
  try {
    return PNG.sync.read(bytes);
  } catch {
    // Another kind of picture, a page, or half of it: pngjs has no error of its own to tell them by.
    return null;
  }
}

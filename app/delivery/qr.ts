import QRCode from 'qrcode';
import { monochromePng } from './png.ts';

// Level M survives a scratched screen at a size that stays easy to scan; four light modules of margin are what the
// standard asks for, and what keeps the code readable on a dark page.
const LOOK = { errorCorrectionLevel: 'M', margin: 4 } as const;
const MAIL_WIDTH = 600;

/** The QR code of `text` as a black-on-white PNG of at most 600 px a side, for an e-mail. */
export async function qrPng(text: string): Promise<Buffer> {
  const { modules } = QRCode.create(text, LOOK);
  const side = modules.size + 2 * LOOK.margin;
  const isInside = (place: number) => place >= 0 && place < modules.size;
  const isDark = (row: number, column: number) =>
    isInside(row) && isInside(column) && modules.get(row, column) === 1;
  return monochromePng((row, column) => isDark(row - LOOK.margin, column - LOOK.margin), {
    side,
    // Whole pixels per module: a fraction would leave modules of uneven width.
    scale: Math.max(1, Math.floor(MAIL_WIDTH / side)),
  });
}

/** The QR code of `text` as an SVG without a fixed size, for a page. */
export async function qrSvg(text: string): Promise<string> {
  return QRCode.toString(text, { ...LOOK, type: 'svg' });
}

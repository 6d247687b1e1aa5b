import QRCode from 'qrcode';

// Level M survives a scratched screen at a size that stays easy to scan; four light modules of margin are what the
// standard asks for, and what keeps the code readable on a dark page.
const LOOK = { errorCorrectionLevel: 'M', margin: 4 } as const;
const MAIL_WIDTH = 600;
// One filter for all rows (2: the difference to the row above, which is nearly always nothing). By itself the library
// tries five on each row, and the webhooks that come meanwhile wait twice as long.
const PACKING = { filterType: 2, deflateStrategy: 0, deflateLevel: 6 };

/** The QR code of `text` as a black-on-white PNG of at most 600 px a side, for an e-mail. */
export async function qrPng(text: string): Promise<Buffer> {
  const modules = QRCode.create(text, LOOK).modules.size + 2 * LOOK.margin;
  // Whole pixels per module: the library's own `width` scales by a fraction and leaves modules of uneven width.
  const scale = Math.max(1, Math.floor(MAIL_WIDTH / modules));
  return QRCode.toBuffer(text, { ...LOOK, type: 'png', scale, rendererOpts: PACKING });
}

/** The QR code of `text` as an SVG without a fixed size, for a page. */
export async function qrSvg(text: string): Promise<string> {
  return QRCode.toString(text, { ...LOOK, type: 'svg' });
}

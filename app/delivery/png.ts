import { promisify } from 'node:util';
import { crc32, deflate } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
// One bit for each pixel, greyscale, and the standard's only compression, filter and order.
const FORMAT = [1, 0, 0, 0, 0];

/**
 * A square black-and-white picture as PNG: `side` fields a side, each `scale` pixels wide. A general library spends four
 * bytes and most of ten milliseconds on what is one bit a pixel, while the webhooks that come wait.
 */
export async function monochromePng(
  isDark: (row: number, column: number) => boolean,
  { side, scale }: { side: number; scale: number },
): Promise<Buffer> {
  const width = side * scale;
  const header = Buffer.alloc(8);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(width, 4);
  const fields = Array.from({ length: side }, (_, place) => place);
  const lines = fields.map((row) => {
    // White is 1. The byte before the pixels says that the line is not filtered.
    const bits = fields.map((column) => (isDark(row, column) ? '0' : '1').repeat(scale)).join('');
    const bytes = bits.match(/.{1,8}/g) ?? [];
    const line = Buffer.from([0, ...bytes.map((byte) => parseInt(byte.padEnd(8, '0'), 2))]);
    return Array<Buffer>(scale).fill(line);
  });
  const packed = await promisify(deflate)(Buffer.concat(lines.flat()));
  return Buffer.concat([
    SIGNATURE,
    ...chunk('IHDR', Buffer.from([...header, ...FORMAT])),
    ...chunk('IDAT', packed),
    ...chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Its length, its name and content, and the checksum of these two. */
function chunk(name: string, content: Buffer): Buffer[] {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), content]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return [length, body, checksum];
}

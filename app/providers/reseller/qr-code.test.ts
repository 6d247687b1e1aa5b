import { PNG } from 'pngjs';
import QRCode from 'qrcode';
import { expect, test } from 'vitest';
import { readQrCode } from './qr-code.ts';

const CODE = 'LPA:1$rsp.example.com$JQ-123456-ABCDEPFX';

test.each([
  { scale: 2 },
  { scale: 12, margin: 1 },
  { errorCorrectionLevel: 'L' as const, width: 200 },
  { errorCorrectionLevel: 'H' as const, color: { dark: '#112255', light: '#ffeedd' } },
])('a code drawn with %j reads as it was written', async (look) => {
  expect(readQrCode(await QRCode.toBuffer(CODE, look))).toBe(CODE);
});

test('a picture of something else holds no code', () => {
  expect(readQrCode(PNG.sync.write(new PNG({ width: 40, height: 40 })))).toBeNull();
});

test('what is no picture, or a part of one, holds no code', async () => {
  const png = await QRCode.toBuffer(CODE);
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.from('<html>'),
    Buffer.from('x'.repeat(100)),
    png.subarray(0, 200),
  ])
    expect(readQrCode(bytes)).toBeNull();
});

test('a picture that would fill the memory is not unpacked', async () => {
  const png = await QRCode.toBuffer(CODE);
  png.writeUInt32BE(60_000, 16);
  png.writeUInt32BE(60_000, 20);
  expect(readQrCode(png)).toBeNull();
  expect(readQrCode(Buffer.concat([await QRCode.toBuffer(CODE), Buffer.alloc(2_000_000)]))).toBeNull();
});

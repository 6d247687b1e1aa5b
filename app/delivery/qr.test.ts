import fc from 'fast-check';
import jsQR from 'jsqr';
import { PNG } from 'pngjs';
import { expect, test } from 'vitest';
import { qrPng, qrSvg } from './qr.ts';

const hosts = fc.stringMatching(/^[a-z0-9]{2,20}(\.[a-z0-9]{2,12}){1,3}$/);
const matchingIds = fc.stringMatching(/^[A-Z0-9-]{8,64}$/);

test('a phone reads from the image exactly the code that was drawn', async () => {
  await fc.assert(
    fc.asyncProperty(hosts, matchingIds, async (host, matchingId) => {
      const code = `LPA:1$${host}$${matchingId}`;
      const png = PNG.sync.read(await qrPng(code));
      expect(jsQR(new Uint8ClampedArray(png.data), png.width, png.height)?.data).toBe(code);
    }),
    { numRuns: 15 },
  );
});

test('the image is about 600 px wide with every module the same whole number of pixels', async () => {
  const png = PNG.sync.read(await qrPng('LPA:1$rsp.example.com$ABCD-1234-EFGH-5678'));
  expect(png.width).toBe(png.height);
  expect(png.width).toBeGreaterThan(540);
  expect(png.width).toBeLessThanOrEqual(600);
  const runs = darkRuns(png);
  const widestCommon = runs.reduce(greatestCommonDivisor);
  expect(widestCommon).toBeGreaterThan(8);
});

test('the drawing for the page stands on white with a margin and has no fixed size', async () => {
  const svg = await qrSvg('LPA:1$rsp.example.com$ABCD-1234');
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 (\d+) \1"/);
  expect(svg).toContain('fill="#ffffff"');
  expect(svg).toContain('M4 4.5h7');
  expect(svg).not.toMatch(/ width=/);
});

function darkRuns(png: PNG): number[] {
  const runs: number[] = [];
  for (let y = 0; y < png.height; y++) {
    let length = 0;
    for (let x = 0; x < png.width; x++) {
      const isDark = (png.data[(y * png.width + x) * 4] ?? 255) < 128;
      if (isDark) length++;
      else if (length > 0) {
        runs.push(length);
        length = 0;
      }
    }
  }
  return runs;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

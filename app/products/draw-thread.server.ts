import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import type { Drawing, Drawn } from './draw.server.ts';

// The program of the thread that draws (draw.server.ts): one picture after the other.
const { resolve } = createRequire(import.meta.url);
const ready = readFile(resolve('@resvg/resvg-wasm/index_bg.wasm')).then(initWasm);

parentPort?.on('message', (drawing: Drawing) => {
  // What fails ends the thread, and all that wait for it hear of it.
  void ready.then(() => {
    const png = rasterise(drawing);
    const drawn: Drawn = { id: drawing.id, png };
    parentPort?.postMessage(drawn, [png.buffer]);
  });
});

// WebAssembly's memory is not collected: it is given back by hand.
function rasterise({ svg, width }: Drawing): Uint8Array<ArrayBuffer> {
  const picture = new Resvg(svg, { fitTo: { mode: 'width', value: width } });
  const image = picture.render();
  try {
    return new Uint8Array(image.asPng());
  } finally {
    image.free();
    picture.free();
  }
}

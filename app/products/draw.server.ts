import { Worker } from 'node:worker_threads';

/** What the thread is asked for, and what it answers. */
export interface Drawing {
  id: number;
  svg: string;
  width: number;
}
export interface Drawn {
  id: number;
  png: Uint8Array<ArrayBuffer>;
}

/**
 * An SVG document as a PNG so many pixels wide. In a thread of its own: drawing a flag takes 30 ms, one with a coat of arms
 * 100, and nothing else would be answered meanwhile. Throws when the thread fails; the next picture has a new one.
 */
export function drawPng(svg: string, width: number): Promise<Uint8Array<ArrayBuffer>> {
  thread ??= startThread();
  const { worker, waiting } = thread;
  const id = ++count;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    worker.postMessage({ id, svg, width } satisfies Drawing);
  });
}

interface Thread {
  worker: Worker;
  waiting: Map<number, { resolve: (png: Drawn['png']) => void; reject: (error: Error) => void }>;
}

let count = 0;
// Started by the first picture, since most processes never draw.
let thread: Thread | null = null;

function startThread(): Thread {
  // The build makes a program of its own of it (vite.config.ts).
  const worker = new Worker(new URL('./draw-thread.server.ts', import.meta.url));
  const started: Thread = { worker, waiting: new Map() };
  const fail = (error: Error) => {
    if (thread === started) thread = null;
    for (const { reject } of started.waiting.values()) reject(error);
    started.waiting.clear();
  };
  worker.on('message', ({ id, png }: Drawn) => {
    started.waiting.get(id)?.resolve(png);
    started.waiting.delete(id);
  });
  worker.on('error', fail).on('exit', () => {
    fail(new Error('the thread that draws pictures ended'));
  });
  // Nobody waits for it when the process may end.
  worker.unref();
  return started;
}

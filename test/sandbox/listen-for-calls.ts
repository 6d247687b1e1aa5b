import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the app is at its callback address: here it only keeps what comes. */
export async function listenForCalls() {
  const received: { rawBody: Uint8Array; headers: Headers }[] = [];
  const listener = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = new Headers();
      for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
      received.push({ rawBody: Buffer.concat(chunks), headers });
      response.end();
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  // listen on a port, not on a pipe, so the address is an object
  const { port } = listener.address() as AddressInfo;
  return {
    received,
    /** The one that came last. Throws where nobody called. */
    last: () => {
      const call = received.at(-1);
      if (!call) throw new Error('nobody called');
      return call;
    },
    url: `http://127.0.0.1:${String(port)}/`,
    close: () =>
      new Promise<void>((resolve) => {
        listener.close(() => {
          resolve();
        });
        listener.closeAllConnections();
      }),
  };
}
